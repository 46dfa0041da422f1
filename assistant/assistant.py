"""The product: `Assistant.ask(question, turns)` -> Answer. The whole pipeline stands in `_answer`.

Page, command line and evals are thin faces of this; it prints nothing and builds nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter
from types import TracebackType
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

from assistant import safety
from assistant.answerable import judged
from assistant.citations import Numbering
from assistant.conversation import Query, resolved
from assistant.coverage import not_covered
from assistant.embeddings import EmbeddingModel, open_embeddings
from assistant.engines import ENGINES
from assistant.errors import IndexIncompatible, SettingsInvalid
from assistant.extrapolation import extrapolation_notice
from assistant.index.reader import Index
from assistant.judgements import (
    claim_notices,
    disagreement_notices,
    is_recorded,
    retraction_notices,
)
from assistant.questions import checked
from assistant.ranking import Found, Passing
from assistant.scope import passing, reason_within, scope_notices
from assistant.scorer.ranker import FINDERS
from assistant.settings import Settings
from assistant.synonyms import spelt_out
from assistant.types import Answer, Hit, Notice, Sentence, Turn
from assistant.understanding import Understanding

if TYPE_CHECKING:
    from langchain_core.documents import Document

# How many hits an engine composes from, and how many of them an answer carries.
COMPOSED_FROM, HITS = 40, 20
# A question whose nearest passage has a lower cosine than this leans on the turns before it; chosen
# with the weights in `conversation`.
FAR = 0.5


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
        self._find = FINDERS[settings.retriever](index, embeddings, settings.accepted_risk)
        self._engine = ENGINES[settings.engine](index, embeddings)
        self._understanding = Understanding(index, embeddings.is_common)

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

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        """What the corpus says. Raises QuestionInvalid when the question cannot be searched."""
        return self._answer(question, turns)

    async def aask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        """`ask`, without blocking the event loop."""
        return await asyncio.to_thread(self.ask, question, turns)

    def stream(
        self, question: str, turns: Sequence[Turn] = ()
    ) -> Iterator[Notice | Sentence | Answer]:
        """The notices, then the sentences, last the whole Answer."""
        answer = self._answer(question, turns)
        yield from answer.notices
        yield from answer.sentences
        yield answer

    def retrieve(self, query: str, k: int = 10, turns: Sequence[Turn] = ()) -> list[Hit]:
        """The `k` best passages for a query, as they are searched for an answer after `turns`."""
        return list(self.find(query, k, turns).hits)

    def find(self, question: str, k: int = COMPOSED_FROM, turns: Sequence[Turn] = ()) -> Found:
        """The `k` best passages, and how likely the corpus answers, without making an answer of them."""
        asked, vector = self.search(checked(question, self._knows), turns)
        return self._found(asked, vector, k, passing(asked.filters, self.index))

    def document(self, document_id: str) -> Document:
        """A document's whole text with its metadata. Raises KeyError for an unknown id."""
        from langchain_core.documents import Document

        return Document(
            id=document_id,
            page_content=self.index.text(document_id),
            metadata=self.index.documents[document_id],
        )

    def _answer(self, question: str, turns: Sequence[Turn]) -> Answer:
        clock = _Clock()
        question = checked(question, self._knows)
        notices = safety.notices(
            question,
            earlier=[turn.question for turn in turns],
            emergency_number=self.settings.emergency_number,
        )
        clock.lap("question")
        query, vector = self.search(question, turns)
        clock.lap("embedding")
        may_be_quoted = passing(query.filters, self.index)
        found = self._found(query, vector, COMPOSED_FROM, may_be_quoted)
        clock.lap("retrieval")
        composition = self._engine.compose(query, vector, found)
        hits = found.hits
        reason = composition.reason
        if reason:
            reason = reason_within(query.filters, reason, any_passes=bool(hits))
            hits = hits or self._find(query.parts, vector, COMPOSED_FROM, None).hits
        clock.lap("engine")
        numbering = Numbering(self.index)
        sentences = tuple(numbering.sentence(pick) for pick in composition.picks)
        if sentences:
            notices = (
                *notices,
                *scope_notices(query.filters),
                *not_covered(query, composition, self.index, self.embeddings.is_common),
                *extrapolation_notice(query, composition.picks, self.index),
                *disagreement_notices(
                    self.index, vector, composition.picks, numbering, may_be_quoted
                ),
                *retraction_notices(self.index, composition.picks, numbering),
                *claim_notices(self.index, composition.picks, numbering),
            )
        return Answer(
            question=question,
            query=query.text,
            engine=self.settings.engine,
            sentences=sentences,
            notices=(*notices, safety.standing()),
            references=numbering.references,
            hits=tuple(hits[:HITS]),
            index=self.index.info,
            reason=reason,
            probability=found.probability,
            timings_ms=clock.laps(),
        )

    def _found(self, query: Query, vector: NDArray[np.float32], k: int, passing: Passing) -> Found:
        def find(question: str) -> Found:
            return self._find(((question, 1.0),), self._vector(question), k, passing)

        recorded = passing is None and is_recorded(self.index, vector)
        return judged(self._find(query.parts, vector, k, passing), query, find, recorded=recorded)

    def search(
        self, question: str, turns: Sequence[Turn] = ()
    ) -> tuple[Query, NDArray[np.float32]]:
        """What is searched for a question after `turns`, and its vector of shape (dimension,)."""
        asked = self._understanding.read(question, turns)
        alone = self._vector(asked.question)
        far = bool(asked.turns) and float((self.index.vectors @ alone).max()) < FAR
        query = resolved(asked.question, asked.turns, self.index.manifest.subject, far=far)
        query = replace(query, filters=asked.filters)
        others = [weight * self._vector(text) for text, weight in query.parts[1:]]
        total = np.sum([alone, *others], axis=0)
        return query, total / np.linalg.norm(total)

    def _vector(self, text: str) -> NDArray[np.float32]:
        """Of the text with its abbreviations spelt out, which the model may not know."""
        full = spelt_out(text, self.index.lexical.document_frequency)
        return np.asarray(self.embeddings.embed_query(full), dtype=np.float32)

    def _knows(self, word: str) -> bool:
        return self.index.lexical.knows(word)


class _Clock:
    """Milliseconds between laps, by name."""

    def __init__(self) -> None:
        self._first = self._last = perf_counter()
        self._laps: dict[str, float] = {}

    def lap(self, name: str) -> None:
        now = perf_counter()
        self._laps[name] = round((now - self._last) * 1000, 2)
        self._last = now

    def laps(self) -> dict[str, float]:
        return self._laps | {"total": round((perf_counter() - self._first) * 1000, 2)}
