"""A Markdown file with optional YAML front matter -> a Document whose metadata is the front matter.

`body_start` in the metadata is the offset at which the text behind the front matter begins.
"""

from __future__ import annotations

import re
import reprlib
from pathlib import Path
from typing import Any

from langchain_core.documents import Document

from assistant.sources.plain_yaml import read_yaml
from assistant.sources.problem import SourceProblem
from assistant.sources.text import read_text

TEXT_FIELDS = [
    "title",
    "journal",
    "volume",
    "issue",
    "pages",
    "doi",
    "pmid",
    "pmcid",
    "url",
    "licence",
    "type",
    "evidence_level",
    "design",
    "basis",
    "subject",
    "superseded_by",
]
LIST_FIELDS = ("authors", "topics")


def load_markdown(path: Path) -> list[Document]:
    """A .md file. Raises SourceProblem for front matter that is not closed, not YAML or ill typed."""
    text = read_text(path)
    metadata: dict[str, Any] = {}
    body_start = 0
    if re.match(r"\ufeff?---[ \t]*\n", text):
        closing = re.compile(r"^---[ \t]*(\n|\Z)", re.MULTILINE).search(text, text.index("\n"))
        if closing is None:
            raise SourceProblem("front matter is not closed by a line ---: is it half written?")
        front_matter = text[text.index("\n") + 1 : closing.start()]
        metadata = checked_fields(
            read_yaml(front_matter, "front matter", first_line=2), "front matter"
        )
        body_start = closing.end()
    if not text[body_start:].strip():
        raise SourceProblem("has nothing behind its front matter: is it half written?")
    if "title" not in metadata:
        heading = re.search(r"^# +(.+?) *#*$", text[body_start:], re.MULTILINE)
        metadata["title"] = heading[1] if heading else path.stem.replace("-", " ")
    own = {"body_start": body_start, "markup": "markdown"}
    return [Document(page_content=text, metadata=metadata | own)]


def checked_fields(metadata: Any, name_of_it: str) -> dict[str, Any]:
    """Metadata as it was written, without blanks. Raises SourceProblem for fields of wrong types."""
    if metadata is None:
        return {}
    if not isinstance(metadata, dict):
        raise SourceProblem(f"{name_of_it} is not a mapping of names to values")
    metadata = {name: value for name, value in metadata.items() if value is not None}
    problems = [
        f"{name_of_it}: {name} must be text, not {reprlib.repr(value)}"
        for name in TEXT_FIELDS
        if not isinstance(value := metadata.get(name, ""), str | int | float)
    ]
    problems += [
        f"{name_of_it}: {name} must be a list of texts, not {reprlib.repr(value)}"
        for name in LIST_FIELDS
        if not isinstance(value := metadata.get(name, []), list)
        or not all(isinstance(item, str) for item in value)
    ]
    if type(year := metadata.get("year", 0)) is not int or not 0 <= year < 2200:
        problems.append(f"{name_of_it}: year must be a year, not {reprlib.repr(year)}")
    if problems:
        raise SourceProblem(*problems)
    return {str(name): value for name, value in metadata.items() if value is not None}
