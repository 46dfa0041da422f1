"""Can the grounding check tell what a text says from what it does not? Beside naive signals.

Its score was fitted on rows of the sets named in assistant/grounding/weights.json, so that each row is
scored here by weights that saw no row of its fold: rows that share a context or a text are in one fold.
"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.grounding import features
from assistant.grounding.scoring import fold_weights
from assistant.grounding.spans import texts_of
from assistant.index.lexical import words
from assistant.splitting import sentences
from evals.grounding.fitting import folds_of
from evals.metrics.abstention import auroc
from evals.statistics import Score, difference, interval
from evals.thirdparty.sets import FaithfulnessSet
from evals.thirdparty.table import Figure, Table
from evals.thirdparty.workshop import Workshop

OURS = "hip-assistant's grounding score"
COLUMNS = ("AUROC", "less than the grounding score")


def measure(data: FaithfulnessSet, workshop: Workshop) -> Table:
    """AUROC of each signal for "supported", and how far the grounding score is above it, in pairs."""
    labels = [row.supported for row in data.rows]
    found = list(row_features(data, workshop))
    folds = folds_of([(row.context, row.text) for row in data.rows])
    ours = [fold_weights()[fold].score(one) for fold, one in zip(folds, found, strict=True)]
    signals = {
        "word overlap": [_word_overlap(row.text, row.context) for row in data.rows],
        "best sentence's cosine": _cosines(data, workshop),
        "shorter is supported": [-float(len(row.text.split())) for row in data.rows],
        OURS: ours,
    }
    table = Table(
        f"{data.name}, faithfulness",
        f"{len(labels)} rows, {sum(labels)} of them supported. The grounding score was fitted without the "
        "fold of the row that it scores; rows that share a context or a text are in one fold. Of several "
        "sentences, the score is that of their features together.",
        COLUMNS,
    )
    own = _pairs(ours, labels)
    for name, values in signals.items():
        pairs = _pairs(values, labels)
        table.rows[name] = {"AUROC": Figure(auroc(pairs), interval(pairs, auroc))}
        value, best = auroc(pairs), auroc(own)
        if name != OURS and value is not None and best is not None:
            table.rows[name][COLUMNS[1]] = Figure(best - value, difference(pairs, own, auroc))
    return table


def row_features(data: FaithfulnessSet, workshop: Workshop) -> Iterator[dict[str, float]]:
    """The features of each row, of its sentences together."""
    parts = [(_sentences(row.text), texts_of(row.context) or [row.context]) for row in data.rows]
    texts = [text for own, spans in parts for text in (*own, *spans)]
    vectors = workshop.vectors(texts, f"{data.name}: embedding sentences")
    first = 0
    for own, spans in workshop.steps(parts, f"{data.name}: comparing sentences"):
        last = first + len(own)
        end = last + len(spans)
        yield features(own, spans, vectors[first:last], vectors[last:end])
        first = end


def _pairs(values: list[float], labels: list[bool]) -> list[Score]:
    return [(value, float(label)) for value, label in zip(values, labels, strict=True)]


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)] or [text]


def _word_overlap(text: str, context: str) -> float:
    own = set(words(text))
    return len(own & set(words(context))) / len(own) if own else 0.0


def _cosines(data: FaithfulnessSet, workshop: Workshop) -> list[float]:
    """Of each row's text with the nearest sentence of its context."""
    spans = [_sentences(row.context) for row in data.rows]
    texts = [row.text for row in data.rows] + [sentence for parts in spans for sentence in parts]
    vectors = workshop.vectors(texts, f"{data.name}: embedding sentences")
    found, first = [], len(data.rows)
    for number, parts in enumerate(spans):
        found.append(float((vectors[first : first + len(parts)] @ vectors[number]).max()))
        first += len(parts)
    return found
