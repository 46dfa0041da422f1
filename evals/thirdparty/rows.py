"""Lines of third-party files -> rows of a known shape, each value checked.

Raises DataInvalid, which names the file, the line, what is wrong there and what a line holds.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Annotated, Any, ClassVar, TypeVar

from pydantic import BaseModel, ConfigDict, Field, StrictBool, ValidationError, model_validator

from assistant.errors import DataInvalid

# Some sets number their documents; ids are compared as text.
Key = Annotated[str, Field(coerce_numbers_to_str=True)]


class Row(BaseModel):
    """One line; fields beyond those named are left alone."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)
    SHAPE: ClassVar[str]


class DocumentRow(Row):
    SHAPE = "{_id, title?, text}"
    id: Key = Field(alias="_id")
    title: str | None = None
    text: str


class SpanRow(Row):
    SHAPE = "{start, text}"
    start: int
    text: str


class QueryRow(Row):
    SHAPE = "{_id, text, answers?: [{start, text}]}"
    id: Key = Field(alias="_id")
    text: str
    answers: list[SpanRow] | None = None


class SaidRow(Row):
    SHAPE = "{role, text}"
    role: str
    text: str


class AskedRow(Row):
    SHAPE = "{id, question, context?, context_id?, answerable, answers?, label?, history?: [{role, text}]}"
    id: Key
    question: str
    answerable: bool
    answers: list[str] | None = None
    context: str | None = None
    context_id: Key | None = None
    label: str | None = None
    history: list[SaidRow] | None = None


class TurnRow(Row):
    SHAPE = "{id, history: [{role, text}], question, rewrite?, relevant?: [_id]}"
    id: Key
    history: list[SaidRow]
    question: str
    rewrite: str | None = None
    relevant: list[Key] | None = None


class ClaimRow(Row):
    SHAPE = "{id, context, sentence or response, label}"
    id: Key
    context: str
    sentence: str | None = None
    response: str | None = None
    label: StrictBool | Key

    @model_validator(mode="after")
    def _has_text(self) -> ClaimRow:
        if not self.text.strip():
            raise ValueError("holds neither a sentence nor a response")
        return self

    @property
    def text(self) -> str:
        return self.sentence or self.response or ""


Shape = TypeVar("Shape", bound=Row)


def named(folder: Path, name: str) -> Path | None:
    """NAME.jsonl or NAME.jsonl.gz of a folder; None where it has neither."""
    both = (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz")
    return next((path for path in both if path.is_file()), None)


def rows(folder: Path, name: str, shape: type[Shape]) -> list[Shape]:
    """Every line of NAME.jsonl; an empty file is refused as well."""
    path = named(folder, name)
    if path is None:
        raise DataInvalid(
            f"{folder} holds no {name}.jsonl (or {name}.jsonl.gz) with lines {shape.SHAPE}"
        )
    try:
        with _opened(path) as lines:
            found = list(_checked(path, lines, shape))
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise DataInvalid(
            f"{path} cannot be read ({type(error).__name__}); accepted is UTF-8 text, for .gz gzipped"
        ) from None
    if not found:
        raise DataInvalid(f"{path} is empty; accepted are lines {shape.SHAPE}")
    return found


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _checked(path: Path, lines: IO[str], shape: type[Shape]) -> Iterator[Shape]:
    for number, line in enumerate(lines, start=1):
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        try:
            yield shape.model_validate(row if isinstance(row, dict) else None)
        except ValidationError as error:
            raise DataInvalid(
                f"{path}, line {number}: {_told(error)}; accepted is {shape.SHAPE}"
            ) from None


def _told(error: ValidationError) -> str:
    """What is wrong with a line, all of it."""
    found: list[dict[str, Any]] = [dict(one) for one in error.errors()]
    if any(one["type"] == "model_type" and not one["loc"] for one in found):
        return "is not a JSON object"
    lacks = [_where(one) for one in found if one["type"] == "missing"]
    wrong = [
        one["msg"].removeprefix("Value error, ")
        if not one["loc"]
        else f"{_where(one)} is {str(one['input'])[:40]!r} ({one['msg'].lower()})"
        for one in found
        if one["type"] != "missing"
    ]
    return "; ".join([*([f"lacks {', '.join(lacks)}"] if lacks else []), *wrong])


def _where(one: dict[str, Any]) -> str:
    return ".".join(str(part) for part in one["loc"])
