"""A PDF with a text layer -> a Document: `## Page n` before each page, lines joined to paragraphs."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import Any

from langchain_core.documents import Document

from assistant.sources.problem import SourceProblem

# A long book scanned with its text; beyond that a file is more likely damaged or hostile.
MAX_BYTES, MAX_PAGES, MAX_CHARACTERS = 300_000_000, 5000, 50_000_000


def load_pdf(path: Path) -> list[Document]:
    """Raises SourceProblem for a file that is encrypted, damaged, too large or without text."""
    import pypdf

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # its warnings help no reader
    if path.stat().st_size > MAX_BYTES:
        raise SourceProblem(f"is larger than {MAX_BYTES // 1_000_000} MB, the most that is read")
    try:
        with pypdf.PdfReader(path) as reader:
            if reader.is_encrypted and not reader.decrypt(""):
                raise SourceProblem("is encrypted; save it without a password")
            if len(reader.pages) > MAX_PAGES:
                raise SourceProblem(f"has more than {MAX_PAGES:,} pages, the most that is read")
            text = _text(reader)
            metadata = _metadata(reader, path)
    except SourceProblem:
        raise
    except (Exception, RecursionError) as error:  # pypdf raises dozens of kinds on damaged files
        raise SourceProblem(f"cannot be read as PDF ({type(error).__name__})") from None
    if not re.search(r"^(?!## Page )\S", text, re.MULTILINE):
        raise SourceProblem(
            "has no text layer: recognise its text first, for example with ocrmypdf"
        )
    return [Document(page_content=text, metadata=metadata)]


def _text(reader: Any) -> str:
    parts: list[str] = []
    length = 0
    for number, page in enumerate(reader.pages, start=1):
        if contents := page.get_contents():
            contents.get_data()  # raises where `extract_text` gives up on a bomb without a word
        paragraphs = _paragraphs(page.extract_text() or "")
        length += sum(map(len, paragraphs))
        if length > MAX_CHARACTERS:
            raise SourceProblem(f"has more than {MAX_CHARACTERS:,} characters of text")
        if paragraphs:
            parts += [f"## Page {number}", *paragraphs]
    return "\n\n".join(parts) + "\n"


def _paragraphs(page: str) -> list[str]:
    """Lines of a page joined: a word broken at a line's end is one word, a full stop may end a paragraph."""
    page = page.encode("utf-8", "replace").decode("utf-8").replace("\0", "")
    page = re.sub(r"(?<=[a-z])[-\u00ad]\n(?=[a-z])", "", page)
    blocks = re.split(r"\n[ \t]*\n|(?<=[.!?:])\n(?=[A-Z])", page)
    return [folded for block in blocks if (folded := " ".join(block.split()))]


def _metadata(reader: Any, path: Path) -> dict[str, Any]:
    stated = reader.metadata or {}
    title = str(stated.get("/Title") or "").strip()
    author = str(stated.get("/Author") or "").strip()
    metadata: dict[str, Any] = {
        # Many programs leave the name of the file or of the template there.
        "title": title if " " in title else path.stem.replace("-", " ").replace("_", " "),
        "type": "document",
        "evidence_level": "not graded",
        "basis": "full text",
        "body_start": 0,
        "markup": "outline",
    }
    if author:
        metadata["authors"] = [
            name.strip() for name in re.split(r"[;,]| and ", author) if name.strip()
        ]
    return metadata
