"""A corpus may list its topics in topics.yaml; then its Markdown files may name no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml
from langchain_core.documents import Document


def topic_problems(folder: Path, documents: Sequence[Document]) -> Iterator[str]:
    """A line for each Markdown file that names a topic which topics.yaml does not have."""
    path = folder / "topics.yaml"
    if not path.is_file():
        return
    try:
        known = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError):
        known = None
    if not isinstance(known, dict):
        yield "topics.yaml: is not YAML with a line for each topic"
        return
    for document in documents:
        # Records of other libraries come with keywords of their own.
        if document.metadata.get("markup") == "markdown":
            for topic in document.metadata.get("topics", ()):
                if topic not in known:
                    yield f"{document.metadata['source']}: topic {topic!r} is not in topics.yaml"
