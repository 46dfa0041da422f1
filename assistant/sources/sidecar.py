"""Metadata beside a file that cannot hold it: `paper.pdf` and `paper.pdf.meta.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from assistant.sources.markdown import checked_fields
from assistant.sources.plain_yaml import read_yaml_file

SUFFIX = ".meta.yaml"


def beside(path: Path) -> dict[str, Any]:
    """The fields of the file beside `path`, which outdo its own; none when there is no such file.

    Raises SourceProblem when it cannot be read.
    """
    file = sidecar_of(path)
    if not file.is_file():
        return {}
    return checked_fields(read_yaml_file(file), file.name)


def sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)
