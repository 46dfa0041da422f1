"""How an answer's sentences are laid out: as prose, as a list, or as the rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from assistant.forms import form_of
from assistant.rows import is_label
from assistant.types import Sentence


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring sentences of one layout."""

    layout: Literal["prose", "list", "table"]
    sentences: tuple[Sentence, ...]


def groups_of(question: str, sentences: Sequence[Sentence]) -> list[Group]:
    """Rows are known by their leads, a list by the question, so that both hold while sentences arrive."""
    listed: Literal["list", "prose"] = "list" if form_of(question).name == "list" else "prose"
    return [
        Group("table" if rows else listed, tuple(members))
        for rows, members in groupby(sentences, key=lambda sentence: is_label(sentence.lead))
    ]
