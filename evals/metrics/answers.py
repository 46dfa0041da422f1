"""Answers: do they hold what was asked for, what else is in them, and how do they read?"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from assistant.index.lexical import words
from evals.cases import Part
from evals.metrics.card import Metric
from evals.nuggets import found
from evals.outcomes import Outcome

ANSWERED: tuple[Part, ...] = ("answerable", "conversation")


def nugget_recall(outcome: Outcome) -> float | None:
    """None without nuggets: there is nothing to hold."""
    if not outcome.case.nuggets:
        return None
    if outcome.answer.abstained:
        return 0.0
    return found(outcome.answer.text, outcome.case.nuggets) / len(outcome.case.nuggets)


def nugget_precision(outcome: Outcome) -> float | None:
    """None without nuggets and gold: nothing would be to the point."""
    if not outcome.case.nuggets and not outcome.golden:
        return None
    sentences = outcome.answer.sentences
    if not sentences:
        return 0.0
    to_the_point = [
        found(sentence.text, outcome.case.nuggets) > 0
        or any(citation.passage.id in outcome.relevant for citation in sentence.citations)
        for sentence in sentences
    ]
    return sum(to_the_point) / len(sentences)


def gold_cited(outcome: Outcome) -> float | None:
    """None without gold."""
    gold = {g.reference for g in outcome.case.gold}
    if not gold:
        return None
    cited = {reference.document_id for reference in outcome.answer.references}
    return float(bool(gold & cited))


def length(outcome: Outcome) -> float | None:
    """Words of the sentences; None when there are none."""
    return None if outcome.answer.abstained else float(len(outcome.answer.text.split()))


def redundancy(outcome: Outcome) -> float | None:
    """None for fewer than two sentences."""
    stems = [set(words(sentence.text)) for sentence in outcome.answer.sentences]
    if len(stems) < 2:
        return None
    overlaps = [
        max(len(own & other) / len(own | other or {""}) for other in stems[:place])
        for place, own in enumerate(stems)
        if place
    ]
    return sum(overlaps) / len(overlaps)


def reading_ease(outcome: Outcome) -> float | None:
    """Flesch reading ease of the sentences; None when there are none."""
    sentences = [sentence.text for sentence in outcome.answer.sentences]
    counted = [re.findall(r"[A-Za-z]+", sentence) for sentence in sentences]
    total = [word for sentence in counted for word in sentence]
    if not total:
        return None
    syllables = sum(_syllables(word.lower()) for word in total)
    return round(206.835 - 1.015 * len(total) / len(sentences) - 84.6 * syllables / len(total), 2)


@lru_cache(maxsize=50_000)
def _syllables(word: str) -> int:
    return len(_hyphens().positions(word)) + 1


@lru_cache(maxsize=1)
def _hyphens() -> Any:
    import pyphen

    return pyphen.Pyphen(lang="en_GB", left=2, right=2)


METRICS = (
    Metric(
        "nugget recall",
        ANSWERED,
        nugget_recall,
        "Nuggets of which an alternative stands in the sentences, as whole words, over all nuggets.",
        "nugget recall of the TREC question answering track, Voorhees 2003, matched by words",
        "none of what a good answer holds",
        "all of it",
    ),
    Metric(
        "nugget precision",
        ANSWERED,
        nugget_precision,
        "Sentences that hold a nugget or cite a passage that says a gold quote, over all sentences.",
        "its counterpart; strict, as a true sentence beside the point counts against it",
        "every sentence is beside the point",
        "every sentence is to the point",
    ),
    Metric(
        "gold cited",
        ANSWERED,
        gold_cited,
        "1 when the answer cites a document that the gold names.",
        "citation hit rate",
        "in no answer",
        "in every answer",
    ),
    Metric(
        "words",
        ANSWERED,
        length,
        "Words of the sentences, without leads, marks and notices.",
        "a count",
        "an empty answer",
        "a single word",
        better="neither",
        gate="never",
    ),
    Metric(
        "redundancy",
        ANSWERED,
        redundancy,
        "For each sentence but the first, the largest Jaccard overlap of its stemmed words with an "
        "earlier one; their mean.",
        "Jaccard 1912, as in novelty detection of the TREC novelty track",
        "no word comes twice",
        "every sentence repeats another",
        better="lower",
    ),
    Metric(
        "reading ease",
        ANSWERED,
        reading_ease,
        "206.835 - 1.015 words per sentence - 84.6 syllables per word; syllables by hyphenation "
        "(pyphen, British English).",
        "Flesch 1948, Journal of Applied Psychology 32:221",
        "very hard to read (0 to 30: for graduates)",
        "as hard; 100 is very easy",
        better="neither",
        gate="never",
    ),
)
