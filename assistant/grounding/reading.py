"""A text -> what a check compares: its words with what each does, its quantities, what is denied in it.

Words are content (they name something), free (they report or join), a direction ("higher") or a denial
("not"). This module compares nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Literal

from assistant.grounding.directions import directions_of
from assistant.grounding.quantities import Quantity, quantities
from assistant.grounding.units import FREQUENCIES, frequencies
from assistant.grounding.wording import canonical, free_stems, stem_of
from assistant.index.lexical import words

Does = Literal["content", "free", "direction", "denial", "quantity"]

# Letters first: "CD73" is a word, "73" a quantity. A single capital is one behind "vitamin".
_WORD = re.compile(r"\b(?:(?:short|long)-term|end-stage)\b|[^\W\d_]\w*(?:['’][^\W\d_]+)?", re.IGNORECASE)
_BREAK = re.compile(
    r"[,;:()—]|\s[-–]\s|\b(?:but|although|though|whereas|while|yet|however|because|since|than|when|if)\b",
    re.IGNORECASE,
)
DENIALS = re.compile(
    r"\b(?:not|no|none|nor|neither|never|without|cannot|nothing|nobody|fail(?:s|ed|ing|ure)?(?= to\b)|failed|"
    r"lack(?:s|ed|ing)?|unable|absen(?:t|ce)|absence of|free(?= of\b| from\b)|\w+n['’]t)\b|-free\b",
    re.IGNORECASE,
)
# They deny what follows, too, though nobody would say so of the sentence.
MILD_DENIALS = re.compile(
    r"\b(?:escap(?:e|es|ed|ing)|avoid(?:s|ed|ing)?|exclud(?:e|es|ed|ing)|exclusion of|rul(?:e|es|ed) out|miss(?:es|ed)?|"
    r"deni(?:es|ed)|refus(?:e|es|ed)|instead of|rather than|other than|except)\b",
    re.IGNORECASE,
)
# "No more than 3" compares, "no longer" and "not only" deny nothing of what follows.
_NO_DENIAL = re.compile(
    r"\b(?:no (?:more|less|fewer|later|earlier) than (?=\W?\d)|not (?:more|less) than (?=\W?\d)|"
    r"(?:can ?not|never|not) exceed|not only|no doubt|whether or not|if not)\b",
    re.IGNORECASE,
)
_AFFIXED = re.compile(
    r"^(?:(?:non|un|in|im|ir|dis|a)(?P<base>[^\W\d_]{4,})|(?P<front>[^\W\d_]{3,})(?:less))$", re.IGNORECASE
)
# "Significant" alone says too little to tell what is denied.
VAGUE = frozenset(map(stem_of, ("significant", "clear", "overall", "important", "major", "further", "extra")))


@dataclass(frozen=True, slots=True)
class Word:
    """A word at its offsets; `canon` is one stem for all that say the same."""

    text: str
    start: int
    end: int
    stem: str
    canon: str
    does: Does


@dataclass(frozen=True, slots=True)
class Denial:
    """What a "not" denies: the canons behind it up to the next break, nearest first."""

    start: int
    mild: bool
    scope: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """All that the checks know of a text."""

    text: str

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return quantities(self.text)

    @cached_property
    def frequencies(self) -> frozenset[str]:
        return frequencies(self.text)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(_words(self))

    @cached_property
    def content(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.does == "content")

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of every word, whatever it does, with those of its canons."""
        return frozenset(word.stem for word in self.words)

    @cached_property
    def canons(self) -> frozenset[str]:
        return frozenset(word.canon for word in self.words)

    @cached_property
    def denials(self) -> tuple[Denial, ...]:
        return tuple(_denials(self))

    @cached_property
    def denied(self) -> frozenset[str]:
        """Canons that are denied somewhere, by a word or by a prefix ("painless")."""
        scoped = {canon for denial in self.denials for canon in denial.scope}
        return frozenset(scoped | {base for base in map(denied_base, self.words) if base})

    @cached_property
    def affirmed(self) -> frozenset[str]:
        """Canons that stand somewhere undenied."""
        covered = [(d.start, d.scope) for d in self.denials]
        return frozenset(
            word.canon
            for word in self.words
            if word.does in ("content", "direction", "free")
            and not any(
                start <= word.start and word.canon in scope and word.start - start < 90
                for start, scope in covered
            )
        )


@lru_cache(maxsize=4000)
def read(text: str) -> Reading:
    return Reading(text)


def _words(reading: Reading) -> Iterator[Word]:
    text = reading.text
    taken = [(one.start, one.end) for one in reading.quantities]
    taken += [match.span() for match in FREQUENCIES.finditer(text)]
    denying = [match.span() for match in DENIALS.finditer(text)]
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match[0]
        if len(word) == 1 and not (word.isupper() and word not in "AI"):
            continue
        stem = stem_of(re.sub(r"['’]s$", "", word))
        does: Does = "content"
        canon = canonical(stem)
        if any(a <= start and end <= b for a, b in taken):
            does = "quantity"
        elif any(a <= start and end <= b for a, b in denying):
            does = "denial"
        elif found := directions_of(word.lower()):
            does = "direction"
            canon = "{}{:+d}".format(*min(found))
        elif stem in free_stems() or not words(word) and len(word) > 1:
            does = "free"
        yield Word(word, start, end, stem, canon, does)


def _denials(reading: Reading) -> Iterator[Denial]:
    text = reading.text
    spared = [match.span() for match in _NO_DENIAL.finditer(text)]
    breaks = [match.start() for match in _BREAK.finditer(text)] + [len(text)]
    for pattern, mild in ((DENIALS, False), (MILD_DENIALS, True)):
        for match in pattern.finditer(text):
            if any(a <= match.start() < b for a, b in spared):
                continue
            stop = next(place for place in breaks if place >= match.end())
            behind = [w for w in reading.words if match.end() <= w.start < stop and _counts(w)]
            if len(behind) < 1 or re.match(r"without", match[0], re.IGNORECASE) and not match.start():
                # "Is lacking", and "Without plasmin, the deposits stayed".
                far = next((place for place in breaks if place > stop), len(text))
                behind += [w for w in reading.words if stop < w.start < far and _counts(w)][:4]
            if re.match(r"lack|absen|-free|without", match[0], re.IGNORECASE) or len(behind) < 1:
                last = max((place for place in [-1, *breaks] if place < match.start()), default=-1)
                before = [w for w in reading.words if last < w.start < match.start() and _counts(w)]
                behind += before[::-1][:3]
            yield Denial(match.start(), mild, tuple(w.canon for w in behind[:9]))


def _counts(word: Word) -> bool:
    return word.does in ("content", "direction")


def denied_base(word: Word) -> str | None:
    """What a prefix or ending denies: the canon of "pain" for "painless"; None for most words."""
    match = _AFFIXED.match(word.text)
    if not match:
        return None
    return canonical(stem_of(match["base"] or match["front"]))
