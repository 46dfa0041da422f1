"""Everyday words by their frequency in English: which a paraphrase may add, and how rare a word is.

Counts and word forms are those of symspellpy's list. A word is told for a verb by its forms in -ed and
-ing, for a paraphrase changes its verbs before it changes what they are about.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache
from importlib.resources import files
from math import log

from assistant.grounding.wording import stem_of

# Of the words of one stem, the share of -ed and of -ing forms from which on it is a verb.
PAST, PRESENT = 0.03, 0.02
# The most common words, whatever they are.
COMMON = 4000
# Rarer verbs are technical ones.
EVERYDAY = 40_000


class _Words:
    def __init__(self) -> None:
        text = files("symspellpy").joinpath("frequency_dictionary_en_82_765.txt").read_text("utf-8-sig")
        pairs = [line.split() for line in text.splitlines() if line.strip()]
        self.total = 0.0
        self.rank = {word: place for place, (word, _) in enumerate(pairs)}
        self.counts: dict[str, float] = defaultdict(float)
        self.past: dict[str, float] = defaultdict(float)
        self.present: dict[str, float] = defaultdict(float)
        for word, count in pairs:
            stem, number = _stem(word), float(count)
            self.total += number
            self.counts[stem] += number
            if word.endswith("ed"):
                self.past[stem] += number
            elif word.endswith("ing"):
                self.present[stem] += number


def _stem(word: str) -> str:
    # Without the cache of `stem_of`: 82,000 words would push all others out of it.
    return stem_of.__wrapped__(word)


@lru_cache(maxsize=1)
def _words() -> _Words:
    return _Words()


@lru_cache(maxsize=20_000)
def is_everyday(word: str) -> bool:
    """True for a common word, and for a verb that is not a rare one."""
    known, stem = _words(), stem_of(word)
    place = known.rank.get(word.lower())
    count = known.counts.get(stem, 0.0)
    if place is None or not count:
        return False
    verb = known.past[stem] / count >= PAST and known.present[stem] / count >= PRESENT
    return place < COMMON or (verb and place < EVERYDAY) or word.lower().endswith("ly")


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """True for a word of general English."""
    place = _words().rank.get(word.lower().removesuffix("'s"))
    return place is not None and place < EVERYDAY


@lru_cache(maxsize=50_000)
def rarity(stem: str) -> float:
    """-log10 of a stem's share of all words, 2 for the commonest to 10 for one that the list lacks."""
    known = _words()
    count = known.counts.get(stem, 0.0)
    return min(10.0, -log(max(count, 1.0) / known.total, 10)) if count else 10.0
