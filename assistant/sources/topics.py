"""A corpus may list its topics in topics.yaml; then its Markdown files may name no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from langchain_core.documents import Document

from assistant.sources.plain_yaml import read_yaml_file
from assistant.sources.problem import SourceProblem


def topic_problems(folder: Path, documents: Sequence[Document]) -> Iterator[str]:
    """A line for each Markdown file that names a topic which topics.yaml does not have."""
    path = folder / "topics.yaml"
    if not path.is_file():
        return
    try:
        known = read_yaml_file(path)
    except SourceProblem as problem:
        yield str(problem)
        return
    if not isinstance(known, dict):
        yield "topics.yaml: is not YAML with a line for each topic"
        return
    for document in documents:
        # Records of other libraries come with keywords of their own.
        if document.metadata.get("markup") == "markdown":
            for topic in document.metadata.get("topics", ()):
                if topic not in known:
                    yield f"{document.metadata['source']}: topic {topic!r} is not in topics.yaml"
