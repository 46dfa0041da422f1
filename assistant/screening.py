"""What of other people's text a language model may be shown: by wording, and by nearness to orders.

What is held back stays in the corpus and can be quoted; only the model does not see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from assistant.embeddings import EmbeddingModel
from assistant.index.reader import Index
from assistant.order_direction import ORDER_SCORE, QUESTION_SCORE, order_scores
from assistant.orders import WORD, Finding, finding, reads_like_orders, units
from assistant.types import Passage

# A unit of fewer words lies anywhere.
FEW_WORDS = 3


class Screen:
    """Looks at passages of `index`, and at texts from elsewhere."""

    def __init__(self, index: Index, embeddings: EmbeddingModel) -> None:
        self._index = index
        self._embeddings = embeddings
        self._model = embeddings.fingerprint

    def held_back(self, passages: Sequence[Passage]) -> dict[str, Finding]:
        """Ids of the passages that a model is not shown, with the reason.

        Neighbours of one document that give an order only together are both held back.
        """
        found = {p.id: reason for p in passages if (reason := self._of_passage(p)) is not None}
        rest = sorted(
            (p for p in passages if p.id not in found), key=lambda p: (p.document_id, p.start)
        )
        for one, other in pairwise(rest):
            together = f"{one.text.rstrip('.:;, ')} {other.text}"
            if one.document_id == other.document_id and reads_like_orders(together):
                found |= {one.id: "orders", other.id: "orders"}
        return found

    def of_text(self, text: str, score: float = ORDER_SCORE) -> Finding | None:
        """What keeps a text from a model; None for ordinary text."""
        return finding(text) or ("orders" if self._near_orders(units(text), score) else None)

    def without_orders(self, text: str) -> str:
        """The sentences of a question or a turn that give no order; empty when none is left.

        Ordinary questions lie nearer to orders than findings do, so more is let through here.
        """
        if self.of_text(text, QUESTION_SCORE) != "orders":
            return text
        kept = [unit for unit in units(text) if self.of_text(unit, QUESTION_SCORE) is None]
        rest = " ".join(kept).strip()
        return "" if reads_like_orders(rest) else rest

    def _of_passage(self, passage: Passage) -> Finding | None:
        if found := finding(passage.text):
            return found
        bare = self._index.bare_vectors(passage)
        if bare and (order_scores(np.stack([*bare.values()]), self._model) >= ORDER_SCORE).any():
            return "orders"
        others = [u for u in units(passage.text) if not any(u in sentence for sentence in bare)]
        return "orders" if self._near_orders(others, ORDER_SCORE) else None

    def _near_orders(self, parts: Sequence[str], score: float) -> bool:
        long = [part for part in parts if len(WORD.findall(part)) >= FEW_WORDS]
        if not long:
            return False
        vectors = self._embeddings.embed(long)
        return bool((order_scores(vectors, self._model) >= score).any())
