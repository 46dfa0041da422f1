"""Does one stretch of a passage carry one claim? Everything exact is decided here, by code.

In go two readings, out come the names of what fails. Numbers, units, denials and directions are compared,
and every word that names something must stand there, as itself or as a word that says the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from assistant.grounding.amounts import outcome
from assistant.grounding.denials import wrong_denials
from assistant.grounding.directions import compared
from assistant.grounding.everyday import is_known, is_verb
from assistant.grounding.quantities import Quantity
from assistant.grounding.reading import Reading, Word, denied_base
from assistant.grounding.reversals import changed_places
from assistant.grounding.things import kind_of
from assistant.grounding.wording import canonical, related, stem_of, terms

_GRADED = re.compile(
    r"\b(?:stages?|grades?|class(?:es)?|types?|phases?|levels?|Brooker|Ficat|ARCO|Steinberg)\b",
    re.IGNORECASE,
)
_ROMAN = re.compile(r"\b(I{1,3}|IV|V|VI{0,3})(?=[A-Ca-c]?\b)")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
# It says that there are two.
_BOTH = re.compile(r"\bboth\b", re.IGNORECASE)
# What goes without saying: the pregnant are women, and what is given into a joint is injected.
IMPLIED = {
    canonical(stem_of("women")): (stem_of("pregnancy"), stem_of("pregnant"), stem_of("trimester")),
    canonical(stem_of("injection")): (stem_of("intra"), stem_of("intraarticular")),
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """What fails by name, and how many everyday words and directions the passage does not have.

    `unsaid` are the directions among the `loose`.
    """

    reasons: tuple[str, ...]
    loose: int
    unsaid: int = 0


def judge(claim: Reading, passage: Reading, also: Sequence[Word] = ()) -> Judgement:
    """A passage on a claim; `also` are words that frame the claim."""
    clashes, unsaid = compared(claim, passage)
    missing = [
        (word, _exchanged(word, claim, passage) or kind_of(_spelt(word)))
        for word in uncovered(claim, passage, also)
    ]
    loose = [word for word, kind in missing if kind == "meaning" and is_known(word.text)]
    reasons = [
        *(result for _, result in wrong_quantities(claim, passage)),
        *_wrong_grades(claim, passage),
        *(["negation"] if wrong_denials(claim, passage) else []),
        *(["direction"] if clashes or changed_places(claim, passage) else []),
        *(kind for word, kind in missing if word not in loose),
    ]
    return Judgement(tuple(dict.fromkeys(reasons)), len(loose) + unsaid, unsaid)


def _exchanged(word: Word, claim: Reading, passage: Reading) -> str | None:
    """The kind of what stands beside a word that took another's place: "reactive" for "septic" arthritis."""
    for step in (1, -1):
        beside = _beside(word, claim, step)
        if beside is None or beside.canon not in passage.canons:
            continue
        for other in passage.content:
            instead = _beside(other, passage, -step) if other.canon == beside.canon else None
            if instead and instead.canon not in claim.canons and not is_verb(instead.text):
                kind = kind_of(beside.text)
                if kind not in ("meaning", "name"):
                    return kind
    return None


def _beside(word: Word, reading: Reading, step: int) -> Word | None:
    """The naming word right behind (1) or in front (-1), with nothing but a space or hyphen between."""
    place = reading.content.index(word) + step if word in reading.content else -1
    if not 0 <= place < len(reading.content):
        return None
    other = reading.content[place]
    first, last = (word, other) if step > 0 else (other, word)
    return other if last.start - first.end <= 1 else None


def _spelt(word: Word) -> str:
    """Without the capital of a sentence's first word."""
    first = word.start == 0 and word.text[1:2].islower()
    return word.text[0].lower() + word.text[1:] if first else word.text


