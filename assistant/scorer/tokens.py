"""A text -> the vectors of its content pieces, made small: what late interaction compares.

Every piece of a question is compared with every piece of a passage (MaxSim, ColBERT, arXiv 2004.12832),
here with MiniLM's own states, which were not trained for it. Pieces that carry no content are left out;
vectors are projected to their main components and kept as whole numbers.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings import OnnxEmbeddings, TokenStates

WEIGHTS = Path(__file__).parent / "weights"
# Components that are kept; on SQuAD's paragraphs 128 rank within 0.005 nDCG@10 of all 384.
COMPONENTS = 128


@dataclass(frozen=True, slots=True)
class Tokens:
    """The content pieces of a text: vocabulary `ids`, `starts` in the text, `vectors` (pieces, COMPONENTS).

    A vector times the scale of `Projection` is a unit vector, but for rounding.
    """

    ids: NDArray[np.int32]
    starts: NDArray[np.int32]
    vectors: NDArray[np.int8]


class Projection:
    """The main components of MiniLM's states of pieces, and the step of each when kept as int8."""

    def __init__(self, file: Path = WEIGHTS / "projection.npz") -> None:
        with np.load(file, allow_pickle=False) as saved:
            self._components: NDArray[np.float32] = saved["components"]
            self.steps: NDArray[np.float32] = saved["steps"]
        self.fingerprint = hashlib.sha256(file.read_bytes()).hexdigest()[:8]

    def project(self, vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """Unit vectors of shape (pieces, COMPONENTS)."""
        projected = vectors @ self._components
        return np.asarray(projected / np.linalg.norm(projected, axis=1, keepdims=True))

    def packed(self, vectors: NDArray[np.float32]) -> NDArray[np.int8]:
        """The same as whole numbers: `packed * steps` is the unit vector again."""
        return np.clip(np.round(self.project(vectors) / self.steps), -127, 127).astype(np.int8)


class TokenEncoder:
    """Encodes with the word pieces and states of `model`."""

    def __init__(self, model: OnnxEmbeddings) -> None:
        self.model = model
        self.projection = Projection()
        self.fingerprint = f"{model.fingerprint}-{self.projection.fingerprint}"
        self._empty = empty_pieces(model)

    def passages(self, texts: Sequence[str]) -> Iterator[tuple[int, Tokens]]:
        """Row and content pieces of each text, not in the order given."""
        for row, states in self.model.token_states(texts):
            kept = self._content(states)
            yield (
                row,
                Tokens(
                    states.ids[kept],
                    states.starts[kept],
                    self.projection.packed(states.vectors[kept]),
                ),
            )

    def question(self, text: str) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        """Ids of the content pieces of a question, and their unit vectors, (pieces, COMPONENTS)."""
        ((_, states),) = self.model.token_states([text])
        kept = self._content(states)
        return states.ids[kept], self.projection.project(states.vectors[kept])

    def _content(self, states: TokenStates) -> NDArray[np.bool_]:
        kept = ~self._empty[states.ids]
        return kept if kept.any() else np.ones_like(kept)


def empty_pieces(model: OnnxEmbeddings) -> NDArray[np.bool_]:
    """Which pieces of the vocabulary carry no content: stop words and punctuation."""
    from bm25s.stopwords import STOPWORDS_EN

    vocabulary = model.vocabulary()
    empty = np.zeros(max(vocabulary.values()) + 1, dtype=bool)
    for piece, number in vocabulary.items():
        empty[number] = piece in STOPWORDS_EN or not any(map(str.isalnum, piece))
    return empty
