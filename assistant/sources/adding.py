"""A file or folder of the user's -> the `added/` folder of a corpus, with its metadata beside it.

Everything is read before anything is written, and nothing is ever overwritten.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import yaml
from langchain_core.documents import Document

from assistant.errors import SourceRefused
from assistant.evidence import LEVELS
from assistant.sources import LOADERS, works_of
from assistant.sources.problem import SourceProblem
from assistant.sources.sidecar import SUFFIX, beside, sidecar_of

FOLDER = "added"
# What a reader of a citation needs first; asked for when a file does not say it.
WANTED = ("title", "authors", "year", "evidence_level", "licence")

# Given a document and the names of what it lacks: the values that the user knows.
Ask = Callable[[Document, list[str]], Mapping[str, Any]]


def add(
    source: Path,
    corpus: Path,
    ask: Ask = lambda document, lacking: {},
    left_out: Callable[[str], None] = lambda line: None,
) -> list[Path]:
    """Copy a file, or all files of accepted formats in a folder; returns the new paths.

    Raises SourceRefused, with every reason, when any file cannot be read or would overwrite one.
    """
    files = _files(source)
    targets = {file: corpus / FOLDER / _relative(file, source) for file in files}
    problems, single = [], {}
    for file, target in targets.items():
        if target.exists():
            problems.append(f"{file}: {target} is there already; rename one of them")
            continue
        try:
            works = works_of(file, left_out, file)
        except SourceProblem as problem:
            problems += [f"{file}: {line}" for line in problem.lines]
            continue
        if len(works) == 1:
            single[file] = works[0]
    if problems:
        raise SourceRefused("\n".join(["Nothing was added:", *(f"  {line}" for line in problems)]))
    for file, target in targets.items():
        fields = beside(file)
        if document := single.get(file):
            lacking = [name for name in WANTED if not _said(document, name, file)]
            fields |= dict(ask(document, lacking)) if lacking else {}
        _copy(file, target, fields)
    return list(targets.values())


def typed(answers: Mapping[str, str]) -> dict[str, Any]:
    """What a person typed for WANTED, as metadata; what is blank is left out.

    Authors are separated by semicolons. Raises SourceRefused for a year or a level that is none.
    """
    fields: dict[str, Any] = {name: text for name, text in answers.items() if text.strip()}
    if "authors" in fields:
        fields["authors"] = [name.strip() for name in fields["authors"].split(";") if name.strip()]
    if "year" in fields:
        if not re.fullmatch(r"\s*[0-9]{4}\s*", fields["year"]):
            raise SourceRefused(
                f"{fields['year']!r} is no year; one has four digits, for example 2019."
            )
        fields["year"] = int(fields["year"])
    level = fields.get("evidence_level")
    if level is not None and level not in LEVELS:
        raise SourceRefused(
            f"There is no evidence level {level!r}; accepted are {', '.join(LEVELS)}."
        )
    return fields


def _files(source: Path) -> list[Path]:
    accepted = ", ".join(LOADERS)
    if not source.exists():
        raise SourceRefused(f"{source}: no such file or folder. Accepted are {accepted}.")
    if source.is_file() and source.suffix.lower() not in LOADERS:
        raise SourceRefused(f"{source}: this format is not read. Accepted are {accepted}.")
    files = [source] if source.is_file() else sorted(p for p in source.rglob("*") if p.is_file())
    files = [p for p in files if p.suffix.lower() in LOADERS and not p.name.endswith(SUFFIX)]
    if not files:
        raise SourceRefused(f"{source}: holds no file that is read. Accepted are {accepted}.")
    return files


def _relative(file: Path, source: Path) -> Path:
    return Path(file.name) if file == source else file.relative_to(source)


def _said(document: Document, name: str, file: Path) -> bool:
    value = document.metadata.get(name)
    if name == "title":  # a file's name stands in for a title that it does not have
        return value not in (None, "", file.stem.replace("-", " ").replace("_", " "))
    return value not in (None, "", [], "not graded")


def _copy(file: Path, target: Path, fields: Mapping[str, Any]) -> None:
    """The metadata first: a file without it could be indexed in between."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if fields:
            text = yaml.safe_dump(dict(fields), sort_keys=False, allow_unicode=True)
            sidecar_of(target).write_text(text, encoding="utf-8")
        draft = target.with_name(f".{target.name}")
        shutil.copyfile(file, draft)
        draft.replace(target)
    except OSError as error:
        raise SourceRefused(
            f"{target} cannot be written ({error.strerror}). Name a corpus of your own with: "
            "hip-assistant corpus add --corpus DIR FILE"
        ) from None