def wrong_quantities(claim: Reading, passage: Reading) -> list[tuple[Quantity | None, str]]:
    """The claim's quantities that the passage lacks, each with what is wrong.

    What the passage says once carries one of two equal quantities.
    """
    held = passage.quantities
    found: list[tuple[Quantity | None, str]] = []
    carried: list[Quantity] = []
    for wanted in claim.quantities:
        if _says_only_one(wanted, claim):
            continue
        result = outcome(wanted, held)
        if (
            result == "number"
            and (wanted.value, wanted.unit) == (2.0, None)
            and _BOTH.search(passage.text)
        ):
            result = "carried"
        again = [
            one
            for one in carried
            if (one.value, one.unit, one.comparison)
            == (wanted.value, wanted.unit, wanted.comparison)
        ]
        if result != "carried":
            found.append((wanted, result))
        elif again and wanted.unit and len(again) >= _times_held(wanted, held):
            found.append((wanted, "number"))
        elif not (wanted.hedged or wanted.fraction):
            carried.append(wanted)
    often = passage.frequencies | {
        one.unit.name
        for one in held
        if one.unit and one.unit.dimension == "time" and one.value == 1
    }
    if claim.frequencies - often:
        found.append((None, "unit"))
    return found


def _times_held(wanted: Quantity, held: Sequence[Quantity]) -> int:
    return sum(outcome(wanted, (one,)) == "carried" for one in held)


def uncovered(claim: Reading, passage: Reading, also: Sequence[Word] = ()) -> tuple[Word, ...]:
    """The words of a claim that name what the passage does not name."""
    found = _uncovered((*also, *claim.content), passage)
    return tuple(
        word
        for word in found
        if not any(other in passage.stems for other in IMPLIED.get(word.canon, ()))
        and not _is_other_sex(word, claim, passage)
    )


def _is_other_sex(word: Word, claim: Reading, passage: Reading) -> bool:
    """ "Men more often than women" where the passage says "men more often"."""
    other = {canonical(stem_of("women")): "men", canonical(stem_of("men")): "women"}.get(word.canon)
    return (
        other is not None
        and canonical(stem_of(other)) in passage.canons & claim.canons
        and re.search(r"\bthan (?:in )?$", claim.text[: word.start]) is not None
    )


def coverage(claim: Reading, passage: Reading) -> float:
    """The share of the claim's naming words that the passage names, 0 to 1."""
    content = claim.content
    return 1 - len(uncovered(claim, passage)) / len(content) if content else 0.0


@lru_cache(maxsize=20_000)
def _uncovered(content: tuple[Word, ...], passage: Reading) -> tuple[Word, ...]:
    stems, words = passage.stems, passage.words
    covered: set[int] = set()
    for place, length, alternatives in terms([word.stem for word in content]):
        if any(all(stem in stems for stem in other) for other in alternatives):
            covered.update(range(place, place + length))
    return tuple(
        word
        for place, word in enumerate(content)
        if place not in covered
        and not any(
            related(word.text, other.text)
            for other in words
            if other.does not in ("quantity", "free")
        )
        and not ((base := denied_base(word)) and base in passage.canons)
        and word.canon not in passage.unmade
        and not _is_joined(word, content, stems)
    )


def _is_joined(word: Word, content: Sequence[Word], stems: frozenset[str]) -> bool:
    """ "Contra-indicated" where the passage writes it in one."""
    return any(
        stem_of(one.text + other.text) in stems
        for one, other in pairwise(content)
        if other.start == one.end + 1 and word in (one, other)
    )


def _says_only_one(wanted: Quantity, claim: Reading) -> bool:
    """ "One" without a unit is a word of joining more often than a figure."""
    said = claim.text[wanted.start : wanted.end].lower()
    return said == "one" and wanted.unit is None


def _wrong_grades(claim: Reading, passage: Reading) -> list[str]:
    wanted = _grades(claim.text)
    return ["number"] if wanted - _grades(passage.text) else []


@lru_cache(maxsize=4000)
def _grades(text: str) -> frozenset[str]:
    """Roman numerals near "stage" or the like; "I-III" names II, too."""
    if not _GRADED.search(text):
        return frozenset()
    found = set()
    previous: re.Match[str] | None = None
    for match in _ROMAN.finditer(text):
        found.add(match[1])
        if previous and re.fullmatch(r"\s?(?:[-–]|to)\s?", text[previous.end() : match.start()]):
            first, last = _ROMANS.index(previous[1]), _ROMANS.index(match[1])
            found.update(_ROMANS[first:last])
        previous = match
    return frozenset(found - {"I"} if not re.search(r"\bI\b(?! \w+ed)", text) else found)
