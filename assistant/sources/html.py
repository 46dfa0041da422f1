"""A saved web page -> a Document: its main text as Markdown, without menus, scripts and adverts."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from langchain_core.documents import Document

from assistant.sources.problem import SourceProblem

MAX_BYTES = 20_000_000


def load_html(path: Path) -> list[Document]:
    """Raises SourceProblem for a page without text, or one that is too large or cannot be parsed."""
    import trafilatura

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    if path.stat().st_size > MAX_BYTES:
        raise SourceProblem(f"is larger than {MAX_BYTES // 1_000_000} MB, the most that is read")
    try:
        page = path.read_bytes()
        text = trafilatura.extract(
            page, output_format="markdown", include_comments=False, favor_recall=True
        )
        found = trafilatura.extract_metadata(page, extensive=False)
    except (Exception, RecursionError) as error:  # whatever lxml and trafilatura meet
        raise SourceProblem(f"cannot be read as HTML ({type(error).__name__})") from None
    if not text or not re.search(r"\w", text):
        raise SourceProblem("has no text of its own: it may be filled in by scripts")
    year = re.match(r"(19|20)\d\d", str(found.date or ""))
    metadata: dict[str, Any] = {
        "title": str(found.title or path.stem.replace("-", " ")),
        "authors": [name.strip() for name in str(found.author or "").split(";") if name.strip()],
        "year": int(year[0]) if year else None,
        "url": found.url,
        "type": "web page",
        "evidence_level": "web page",
        "basis": "full text",
    }
    stated = {name: value for name, value in metadata.items() if value not in (None, [], "")}
    return [
        Document(
            page_content=text.strip() + "\n",
            metadata=stated | {"body_start": 0, "markup": "markdown"},
        )
    ]
