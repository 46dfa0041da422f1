"""Drafted sentences -> picks whose quotes carry them, or the reasons why they may not be shown.

A draft counts for nothing by itself: `grounding` finds the quote in the passages that it cites and
says whether numbers, negations, direction, things named and meaning are carried by it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.conversation import Query
from assistant.crossencoder import packaged
from assistant.engines import Pick
from assistant.engines.drafting import Draft
from assistant.engines.support import Support
from assistant.evidence import LEVELS, WEAK
from assistant.extrapolation import mark_of_setting
from assistant.grounding import Verdict, check, prepare
from assistant.index.reader import Index
from assistant.orders import reads_like_orders
from assistant.splitting import sentences
from assistant.types import Passage

# A sentence that cites more than this is checked against the first ones.
MOST_CITED = 4
# Pairs of a sentence and its evidence whose verdict is kept.
REMEMBERED = 4000
# Words before a quote, in its own sentence, that take back what it says.
TAKEN_BACK = re.compile(
    r"\b(?:no|not|never|without|neither|nor|none|cannot|fail\w*|lack\w*|whether|if|unless|unclear|unknown|"
    r"unlikely|doubt\w*|den(?:y|ies|ied)|refut\w*|disprov\w*|false|wrong\w*|myth|rather than)\b|n't\b",
    re.IGNORECASE,
)
# The reader is spoken to, or the model speaks of itself: no publication does.
PERSONAL = re.compile(
    r"\b(?:you|your|yours|yourself|me|my|we|our|let's|(?-i:us)|i(?='|\s(?:am|have|had|can|cannot|could|do|don't|"
    r"would|think|will|recommend|suggest|advise|must|was)\b))\b|^\W*(?:please|take|stop|start|double(?!-)|skip|"
    r"try|call|ask|see|visit|go|buy|contact|consult|remember|avoid|use(?! of)|click)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Unproved:
    """A sentence that is not shown as an answer, and why."""

    text: str
    reasons: tuple[str, ...]


class Prover:
    """Proves sentences on passages of `index`, which a prompt has numbered from 1."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._support = Support(index)
        # Of a pair of texts once, however often a proof comes back to it.
        self._carries = lru_cache(maxsize=REMEMBERED)(packaged().carries)
        prepare()

    def proved(self, draft: Draft, passages: Sequence[Passage], query: Query) -> Pick | Unproved:
        """The sentence with the quotes that carry it, located in the passages that it cites.

        A sentence without any marker is looked for in all passages; one whose markers name no
        passage is refused.
        """
        cited = _cited(draft, passages)
        if not cited:
            return Unproved(draft.text, ("it cites no passage that the model was given",))
        verdict, place = self._checked(draft.text, cited)
        reasons = () if verdict.supported else verdict.reasons or ("nothing carries it",)
        if not reasons and place is None:
            reasons = ("no quote carries it",)
        if not reasons and place and (wrong := _spoken(draft.text, place) or _cut_short(place)):
            reasons = (wrong,)
        if reasons or place is None:
            return Unproved(draft.text, reasons)
        first = place[0]
        others = [p for p in cited if p is not first] if draft.cited is not None else []
        also = [self._nearest(draft.text, p) for p in others if self._needed(draft.text, p, cited)]
        behind = [(p, p.start, p.end) for p in self._support.passages(first)]
        return Pick(
            *place,
            mark=self._mark(first, _quote(place), query),
            also=tuple(dict.fromkeys([*also, *behind])),
            text=draft.text,
            support=round(verdict.score, 4),
        )

    def lead(self, pick: Pick, before: Pick | None) -> str | None:
        """Weak evidence is called so where it begins."""
        level = self._level(pick)
        if before is not None and self._level(before) == level:
            return None
        return WEAK[level][0] if level in WEAK else None

    def _level(self, pick: Pick) -> str:
        rank = min(self._support.rank(passage) for passage, _, _ in pick.places)
        return LEVELS[rank] if rank < len(LEVELS) else ""

    def _mark(self, passage: Passage, quote: str, query: Query) -> str | None:
        title = str(self._index.documents[passage.document_id].get("title", ""))
        own = self._support.mark(passage, quote)
        return own or (None if passage.rests_on else mark_of_setting(query, quote, title))

    def _checked(
        self, text: str, passages: Sequence[Passage]
    ) -> tuple[Verdict, tuple[Passage, int, int] | None]:
        """What grounding says, and the quote that it found, in offsets of the document."""
        texts, works = [p.text for p in passages], [p.work for p in passages]
        verdict = check(text, texts, works=works, carries=self._carries)
        if verdict.passage is None or verdict.start is None or verdict.end is None:
            return verdict, None
        passage = passages[verdict.passage]
        if not 0 <= verdict.start < verdict.end <= len(passage.text):
            return verdict, None
        return verdict, (passage, passage.start + verdict.start, passage.start + verdict.end)

    def _needed(self, text: str, passage: Passage, cited: Sequence[Passage]) -> bool:
        """True when a passage carries the sentence alone, or the others do not without it."""
        if self._checked(text, [passage])[0].supported:
            return True
        rest = [other for other in cited if other is not passage]
        return not self._checked(text, rest)[0].supported

    def _nearest(self, text: str, passage: Passage) -> tuple[Passage, int, int]:
        """The stretch of a passage that comes nearest to a sentence; the whole where none does."""
        return self._checked(text, [passage])[1] or (passage, passage.start, passage.end)


def _cited(draft: Draft, passages: Sequence[Passage]) -> list[Passage]:
    if draft.cited is None:
        return list(passages)
    known = [n for n in draft.cited if 1 <= n <= len(passages)]
    return [passages[n - 1] for n in known[:MOST_CITED]]


def _quote(place: tuple[Passage, int, int]) -> str:
    passage, start, end = place
    return passage.text[start - passage.start : end - passage.start]


def _spoken(text: str, place: tuple[Passage, int, int]) -> str | None:
    """Why a sentence is no statement of a publication, unless its quote is worded so itself."""
    if reads_like_orders(text):
        return "it reads like an order"
    said = {found.lower().strip() for found in PERSONAL.findall(text)}
    if said - {found.lower().strip() for found in PERSONAL.findall(_quote(place))}:
        return "it speaks to the reader or of the model"
    return None


def _cut_short(place: tuple[Passage, int, int]) -> str | None:
    """Why a quote from the middle of a sentence may say what the whole does not."""
    passage, start, _ = place
    begin = start - passage.start
    for first, last in sentences(passage.text):
        if first < begin < last and TAKEN_BACK.search(passage.text[first:begin]):
            return "the words before its quote take it back"
    return None
