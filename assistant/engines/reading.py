"""Sentences read together with the question by the cross-encoder: which opens, which are beside the point."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.crossencoder import packaged
from assistant.engines.scoring import Candidate
from assistant.index.reader import Index
from assistant.scorer.windows import behind_title

# Of the first so many, those with this share of the best one's worth are read before one of them opens; what
# they gain for each of the log odds that they answer. Set on the suite's unlocked cases, as is the next.
READ, READ_SHARE, OF_ODDS = 5, 0.80, 0.03
# Below these log odds a sentence is beside the point.
TO_THE_POINT = -1.0


class Reading:
    """Reads sentences of `index`."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._crossencoder = packaged()

    def best(
        self, ordered: Sequence[Candidate], worth: Callable[[Candidate], float], asked: str
    ) -> Candidate:
        """Of the first few that are worth about as much, that which answers best."""
        near = [c for c in ordered[:READ] if worth(c) >= READ_SHARE * worth(ordered[0])]
        if len(near) == 1:
            return near[0]
        odds = self._odds(near, asked).tolist()
        gain = [worth(c) + OF_ODDS * value for c, value in zip(near, odds, strict=True)]
        return near[gain.index(max(gain))]

    def beside_the_point(self, candidates: Sequence[Candidate], asked: str) -> set[int]:
        """The rows of those that hardly answer."""
        odds = self._odds(candidates, asked)
        return {c.row for c, value in zip(candidates, odds, strict=True) if value < TO_THE_POINT}

    def _odds(self, candidates: Sequence[Candidate], asked: str) -> NDArray[np.float32]:
        read = [behind_title(self._index, c.passage.document_id, c.text) for c in candidates]
        return self._crossencoder.answers(asked, read)
