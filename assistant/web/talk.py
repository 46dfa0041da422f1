"""The conversation of one browser session, and the register by which its files are found."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Event
from weakref import WeakValueDictionary

from assistant.history.conversations import Conversation
from assistant.history.feedback import Opinion
from assistant.rendering import citations_of
from assistant.types import Answer, Notice, Passage, Sentence, Turn


@dataclass
class Exchange:
    """A question with its answer; `turn` is its id in the history, None where it is not kept."""

    question: str
    answer: Answer
    turn: str | None = None
    opinion: Opinion | None = None
    follow_ups: tuple[str, ...] = ()


@dataclass
class Arriving:
    """As much of an answer as there is."""

    question: str
    notices: list[Notice] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)


@dataclass
class Talk:
    """Questions, each with its answer, and what is under way.

    `wanted` names the question whose answer may still be shown; another question, Stop or a new
    conversation changes it and stops the model. (Gradio's own way to cancel lets late parts of an
    answer through.)
    `key` is a secret that opens the files of this talk; `conversation` its id in the history;
    `editing` says that the next question takes the place of the last.
    """

    past: list[Exchange] = field(default_factory=list)
    arriving: Arriving | None = None
    wanted: Event | None = None
    editing: bool = False
    conversation: str | None = None
    title: str | None = None
    key: str = ""

    @property
    def turns(self) -> list[Turn]:
        return [Turn(it.question, it.answer.text) for it in self.past]

    @property
    def urgent(self) -> Notice | None:
        """The newest urgent notice of the whole conversation."""
        said: list[Sequence[Notice]] = [it.answer.notices for it in self.past]
        if self.arriving:
            said.append(self.arriving.notices)
        found = [notice for notices in said for notice in notices if notice.kind == "urgent"]
        return found[-1] if found else None

    def begin(self, question: str) -> Event:
        """Makes this the question whose answer is shown; gives what `wanted` is until it is not."""
        self._want(this := Event())
        self.arriving = Arriving(question)
        return this

    def _want(self, wanted: Event | None) -> None:
        if self.wanted is not None:
            self.wanted.set()
        self.wanted = wanted

    def halt(self) -> None:
        """Nothing that is under way will be shown any more."""
        self._want(None)
        self.editing = False

    def renew(self, kept: Conversation | None = None) -> None:
        """Becomes the conversation that was kept, or an empty one."""
        self.halt()
        self.arriving = None
        self.past = [
            Exchange(turn.question, turn.answer, turn.id, turn.opinion)
            for turn in (kept.turns if kept else ())
        ]
        self.conversation = kept.id if kept else None
        self.title = kept.title if kept else None

    def passage(self, exchange: int, passage_id: str) -> Passage | None:
        """A passage as an answer has it, by its place (from 1); None where the answer has none such."""
        if not 1 <= exchange <= len(self.past):
            return None
        answer = self.past[exchange - 1].answer
        return next((p for p in _passages(answer) if p.id == passage_id), None)


class Talks:
    """The talks that are open in browsers, by their keys; those that were closed vanish."""

    def __init__(self) -> None:
        self._open: WeakValueDictionary[str, Talk] = WeakValueDictionary()

    def register(self, talk: Talk) -> None:
        """Gives the talk a key, once."""
        if not talk.key:
            talk.key = secrets.token_urlsafe(24)
            self._open[talk.key] = talk

    def find(self, key: str) -> Talk | None:
        return self._open.get(key)


def _passages(answer: Answer) -> list[Passage]:
    cited = [citation.passage for citation in citations_of(answer.sentences, answer.notices)]
    return [*cited, *(hit.passage for hit in answer.hits)]
