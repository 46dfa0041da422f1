"""The product: `Assistant.ask(question, turns)` -> Answer. The whole pipeline stands in `stream`.

Page, command line and evals are thin faces of this; it prints nothing and builds nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from threading import Event, Lock
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from assistant import safety
from assistant.chat_models.asking import Chat, Stopped
from assistant.chat_models.disclosure import disclosure
from assistant.citations import Numbering
from assistant.clock import Clock
from assistant.conversation import Query
from assistant.coverage import not_covered
from assistant.embeddings import EmbeddingModel, open_embeddings
from assistant.engines import ENGINES, Composition, Engine
from assistant.errors import EngineUnknown, IndexIncompatible, SettingsInvalid
from assistant.extrapolation import extrapolation_notice
from assistant.index.reader import Index
from assistant.judgements import (
    claim_notices,
    disagreement_notices,
    retraction_notices,
)
from assistant.ranking import Found
from assistant.scope import passing, reason_within, scope_notices
from assistant.scorer.ranker import FINDERS
from assistant.searching import Searcher
from assistant.settings import Settings
from assistant.types import Answer, Hit, Notice, Sentence, Turn

if TYPE_CHECKING:
    from langchain_core.documents import Document

# How many hits an engine composes from, and how many of them an answer carries.
COMPOSED_FROM, HITS = 40, 20


class Assistant:
    """Answers questions from one index; safe to share between threads.

    Open it with `Assistant.open()`. The question path needs no network and no torch with the
    default model.
    """

    def __init__(self, index: Index, embeddings: EmbeddingModel, settings: Settings) -> None:
        for name, chosen, known in (
            ("retriever", settings.retriever, FINDERS),
            ("engine", settings.engine, ENGINES),
        ):
            if chosen not in known:
                raise SettingsInvalid(
                    f"The {name} {chosen!r} is not known; accepted are {', '.join(known)}. "
                    f"Set it with ASSISTANT_{name.upper()}."
                )
        self.index = index
        self.settings = settings
        self.embeddings = embeddings
        self._searcher = Searcher(index, embeddings, settings)
        self._opened = {settings.engine: ENGINES[settings.engine](index, embeddings, settings)}
        self._opening = Lock()

    @classmethod
    def open(cls, index: str | None = None, *, settings: Settings | None = None) -> Self:
        """Over a built index; never builds one.

        Raises IndexMissing (names the command), IndexDamaged, IndexIncompatible, ModelUnavailable
        or SettingsInvalid.
        """
        settings = settings or Settings.load(index=index)
        opened = Index.open(settings.indexes, index or settings.index)
        manifest = opened.manifest
        if settings.embedding_model != manifest.model:
            raise IndexIncompatible(
                f"The index {opened.name!r} was built with the model {manifest.model!r}, but "
                f"{settings.embedding_model!r} is set. Build it again with: "
                f"hip-assistant index --index {opened.name}"
            )
        embeddings = open_embeddings(
            manifest.model,
            manifest.model_fingerprint,
            settings.indexes / "models",
            threads=settings.threads,
        )
        return cls(opened, embeddings, settings)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if store := self.index.__dict__.get("store"):  # unopened stores stay unopened
            store.close()
        for engine in self._opened.values():
            if engine.chat is not None:
                engine.chat.close()

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that a question may name, the usual one first: llm needs a language model."""
        usual, model = self.settings.engine, self.settings.chat_model
        return (usual, *(name for name in ENGINES if name != usual and (name != "llm" or model)))

    @property
    def disclosure(self) -> str | None:
        """Which host receives what is asked, where one does; to be said before the first question."""
        return disclosure(self._engine("llm").chat) if "llm" in self.engines else None

    def ask(
        self, question: str, turns: Sequence[Turn] = (), *, engine: str | None = None
    ) -> Answer:
        """What the corpus says, composed by the usual engine or another of `engines`.

        Raises QuestionInvalid when the question cannot be searched, EngineUnknown for an engine that
        is not there.
        """
        *_, answer = self.stream(question, turns, engine=engine)
        assert isinstance(answer, Answer)
        return answer

    async def aask(
        self, question: str, turns: Sequence[Turn] = (), *, engine: str | None = None
    ) -> Answer:
        """`ask`, without blocking the event loop; a language model stops when it is cancelled."""
        stop = Event()

        def whole() -> list[Notice | Sentence | Answer]:
            return list(self.stream(question, turns, engine=engine, stop=stop))

        try:
            answer = (await asyncio.to_thread(whole))[-1]
        finally:
            stop.set()
        assert isinstance(answer, Answer)
        return answer

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        *,
        engine: str | None = None,
        stop: Event | None = None,
    ) -> Iterator[Notice | Sentence | Answer]:
        """The notices and the sentences as they are known, last the whole Answer.

        A language model is cancelled when the iterator is closed, or soon after `stop` is set: then
        no Answer comes. Raises what `ask` raises.
        """
        try:
            yield from self._parts(question, turns, engine or self.settings.engine, stop)
        except Stopped:
            return

    def _parts(
        self, question: str, turns: Sequence[Turn], engine: str, stop: Event | None
    ) -> Iterator[Notice | Sentence | Answer]:
        clock = Clock()
        composer = self._engine(engine)
        question = self._searcher.checked(question)
        notices = safety.notices(
            question,
            earlier=[turn.question for turn in turns],
            emergency_number=self.settings.emergency_number,
        )
        clock.lap("question")
        yield from notices
        query, vector = self._searcher.query(question, turns, composer.chat, stop)
        clock.lap("embedding")
        may_be_quoted = passing(query.filters, self.index)
        found = self._searcher.found(query, vector, COMPOSED_FROM, may_be_quoted)
        hits = found.hits
        clock.lap("retrieval")
        asked = self._searcher.asked(query)
        numbering = Numbering(self.index)
        shown = 0
        composition = None
        for part in composer.compose(query, asked, found, stop):
            if isinstance(part, Composition):
                composition = part
            else:
                yield numbering.sentence(part)
                shown += 1
        assert composition is not None, "an engine ends with its composition"
        reason = composition.reason
        if reason:
            reason = reason_within(query.filters, reason, any_passes=bool(hits))
            hits = hits or self._searcher.hits(query, vector, COMPOSED_FROM)
        clock.lap("engine")
        sentences = tuple(numbering.sentence(pick) for pick in composition.picks)
        known = len(notices)
        notices += composition.notices
        if sentences:
            notices += (
                *scope_notices(query.filters),
                *not_covered(query, composition, self.index, self.embeddings.is_common),
                *extrapolation_notice(query, composition.picks, self.index),
                *disagreement_notices(
                    self.index, asked, composition.picks, numbering, may_be_quoted
                ),
                *retraction_notices(self.index, composition.picks, numbering),
                *claim_notices(self.index, composition.picks, numbering),
                *safety.instruction_like(c.quote for s in sentences for c in s.citations),
            )
        notices += (safety.standing(),)
        yield from notices[known:]
        yield from sentences[shown:]
        yield Answer(
            question=question,
            query=query.text,
            engine=composition.engine or engine,
            sentences=sentences,
            notices=notices,
            references=numbering.references,
            hits=tuple(hits[:HITS]),
            index=self.index.info,
            reason=reason,
            probability=found.probability,
            timings_ms=clock.laps(),
        )

    def retrieve(self, query: str, k: int = 10, turns: Sequence[Turn] = ()) -> list[Hit]:
        """The `k` best passages for a query, as they are searched for an answer after `turns`."""
        return list(self.find(query, k, turns).hits)

    def find(self, question: str, k: int = COMPOSED_FROM, turns: Sequence[Turn] = ()) -> Found:
        """The `k` best passages, and how likely the corpus answers, without making an answer of them."""
        chat = self._engine(self.settings.engine).chat
        query, vector = self.search(question, turns, chat)
        return self._searcher.found(query, vector, k, passing(query.filters, self.index))

    def search(
        self, question: str, turns: Sequence[Turn] = (), chat: Chat | None = None
    ) -> tuple[Query, NDArray[np.float32]]:
        """What is searched for a question after `turns`, and its vector of shape (dimension,)."""
        return self._searcher.query(self._searcher.checked(question), turns, chat)

    def document(self, document_id: str) -> Document:
        """A document's whole text with its metadata. Raises KeyError for an unknown id."""
        from langchain_core.documents import Document

        return Document(
            id=document_id,
            page_content=self.index.text(document_id),
            metadata=self.index.documents[document_id],
        )

    def _engine(self, name: str) -> Engine:
        """The engine of that name, opened when it is first asked for."""
        if name not in self.engines:
            raise EngineUnknown(
                f"The engine {name!r} is not there; accepted are {', '.join(self.engines)}. "
                "The engine llm needs a language model: name one with ASSISTANT_CHAT_MODEL."
            )
        with self._opening:
            if name not in self._opened:
                self._opened[name] = ENGINES[name](self.index, self.embeddings, self.settings)
            return self._opened[name]
