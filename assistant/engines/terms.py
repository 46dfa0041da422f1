"""The terms of a query weighted by rarity, and how much of them a sentence covers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from assistant.conversation import Query
from assistant.index.lexical import words
from assistant.index.reader import Index
from assistant.synonyms import Stems, alternatives
from assistant.topics import GENERAL, content_words

# A term that only the document's title has counts this much.
IN_TITLE = 0.8
# Words that name an aspect ("symptoms", "results") weigh less than what they are asked of.
OF_ASPECT = 0.5
# What a question carries from the turns before it weighs less than its own words.
CARRIED = 0.5
# An everyday word that the corpus lacks ("husband") says less of the subject than a rare one.
EVERYDAY = 0.3


@dataclass(frozen=True, slots=True)
class Term:
    """One thing a query names: any of its alternatives covers it."""

    alternatives: tuple[Stems, ...]
    weight: float
    of_aspect: bool
    known: bool


@dataclass(frozen=True, slots=True)
class Terms:
    """What a query names; `unknown` are the words of which the corpus has neither them nor a synonym.

    `technical` are those of the terms that the corpus has and that are neither of an aspect nor everyday.
    """

    terms: tuple[Term, ...]
    unknown: tuple[str, ...]
    technical: tuple[Term, ...]

    @classmethod
    def of(cls, query: Query, index: Index, is_common: Callable[[str], bool]) -> Terms:
        """The terms of a query; `is_common` tells everyday words, which name nothing by themselves."""
        terms: dict[Stems, Term] = {}
        unknown: list[str] = []
        technical: list[Term] = []
        for part, factor in ((query.question, 1.0), (query.carried, CARRIED)):
            written = {stem: word for word in content_words(part) for stem in words(word)}
            stems = tuple(stem for word in content_words(part) for stem in words(word))
            for term, group in alternatives(stems):
                known = [a for a in group if all(map(index.lexical.document_frequency, a))]
                general = all(GENERAL.match(written.get(stem, stem)) for stem in term)
                named = [written.get(stem, stem) for stem in term]
                everyday = all(is_common(word) and word.islower() for word in named)
                if not known and not general and not everyday:
                    unknown += [word for word in named if len(word) > 3]
                rarity = max(sum(map(index.lexical.rarity, a)) for a in (known or [term]))
                weight = factor * rarity * (OF_ASPECT if general else 1.0)
                if not known and everyday:
                    weight *= EVERYDAY
                terms.setdefault(term, Term(group, weight, general, bool(known)))
                if known and not general and not everyday:
                    technical.append(terms[term])
        return cls(tuple(terms.values()), tuple(dict.fromkeys(unknown)), tuple(technical))

    @property
    def unknown_share(self) -> float:
        """The share of the query's weight that the corpus has no word for, 0 to 1."""
        total = sum(term.weight for term in self.terms)
        return sum(term.weight for term in self.terms if not term.known) / total if total else 0.0

    def coverage(self, text: str, title: str, *, shows_aspect: bool) -> float:
        """The share of the query's weight that a sentence, or for less its title, names; 0 to 1.

        A word that names an aspect is covered by a sentence that shows the aspect.
        """
        total = sum(term.weight for term in self.terms)
        if not total:
            return 0.0
        in_text, in_title = stems_of(text), stems_of(title)
        found = 0.0
        for term in self.terms:
            if (term.of_aspect and shows_aspect) or _names(term, in_text):
                found += term.weight
            elif _names(term, in_title | in_text):
                found += IN_TITLE * term.weight
        return found / total

    def on_subject(self, text: str, title: str) -> bool:
        """True for a sentence that names, itself or by its title, a technical word of the query's.

        So is any where the query has none.
        """
        if not self.technical:
            return True
        stems = stems_of(text) | stems_of(title)
        return any(_names(term, stems) for term in self.technical)


def numbers(text: str) -> frozenset[str]:
    """The numbers in a text, as written."""
    return frozenset(re.findall(r"\d+(?:[.,]\d+)*", text))


def _names(term: Term, stems: frozenset[str]) -> bool:
    return any(all(stem in stems for stem in alternative) for alternative in term.alternatives)


@lru_cache(maxsize=20_000)
def stems_of(text: str) -> frozenset[str]:
    """The distinct stemmed words of a text."""
    return frozenset(words(text))
