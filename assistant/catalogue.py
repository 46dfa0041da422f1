"""What a corpus holds, as rows to list: filters in, works out, in the order of their keys."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.sources import load_corpus


@dataclass(frozen=True, slots=True)
class Work:
    """One document of a corpus, by its metadata; absent fields are empty."""

    key: str
    year: int | None
    evidence_level: str
    type: str
    basis: str
    topics: tuple[str, ...]
    title: str
    metadata: Mapping[str, Any] = field(repr=False)


def works(
    folder: Path,
    *,
    evidence_level: str | None = None,
    topic: str | None = None,
    since: int | None = None,
    words: Sequence[str] = (),
) -> Iterator[Work]:
    """The works of a corpus folder that meet every filter.

    Raises CorpusInvalid when the corpus cannot be read.
    """
    documents = ((str(document.id), document.metadata) for document in load_corpus(folder))
    yield from chosen(
        documents, evidence_level=evidence_level, topic=topic, since=since, words=words
    )


def chosen(
    documents: Iterable[tuple[str, Mapping[str, Any]]],
    *,
    evidence_level: str | None = None,
    topic: str | None = None,
    since: int | None = None,
    words: Sequence[str] = (),
) -> Iterator[Work]:
    """The works among (key, metadata) that meet every filter.

    `words` all stand in key, title, authors or journal.
    """
    for key, metadata in documents:
        work = Work(
            key=key,
            year=metadata.get("year"),
            evidence_level=str(metadata.get("evidence_level", "not graded")),
            type=str(metadata.get("type", "document")),
            basis=str(metadata.get("basis", "full text")),
            topics=tuple(metadata.get("topics", ())),
            title=str(metadata.get("title", "")),
            metadata=metadata,
        )
        by = (*metadata.get("authors", ()), metadata.get("journal") or "")
        named = " ".join((work.key, work.title, *map(str, by))).lower()
        if (
            evidence_level in (None, work.evidence_level)
            and (topic is None or topic in work.topics)
            and (since is None or (work.year or 0) >= since)
            and all(word.lower() in named for word in words)
        ):
            yield work
