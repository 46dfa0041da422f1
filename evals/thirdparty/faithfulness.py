"""Can the support test tell what a text says from what it does not? Beside naive signals."""

from __future__ import annotations

import numpy as np

from assistant.grounding import SUPPORTED, support
from assistant.index.lexical import words
from assistant.splitting import sentences
from evals.metrics.abstention import auroc
from evals.statistics import Score, interval
from evals.thirdparty.sets import FaithfulnessSet
from evals.thirdparty.table import Figure, Table
from evals.thirdparty.workshop import Workshop

COLUMNS = ("AUROC", "kept when supported", "let through when not")


def measure(data: FaithfulnessSet, workshop: Workshop) -> Table:
    """AUROC of each signal for "supported"; of ours, also what its threshold does."""
    labels = [row.supported for row in data.rows]
    signals = {
        "word overlap": [_word_overlap(row.text, row.context) for row in data.rows],
        "best sentence's cosine": _cosines(data, workshop),
        "shorter is supported": [-float(len(row.text.split())) for row in data.rows],
        "hip-assistant's support test": [_support(row.text, row.context) for row in data.rows],
    }
    table = Table(
        f"{data.name}, faithfulness",
        f"{len(labels)} rows, {sum(labels)} of them supported. The support test keeps what reaches "
        f"{SUPPORTED}; of several sentences the least supported counts.",
        COLUMNS,
    )
    for name, values in signals.items():
        pairs: list[Score] = [(v, float(label)) for v, label in zip(values, labels, strict=True)]
        table.rows[name] = {"AUROC": Figure(auroc(pairs), interval(pairs, auroc))}
    kept = np.array(signals["hip-assistant's support test"]) >= SUPPORTED
    for column, wanted in zip(COLUMNS[1:], (True, False), strict=True):
        share = kept[np.array(labels) == wanted]
        if len(share):
            table.rows["hip-assistant's support test"][column] = Figure(float(share.mean()))
    return table


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)] or [text]


def _support(text: str, context: str) -> float:
    return min(support(sentence, [context]) for sentence in _sentences(text))


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
