"""Late interaction: each piece of a question beside the piece nearest to it in a passage or sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.index.reader import Index
from assistant.index.tokens import TokenStore
from assistant.scorer.tokens import TokenEncoder
from assistant.synonyms import spelt_out

Floats = NDArray[np.float32]

# A piece is near to one of the question from this cosine on; so many of the least near count as lowest.
NEAR, LOWEST = 0.6, 2


@dataclass(frozen=True, slots=True)
class Alignment:
    """Best cosines of the question's pieces: `passages` and `headings` (pieces, passages), `sentences`
    (pieces, sentences).

    `weights` (pieces,) sum to 1, by rarity. `numbers` are rows of the index's sentences, `owners` the
    places of their passages; `cosines` compares each as a whole with the question.
    """

    weights: Floats
    passages: Floats
    headings: Floats
    sentences: Floats
    numbers: NDArray[np.int64]
    owners: NDArray[np.int64]
    cosines: Floats

    def lowest(self, cosines: Floats) -> Floats:
        """The mean of the lowest cosines of each column."""
        return np.asarray(np.sort(cosines, axis=0)[:LOWEST].mean(axis=0))

    def near(self, cosines: Floats) -> Floats:
        """The share of the question, by weight, that each column comes near to."""
        return np.asarray(self.weights @ (cosines >= NEAR))


def align(
    parts: Sequence[tuple[str, float]],
    rows: NDArray[np.int64],
    index: Index,
    encoder: TokenEncoder,
) -> Alignment:
    """The weighted parts of a query beside the passages `rows` of `index`."""
    store, steps = index.tokens, encoder.projection.steps
    if store is None:
        raise ValueError(f"the index {index.name!r} has no word pieces")
    question, weights = _question(parts, index, store, encoder)
    first, last = store.first[rows], store.first[rows + 1]
    places = np.concatenate([np.arange(a, b) for a, b in zip(first, last, strict=True)])
    pieces = store.vectors[places].astype(np.float32)
    cosines = (question * steps) @ pieces.T
    owner = np.repeat(np.arange(len(rows)), last - first)
    sentence = np.asarray(store.sentences[places])
    begins = np.flatnonzero(
        np.concatenate([[True], (np.diff(owner) != 0) | (np.diff(sentence) != 0)])
    )
    stretches = np.maximum.reduceat(cosines, begins, axis=1)
    within = sentence[begins] >= 0
    headings = np.full((len(question), len(rows)), -1.0, dtype=np.float32)
    headings[:, owner[begins[~within]]] = stretches[:, ~within]
    means = np.add.reduceat(pieces, begins[...], axis=0)[within] * steps
    whole = question.mean(axis=0)
    cosine = means @ whole / (np.linalg.norm(means, axis=1) * np.linalg.norm(whole) + 1e-9)
    return Alignment(
        weights,
        np.maximum.reduceat(cosines, np.searchsorted(owner, np.arange(len(rows))), axis=1),
        headings,
        stretches[:, within],
        sentence[begins[within]].astype(np.int64),
        owner[begins[within]],
        cosine.astype(np.float32),
    )


def _question(
    parts: Sequence[tuple[str, float]], index: Index, store: TokenStore, encoder: TokenEncoder
) -> tuple[Floats, Floats]:
    """The pieces of a query, shape (pieces, components), and their weights."""
    vectors, weights = [], []
    for text, weight in parts:
        ids, states = encoder.question(spelt_out(text, index.lexical.document_frequency))
        held = store.frequency[ids]
        weights.append(weight * np.log1p(len(index.passages) / (1 + held)))
        vectors.append(states)
    weighed = np.concatenate(weights).astype(np.float32)
    return np.concatenate(vectors), weighed / weighed.sum()
