"""The nouns of a history: an owner, a conversation in a list, and one with all its turns."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from assistant.errors import ConversationInvalid
from assistant.history.feedback import Opinion, cleaned
from assistant.history.tables import MAX_OWNER
from assistant.types import Answer, Turn


@dataclass(frozen=True, slots=True)
class Summary:
    """A conversation in a list; `turns` counts its questions."""

    id: str
    title: str
    created: datetime
    changed: datetime
    turns: int


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A question of a conversation with its answer as it was given, and what was thought of it."""

    id: str
    asked_at: datetime
    question: str
    answer: Answer
    opinion: Opinion | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """A conversation with all its turns, in order."""

    id: str
    title: str
    created: datetime
    changed: datetime
    turns: tuple[KeptTurn, ...]

    @property
    def context(self) -> list[Turn]:
        """What `Assistant.ask` takes as the turns before the next question."""
        return [Turn(turn.question, turn.answer.text) for turn in self.turns]


def owner_of(*, user: str | None = None, browser: str | None = None) -> str:
    """The owner's name: of a user who logged in, else of a browser by its secret id.

    The two never meet. Raises ConversationInvalid for a browser's id that could be guessed.
    """
    if user:
        return f"user:{cleaned(user)}"[:MAX_OWNER]
    if not re.fullmatch(r"[A-Za-z0-9_-]{22,100}", browser or ""):
        raise ConversationInvalid(
            "A browser is known by 22 to 100 random letters, digits, hyphens and underscores. "
            "Reload the page to get a new id."
        )
    return f"browser:{browser}"
