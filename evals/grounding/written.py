"""Sentences written one by one for notes of the corpus: true ones in free words, with false ones beside them.

The false ones have the errors that language models make, by kind. The sentences of some documents are held
back: the meaning model never learns from them, and nobody who mends the checker reads them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import CasesInvalid

DATA = Path(__file__).parents[1] / "data" / "grounding_written.jsonl"
# One document in so many is held back.
PARTS = 5
# The kind of a true sentence, among those of false ones.
TRUE = "true"
# How these sentences are called among the parts.
PART = "free words"


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence on `passages`; `kind` is TRUE, or the error in it. The `id` is the line of the file."""

    id: str
    text: str
    passages: tuple[str, ...]
    kind: str
    held_back: bool

    @property
    def true(self) -> bool:
        return self.kind == TRUE

    @property
    def part(self) -> str:
        return PART


def written(passage_ids: Collection[str], path: Path = DATA) -> tuple[Written, ...]:
    """Every sentence, true ones before their false ones. Raises CasesInvalid with every line that breaks."""
    found, problems = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            row = json.loads(line)
            passages = tuple(map(str, row["passages"]))
            sentences = [(row["text"], TRUE), *((f["text"], f["kind"]) for f in row["false"])]
        except (ValueError, KeyError, TypeError) as error:
            problems.append(f"{path.name}, line {number}: {type(error).__name__}: {error}")
            continue
        unknown = [passage for passage in passages if passage not in passage_ids]
        problems += [f"{path.name}, line {number}: the index has no {name}" for name in unknown]
        held_back = is_held_back(passages[0])
        found += [
            Written(f"line {number}", text, passages, kind, held_back) for text, kind in sentences
        ]
    if problems:
        raise CasesInvalid(problems)
    return tuple(found)


def is_held_back(passage: str) -> bool:
    """Of the documents one in PARTS, by the hash of its name."""
    document = passage.partition("#")[0]
    return int(hashlib.sha256(f"v{document}".encode()).hexdigest(), 16) % PARTS == 0
