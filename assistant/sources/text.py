"""A plain-text file -> a Document; also how every text-like file is decoded."""

from __future__ import annotations

from pathlib import Path

from langchain_core.documents import Document

from assistant.sources.problem import SourceProblem

# Ten times the longest books.
MAX_BYTES = 50_000_000


def read_text(path: Path, max_bytes: int = MAX_BYTES) -> str:
    """The file in UTF-8 as Python reads it. Raises SourceProblem for other bytes, too many, or none."""
    try:
        if path.stat().st_size > max_bytes:
            raise SourceProblem(
                f"is larger than {max_bytes // 1_000_000} MB, the most that is read"
            )
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise SourceProblem(f"is not UTF-8 (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise SourceProblem(f"cannot be read: {error.strerror}") from None
    if "\0" in text:
        raise SourceProblem("holds a zero byte: it is not text, or was only half written")
    if not text.strip():
        raise SourceProblem("is empty")
    return text


def load_text(path: Path) -> list[Document]:
    """A .txt file; its title is the file's name."""
    title = path.stem.replace("-", " ").replace("_", " ")
    return [Document(page_content=read_text(path), metadata={"title": title, "body_start": 0})]
