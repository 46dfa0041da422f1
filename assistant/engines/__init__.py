"""Engines compose an answer's sentences from hits; ENGINES maps a name to a factory."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.conversation import Query
from assistant.embeddings import EmbeddingModel
from assistant.index.reader import Index
from assistant.ranking import Found
from assistant.settings import Settings
from assistant.types import Notice, Passage

if TYPE_CHECKING:
    from assistant.chat_models.asking import Chat


@dataclass(frozen=True, slots=True)
class Pick:
    """A sentence that an engine chose: characters `start:end` of its document, in `passage`.

    `also` are passages of other documents that say the same or that it rests on, cited behind it.
    `text` is how a model phrased it, None where the quote itself is the sentence; `support` (0 to 1)
    says how well its quotes carry it.
    """

    passage: Passage
    start: int
    end: int
    lead: str | None = None
    mark: str | None = None
    also: tuple[tuple[Passage, int, int], ...] = ()
    text: str | None = None
    support: float = 1.0

    @property
    def places(self) -> tuple[tuple[Passage, int, int], ...]:
        """All that is cited for the sentence."""
        return ((self.passage, self.start, self.end), *self.also)


@dataclass(frozen=True, slots=True)
class Composition:
    """What an engine made of the hits: picks in reading order, or the reason for having none.

    `notices` are what only the engine knows; `engine` names another one that stood in for it.
    """

    picks: tuple[Pick, ...]
    reason: str | None = None
    missing: tuple[str, ...] = ()
    notices: tuple[Notice, ...] = ()
    engine: str | None = None


class Engine(Protocol):
    """One method wide: a query, its vector of shape (dimension,) and what was found -> sentences.

    `compose` gives each pick as soon as it may be shown, and last the whole Composition; an engine
    that has them all at once gives the Composition alone. `chat` is the language model that it asks.
    """

    chat: Chat | None

    def compose(
        self,
        query: Query,
        vector: NDArray[np.float32],
        found: Found,
        stop: Event | None = None,
    ) -> Iterator[Pick | Composition]: ...


def _extractive(index: Index, embeddings: EmbeddingModel, settings: Settings) -> Engine:
    from assistant.engines.extractive import ExtractiveEngine

    return ExtractiveEngine(index, embeddings)


def _llm(index: Index, embeddings: EmbeddingModel, settings: Settings) -> Engine:
    from assistant.chat_models.opening import open_chat
    from assistant.engines.llm import LlmEngine

    chat = open_chat(settings)
    return LlmEngine(index, embeddings, chat, show_unsupported=settings.show_unsupported)


ENGINES: dict[str, Callable[[Index, EmbeddingModel, Settings], Engine]] = {
    "extractive": _extractive,
    "llm": _llm,
}
