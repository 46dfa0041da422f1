"""FINDERS: the rankers, and the hybrid's passages ranked anew by the scorer."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from langchain_core.embeddings import Embeddings
from numpy.typing import NDArray

from assistant.crossencoder import packaged
from assistant.embeddings import OnnxEmbeddings
from assistant.forms import asks
from assistant.index.reader import Index
from assistant.ranking import (
    RANKERS,
    Candidates,
    Finder,
    Found,
    Parts,
    Passing,
    as_hits,
    candidates,
)
from assistant.scorer.features import Reader
from assistant.scorer.inputs import reread
from assistant.scorer.model import Scorer
from assistant.scorer.tokens import TokenEncoder
from assistant.scorer.windows import texts, windows

# How many of the hybrid's passages the scorer reads.
DEPTH = 100
# What weighs less in a query, what was answered before it, helps to find passages and is not what they are
# judged by: passages that were quoted before would seem to answer whatever is asked next.
JUDGED_FROM = 0.25


class Reranker:
    """Finds in `index`, whose word pieces `encoder` has encoded.

    A question counts as answered where so many like it are not that it is at most the accepted `risk`.
    """

    def __init__(self, index: Index, encoder: TokenEncoder, risk: float) -> None:
        self._index = index
        self._reader = Reader(index, encoder)
        self._scorer = Scorer()
        self._crossencoder = packaged()
        self._threshold = self._scorer.threshold(risk)

    def __call__(
        self, parts: Parts, vector: NDArray[np.float32], k: int, passing: Passing
    ) -> Found:
        found, rows, places = deepest(self._index, parts, vector, passing)
        if not len(rows):
            return Found([], probability=0.0, answered=False)
        judged = [part for part in parts if part[1] >= JUDGED_FROM]
        seen = self._reader.read(judged, vector, rows, found.bm25[places], found.scores[places])
        passages = self._scorer.passages(seen)
        sentences = self._scorer.sentences(seen, passages)
        best = windows(self._index, rows, seen, sentences)
        question = " ".join(text for text, _ in judged)
        read = self._crossencoder.answers(question, texts(self._index, rows, seen, best))
        probability = round(self._scorer.answer(seen, passages, sentences, read), 4)
        if len(judged) == 1 and asks(question):
            passages = reread(passages, seen, best, read)
        # Those that were not seen come behind, in the hybrid's order.
        scores = found.scores * float(passages.min())
        scores[places] = passages
        return Found(
            as_hits(self._index, found.rows, scores, k),
            {
                int(number): float(odds)
                for (first, last), odds in zip(best, read, strict=True)
                for number in seen.numbers[first : last + 1]
            },
            probability,
            probability >= self._threshold,
        )


def deepest(
    index: Index, parts: Parts, vector: NDArray[np.float32], passing: Passing
) -> tuple[Candidates, NDArray[np.int64], NDArray[np.int64]]:
    """What the hybrid finds, the rows of its best DEPTH in row order, and their places in it."""
    found = candidates(index, parts, vector, passing)
    places = np.sort(np.lexsort((found.rows, -found.scores))[:DEPTH])
    return found, found.rows[places], places


def _plain(name: str) -> Callable[[Index, Embeddings, float], Finder]:
    def finder(index: Index, embeddings: Embeddings, risk: float) -> Finder:
        return lambda parts, vector, k, passing: Found(
            RANKERS[name](index, parts, vector, k, passing)
        )

    return finder


def _reranked(index: Index, embeddings: Embeddings, risk: float) -> Finder:
    """By the scorer, or by the hybrid alone with a model that the scorer was not made for."""
    if index.tokens is None or not isinstance(embeddings, OnnxEmbeddings):
        return _plain("hybrid")(index, embeddings, risk)
    return Reranker(index, TokenEncoder(embeddings), risk)


FINDERS: dict[str, Callable[[Index, Embeddings, float], Finder]] = {
    **{name: _plain(name) for name in RANKERS},
    "reranked": _reranked,
}
