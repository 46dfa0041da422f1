"""The technical words of a text -> where they stand, and what each means in plain words.

Terms come from the corpus's glossary; an explanation names the passages that it rests on.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.index.reader import Index


@dataclass(frozen=True, slots=True)
class Term:
    """A technical word with other words for the same, and one plain sentence on it."""

    name: str
    also: tuple[str, ...]
    plain: str
    rests_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explained:
    """A term at characters `start:end` of a text."""

    start: int
    end: int
    term: Term


class Glossary:
    """The terms of an index; `explained` finds them in a text."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.terms = tuple(sorted(terms, key=lambda term: term.name.lower()))

    @classmethod
    def of(cls, index: Index) -> Glossary:
        """That of an index; empty where its corpus has none."""
        return cls(
            [
                Term(entry["term"], tuple(entry["also"]), entry["plain"], tuple(entry["rests_on"]))
                for entry in index.glossary
            ]
        )

    def explained(self, text: str) -> list[Explained]:
        """Every term in the text, in order, the longest where several begin; none overlaps another.

        Case counts only for names in capitals, such as ARCO. A plural in s or es is found as well.
        """
        if not self._named:
            return []
        return [
            Explained(*found.span(), self._named[_key(found[1])])
            for found in self._pattern.finditer(text)
        ]

    @cached_property
    def _named(self) -> dict[str, Term]:
        return {_key(name): term for term in self.terms for name in (term.name, *term.also)}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = [name for term in self.terms for name in (term.name, *term.also)]
        longest_first = sorted(names, key=len, reverse=True)
        return re.compile(rf"(?<![\w-])({'|'.join(map(_wanted, longest_first))})(?:e?s)?(?!\w)")


def _wanted(name: str) -> str:
    words = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", name))
    return words if name.isupper() else f"(?i:{words})"


def _key(name: str) -> str:
    return " ".join(re.split(r"[\s-]+", name)).lower()
