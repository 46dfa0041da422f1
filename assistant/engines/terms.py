"""The words of a query weighted by rarity, and how much of them a sentence covers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from assistant.aspects import GENERAL, content_words
from assistant.index.lexical import words
from assistant.index.reader import Index

# A word of the query that only the document's title has counts this much.
IN_TITLE = 0.6


@dataclass(frozen=True, slots=True)
class Terms:
    """Stemmed content words of a query with their weights; `unknown` are not in the corpus at all."""

    weights: dict[str, float]
    unknown: tuple[str, ...]

    @classmethod
    def of(cls, query: str, index: Index) -> Terms:
        weights: dict[str, float] = {}
        unknown = []
        for word in content_words(query):
            for stem in words(word):
                weights[stem] = index.lexical.rarity(stem)
                if GENERAL.match(word):
                    weights[stem] *= 0.5
                if not index.lexical.document_frequency(stem) and len(word) > 3:
                    unknown.append(word)
        return cls(weights, tuple(dict.fromkeys(unknown)))

    def coverage(self, text: str, title: str) -> float:
        """The share of the query's weight found in a sentence or, for less, in its title; 0 to 1."""
        total = sum(self.weights.values())
        if not total:
            return 0.0
        in_text, in_title = _stems(text), _stems(title)
        found = sum(
            weight if stem in in_text else IN_TITLE * weight if stem in in_title else 0.0
            for stem, weight in self.weights.items()
        )
        return found / total


def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, as written."""
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*", text))


@lru_cache(maxsize=20_000)
def _stems(text: str) -> frozenset[str]:
    return frozenset(words(text))
