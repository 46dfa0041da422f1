"""disagreements.yaml and claims.yaml of a corpus -> judgements whose notes are found, exactly.

A judgement names notes by key and text. Each must stand in its document; every one that does not
is a problem, reported with all others.
"""

from __future__ import annotations

import reprlib
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.sources.plain_yaml import read_yaml_file
from assistant.sources.problem import SourceProblem
from assistant.types import Passage

STATUSES = ("supported", "partly-supported", "extrapolated", "contested", "not-found")
STANCES = ("supports", "limits", "contradicts")

# A quote as stored: passage id and character offsets into its document.
Place = list[str | int]


def load_judgements(
    folder: Path, passages: Sequence[Passage]
) -> tuple[dict[str, list[dict[str, Any]]], list[str]]:
    """`{"disagreements": [...], "claims": [...]}`, ready for JSON, and the problems found."""
    of_document: dict[str, list[Passage]] = defaultdict(list)
    for passage in passages:
        of_document[passage.document_id].append(passage)
    problems: list[str] = []

    def place(name: str, key: str, text: str) -> Place | None:
        for passage in of_document.get(key, ()):
            found = passage.text.find(text)
            if found >= 0:
                start = passage.start + found
                return [passage.id, start, start + len(text)]
        problems.append(f"{name}: {text!r} does not stand in {key}")
        return None

    try:
        disagreements = [
            _disagreement(entry, place) for entry in _entries(folder / "disagreements.yaml")
        ]
        claims = [_claim(entry, place) for entry in _entries(folder / "claims.yaml")]
    except _Malformed as error:
        return {"disagreements": [], "claims": []}, [*problems, str(error)]
    return {"disagreements": disagreements, "claims": [c for c in claims if c["place"]]}, problems


class _Malformed(Exception):
    """A file of judgements that is not of the form described in its first lines."""


def _entries(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    try:
        content = read_yaml_file(path)
        entries = content[path.stem]
        return [entry | {"document": content.get("document")} for entry in entries]
    except SourceProblem as problem:
        raise _Malformed(str(problem)) from None
    except (KeyError, TypeError, AttributeError):
        raise _Malformed(f"{path.name}: is not YAML with a list called {path.stem}") from None


def _disagreement(entry: dict[str, Any], place: Any) -> dict[str, Any]:
    name = f"disagreements.yaml: {entry.get('id')}"
    try:
        sides = [
            {
                "position": str(side["position"]),
                "facts": [
                    at for fact in side["facts"] if (at := place(name, fact["key"], fact["text"]))
                ],
            }
            for side in entry["sides"]
        ]
        texts = {field: str(entry[field]) for field in ("id", "question", "reading", "weight")}
    except (KeyError, TypeError) as error:
        raise _Malformed(f"{name}: lacks {error}") from None
    if len(sides) < 2:
        raise _Malformed(f"{name}: has fewer than two sides")
    return texts | {"sides": sides}


def _claim(entry: dict[str, Any], place: Any) -> dict[str, Any]:
    name = f"claims.yaml: {entry.get('id')}"
    try:
        if entry["status"] not in STATUSES:
            wrong = reprlib.repr(entry["status"])
            raise _Malformed(f"{name}: status {wrong} is none of {', '.join(STATUSES)}")
        evidence = [
            {"place": at, "stance": fact["stance"]}
            for fact in entry["evidence"]
            if (at := place(name, fact["key"], fact["text"]))
        ]
        texts = {field: str(entry[field]) for field in ("id", "claim", "status", "reading")}
        at = place(name, str(entry["document"]), entry["claim"])
    except (KeyError, TypeError) as error:
        raise _Malformed(f"{name}: lacks {error}") from None
    for fact in evidence:
        if fact["stance"] not in STANCES:
            wrong = reprlib.repr(fact["stance"])
            raise _Malformed(f"{name}: stance {wrong} is none of {', '.join(STANCES)}")
    return texts | {"place": at, "evidence": evidence}
