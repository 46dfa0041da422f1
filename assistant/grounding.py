"""Is a sentence supported by passages? A score from 0 to 1, by words and numbers alone.

It reads no meaning: a negation or a swapped subject goes through. What it is worth is measured on
the sets of `hip-assistant eval --suite faithfulness`.
"""

from __future__ import annotations

from collections.abc import Sequence

from assistant.engines.terms import numbers
from assistant.index.lexical import words

# The share of a sentence's stemmed content words that has to stand in the passages.
SUPPORTED = 0.6


def support(sentence: str, passages: Sequence[str]) -> float:
    """The share of the sentence's distinct stemmed content words that the passages hold together.

    1 for a sentence that one passage holds verbatim; 0 when a number of it is in none of them.
    """
    spaced = " ".join(sentence.split())
    if any(spaced in " ".join(passage.split()) for passage in passages):
        return 1.0
    together = "\n".join(passages)
    if not numbers(sentence) <= numbers(together):
        return 0.0
    stems = set(words(sentence))
    return round(len(stems & set(words(together))) / len(stems), 4) if stems else 0.0


def is_supported(sentence: str, passages: Sequence[str]) -> bool:
    """True from SUPPORTED on."""
    return support(sentence, passages) >= SUPPORTED
