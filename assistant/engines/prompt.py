"""A question and its passages -> the messages that a model gets; the rules are answer_prompt.txt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.chat_models.fencing import fenced, new_marker
from assistant.types import Passage

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

RULES = Path(__file__).with_name("answer_prompt.txt")
TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class Source:
    """A passage as a model sees it: with the title and kind of its work, where these may be shown."""

    passage: Passage
    title: str = ""
    kind: str = ""


def answer_messages(question: str, sources: Sequence[Source]) -> list[BaseMessage]:
    """The rules as the system's message, passages numbered from 1 and the question as the user's."""
    from langchain_core.messages import HumanMessage, SystemMessage

    marker = new_marker()
    stretches = [
        fenced(marker, f"passage [{number}]{_about(source)}", source.passage.text)
        for number, source in enumerate(sources, start=1)
    ]
    stretches.append(fenced(marker, "question", question))
    rules = RULES.read_text(encoding="utf-8").replace("{marker}", marker)
    return [SystemMessage(rules), HumanMessage("\n\n".join(stretches))]


def _about(source: Source) -> str:
    title = re.sub(r"\s+", " ", source.title)[:TITLE_CHARACTERS]
    about = ", ".join(part for part in (source.kind, f"“{title}”" if title else "") if part)
    return f" from {about}" if about else ""
