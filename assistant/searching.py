"""From a question and the turns before it to what is searched for, and to what was found with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from threading import Event, Lock

import numpy as np
from numpy.typing import NDArray

from assistant import safety
from assistant.answerable import ON_SUBJECT, judged
from assistant.chat_models.asking import Chat
from assistant.conversation import CARRIED_BESIDE, Query, resolved
from assistant.embeddings import EmbeddingModel
from assistant.index.reader import Index
from assistant.judgements import is_recorded
from assistant.questions import checked
from assistant.ranking import Found, Passing
from assistant.rewriting import Rewriter
from assistant.scorer.ranker import FINDERS
from assistant.screening import Screen
from assistant.settings import Settings
from assistant.synonyms import spelt_out
from assistant.types import Hit, Turn
from assistant.understanding import Understanding

# A question whose nearest passage has a lower cosine than this leans on the turns before it; chosen
# with the weights in `conversation`.
FAR = 0.5


class Searcher:
    """Searches one index with the retriever of the settings; safe to share between threads."""

    def __init__(self, index: Index, embeddings: EmbeddingModel, settings: Settings) -> None:
        self._index = index
        self._embeddings = embeddings
        self._find = FINDERS[settings.retriever](index, embeddings, settings.accepted_risk)
        self._understanding = Understanding(index, embeddings.is_common)
        self._rewriters: dict[Chat, Rewriter] = {}
        self._opening = Lock()

    def checked(self, question: str) -> str:
        """The question as it is searched. Raises QuestionInvalid when it cannot be."""
        return checked(question, self._index.lexical.knows)

    def query(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        chat: Chat | None = None,
        stop: Event | None = None,
    ) -> tuple[Query, NDArray[np.float32]]:
        """What is searched for a question after `turns`, and its vector of shape (dimension,).

        A model words what leans on the turns, where there is one and it keeps to what was said.
        """
        asked = self._understanding.read(question, turns)
        alone = self._vector(asked.question)
        far = bool(asked.turns) and float((self._index.vectors @ alone).max()) < FAR
        subject = self._index.manifest.subject or ""
        query = resolved(asked.question, asked.turns, subject, far=far)
        if chat is not None and asked.turns and query.carried:
            rewriter = self._rewriter(chat)
            if rewrite := rewriter.rewritten(asked.question, asked.turns, subject, stop):
                query, alone = Query(rewrite), self._vector(rewrite)
        query = replace(query, filters=asked.filters)
        others = [weight * self._vector(text) for text, weight in query.parts[1:]]
        total = np.sum([alone, *others], axis=0)
        return query, total / np.linalg.norm(total)

    def asked(self, query: Query) -> NDArray[np.float32]:
        """The vector that sentences are judged by, shape (dimension,): of the question, and less of what it
        carries. What was answered before only helps to find passages.
        """
        vector = self._vector(query.question)
        if query.carried:
            vector = vector + CARRIED_BESIDE * self._vector(query.carried)
        return vector / np.linalg.norm(vector)

    def hits(self, query: Query, vector: NDArray[np.float32], k: int) -> Sequence[Hit]:
        """The `k` best passages of all, whatever the query's filters say."""
        return self._find(query.parts, vector, k, None).hits

    def found(self, query: Query, vector: NDArray[np.float32], k: int, passing: Passing) -> Found:
        """The `k` best passages of those `passing`, and how likely they answer."""

        def find(question: str) -> Found:
            return self._find(((question, 1.0),), self._vector(question), k, passing)

        enough = None
        if passing is None and is_recorded(self._index, vector):
            enough = 0.0  # the corpus keeps its own judgement on this
        elif safety.asks_personal_dose(query.question):
            enough = ON_SUBJECT  # no passage can answer for a person, but for the people of studies
        return judged(self._find(query.parts, vector, k, passing), query, find, enough=enough)

    def _rewriter(self, chat: Chat) -> Rewriter:
        with self._opening:
            return self._rewriters.setdefault(
                chat, Rewriter(chat, Screen(self._index, self._embeddings))
            )

    def _vector(self, text: str) -> NDArray[np.float32]:
        """Of the text with its abbreviations spelt out, which the model may not know."""
        full = spelt_out(text, self._index.lexical.document_frequency)
        return np.asarray(self._embeddings.embed_query(full), dtype=np.float32)
