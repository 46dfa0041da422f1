"""A text -> its moves: more or less, better or worse, before or after, and what each is a move of.

A word of directions.txt has one or more headings with a side (1 or -1); "less frequent" turns the side of
"frequent" round. Nothing is compared here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.grounding.quantities import Quantity
from assistant.grounding.wording import DIFFER, canonical, stem_of

if TYPE_CHECKING:
    from assistant.grounding.reading import Reading, Word

Side = tuple[str, int]

# Words and characters within which something belongs to a direction.
REACH, NEAR = 7, 30
_VAGUE = frozenset([
    "in", "of", "the", "a", "an", "and", "or", "to", "with", "for", "by", "on", "at", "as", "is", "are",
    "was", "were", "be", "has", "had", "have", "it", "that",
])  # fmt: skip
_INFLECTED = ("ing", "ed", "es")
_DEGREES = {"more": 1, "most": 1, "less": -1, "least": -1}
# "Without smoke, more guards": what is more is not denied.
_FAR_WITHOUT = re.compile(r"without\b[^,]*,.*", re.IGNORECASE)
_NEITHER = re.compile(r" neither\b")
_CLAUSE = re.compile(r";|:|, (?:but|while|whereas|and|although|yet)\b|\.\s")
# Of a difference, 0 says that there is none, and which sign is good depends on the scale.
_DIFFERENCE = re.compile(r"\b(?:SMD|MD)\W*$")
_SCALE = re.compile(r"\b(?:scale|range[ds]?|ranging) (?:of |from )?\W*$")
_TO = re.compile(r"\bto\b")
_TO_FIGURE = re.compile(r"\bto (?:about |around |only |just )?$")
_FROM = re.compile(r"\b(?:from|against|compared with|versus)\b")
_VERSUS = re.compile(r"\b(?:than|against|versus|vs|compared|but|rather)\b")
_NO_DIRECTION = re.compile(
    r"(?:lower|upper) (?:limb|leg|arm|inner|outer|extremit|back|body|half|end|part)|above all|more or less|"
    r"high[- ]quality|at (?:least|most)|low[- ]cost|first[- ](?:line|degree)|over the counter|"
    r"well as|building blocks?|minimal(?:ly)? (?:clinically )?important|"
    r"smallest (?:important|change that matters)|"
    r"(?:greater|lesser) (?:trochanter|tuberosit)"
)


@lru_cache(maxsize=1)
def _table() -> dict[str, frozenset[Side]]:
    found: dict[str, set[Side]] = {}
    text = Path(__file__).with_name("directions.txt").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            heading, _, listed = line.partition(":")
            for side, part in zip((1, -1), listed.split("|"), strict=True):
                for word in part.split():
                    found.setdefault(word, set()).add((heading, side))
    return {word: frozenset(sides) for word, sides in found.items()}


def directions_of(word: str) -> frozenset[Side]:
    """The headings and sides of a lower-case word; none for most words."""
    word = word.replace(" ", "-")
    found = _table().get(word, frozenset())
    return found or (
        _of_stems().get(stem_of(word), frozenset()) if word.endswith(_INFLECTED) else found
    )


@lru_cache(maxsize=1)
def _of_stems() -> dict[str, frozenset[Side]]:
    """By stem, where all listed words of one go one way: "blocking" as "blocked"."""
    found: dict[str, set[frozenset[Side]]] = {}
    for word, sides in _table().items():
        found.setdefault(stem_of(word), set()).add(sides)
    return {stem: next(iter(sides)) for stem, sides in found.items() if len(sides) == 1}


@dataclass(frozen=True, slots=True)
class Move:
    """A direction in a text: its sides, and the canons and numbers around it, with how far off they stand.

    `of` is what it most likely is a direction of: "high calcium", "calcium is high".
    """

    start: int
    end: int
    sides: frozenset[Side]
    near: Mapping[str, int]
    denied: bool
    compares: bool = False
    of: frozenset[str] = frozenset()

    def side(self, heading: str) -> int:
        return next((side for name, side in self.sides if name == heading), 0)


def moves(reading: Reading) -> list[Move]:
    """The directions of a text in order."""
    found = []
    listed = reading.words
    used = set()
    for place, word in enumerate(listed):
        sides = directions_of(word.text.lower())
        if place in used or not sides or word.does == "denial" or _says_no_direction(word, reading):
            continue
        compares = _compares_number(word, reading)
        end = word.end
        if word.text.lower() in _DEGREES:
            turn = _DEGREES[word.text.lower()]
            following = listed[place + 1] if place + 1 < len(listed) else None
            turned = directions_of(following.text.lower()) if following else frozenset()
            if following and turned and reading.text[word.end : following.start].isspace():
                sides = frozenset((heading, side * turn) for heading, side in turned)
                used.add(place + 1)
                end = following.end
            elif word.text.lower() in ("most", "least"):
                continue
            elif reading.text.startswith(" than ", word.end) and not compares:
                sides = frozenset({("degree", turn)})
        near: dict[str, int] = {}
        for other in range(max(0, place - REACH), min(len(listed), place + REACH + 1)):
            around = listed[other]
            if other != place and around.does in ("content", "free") and around.canon not in _VAGUE:
                away = abs(other - place)
                near[around.canon] = min(away, near.get(around.canon, away))
        for one in reading.quantities:
            if abs(one.start - word.start) < NEAR:
                near[f"{one.value:g}"] = 1
        level = dict(sides).get("level", 0)
        of = _target(place, listed, reading.text)
        if level and of & _bad():  # "more pain", "pain had fallen"
            sides |= {("quality", -level)}
        denied = any(
            denial.start < word.start < denial.start + 60
            and word.canon in denial.scope
            and not DIFFER & set(denial.scope[:2])
            and not _FAR_WITHOUT.fullmatch(reading.text, denial.start, word.start)
            for denial in reading.denials
        ) or bool(_NEITHER.match(reading.text, word.end))
        found.append(Move(word.start, end, sides, near, denied, compares, of))
    return found


def _target(place: int, listed: Sequence[Word], text: str) -> frozenset[str]:
    """The naming words right behind, else the last one in front within the clause."""
    behind = []
    for one, other in pairwise(listed[place:]):
        if other.does != "content" or not text[one.end : other.start].isspace():
            break
        behind.append(other.canon)
    if behind:
        return frozenset(behind)
    before = next((w for w in reversed(listed[:place]) if w.does == "content"), None)
    if before is None or _CLAUSE.search(text, before.end, listed[place].start):
        return frozenset()
    return frozenset({before.canon})


@lru_cache(maxsize=1)
def _bad() -> frozenset[str]:
    """Canons of what nobody wants: more of it is worse."""
    listed = "symptom pain complication infection failure collapse death complaint"
    return frozenset(canonical(stem_of(word)) for word in listed.split())


def _says_no_direction(word: Word, reading: Reading) -> bool:
    """ "The lower limb", "above all"."""
    around = reading.text[max(0, word.start - 3) : word.end + 40].lower()
    return bool(_NO_DIRECTION.match(around[min(3, word.start) :])) or around.startswith("as well")


def _compares_number(word: Word, reading: Reading) -> bool:
    """ "More than 30%": what the quantity itself says."""
    behind = reading.text[word.end : word.end + 40]
    compares = re.match(r" than\b", behind) or word.text.lower() in ("above", "below")
    return bool(compares) and any(
        word.end <= one.start <= word.end + 40 and one.comparison for one in reading.quantities
    )


def shown_by_numbers(move: Move, reading: Reading) -> int:
    """1 or -1 when the numbers behind a direction say which way it goes, else 0.

    "More with A (62%) than with B (19%)", "fell from 7.1 to 0.8", "lowered it (OR 0.2)".
    """
    text = reading.text
    stop = _CLAUSE.search(text, move.end)
    end = stop.start() if stop else len(text)
    behind = [one for one in reading.quantities if move.end <= one.start < end]
    first = max((found.end() for found in _CLAUSE.finditer(text, 0, move.start)), default=0)
    within = [one for one in reading.quantities if first <= one.start < end]
    # A ratio behind another direction is that one's.
    levels = (w.start for w in reading.words if "level" in dict(directions_of(w.text.lower())))
    following = next((start for start in levels if start >= move.end), len(text))
    ratios = [
        one
        for one in within
        if one.ratio and one.start < following and not _DIFFERENCE.search(text[: one.start])
    ]
    if ratios and ratios[0].value != 1:
        return 1 if ratios[0].value > 1 else -1
    figures = [one for one in behind if one.dimension in ("count", "share") and not one.ratio]
    for one, other in pairwise(figures):
        if (one.pair is None) != (other.pair is None) or one.dimension != other.dimension:
            continue
        size, next_size = size_of(one), size_of(other)
        between = text[one.end : other.start]
        if size == next_size:
            continue
        if _SCALE.search(text, 0, one.start):
            continue
        if re.search(r"\bfrom\W*$", text[: one.start]) and _TO.search(between):
            return 1 if next_size > size else -1
        if _TO_FIGURE.search(text[move.end : one.start]) and _FROM.search(between):
            return 1 if size > next_size else -1
        if _VERSUS.search(between):
            return 1 if size > next_size else -1
    return 0


def size_of(one: Quantity) -> float:
    """Of "3 of 10" the share, else the value in its basic unit."""
    if one.pair:
        return one.pair[0] / one.pair[1] if one.pair[1] else 0.0
    return one.value * (one.unit.factor if one.unit else 1.0)
