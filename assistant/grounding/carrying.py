"""Does one stretch of a passage carry one claim? Everything exact is decided here, by code.

In go two readings, out come the names of what fails. Numbers, units, denials and directions are compared,
and every word that names something must stand there, as itself or as a word that says the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.grounding.directions import compared, directions_of, moves, shown_by_numbers
from assistant.grounding.everyday import is_known, is_verb
from assistant.grounding.quantities import Quantity, outcome
from assistant.grounding.reading import DIFFER, VAGUE, Denial, Reading, Word, denied_base
from assistant.grounding.things import kind_of
from assistant.grounding.wording import canonical, related, stem_of, terms

_GRADED = re.compile(
    r"\b(?:stages?|grades?|class(?:es)?|types?|phases?|levels?|Brooker|Ficat|ARCO|Steinberg)\b", re.IGNORECASE
)
_ROMAN = re.compile(r"\b(I{1,3}|IV|V|VI{0,3})(?=[A-Ca-c]?\b)")
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
# What goes without saying: the pregnant are women, and what is given into a joint is injected.
IMPLIED = {
    canonical(stem_of("women")): (stem_of("pregnancy"), stem_of("pregnant"), stem_of("trimester")),
    canonical(stem_of("injection")): (stem_of("intra"), stem_of("intraarticular")),
}
# "Than no treatment" names what is compared with.
_COMPARED = re.compile(r"\b(?:than|versus|against|compared (?:with|to)) $", re.IGNORECASE)
_SAME = frozenset({"same", "ident", "similar", "equal", "alik", "compar", "even", "resembl"})


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
        *_wrong_denials(claim, passage),
        *(["direction"] if clashes else []),
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
    """The claim's quantities that the passage lacks, each with what is wrong."""
    held = passage.quantities
    found: list[tuple[Quantity | None, str]] = []
    for wanted in claim.quantities:
        if _says_only_one(wanted, claim):
            continue
        result = outcome(wanted, held)
        if result != "carried":
            found.append((wanted, result))
    often = passage.frequencies | {
        one.unit.name for one in held if one.unit and one.unit.dimension == "time" and one.value == 1
    }
    if claim.frequencies - often:
        found.append((None, "unit"))
    return found


def uncovered(claim: Reading, passage: Reading, also: Sequence[Word] = ()) -> tuple[Word, ...]:
    """The words of a claim that name what the passage does not name."""
    found = _uncovered((*also, *claim.content), passage)
    return tuple(
        word
        for word in found
        if not any(other in passage.stems for other in IMPLIED.get(word.canon, ()))
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
        and not any(related(word.text, other.text) for other in words if other.does != "quantity")
        and not ((base := denied_base(word)) and base in passage.canons)
        and word.canon not in passage.unmade
        and not _is_joined(word, content, stems)
    )


