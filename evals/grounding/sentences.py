"""True sentences of our own, each with the passages that carry it.

Part of them the checker was developed on; it was mended after each of the others had been looked at, and the
head of each file says what it did at first sight. Nothing is checked against a passage's words here: that a
passage exists is.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import Field, ValidationError

from assistant.errors import CasesInvalid
from evals.entries import Entry, Words

DATA = Path(__file__).parents[1] / "data" / "grounding.yaml"
SECOND = DATA.with_name("grounding_second.yaml")
THIRD = DATA.with_name("grounding_third.yaml")
FOURTH = DATA.with_name("grounding_fourth.yaml")
FIFTH = DATA.with_name("grounding_fifth.yaml")
# Further true sentences that the checker was developed on; no figure is reported on them.
DEVELOPMENT = DATA.with_name("grounding_development.yaml")

Part = Literal["developed on", "looked at", "third", "fourth", "fifth"]


class TrueSentence(Entry):
    """A sentence that its passages carry though none holds it word for word."""

    id: Words
    kind: Literal["rephrased", "merged", "number words", "converted"]
    part: Part
    text: Words
    passages: Annotated[list[Words], Field(min_length=1)]


class _File(Entry):
    sentences: Annotated[list[TrueSentence], Field(min_length=1)]


def true_sentences(passage_ids: Collection[str], path: Path = DATA) -> tuple[TrueSentence, ...]:
    """Every sentence of the file. Raises CasesInvalid, which lists every break and unknown passage."""
    try:
        found = _File.model_validate(
            yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
        ).sentences
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise CasesInvalid([f"{path.name} cannot be read ({type(error).__name__})"]) from None
    except ValidationError as error:
        raise CasesInvalid(
            [
                f"{path.name}: {'.'.join(map(str, one['loc']))}: {one['msg'].lower()}"
                for one in error.errors()
            ]
        ) from None
    problems = [
        f"{path.name}: {sentence.id} rests on {passage}, which the index does not have"
        for sentence in found
        for passage in sentence.passages
        if passage not in passage_ids
    ]
    ids = [sentence.id for sentence in found]
    problems += [
        f"{path.name}: {name} stands twice" for name in {i for i in ids if ids.count(i) > 1}
    ]
    if problems:
        raise CasesInvalid(problems)
    return tuple(found)
