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
# Places in the order of frequency up to which a word, and a verb, is an everyday one.
EVERYDAY, EVERYDAY_VERB = 12_000, 40_000


class _Words:
    def __init__(self) -> None:
        text = (
            files("symspellpy")
            .joinpath("frequency_dictionary_en_82_765.txt")
            .read_text("utf-8-sig")
        )
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
def is_verb(word: str) -> bool:
    """True for a word with regular forms of a verb."""
    known, stem = _words(), stem_of(word)
    count = known.counts.get(stem, 0.0)
    return bool(count) and (
        known.past[stem] / count >= PAST and known.present[stem] / count >= PRESENT
    )


@lru_cache(maxsize=20_000)
def is_known(word: str) -> bool:
    """True for an everyday word: a common one, a verb, an adverb in -ly."""
    lower = word.lower().removesuffix("'s")
    place = _words().rank.get(lower)
    if place is None:
        return False
    return place < EVERYDAY or (place < EVERYDAY_VERB and (is_verb(lower) or lower.endswith("ly")))


@lru_cache(maxsize=50_000)
def rarity(stem: str) -> float:
    """-log10 of a stem's share of all words, 2 for the commonest to 10 for one that the list lacks."""
    known = _words()
    count = known.counts.get(stem, 0.0)
    return min(10.0, -log(max(count, 1.0) / known.total, 10)) if count else 10.0
