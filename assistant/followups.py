"""An answer -> questions that lead on from it, each of which the corpus was seen to answer.

Candidates are questions of the corpus's own: those that its judgements answer, and its technical
words that the answer uses. None is given before it was asked here and answered with something new.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import zip_longest

import numpy as np

from assistant.assistant import Assistant
from assistant.glossary import Glossary
from assistant.leaning import leans
from assistant.types import Answer

SHOWN, TRIED = 3, 8
# Cosine of MiniLM between two questions: nearer is the same question again, farther another subject.
NEAREST, FARTHEST = 0.9, 0.35
# A suggestion that does not answer would be a lie, so the bar is higher than that for answering.
SURE = 0.8
MEANING = "What does “{term}” mean?"


class FollowUps:
    """Suggestions over one assistant; what was tried once is remembered. Safe between threads."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._glossary = Glossary.of(assistant.index)
        self._quoted = lru_cache(maxsize=2048)(self._ask)

    def after(self, answer: Answer, asked: Collection[str] = ()) -> tuple[str, ...]:
        """At most three questions, none of `asked` (the questions so far), each with new evidence."""
        if answer.abstained or any(notice.kind == "urgent" for notice in answer.notices):
            return ()  # whoever must be seen by somebody now is not kept here
        known = {c.passage.id for sentence in answer.sentences for c in sentence.citations}
        before = {question.casefold() for question in (*asked, answer.question)}
        found: list[str] = []
        tried = 0
        for question in self._candidates(answer):
            if question.casefold() in before or leans(question):
                continue
            tried += 1
            new = self._quoted(question)
            if new and not new <= known:
                found.append(question)
                known |= new
            if len(found) == SHOWN or tried == TRIED:
                break
        return tuple(found)

    def _candidates(self, answer: Answer) -> Iterator[str]:
        """The two kinds by turns, the likeliest of each first."""
        for near, term in zip_longest(self._near(answer), self._terms(answer)):
            yield from (question for question in (near, term) if question)

    def _near(self, answer: Answer) -> list[str]:
        index = self._assistant.index
        if not index.disagreements:
            return []
        text = f"{answer.query} {answer.sentences[0].text}"
        vector = np.asarray(self._assistant.embeddings.embed_query(text), dtype=np.float32)
        nearness = index.disagreement_vectors @ vector
        order = sorted(range(len(nearness)), key=lambda n: (-round(float(nearness[n]), 4), n))
        return [
            str(index.disagreements[n]["question"])
            for n in order
            if FARTHEST <= nearness[n] <= NEAREST
        ]

    def _terms(self, answer: Answer) -> list[str]:
        """Technical words that the answer uses and the question does not."""
        asked = {found.term.name for found in self._glossary.explained(answer.query)}
        said = self._glossary.explained(answer.text)
        names = dict.fromkeys(found.term.name for found in said)
        return [MEANING.format(term=name) for name in names if name not in asked]

    def _ask(self, question: str) -> frozenset[str]:
        """The passages that an answer to it quotes; none where it would not be answered."""
        answer = self._assistant.ask(question)
        if answer.probability is not None and answer.probability < SURE:
            return frozenset()
        return frozenset(c.passage.id for s in answer.sentences for c in s.citations)
