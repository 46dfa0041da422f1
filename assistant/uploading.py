"""A file that somebody sent -> a source of the corpus and a new build of its index, or neither.

Only where the operator allows it, of a format that is read, and not larger than the setting says.
"""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath

from filelock import FileLock, Timeout
from langchain_core.documents import Document

from assistant.errors import AssistantError, IndexBusy, SourceRefused
from assistant.index.build import build_index
from assistant.index.reader import Index
from assistant.settings import Settings
from assistant.sources import LOADERS
from assistant.sources.adding import WANTED, add, typed
from assistant.sources.sidecar import sidecar_of

MAX_NAME = 80


@dataclass(frozen=True, slots=True)
class Uploaded:
    """What became of a file: the works that it added, the lines on works passed over, the index now."""

    name: str
    works: tuple[str, ...]
    left_out: tuple[str, ...]
    documents: int
    passages: int
    generation: str


def upload(
    file: Path,
    name: str,
    index: Index,
    settings: Settings,
    *,
    known: Mapping[str, str] | None = None,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Uploaded:
    """Adds `file`, called `name`, to the corpus of `index` and builds that index again.

    `known` holds what its sender typed, as for `typed`; what the file itself says wins. Raises
    SourceRefused or IndexBusy, and leaves corpus and index as they were then.
    """
    corpus = Path(index.manifest.corpus)
    fields = typed({field: text for field, text in (known or {}).items() if field in WANTED})
    left_out: list[str] = []

    def given(document: Document, lacking: list[str]) -> Mapping[str, object]:
        return {field: fields[field] for field in lacking if field in fields}

    try:
        lock = FileLock(settings.indexes / index.name / ".upload", timeout=0).acquire()
    except Timeout:
        raise IndexBusy(
            "Another source is being added. Wait a minute, then add this again."
        ) from None
    with lock, tempfile.TemporaryDirectory() as home:
        safe = checked_name(file, name, corpus, settings)
        source = Path(home) / safe
        shutil.copyfile(file, source)
        added: list[Path] = []
        try:
            added += add(source, corpus, given, left_out.append)
            report = build_index(corpus, index=index.name, settings=settings, progress=progress)
        except BaseException as error:
            for path in added:
                path.unlink(missing_ok=True)
                sidecar_of(path).unlink(missing_ok=True)
            if isinstance(error, IndexBusy) or not isinstance(error, AssistantError):
                raise
            # The folders are the operator's business.
            told = str(error).replace(f"{home}/", "").replace(f"{corpus}/", "")
            raise SourceRefused(f"{safe} was not added. {told}") from None
    fresh = Index.open(settings.indexes, index.name)
    works = tuple(
        str(metadata.get("title", key))
        for key, metadata in fresh.documents.items()
        if metadata["source"] == added[0].relative_to(corpus).as_posix()
    )
    lines = tuple(line.replace(f"{home}/", "") for line in left_out)
    return Uploaded(safe, works, lines, report.documents, report.passages, report.generation)


def checked_name(file: Path, name: str, corpus: Path, settings: Settings) -> str:
    """A name that is safe in a folder. Raises SourceRefused where the file may not be added."""
    if not settings.uploads:
        raise SourceRefused(
            "The operator of this service lets nobody add sources. "
            "The operator can allow it with: ASSISTANT_UPLOADS=on"
        )
    given = PurePath(name.replace("\\", "/"))
    suffix = given.suffix.lower()
    if suffix not in LOADERS:
        raise SourceRefused(
            f"{given.name or 'The file'}: this format is not read. Accepted are {', '.join(LOADERS)}."
        )
    size = file.stat().st_size
    if size > settings.upload_megabytes * 1_000_000:
        raise SourceRefused(
            f"{given.name} has {size / 1_000_000:,.1f} MB; at most {settings.upload_megabytes} MB "
            "are accepted. Send a smaller file, or ask the operator."
        )
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", given.stem).strip("-_").lower()[:MAX_NAME].strip("-_")
    if not stem:
        raise SourceRefused(
            f"{given.name}: the name has no letter or digit of the Latin alphabet. Rename the file."
        )
    if stem in {path.stem.lower() for path in corpus.rglob("*")}:
        # Its key would become that of two documents, and no citation would name either.
        raise SourceRefused(
            f"The corpus has a document of the name {stem!r} already. Rename the file."
        )
    return stem + suffix
