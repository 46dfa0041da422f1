"""Opens the assistant for a command, building a missing index first, with a progress bar."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import IndexMissing
from assistant.progress import progress_bar

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings


Told = Callable[[str, int, int], None]


def open_assistant(settings: Settings, told: Told = lambda stage, done, total: None) -> Assistant:
    """The assistant over an index, which is built first when there is none; `told` hears how far it is.

    Says on standard error where questions go, when a language model elsewhere is to answer them.
    """
    from assistant.assistant import Assistant

    try:
        assistant = Assistant.open(settings=settings)
    except IndexMissing:
        if settings.index != "default" and settings.corpus_dir is None:
            raise  # only the user knows which folder that index is to be made of
        build(settings, None, force=False, told=told)
        assistant = Assistant.open(settings=settings)
    if settings.engine == "llm" and assistant.disclosure:
        print(assistant.disclosure, file=sys.stderr)
    return assistant


def build(
    settings: Settings,
    corpus: Path | None,
    *,
    force: bool,
    told: Told = lambda stage, done, total: None,
) -> None:
    """Builds an index and says on standard error what became of it."""
    from assistant.index.build import build_index

    with progress_bar() as bar:

        def progress(stage: str, done: int, total: int) -> None:
            bar(stage, done, total)
            told(stage, done, total)

        report = build_index(
            corpus, index=settings.index, force=force, settings=settings, progress=progress
        )
    counts = f"{report.documents:,} documents, {report.passages:,} passages"
    if report.unchanged:
        print(f"Index {settings.index!r} is up to date: {counts}.", file=sys.stderr)
    else:
        print(
            f"Index {settings.index!r} built: {counts}, {report.embedded:,} texts embedded.",
            file=sys.stderr,
        )
