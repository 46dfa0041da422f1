"""Words that say the same: synonyms.txt and paraphrases.txt as groups, free words, and word families.

In and out go words and stems; this module knows no sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from assistant.index.lexical import words
from assistant.index.variants import american
from assistant.synonyms import Stems, alternatives, read_groups, synonym_groups
from assistant.topics import ASKING

# Two words are of one family when they share this many letters and end in nothing but endings.
FAMILY = 4
# No term of synonyms.txt is longer.
LONGEST_MEDICAL = 6
ENDINGS = frozenset([
    "", "s", "es", "ed", "d", "ing", "er", "or", "ers", "ors", "ly", "al", "ally", "ial", "ic", "ics",
    "ical", "ically", "tic", "tically", "sis", "ses", "ion", "ions", "tion", "ation", "ations", "ution",
    "ved", "ve", "ance", "ances", "ence", "ences", "ancy", "ency", "ant", "ants", "ent", "ents", "t",
    "ts", "cy", "ive", "ity", "ty", "ility", "able", "ible", "ment", "ments", "ness", "y", "ies", "ied",
    "ying", "e", "ous", "us", "um", "a", "ian", "ist", "ists", "ism", "ful", "ication", "fication",
    "ications", "ization", "izations", "ized", "izing", "ize", "izes", "iz", "ate", "ated", "ates",
    "ating", "ative", "atic", "ted", "ting", "te", "is", "ar", "ary",
])  # fmt: skip


@lru_cache(maxsize=50_000)
def stem_of(word: str) -> str:
    """The stem of one word, whether or not it is a stop word."""
    found = words(word)
    return found[0] if found else word.lower()


@lru_cache(maxsize=1)
def free_stems() -> frozenset[str]:
    """Stems of words that name nothing."""
    lines = _lines("free_words.txt")
    listed = (word for line in lines for word in line.split())
    return frozenset(stem_of(word) for word in (*listed, *ASKING))


@lru_cache(maxsize=1)
def _groups() -> dict[Stems, tuple[Stems, ...]]:
    found: dict[Stems, tuple[Stems, ...]] = {}
    for group in read_groups(_lines("paraphrases.txt")):
        stemmed = tuple(dict.fromkeys(_stems(term) for term in group))
        for term in stemmed:
            found[term] = tuple(dict.fromkeys((*found.get(term, ()), *stemmed)))
    return found


@lru_cache(maxsize=1)
def _canons() -> dict[str, str]:
    """Every single stem of a group -> one stem for all that any group joins with it."""
    canon: dict[str, str] = {}

    def root(stem: str) -> str:
        while canon.get(stem, stem) != stem:
            stem = canon[stem]
        return stem

    medical = [tuple(_stems(term) for term in group) for group in synonym_groups()]
    for group in (*_groups().values(), *medical):
        single = [term[0] for term in group if len(term) == 1]
        for stem in single:
            one, other = sorted((root(single[0]), root(stem)))
            canon[other] = one
    return {stem: root(stem) for stem in canon}


def canonical(stem: str) -> str:
    """One stem for all single words that say the same."""
    return _canons().get(stem, stem)


def terms(stems: Sequence[str]) -> Iterator[tuple[int, int, tuple[Stems, ...]]]:
    """Every term in a sentence's stems: where it begins, its length, and all terms that say the same.

    A single word is a term of its own; terms of several words overlap with it.
    """
    groups = _groups()
    longest = max(map(len, groups))
    for place, stem in enumerate(stems):
        yield place, 1, _alike((stem,))
        term, medical = _longest_medical(tuple(stems[place : place + LONGEST_MEDICAL]))
        if len(term) > 1:
            yield place, len(term), medical
        for length in range(2, min(longest, len(stems) - place) + 1):
            term = tuple(stems[place : place + length])
            if term in groups:
                yield place, length, groups[term]


def related(one: str, other: str) -> bool:
    """True for two words of one family: "guidance" and "guided", "osteonecrotic" and "osteonecrosis"."""
    one, other = american(one.lower()), american(other.lower())
    pairs = enumerate(zip(one, other, strict=False))
    shared = next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))
    return shared >= FAMILY and any(
        one[cut:] in ENDINGS and other[cut:] in ENDINGS for cut in range(shared, FAMILY - 1, -1)
    )


@lru_cache(maxsize=20_000)
def _longest_medical(stems: Stems) -> tuple[Stems, tuple[Stems, ...]]:
    return next(iter(alternatives(stems)))


@lru_cache(maxsize=20_000)
def _alike(term: Stems) -> tuple[Stems, ...]:
    medical = next(iter(alternatives(term)))[1]
    return (*medical, *_groups().get(term, ()))


def _stems(term: str) -> Stems:
    return tuple(stem_of(word) for word in re.findall(r"\w+", term.lower()) if words(word))


def _lines(name: str) -> list[str]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


# What says that two things are not the same.
DIFFER = frozenset(canonical(stem_of(word)) for word in ("differ", "vary", "change", "distinguish"))
