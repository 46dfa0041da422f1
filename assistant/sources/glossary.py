"""glossary.yaml of a corpus -> its terms in plain words, each resting on passages that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from assistant.sources.plain_yaml import read_yaml_file
from assistant.sources.problem import SourceProblem
from assistant.sources.rests import numbers
from assistant.splitting import sentences
from assistant.types import Passage

FILE = "glossary.yaml"
FIELDS = {"term", "also", "plain", "rests_on"}
MAX_CHARACTERS = 160  # shown while a word has the focus, so it is read at a glance


def load_glossary(
    folder: Path, passages: Sequence[Passage]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The terms, ready for JSON, and every problem of them; a corpus without the file has none."""
    path = folder / FILE
    if not path.is_file():
        return [], []
    try:
        content = read_yaml_file(path)
    except SourceProblem as problem:
        return [], [str(problem)]
    entries = content.get("glossary") if isinstance(content, dict) else None
    if not isinstance(entries, list):
        return [], [f"{FILE}: is not YAML with a list called glossary"]
    terms = [entry for entry in entries if _is_whole(entry)]
    problems = [
        f"{FILE}: {str(entry)[:60]!r} is not a term with plain words and a list rests_on, and perhaps "
        "a list also"
        for entry in entries
        if not _is_whole(entry)
    ]
    by_id = {passage.id: passage for passage in passages}
    words = "\n".join(passage.text for passage in passages).lower()
    for entry in terms:
        problems += [f"{FILE}: {entry['term']} {told}" for told in _wrong(entry, by_id, words)]
    names = [name.lower() for entry in terms for name in (entry["term"], *entry.get("also", ()))]
    problems += [
        f"{FILE}: {name} is explained twice" for name in sorted(set(names)) if names.count(name) > 1
    ]
    return [{"also": []} | entry for entry in terms], problems


def _is_whole(entry: Any) -> bool:
    if not isinstance(entry, dict) or not set(entry) <= FIELDS:
        return False
    texts = [entry.get("term"), entry.get("plain")]
    lists = [entry.get("rests_on"), entry.get("also", [])]
    if not all(isinstance(each, list) for each in lists) or not lists[0]:
        return False
    return all(isinstance(text, str) and text.strip() for text in [*texts, *lists[0], *lists[1]])


def _wrong(entry: dict[str, Any], by_id: dict[str, Passage], words: str) -> Iterator[str]:
    plain, keys = entry["plain"], entry["rests_on"]
    if len(sentences(plain)) != 1:
        yield "is not explained in one sentence"
    if len(plain) > MAX_CHARACTERS:
        yield f"is explained in {len(plain)} characters, more than {MAX_CHARACTERS}"
    for name in (entry["term"], *entry.get("also", ())):
        if not re.search(rf"(?<!\w){re.escape(name.lower())}", words):
            yield f"names {name!r}, which stands nowhere in the corpus"
    yield from (f"rests on {key}, which does not exist" for key in keys if key not in by_id)
    behind = {number for key in keys if key in by_id for number in numbers(by_id[key].text)}
    if own := numbers(plain) - behind:
        yield f"has a number that none of its notes has: {', '.join(sorted(own))}"
