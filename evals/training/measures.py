"""Examples of one set and their scores -> the figures on the card."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant.forms import asks
from assistant.scorer.inputs import reread
from assistant.scorer.windows import windows
from evals.statistics import interval
from evals.thirdparty.retrieval import figures
from evals.thirdparty.table import Figure
from evals.training.examples import Example
from evals.training.fit import Scores

SPAN_AT = 5
# Kinds of questions without an answer, each with the answerable ones that it is told from.
UNANSWERABLE = {
    "gone": "there",
    "adversarial": "plain",
    "foreign": "there",
    "near": "there",
    "far": "there",
}


@dataclass(frozen=True, slots=True)
class Measured:
    """A set's figures by name: `nDCG@10`, `span@5`, and `AUROC` with a kind of unanswerable questions."""

    set: str
    questions: int
    figures: dict[str, Figure]


def measured(examples: Sequence[Example], scores: Sequence[Scores]) -> Measured:
    """All that the set's labels allow."""
    found: dict[str, Figure] = {}
    judged = [(e, s) for e, s in zip(examples, scores, strict=True) if e.kind == "there" and e.gold]
    if judged:
        qrels = {e.id: dict.fromkeys(e.gold, 1) for e, _ in judged}
        run = {e.id: _documents(e, s) for e, s in judged}
        found["nDCG@10"] = figures(run, qrels)["nDCG@10"]
    spans = [
        float(e.passages[_order(e, s)[:SPAN_AT]].max(initial=0))
        for e, s in judged
        if e.sentences is not None
    ]
    if spans:
        found[f"span@{SPAN_AT}"] = Figure(sum(spans) / len(spans), interval(spans))
    for kind, other in UNANSWERABLE.items():
        without = [s.answer for e, s in zip(examples, scores, strict=True) if e.kind == kind]
        having = [s.answer for e, s in zip(examples, scores, strict=True) if e.kind == other]
        if without and having:
            labels = [1] * len(having) + [0] * len(without)
            found[f"AUROC {kind}"] = Figure(float(roc_auc_score(labels, having + without)))
    return Measured(examples[0].set, len(examples), found)


def _order(example: Example, scores: Scores) -> np.ndarray:
    passages = scores.passages
    if asks(example.question) and len(example.read):
        found = windows(example.index, example.rows, example.seen, scores.sentences)
        passages = reread(passages, example.seen, found, example.read)
    return np.lexsort((example.rows, -passages))


def _documents(example: Example, scores: Scores) -> list[str]:
    """Of the passages that were ranked, best first, and of those behind them."""
    ranked = [example.documents[place] for place in _order(example, scores)]
    return list(dict.fromkeys([*ranked, *example.rest]))[:100]
