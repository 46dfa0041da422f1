"""Terms that mean the same, read from synonyms.txt: what a query may say and the corpus may not.

Works on stemmed words; this module does not know which of the terms the corpus has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from assistant.index.lexical import words

Stems = tuple[str, ...]


def alternatives(stems: Stems) -> Iterator[tuple[Stems, tuple[Stems, ...]]]:
    """The words of a query, cut into terms, each with all terms of its group (itself included).

    Longer terms win: "total hip arthroplasty" is one term, not three words.
    """
    groups = _groups()
    longest = max(map(len, groups))
    place = 0
    while place < len(stems):
        for length in range(min(longest, len(stems) - place), 0, -1):
            term = stems[place : place + length]
            if length == 1 or term in groups:
                yield term, groups.get(term, (term,))
                place += length
                break


def spelt_out(query: str) -> str:
    """The query with the corpus's usual terms behind it for those it says otherwise."""
    stems = tuple(words(query))
    usual = [_written()[group[0]] for term, group in alternatives(stems) if group[0] != term]
    return f"{query} ({', '.join(dict.fromkeys(usual))})" if usual else query


def expansion(query_stems: Stems) -> list[str]:
    """Stemmed words to add to a lexical query: the corpus's usual term for what was asked."""
    added: list[str] = []
    for term, group in alternatives(query_stems):
        if group[0] != term:
            added.extend(stem for stem in group[0] if stem not in query_stems)
    return list(dict.fromkeys(added))


def read_groups(lines: Iterable[str]) -> list[list[str]]:
    """The groups of a synonyms file. Raises ValueError naming every term that stands twice."""
    groups = [
        [term.strip() for term in line.split(",")]
        for line in lines
        if line.strip() and not line.startswith("#")
    ]
    terms = [term for group in groups for term in group]
    if twice := sorted({term for term in terms if terms.count(term) > 1}):
        raise ValueError(f"synonyms stand twice: {', '.join(twice)}")
    return groups


@lru_cache(maxsize=1)
def _groups() -> dict[Stems, tuple[Stems, ...]]:
    found: dict[Stems, tuple[Stems, ...]] = {}
    for group in _file():
        stemmed = tuple(dict.fromkeys(tuple(words(term)) for term in group))
        for term in stemmed:
            found.setdefault(term, stemmed)
    return found


@lru_cache(maxsize=1)
def _written() -> dict[Stems, str]:
    """The usual term of each group as the file has it, by its stems."""
    return {tuple(words(group[0])): group[0] for group in _file()}


def _file() -> list[list[str]]:
    path = Path(__file__).with_name("synonyms.txt")
    return read_groups(path.read_text(encoding="utf-8").splitlines())
