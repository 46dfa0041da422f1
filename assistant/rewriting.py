"""A question that leans on the turns before it -> one that stands alone, worded by a language model.

What comes back is checked before it is searched: it keeps the numbers, the named things and the
limits of the question, and says nothing that the conversation does not. Else there is no rewrite,
and the rules of `conversation` stand.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Sequence
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from assistant.chat_models.asking import Chat, ChatFailed
from assistant.chat_models.fencing import fenced, new_marker
from assistant.engines.plain import plain
from assistant.engines.terms import numbers
from assistant.index.lexical import words
from assistant.order_direction import QUESTION_SCORE
from assistant.screening import Screen
from assistant.topics import topic_words
from assistant.types import Turn

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

RULES = Path(__file__).with_name("rewrite_prompt.txt")
# What a model is shown of the conversation, and how much longer than the question a rewrite may be.
TURNS, ANSWER_CHARACTERS, MORE_CHARACTERS = 4, 400, 200
REMEMBERED = 256
# Small words that turn a question round: neither lost nor added.
LIMITS = re.compile(
    r"\b(?:no|not|never|without|except|only|before|after|more|less|fewer|better|worse|first|last|unless|"
    r"instead|rather|nor|neither)\b|n't\b",
    re.IGNORECASE,
)


class Rewriter:
    """Asks a model once for each question of a conversation; safe to share between threads."""

    def __init__(self, chat: Chat, screen: Screen) -> None:
        self._chat = chat
        self._screen = screen
        self._known: OrderedDict[tuple[str, tuple[Turn, ...]], str | None] = OrderedDict()
        self._lock = Lock()

    def rewritten(
        self, question: str, turns: Sequence[Turn], subject: str, stop: Event | None = None
    ) -> str | None:
        """The question in words that stand alone; None where the model fails or says too much.

        `subject` is what the corpus is about. Raises Stopped soon after `stop` is set.
        """
        key = question, tuple(turns)
        with self._lock:
            if key in self._known:
                self._known.move_to_end(key)
                return self._known[key]
        shown = [self._shown(turn) for turn in turns[-TURNS:]]
        asked = self._screen.without_orders(question)
        try:
            reply = self._chat.text(rewrite_messages(asked, shown), stop)
        except ChatFailed:
            return None  # another time it may not
        line = " ".join(plain(reply).split()).strip("\"'“” ")
        good = self._screen.of_text(line, QUESTION_SCORE) is None
        found = line if good and keeps(line, question, shown, subject) else None
        with self._lock:
            self._known[key] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return found

    def _shown(self, turn: Turn) -> Turn:
        """A turn without the sentences in it that give orders: neither shown nor taken as said."""
        answer = turn.answer[:ANSWER_CHARACTERS]
        return Turn(self._screen.without_orders(turn.question), self._screen.without_orders(answer))


def rewrite_messages(question: str, turns: Sequence[Turn]) -> list[BaseMessage]:
    """The rules as the system's message, the turns and the question as the user's."""
    from langchain_core.messages import HumanMessage, SystemMessage

    marker = new_marker()
    stretches = []
    for turn in turns:
        stretches.append(fenced(marker, "earlier question", turn.question))
        stretches.append(fenced(marker, "its answer", turn.answer))
    stretches.append(fenced(marker, "last question", question))
    rules = RULES.read_text(encoding="utf-8").replace("{marker}", marker)
    return [SystemMessage(rules), HumanMessage("\n\n".join(stretches))]


def keeps(rewrite: str, question: str, turns: Sequence[Turn], subject: str = "") -> bool:
    """True when a rewrite asks what the question asks, in words that the conversation has."""
    if not rewrite or len(rewrite) > len(question) + MORE_CHARACTERS:
        return False
    said = [text for turn in turns for text in (turn.question, turn.answer)]
    together = " ".join([question, subject, *said])
    if not numbers(question) <= numbers(rewrite) <= numbers(together):
        return False
    if _limits(rewrite) != _limits(question):
        return False
    asked, known = _named(question), set(words(together))
    return asked <= set(words(rewrite)) and _named(rewrite) <= known


def _named(text: str) -> set[str]:
    """The stems of the words that name something."""
    return {stem for word in topic_words(text) for stem in words(word)}


def _limits(text: str) -> set[str]:
    return {word.lower() for word in LIMITS.findall(text)}
