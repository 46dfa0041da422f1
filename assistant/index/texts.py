"""What of a passage is embedded and indexed: its document's title and section path go before it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.types import Passage


def indexed_text(passage: Passage, metadata: Mapping[str, Any]) -> str:
    """Title, section path and text, a line each; a heading that repeats the title stands once."""
    title = str(metadata.get("title", ""))
    headings = [title, *(heading for heading in passage.section if heading != title)]
    return "\n".join([". ".join(heading for heading in headings if heading), passage.text])
