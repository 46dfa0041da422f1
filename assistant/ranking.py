"""The parts of a query, its vector and an index -> hits, best first: dense, lexical, hybrid ranking.

Plain functions over arrays, without LangChain: the question path takes them as they are, and
`retrieval` offers them as LangChain retrievers. Scores lie between 0 and 1, are rounded to 4
decimals, and ties go by passage id, so that two runs give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from assistant.index.lexical import words
from assistant.index.reader import Index
from assistant.synonyms import expanded
from assistant.types import Hit

# How many passages each side proposes to the hybrid: on scifact's training queries 200 are as good
# as 1,000, and Chroma gives them in half the time.
CANDIDATES = 200
# Weight of the dense side: within 0.002 nDCG@10 of the best on scifact's training queries, which a
# weight of 0.4 over 100 candidates has (evals/bench/hybrid_weight.py).
DENSE_WEIGHT = 0.5
# What is left of the score of a work that was retracted or superseded.
WITHDRAWN = 0.5

# Texts that are searched together, each with its weight.
Parts = Sequence[tuple[str, float]]
# Which passages may be found, one truth value for each; None for all.
Passing = NDArray[np.bool_] | None
Ranker = Callable[[Index, Parts, NDArray[np.float32], int, Passing], list[Hit]]


def dense(
    index: Index, parts: Parts, vector: NDArray[np.float32], k: int, passing: Passing = None
) -> list[Hit]:
    """By cosine between the query's vector, shape (dimension,), and each passage's."""
    rows = _dense_rows(index, vector, k, passing)
    return as_hits(index, rows, index.vectors[rows] @ vector, k)


def lexical(
    index: Index, parts: Parts, vector: NDArray[np.float32], k: int, passing: Passing = None
) -> list[Hit]:
    """By BM25, scaled so that the best passage has 1; passages without a word in common are out."""
    scores = _bm25(index, parts, passing)
    rows = best_rows(scores, k)
    return as_hits(index, rows, _scaled(scores[rows], 0.0), k)


def hybrid(
    index: Index, parts: Parts, vector: NDArray[np.float32], k: int, passing: Passing = None
) -> list[Hit]:
    """By a weighted sum of both, each min-max scaled over its own candidates.

    Unlike reciprocal rank fusion it keeps how far ahead a passage is.
    """
    found = candidates(index, parts, vector, passing)
    return as_hits(index, found.rows, found.scores, k)


@dataclass(frozen=True, slots=True)
class Candidates:
    """What the hybrid ranks: rows of passages in row order, their BM25 and hybrid scores."""

    rows: NDArray[np.int64]
    bm25: NDArray[np.float32]
    scores: NDArray[np.float32]


def candidates(
    index: Index, parts: Parts, vector: NDArray[np.float32], passing: Passing = None
) -> Candidates:
    """The best of the dense and of the lexical side."""
    bm25 = _bm25(index, parts, passing)
    near = _dense_rows(index, vector, CANDIDATES, passing)
    rows = np.union1d(near, best_rows(bm25, CANDIDATES))
    scores = fused(index.vectors[rows] @ vector, bm25[rows], np.isin(rows, near))
    return Candidates(rows, bm25[rows], scores)


def fused(
    cosine: NDArray[np.float32],
    bm25: NDArray[np.float32],
    near: NDArray[np.bool_],
    weight: float = DENSE_WEIGHT,
) -> NDArray[np.float32]:
    """The weighted sum for candidates, arrays of one shape; `near` marks the dense side's own.

    Cosine is scaled from the lowest of the dense candidates, BM25 from 0: no word in common.
    """
    floor = float(cosine[near].min(initial=1.0))
    return weight * _scaled(cosine, floor) + (1 - weight) * _scaled(bm25, 0.0)


RANKERS: dict[str, Ranker] = {"dense": dense, "lexical": lexical, "hybrid": hybrid}


@dataclass(frozen=True, slots=True)
class Found:
    """What an answer is made from: hits, best first, and what the scorer says, where there is one.

    `odds` holds, by its row in the index, the log odds that a sentence answers, where the cross-encoder has
    read it, and `probability` is that of the corpus answering at all; `answered` says whether that is
    likely enough.
    """

    hits: Sequence[Hit]
    odds: Mapping[int, float] = field(default_factory=dict)
    probability: float | None = None
    answered: bool | None = None


# The parts of a query, its vector, how many hits, which passages may be found.
Finder = Callable[[Parts, NDArray[np.float32], int, Passing], Found]


def _bm25(index: Index, parts: Parts, passing: Passing) -> NDArray[np.float32]:
    """BM25 of every passage: the weighted sum over the parts, synonyms of their words included.

    0 for a passage that does not pass.
    """
    frequency = index.lexical.document_frequency
    total = np.zeros(len(index.passages), dtype=np.float32)
    for text, weight in parts:
        total += weight * index.lexical.scores(expanded(tuple(words(text)), frequency))
    return total if passing is None else np.where(passing, total, np.float32(0))


def _dense_rows(
    index: Index, vector: NDArray[np.float32], k: int, passing: Passing
) -> NDArray[np.int64]:
    if passing is not None:  # few enough to be compared one by one
        return best_rows(np.where(passing, index.vectors @ vector + 2, np.float32(0)), k)
    if index.store is not None:
        return np.unique(index.store.nearest(vector.tolist(), k))
    return best_rows(index.vectors @ vector + 2, k)  # cosines can be negative, _best wants above 0


def best_rows(scores: NDArray[np.float32], k: int) -> NDArray[np.int64]:
    """Rows of the `k` highest scores above 0, in row order."""
    rows = np.flatnonzero(scores > 0)
    if len(rows) > k:
        rows = rows[np.argpartition(-scores[rows], k - 1)[:k]]
    return np.sort(rows)


def _scaled(scores: NDArray[np.float32], floor: float) -> NDArray[np.float32]:
    """0 at `floor` and below, 1 at the highest."""
    top = float(scores.max(initial=floor))
    if top <= floor:
        return np.zeros_like(scores)
    return np.asarray(np.clip((scores - floor) / (top - floor), 0, 1), dtype=np.float32)


def as_hits(
    index: Index, rows: NDArray[np.int64], scores: NDArray[np.float32], k: int
) -> list[Hit]:
    """The `k` rows of the highest scores as hits; withdrawn works lose WITHDRAWN of theirs."""
    withdrawn = np.where(index.withdrawn[rows], WITHDRAWN, 1.0)
    rounded = np.round(np.clip(scores, 0, 1).astype(np.float64) * withdrawn, 4)
    order = sorted(range(len(rows)), key=lambda i: (-rounded[i], index.passages[rows[i]].id))
    return [
        Hit(rank, index.passages[rows[i]], float(rounded[i]))
        for rank, i in enumerate(order[:k], start=1)
    ]
