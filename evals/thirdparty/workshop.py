"""What third-party sets are measured with: settings, one embedding model for all of them, a progress bar.

Vectors come from the model that the settings name, kept by content hash beside the indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings import EmbeddingModel, OnnxEmbeddings, prepare_embeddings
from assistant.index.cache import embed_cached
from assistant.index.tokens import TokenStore
from assistant.scorer.tokens import TokenEncoder
from assistant.settings import Settings

Progress = Callable[[str, int, int], None]
Scores = NDArray[np.float32]
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Workshop:
    """Embeds texts and walks through items, both with progress."""

    settings: Settings
    model: EmbeddingModel
    progress: Progress

    @classmethod
    def open(cls, settings: Settings, progress: Progress) -> Workshop:
        settings.indexes.mkdir(parents=True, exist_ok=True)
        model = prepare_embeddings(settings.embedding_model, settings.indexes / "models", threads=2)
        return cls(settings, model, progress)

    def vectors(self, texts: Sequence[str], stage: str | None = None) -> Scores:
        """Of shape (len(texts), dimension); without a stage there is no progress."""
        vectors, _ = embed_cached(
            texts,
            self.model,
            self.settings.indexes,
            progress=lambda done, total: self.progress(stage, done, total) if stage else None,
        )
        return vectors

    def tokens(
        self, texts: Sequence[str], bodies: Sequence[int], spans: NDArray[np.int32], stage: str
    ) -> TokenStore | None:
        """The pieces of indexed texts, see `TokenStore.build`; None where the model gives none."""
        if not isinstance(self.model, OnnxEmbeddings):
            return None
        return TokenStore.build(
            texts,
            bodies,
            spans,
            TokenEncoder(self.model),
            self.settings.indexes,
            progress=lambda done, total: self.progress(stage, done, total),
        )

    def steps(self, items: Sequence[Item], stage: str) -> Iterator[Item]:
        """The items, one by one, with progress."""
        for number, item in enumerate(items, start=1):
            yield item
            self.progress(stage, number, len(items))
