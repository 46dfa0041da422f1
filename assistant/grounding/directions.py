"""Does a sentence say that something goes the other way than its passage says?

Two moves clash when they share a heading and no side.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.grounding.moves import Move, moves, shown_by_numbers, size_of
from assistant.grounding.quantities import Quantity
from assistant.grounding.wording import related

if TYPE_CHECKING:
    from assistant.grounding.reading import Reading

# A move that shares this much of what the best one shares may be the one that is meant.
TIED = 0.5
# Before and after, early and late stand in one text for many things: no side of it is told apart.
TIMES = {"order", "stage", "course"}
# What of this a passage may leave to be understood.
UNTOLD = TIMES | {"place", "state"}
# Before and after clash only where they are of the same thing.
SAME_TIME = 0.4


def compared(sentence: Reading, passage: Reading) -> tuple[bool, int]:
    """Whether something goes the other way than in the passage, and how many directions it does not have.

    A sentence clashes with its own numbers, too: "rarer with A (22%) than with B (6%)".
    """
    theirs = moves(passage)
    clashes, unsaid = False, 0
    for own in moves(sentence):
        level = own.side("level")
        shown = shown_by_numbers(own, sentence) if level and not own.denied else 0
        if shown:
            clashes |= shown != level
        elif level and (figure := _extreme(own, sentence)) is not None:
            clashes |= not _is_extreme(figure, level, passage)
        elif _equates(own, sentence) and not own.denied:
            clashes |= any(own.sides & one.sides and _exceeds(one, passage) for one in theirs)
        elif not own.compares:
            alike = _alike(own, theirs)
            if not alike:
                unsaid += not own.denied and _is_unsaid(own, sentence, passage)
            else:
                clashes |= _clashes(own, alike, sentence, passage)
    return clashes, unsaid


def _equates(move: Move, reading: Reading) -> bool:
    """ "As fast as"."""
    before, behind = reading.text[: move.start], reading.text[move.end :]
    return before.lower().endswith("as ") and behind.startswith(" as ")


def _exceeds(move: Move, reading: Reading) -> bool:
    """ "Faster than"."""
    return not move.compares and reading.text[move.end :].startswith(" than ")


def _extreme(own: Move, reading: Reading) -> Quantity | None:
    """The figure right behind "highest" or "lowest"."""
    if not re.fullmatch(
        r"(?:high|low|larg|small|great)est|(?:most|least) \w+",
        reading.text[own.start : own.end],
        re.I,
    ):
        return None
    behind = [one for one in reading.quantities if own.end <= one.start < own.end + 60]
    return next((one for one in behind if one.dimension == "share"), None)


def _is_extreme(figure: Quantity, side: int, passage: Reading) -> bool:
    held = [
        size_of(one) for one in passage.quantities if one.dimension == "share" and not one.fraction
    ]
    return not held or size_of(figure) * side >= max(size * side for size in held) - 1e-6


def _alike(own: Move, theirs: Sequence[Move]) -> list[Move]:
    """The moves of the passage under the same heading; comparisons of numbers where there are no others.

    What is denied is compared with what is denied: whether it may be is for the denials to say.
    """
    headings = {heading for heading, _ in own.sides}
    found = [one for one in theirs if headings & {heading for heading, _ in one.sides}]
    if own.denied and not headings <= TIMES:
        return [one for one in found if one.denied and not one.compares]
    return [one for one in found if not one.compares] or found


def _clashes(own: Move, alike: list[Move], sentence: Reading, passage: Reading) -> bool:
    if not {name for name, _ in own.sides} <= TIMES:
        alike = [one for one in alike if own.of & one.of] or alike
        if not own.denied and all(one.denied for one in alike):
            return any(own.sides & one.sides for one in alike)
    scores = [_shared(own, one) for one in alike]
    most = max(scores)
    nearest = [one for one, score in zip(alike, scores, strict=True) if score >= TIED * most]
    if {name for name, _ in own.sides} <= TIMES and any(own.sides & one.sides for one in alike):
        return False
    if any(own.sides & one.sides for one in nearest):
        return False
    timed = {name for name, _ in own.sides} <= TIMES
    ordered = any(name == "order" for name, _ in own.sides)
    if timed and (most < SAME_TIME if ordered else not most):
        return False
    nearest = [one for one in nearest if timed or one.denied == own.denied]
    if not nearest:
        return False
    if not most and len({one.sides for one in alike}) > 1:
        return False
    return not any(_reversed(own, sentence, one, passage) for one in nearest)


def _shared(own: Move, other: Move) -> float:
    """How much of what stands around two moves is the same, the nearer the more."""
    both = own.near.keys() & other.near.keys()
    return sum(1 / (own.near[canon] + other.near[canon]) for canon in both)


def _is_unsaid(own: Move, sentence: Reading, passage: Reading) -> bool:
    """True unless the passage has the word itself or one of its family."""
    if {name for name, _ in own.sides} <= UNTOLD:
        return False
    said = [word for word in sentence.words if own.start <= word.start < own.end]
    return not any(
        word.stem in passage.stems or any(related(word.text, other.text) for other in passage.words)
        for word in said
    )


def _reversed(own: Move, sentence: Reading, other: Move, passage: Reading) -> bool:
    """ "Less with A than with B" for "more with B than with A"."""
    ours, theirs = _compared(own, sentence), _compared(other, passage)
    return bool(ours and theirs and ours[1] & theirs[0] and not ours[1] & theirs[1])


def _compared(move: Move, reading: Reading) -> tuple[frozenset[str], frozenset[str]] | None:
    """What stands before and behind "than"."""
    match = re.compile(r"\b(?:than|compared (?:with|to)|versus|against)\b").search(
        reading.text, move.end
    )
    if not match:
        return None
    before = {w.canon for w in reading.content if w.start < match.start()}
    behind = [w.canon for w in reading.content if w.start > match.end()][:4]
    only = frozenset(behind) - before
    return frozenset(before) - only, only
