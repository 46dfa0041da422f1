"""What of a passage, and of a sentence, is embedded and indexed: what it is about goes before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.dependence import needs_title
from assistant.types import Passage


def indexed_text(passage: Passage, metadata: Mapping[str, Any]) -> str:
    """Title, section path and text, a line each; a heading that repeats the title stands once."""
    title = str(metadata.get("title", ""))
    headings = [title, *(heading for heading in passage.section if heading != title)]
    return "\n".join([". ".join(heading for heading in headings if heading), passage.text])


def sentence_text(passage: Passage, start: int, end: int, metadata: Mapping[str, Any]) -> str:
    """A sentence as an answer shows it: under its title where it does not stand alone."""
    text = passage.text[start:end]
    title = str(metadata.get("title", ""))
    return f"{title}: {text}" if needs_title(passage, text, title) else text
