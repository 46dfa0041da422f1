"""Is a sentence supported by passages? A score from 0 to 1, by words and numbers alone.

It reads no meaning: a negation or a swapped subject goes through. What it is worth is measured on
the sets of `hip-assistant eval --suite faithfulness`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.engines.terms import numbers
from assistant.index.lexical import words
from assistant.splitting import sentences

# The share of a sentence's stemmed content words that has to stand in the passages.
SUPPORTED = 0.6
NEGATION = re.compile(r"\b(no|not|never|without|neither|nor|none)\b|n't\b", re.IGNORECASE)


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


@dataclass(frozen=True, slots=True)
class Verdict:
    """Temporary: whether `passages[passage][start:end]` carries a sentence, and why not."""

    supported: bool
    score: float
    passage: int | None = None
    start: int | None = None
    end: int | None = None
    reasons: tuple[str, ...] = ()


def check(sentence: str, passages: Sequence[str], embed: object = None) -> Verdict:
    """Temporary: numbers, negations and word overlap, until the grounding package is merged."""
    spans = [(n, *span) for n, text in enumerate(passages) for span in sentences(text)]
    if not spans:
        return Verdict(False, 0.0, reasons=("no passage has a sentence",))
    best = max(spans, key=lambda at: support(sentence, [passages[at[0]][at[1] : at[2]]]))
    score = support(sentence, passages)
    quote = passages[best[0]][best[1] : best[2]]
    reasons = []
    if score < SUPPORTED:
        reasons.append("too few of its words stand in the passages")
    if not numbers(sentence) <= numbers("\n".join(passages)):
        reasons.append("a number of it stands in no passage")
    if bool(NEGATION.search(sentence)) != bool(NEGATION.search(quote)):
        reasons.append("it denies what the passage says, or says what it denies")
    return Verdict(not reasons, score, *best, tuple(reasons))
