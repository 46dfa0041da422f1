"""Citations: do the quotes stand in the documents, and do they carry their sentences?

The support test is `assistant.grounding.is_supported`: verbatim, or all numbers and most content words.
"""

from __future__ import annotations

from typing import get_args

from assistant.grounding import is_supported
from assistant.types import Sentence
from evals.cases import Part
from evals.metrics.card import Metric
from evals.outcomes import Outcome

ALCE = "ALCE, Gao et al. 2023, arXiv 2305.14627; support test: assistant.grounding.is_supported"


def quote_exactness(outcome: Outcome) -> float | None:
    """Over the citations of every reply to the case; None where nothing is cited."""
    exact = [quote for reply in outcome.replies for quote in reply.exact]
    return sum(exact) / len(exact) if exact else None


def citation_recall(outcome: Outcome) -> float:
    sentences = outcome.answer.sentences
    return sum(map(_carried, sentences)) / len(sentences) if sentences else 0.0


def citation_precision(outcome: Outcome) -> float:
    """A citation counts when its sentence is carried and it carries it alone or cannot be left out."""
    needed = [
        _carried(sentence) and _needed(sentence, place)
        for sentence in outcome.answer.sentences
        for place in range(len(sentence.citations))
    ]
    return sum(needed) / len(needed) if needed else 0.0


def _carried(sentence: Sentence) -> bool:
    return is_supported(sentence.text, [citation.quote for citation in sentence.citations])


def _needed(sentence: Sentence, place: int) -> bool:
    quotes = [citation.quote for citation in sentence.citations]
    rest = quotes[:place] + quotes[place + 1 :]
    return is_supported(sentence.text, [quotes[place]]) or not is_supported(sentence.text, rest)


METRICS = (
    Metric(
        "quote exactness",
        get_args(Part),
        quote_exactness,
        "Citations whose quote stands in its document at its offsets, character for character, over "
        "all citations of sentences and notices, in every reply to the case.",
        "this project's promise",
        "no quote is where it is said to be",
        "every quote is",
        gate="every fall",
    ),
    Metric(
        "citation recall",
        ("answerable",),
        citation_recall,
        "Sentences that their quotes together support, over all sentences.",
        ALCE,
        "no sentence is supported",
        "every sentence is",
    ),
    Metric(
        "citation precision",
        ("answerable",),
        citation_precision,
        "Citations that support their supported sentence alone, or without which the others do not, "
        "over all citations.",
        ALCE,
        "no citation is of use",
        "every citation is",
    ),
)
