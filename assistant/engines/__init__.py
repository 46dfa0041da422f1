"""Engines compose an answer's sentences from hits; ENGINES maps a name to a factory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.conversation import Query
from assistant.embeddings import EmbeddingModel
from assistant.index.reader import Index
from assistant.ranking import Found
from assistant.types import Passage


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that an engine chose: characters `start:end` of its document, in `passage`.

    `also` are passages of other documents that say the same or that it rests on, cited behind it.
    """

    passage: Passage
    start: int
    end: int
    lead: str | None = None
    mark: str | None = None
    also: tuple[tuple[Passage, int, int], ...] = ()

    @property
    def places(self) -> tuple[tuple[Passage, int, int], ...]:
        """All that is cited for the sentence."""
        return ((self.passage, self.start, self.end), *self.also)


@dataclass(frozen=True, slots=True)
class Composition:
    """What an engine made of the hits: picks in reading order, or the reason for having none."""

    picks: tuple[Pick, ...]
    reason: str | None = None
    missing: tuple[str, ...] = ()


class Engine(Protocol):
    """One method wide: a query, its vector of shape (dimension,) and what was found -> sentences."""

    def compose(self, query: Query, vector: NDArray[np.float32], found: Found) -> Composition: ...


def _extractive(index: Index, embeddings: EmbeddingModel) -> Engine:
    from assistant.engines.extractive import ExtractiveEngine

    return ExtractiveEngine(index, embeddings)


ENGINES: dict[str, Callable[[Index, EmbeddingModel], Engine]] = {"extractive": _extractive}
