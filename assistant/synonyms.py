"""Terms that mean the same, read from synonyms.txt: what a query may say and the corpus may not.

Works on stemmed words; this module does not know which of the terms the corpus has.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from assistant.index.lexical import words

Stems = tuple[str, ...]
Frequency = Callable[[str], int]

# A term is hardly used when its usual one stands in so many times as many passages.
HARDLY = 5


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


def unusual(query_stems: Stems, frequency: Frequency) -> list[Stems]:
    """The usual terms for those of the query that the corpus hardly uses.

    `frequency` tells how many passages hold a stemmed word. A term that the corpus uses about as
    often as its usual one is left alone: adding to it would only blur the query.
    """

    def common(term: Stems) -> int:
        return min(map(frequency, term))

    found = [
        group[0]
        for term, group in alternatives(query_stems)
        if group[0] != term and common(term) * HARDLY < common(group[0])
    ]
    return list(dict.fromkeys(found))


def spelt_out(query: str, frequency: Frequency) -> str:
    """The query with the corpus's usual terms behind it for those that it hardly uses."""
    usual = [_written()[term] for term in unusual(tuple(words(query)), frequency)]
    return f"{query} ({', '.join(usual)})" if usual else query


def expanded(query_stems: Stems, frequency: Frequency) -> list[str]:
    """The stemmed words of a query, with those of the corpus's usual terms behind them."""
    added = [stem for term in unusual(query_stems, frequency) for stem in term]
    return list(dict.fromkeys([*query_stems, *added]))


def terms() -> list[str]:
    """Every term of synonyms.txt, as it is written there."""
    return [term for group in _file() for term in group]


def synonym_groups() -> list[list[str]]:
    """The groups of synonyms.txt, as they are written there."""
    return _file()


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
