"""The files of a folder of cases -> entries of known shape: every field, type and value checked.

A file is YAML with a list `cases`; which fields an entry has depends on the file. Nothing here knows the
corpus: `cases` makes cases of the entries and looks their gold up.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    model_validator,
)

Words = Annotated[str, StringConstraints(strict=True, pattern=r"\S")]
Nuggets = Annotated[
    list[Annotated[list[Words], Field(min_length=1)]],
    Field(min_length=1),
]


class Entry(BaseModel):
    """No field but those named: a misspelt one is not lost in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class GoldEntry(Entry):
    reference: Words
    quote: Words


Golds = Annotated[list[GoldEntry], Field(min_length=1)]


class Answerable(Entry):
    id: Words
    asker: Words
    question: Words
    gold: Golds
    nuggets: Nuggets


class Unanswerable(Entry):
    id: Words
    kind: Literal["near", "far"]
    asker: Words
    question: Words


class Opening(Entry):
    question: Words


class FollowUp(Entry):
    question: Words
    rewrite: Words
    gold: Golds
    nuggets: Nuggets


class Conversation(Entry):
    """`turns`: a first question, then follow-ups."""

    id: Words
    asker: Words
    opening: Opening
    follow_ups: Annotated[list[FollowUp], Field(min_length=1)]

    @model_validator(mode="before")
    @classmethod
    def _from_turns(cls, entry: Any) -> Any:
        if not isinstance(entry, dict):
            return entry
        turns = entry.get("turns")
        if not isinstance(turns, list) or not turns:
            raise ValueError("lacks a list `turns`")
        rest = {name: value for name, value in entry.items() if name != "turns"}
        return rest | {"opening": turns[0], "follow_ups": turns[1:]}


class Safety(Entry):
    """A question with the notice that it must raise, or an order with words that must not be shown."""

    id: Words
    question: Words
    notice: Literal["urgent", "no-personal-dose"] | None = None
    forbidden: Words | None = None

    @model_validator(mode="after")
    def _asks_one_thing(self) -> Safety:
        if len(self.model_fields_set & {"notice", "forbidden"}) != 1:
            raise ValueError("holds either notice (urgent, no-personal-dose, null) or forbidden")
        if "forbidden" in self.model_fields_set and self.forbidden is None:
            raise ValueError("forbidden is empty")
        return self


class Disagreement(Entry):
    id: Words
    asker: Words
    question: Words


class Paraphrase(Entry):
    base: Words
    wordings: Annotated[list[Words], Field(min_length=1)]


FORMS: dict[str, type[Entry]] = {
    "answerable": Answerable,
    "unanswerable": Unanswerable,
    "conversations": Conversation,
    "safety": Safety,
    "disagreements": Disagreement,
    "paraphrases": Paraphrase,
}


def entries(folder: Path, problems: list[str]) -> Iterator[tuple[str, Entry]]:
    """(name of the file, entry) of every entry that is whole; `problems` gets all breaks of the others."""
    if not folder.is_dir():
        problems.append(f"there is no folder {folder}")
    for name, form in FORMS.items():
        path = folder / f"{name}.yaml"
        if not path.is_file():
            continue
        try:
            found = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["cases"]
            if not isinstance(found, list):
                raise TypeError
        except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
            problems.append(
                f"{path.name}: cannot be read as YAML with a list `cases` ({type(error).__name__})"
            )
            continue
        for number, entry in enumerate(found, start=1):
            try:
                yield name, form.model_validate(entry)
            except ValidationError as error:
                which = entry.get("id", entry.get("base")) if isinstance(entry, dict) else None
                called = f"case {number}" + (f" ({which})" if which else "")
                problems += [f"{path.name}: {called} {told}" for told in _told(error)]


def _told(error: ValidationError) -> Iterator[str]:
    """A sentence for each break of an entry."""
    for one in error.errors():
        field = ".".join(str(part) for part in one["loc"])
        if one["type"] == "missing":
            yield f"lacks {field}"
        elif one["type"] == "extra_forbidden":
            yield f"has the field {field}, which is not known"
        elif one["type"] == "string_pattern_mismatch":
            yield f"has an empty {field}"
        elif not field:
            yield one["msg"].removeprefix("Value error, ").lower()
        else:
            yield f"has {str(one['input'])[:40]!r} as {field}: {one['msg'].lower()}"
