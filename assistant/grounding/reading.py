"""A text -> what a check compares: its words with what each does, its quantities, what is denied in it.

Words are content (they name something), free (they report or join), a direction ("higher") or a denial
("not"). This module compares nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from typing import Literal

from assistant.grounding.denying import DENIALS, Denial, denials
from assistant.grounding.moves import directions_of
from assistant.grounding.numerals import NUMERAL
from assistant.grounding.quantities import Quantity, quantities
from assistant.grounding.units import FREQUENCIES, UNIT, frequencies
from assistant.grounding.wording import canonical, free_stems, stem_of
from assistant.index.lexical import words

Does = Literal["content", "free", "direction", "denial", "quantity"]

# Letters first: "CD73" is a word, "73" a quantity. A single capital is one behind "vitamin".
_WORD = re.compile(
    r"\b(?:(?:short|long)[- ]term|end-stage|x-rays?)\b|[^\W\d_]\w*(?:['’][^\W\d_]+)?", re.IGNORECASE
)
_HYPHENED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
_TIMED = re.compile(r"(?:pre|post|peri|intra)-?([^\W\d_]{5,})", re.IGNORECASE)
_AFFIXED = re.compile(
    r"^(?:(?:non|un(?!der|i[tofqv])|in(?=sens|activ|compl|effect|suffic|correct|valid|abil|capab|"
    r"adequ|frequ|visib|"
    r"distinct|depend|toler)|im(?=possib|matur|mobil|prob|balanc)|ir(?=reg|revers|relev)|dis(?=agree|"
    r"simil|satisf)|"
    r"a(?=symptom|septic|traumat|typical|cellular))(?P<base>[^\W\d_]{4,})|"
    r"(?P<front>[^\W\d_]{3,})less)$|^pre-?(?=collaps)(?P<later>[^\W\d_]{5,})$",
    re.IGNORECASE,
)
_PARTED = re.compile(
    r"\b(?:non|un|pre(?=-collaps))-(?P<after>[^\W\d_]{4,})|"
    r"(?P<before>[^\W_]+(?:-A)?)-(?:deficient|null|negative|naive)\b",
    re.IGNORECASE,
)
# What may stand inside a quantity and is part of it.
_OF_QUANTITY = re.compile(
    rf"(?:{NUMERAL}|{UNIT}|of|out|in|per|for|every|each|the|an?|half|thirds?|quarters?|fifths?|tenths?|fold|"
    r"twice|doubl\w+|old|hundred|thousand|million)",
    re.IGNORECASE,
)
# "Significant" alone says too little to tell what is denied.
VAGUE = frozenset(
    canonical(stem_of(word))
    for word in ("significant", "clear", "overall", "important", "major", "further", "extra")
)


@dataclass(frozen=True, slots=True)
class Word:
    """A word at its offsets; `canon` is one stem for all that say the same."""

    text: str
    start: int
    end: int
    stem: str
    canon: str
    does: Does


@dataclass(frozen=True)
class Reading:
    """All that the checks know of a text; `given` are its quantities where it is a part of another."""

    text: str
    given: tuple[Quantity, ...] | None = None

    @cached_property
    def quantities(self) -> tuple[Quantity, ...]:
        return quantities(self.text) if self.given is None else self.given

    @cached_property
    def frequencies(self) -> frozenset[str]:
        return frequencies(self.text, [(one.start, one.end) for one in self.quantities])

    def part(self, start: int, end: int) -> Reading:
        """A stretch of the text, its quantities read in the whole."""
        inside = (one for one in self.quantities if start <= one.start and one.end <= end)
        shifted = (replace(one, start=one.start - start, end=one.end - start) for one in inside)
        return Reading(self.text[start:end], tuple(shifted))

    @cached_property
    def words(self) -> tuple[Word, ...]:
        return tuple(_words(self))

    @cached_property
    def content(self) -> tuple[Word, ...]:
        return tuple(word for word in self.words if word.does == "content")

    @cached_property
    def stems(self) -> frozenset[str]:
        """Stems of every word, of "contra-indicated" in one, of "preoperative" without "pre"."""
        joined = (stem_of(match[0].replace("-", "")) for match in _HYPHENED.finditer(self.text))
        bare = (stem_of(match[1]) for word in self.words if (match := _TIMED.match(word.text)))
        return frozenset((*(word.stem for word in self.words), *joined, *bare))

    @cached_property
    def canons(self) -> frozenset[str]:
        return frozenset(word.canon for word in self.words)

    @cached_property
    def denials(self) -> tuple[Denial, ...]:
        return tuple(denials(self))

    @cached_property
    def denied(self) -> frozenset[str]:
        """Canons that are denied somewhere, by a word or by a prefix ("painless")."""
        return self.denied_by_words | self.unmade

    @cached_property
    def denied_by_words(self) -> frozenset[str]:
        """As `denied`, without what a prefix denies."""
        return frozenset(canon for denial in self.denials for canon in denial.scope[:6])

    @cached_property
    def denied_outright(self) -> frozenset[str]:
        """As `denied`, without what only a "without" with nothing behind it is about."""
        scoped = {canon for d in self.denials if not d.elliptic for canon in d.scope[:6]}
        return frozenset(scoped) | self.unmade

    @cached_property
    def unmade(self) -> frozenset[str]:
        """Canons that a prefix or ending denies: "pain" of "painless"."""
        parted = {
            canonical(stem_of((match["after"] or match["before"]).split("-")[0]))
            for match in _PARTED.finditer(self.text)
        }
        return frozenset(parted | {base for base in map(denied_base, self.words) if base})

    @cached_property
    def affirmed(self) -> frozenset[str]:
        """Canons that stand somewhere undenied; "non-traumatic" does not affirm "traumatic"."""
        denied = {place for denial in self.denials for place in denial.places}
        denied |= {match.start("after") for match in _PARTED.finditer(self.text)}
        return frozenset(
            word.canon
            for word in self.words
            if word.does in ("content", "direction", "free") and word.start not in denied
        )


@lru_cache(maxsize=4000)
def read(text: str) -> Reading:
    return Reading(text)


def _words(reading: Reading) -> Iterator[Word]:
    text = reading.text
    taken = [(one.start, one.end, one.dimension == "share") for one in reading.quantities]
    often = [match.span() for match in FREQUENCIES.finditer(text)]
    denying = [match.span() for match in DENIALS.finditer(text)]
    for match in _WORD.finditer(text):
        start, end = match.span()
        word = match[0]
        if len(word) == 1 and not (word.isupper() and word not in "AI"):
            continue
        stem = stem_of(re.sub(r"['’]s$", "", word))
        does: Does = "content"
        canon = canonical(stem)
        # "100 children per million" has a word of its own inside.
        if any(
            a <= start and end <= b and (not share or _OF_QUANTITY.fullmatch(word))
            for a, b, share in taken
        ) or any(a <= start and end <= b for a, b in often):
            does = "quantity"
        elif any(a <= start and end <= b for a, b in denying):
            does = "denial"
        elif found := directions_of(word.lower()):
            does = "direction"
            canon = "{}{:+d}".format(*min(found))
        elif text[:start].endswith("United "):
            pass
        elif (
            stem in free_stems()
            or (not words(word) and len(word) > 1)
            or re.match(r" no (?!more|less|longer)", text[end : end + 10])
        ):
            does = "free"
        yield Word(word, start, end, stem, canon, does)


def denied_base(word: Word) -> str | None:
    """What a prefix or ending denies: the canon of "pain" for "painless"; None for most words."""
    match = _AFFIXED.match(word.text)
    if not match:
        return None
    return canonical(stem_of(match["base"] or match["front"] or match["later"]))
