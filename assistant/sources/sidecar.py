"""Metadata beside a file that cannot hold it: `paper.pdf` and `paper.pdf.meta.yaml`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from assistant.sources.markdown import checked_fields
from assistant.sources.problem import SourceProblem
from assistant.sources.text import read_text

SUFFIX = ".meta.yaml"


def beside(path: Path) -> dict[str, Any]:
    """The fields of the file beside `path`, which outdo its own; none when there is no such file.

    Raises SourceProblem when it cannot be read.
    """
    file = sidecar_of(path)
    if not file.is_file():
        return {}
    try:
        return checked_fields(yaml.safe_load(read_text(file)), file.name)
    except (yaml.YAMLError, ValueError):
        raise SourceProblem(f"{file.name} is not YAML") from None


def sidecar_of(path: Path) -> Path:
    return path.with_name(path.name + SUFFIX)