def _is_joined(word: Word, content: Sequence[Word], stems: frozenset[str]) -> bool:
    """ "Contra-indicated" where the passage writes it in one."""
    return any(
        stem_of(one.text + other.text) in stems
        for one, other in zip(content, content[1:], strict=False)
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


def _wrong_denials(claim: Reading, passage: Reading) -> list[str]:
    """Something denied that the passage does not deny, or the other way round."""
    wrong = (
        any(_is_new(denial, claim, passage) for denial in claim.denials)
        or any(_is_dropped(denial, claim, passage) for denial in passage.denials)
        or any(_turns(word, claim, passage) for word in claim.content)
        or _outnumbered(claim, passage)
    )
    return ["negation"] if wrong else []


_TURNED = str.maketrans("+-", "-+")  # the canon of a direction ends in its side


def _outnumbered(claim: Reading, passage: Reading) -> bool:
    """True where a denial more, or one less, turns what is said: each needs one of its own."""
    own = {
        _event(denial)
        for denial in claim.denials
        if not (denial.mild or denial.joins or denial.elliptic)
    }
    alike = (
        len(passage.canons & _SAME) + len(_low(passage)) + len(passage.unmade - claim.unmade)
    )
    if len(own) > len(passage.denials) + alike:
        return True
    kept = [
        denial
        for denial in passage.denials
        if not denial.mild
        and not denial.joins
        and not _is_without(denial, passage)
        and not _COMPARED.search(passage.text, 0, denial.start)
        and any(
            _folded(canon) in map(_folded, claim.canons) and canon not in passage.affirmed
            for canon in denial.wide[:2]
        )
    ]
    return len(kept) > len(claim.denials) + len(claim.unmade) + len(_low(claim) | claim.canons & _SAME)


def _event(denial: Denial) -> str | int:
    """Being no better and not differing are one denial, others each one of its own."""
    head = denial.scope[0] if denial.scope else ""
    return "differ" if head in DIFFER or head[-2:] in ("+1", "-1") else denial.start


def _is_without(denial: Denial, reading: Reading) -> bool:
    return reading.text[denial.start :].lower().startswith("without")


def _folded(canon: str) -> str:
    return "differ" if canon in DIFFER else canon


def _is_new(denial: Denial, claim: Reading, passage: Reading) -> bool:
    """True for a denial of the claim that the passage makes nowhere."""
    scope = [canon for canon in denial.scope if canon not in VAGUE] or list(denial.scope)
    if denial.mild or denial.elliptic:
        return False
    if denial.of_number:
        return not any(other.of_number for other in passage.denials)
    if not scope:
        return bool(denial.first) and not (passage.denials or passage.unmade)
    if set(scope if not denial.start else scope[:3]) & (
        passage.denied_by_words | (passage.unmade - claim.unmade)
    ):
        return False
    if denial.first and denial.first in {other.first for other in passage.denials}:
        return False
    if set(denial.wide[:4]) & (passage.unmade - claim.unmade):
        return False
    if set(scope[:3]) & DIFFER and (passage.canons & _SAME or passage.denied & DIFFER):
        return False
    # "No better than placebo" where no difference was found.
    if scope[0][-2:] in ("+1", "-1") and passage.denied & DIFFER:
        return False
    # "Does not admit" where the passage says "excludes".
    turned = scope[0].translate(_TURNED)
    if turned != scope[0] and turned in passage.canons and scope[0] not in passage.canons:
        return False
    return scope[0] not in _low(passage)


def _is_dropped(denial: Denial, claim: Reading, passage: Reading) -> bool:
    """True for a denial of the passage whose words the claim says without it."""
    if denial.mild or not denial.scope:
        return False
    if denial.first and denial.first in {other.first for other in claim.denials}:
        return False
    if not claim.denials and _counts_denied(denial, claim, passage):
        return True
    if denial.elliptic or _COMPARED.search(passage.text, 0, denial.start):
        return False
    first, *rest = denial.scope
    return _affirms(claim, passage, first) and (
        first not in VAGUE or bool(rest and _affirms(claim, passage, rest[0]))
    )


def _counts_denied(denial: Denial, claim: Reading, passage: Reading) -> bool:
    """True where the claim gives the number of those "without" and names all of it but the "without"."""
    if not _is_without(denial, passage):
        return False
    before = [one for one in passage.quantities if one.end <= denial.start]
    if not before or any(shown_by_numbers(move, claim) for move in moves(claim)):
        return False
    figures = {one.pair or (one.value, one.dimension) for one in claim.quantities}
    counted = before[-1].pair or (before[-1].value, before[-1].dimension)
    return counted in figures and all(canon in claim.canons for canon in denial.scope)


def _turns(word: Word, claim: Reading, passage: Reading) -> bool:
    """ "Insensitive" for what is called sensitive, or "sensitive" for "low sensitivity"."""
    base = denied_base(word)
    if base:
        known = word.stem in passage.stems or base in passage.denied or base in _low(passage)
        return not known and base in passage.affirmed
    low = _low(passage)
    if word.canon not in low or word.canon in _low(claim) or word.canon in claim.denied:
        return False
    said = [other for other in passage.words if other.canon == word.canon]
    near = [other for other in claim.words if abs(other.start - word.start) < 40]
    return len(said) == 1 and not any(("level", -1) in directions_of(o.text.lower()) for o in near)


def _affirms(claim: Reading, passage: Reading, canon: str) -> bool:
    """True for what the claim says undenied and the passage only denied."""
    return (
        canon in claim.affirmed and canon not in claim.denied_outright and canon not in passage.affirmed
    )


def _low(passage: Reading) -> frozenset[str]:
    """Canons right behind "low", "little" or "poor": "low sensitivity" is being insensitive."""
    found = set()
    listed = passage.words
    for one, other in zip(listed, listed[1:], strict=False):
        if one.text.lower() in ("low", "lower", "little", "poor", "limited", "less", "rare", "rarely", "few") and (
            other.does in ("content", "direction")
        ):
            found.add(other.canon)
    return frozenset(found)


