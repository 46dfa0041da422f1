"""Where gold stands: finds the passages of an index that hold a quote or rest on one that does."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from assistant.index.reader import Index
from assistant.types import Passage


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers: a document of the corpus and a verbatim quote from it."""

    reference: str
    quote: str


class Places:
    """Finds the passages of an index that hold a quote or rest on one that does.

    `disagreements` maps the id of each disagreement of the corpus to its question.
    """

    def __init__(self, index: Index) -> None:
        self._of: dict[str, list[Passage]] = defaultdict(list)
        self._resting: dict[str, list[str]] = defaultdict(list)
        for passage in index.passages:
            self._of[passage.document_id].append(passage)
            for behind in passage.rests_on:
                self._resting[behind].append(passage.id)
        self.disagreements = {d["id"]: str(d["question"]) for d in index.disagreements}
        self._index = index
        self._texts: dict[str, str] = {}

    def known(self, reference: str) -> bool:
        return reference in self._of

    def holds(self, gold: Gold) -> bool:
        return gold.quote in self._text(gold.reference)

    def holding(self, gold: Gold) -> tuple[str, ...]:
        """Ids of the passages that overlap the quote."""
        start = self._text(gold.reference).find(gold.quote)
        end = start + len(gold.quote)
        return tuple(p.id for p in self._of[gold.reference] if p.start < end and start < p.end)

    def saying(self, gold: Gold) -> frozenset[str]:
        """Ids of the passages that hold the quote, and of those that rest on one of them."""
        holding = self.holding(gold)
        return frozenset(holding).union(*(self._resting[passage] for passage in holding))

    def stands(self, reference: str, start: int, end: int, quote: str) -> bool:
        """True when a document holds the quote at these offsets, character for character."""
        return self.known(reference) and self._text(reference)[start:end] == quote

    def _text(self, reference: str) -> str:
        if reference not in self._texts:
            self._texts[reference] = self._index.text(reference)
        return self._texts[reference]
