"""Sentences read together with the question by the cross-encoder: which opens, which are beside the point."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.crossencoder import packaged
from assistant.engines.scoring import Candidate
from assistant.index.reader import Index
from assistant.orders import reads_like_orders
from assistant.scorer.windows import behind_title

# The first so many that have this share of the best one's worth may open, and what each gains for its log
# odds. Set on the suite's unlocked cases, as is the next.
FIRST, NEARLY, OF_ODDS = 5, 0.80, 0.03
# Below these log odds a sentence is beside the point.
TO_THE_POINT = -1.5


class Reading:
    """Reads sentences of `index`."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._crossencoder = packaged()

    def best(
        self,
        ordered: Sequence[Candidate],
        worth: Mapping[int, float],
        odds: Mapping[int, float],
    ) -> Candidate:
        """Of the first few that are worth about as much and were read, that which answers best.

        `worth` and `odds`, those of sentences that the ranking has read, are by row.
        """
        least = NEARLY * worth[ordered[0].row]
        near = [c for c in ordered[:FIRST] if worth[c.row] >= least]
        # What gives orders answers everything.
        read = [c for c in near if c.row in odds and not reads_like_orders(c.text)]
        return max(read, key=lambda c: worth[c.row] + OF_ODDS * odds[c.row], default=ordered[0])

    def beside_the_point(
        self, candidates: Sequence[Candidate], asked: str, odds: Mapping[int, float]
    ) -> set[int]:
        """The rows of those that hardly answer, or give orders; those that were not read yet are."""
        new = [c for c in candidates if c.row not in odds]
        texts = [behind_title(self._index, c.passage.document_id, c.text) for c in new]
        read = zip(new, self._crossencoder.answers(asked, texts).tolist(), strict=True)
        known = {**odds, **{c.row: value for c, value in read}}
        return {
            c.row for c in candidates if known[c.row] < TO_THE_POINT or reads_like_orders(c.text)
        }
