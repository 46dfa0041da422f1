"""Does the confidence of an answer tell what the documents answer from what they do not?

Three kinds of unanswerable questions: those of an abstention set; the questions of a retrieval set with
their own gold documents taken out; and foreign questions, asked of documents on something else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.errors import QuestionInvalid
from assistant.types import Turn
from evals.metrics.abstention import auroc, confidence_of
from evals.statistics import SEED, Score, interval
from evals.thirdparty.pool import PoolIndex, Units, Workshop, assistant_over
from evals.thirdparty.sets import AbstentionSet, RetrievalSet, Text
from evals.thirdparty.table import Figure, Table

FOREIGN = 500
PASSED_AT = 0.95
COLUMNS = ("AUROC", "passed at 95 %", "answerable", "unanswerable")
RULE = (
    "AUROC of the confidence, answerable against unanswerable. Passed at 95 %: the share of unanswerable "
    "questions above the threshold that keeps 95 % of the answerable. Baselines take the top score."
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Questions from another set, about other things."""

    name: str
    questions: tuple[str, ...]

    @classmethod
    def drawn(cls, name: str, questions: Sequence[str]) -> Foreign:
        """At most FOREIGN of them, drawn with the fixed seed."""
        chosen = np.random.default_rng(SEED).permutation(len(questions))[:FOREIGN]
        return cls(name, tuple(questions[row] for row in sorted(chosen)))


def measure_set(data: AbstentionSet, workshop: Workshop) -> list[Table]:
    """One table for each label that means unanswerable."""
    signals = _Signals(data.name, data.documents, workshop, cut=False)
    scored = [
        (asked, signals.of(asked.question, history=asked.history))
        for asked in workshop.steps(data.questions, f"{data.name}: asking")
    ]
    answerable = [values for asked, values in scored if asked.answerable]
    labels = dict.fromkeys(asked.label for asked, _ in scored if not asked.answerable)
    return [
        _table(
            f"{data.name}, abstention: {label.lower()}",
            answerable,
            [values for asked, values in scored if asked.label == label],
        )
        for label in labels
    ]


def measure_retrieval(
    data: RetrievalSet, foreign: Sequence[Foreign], workshop: Workshop
) -> list[Table]:
    """A table for the gold taken out, and one for each set of foreign questions."""
    signals = _Signals(data.name, data.documents, workshop, cut=bool(data.answers))
    there, gone = [], []
    for query, text in workshop.steps(list(data.queries.items()), f"{data.name}: asking"):
        there.append(signals.of(text))
        gone.append(signals.of(text, hidden=tuple(data.qrels[query])))
    tables = [_table(f"{data.name}, abstention: gold removed", there, gone)]
    for other in foreign:
        asked = [
            signals.of(text)
            for text in workshop.steps(other.questions, f"{data.name}: asking {other.name}")
        ]
        tables.append(_table(f"{data.name}, abstention: questions of {other.name}", there, asked))
    return tables


class _Signals:
    """The confidence of each method in a question."""

    def __init__(
        self, name: str, documents: Mapping[str, Text], workshop: Workshop, *, cut: bool
    ) -> None:
        self._units = Units(name, documents, workshop, cut=cut)
        self._index = PoolIndex(name, documents, workshop)
        self._assistant = assistant_over(self._index, workshop)

    def of(
        self,
        question: str,
        *,
        history: Sequence[tuple[str, str]] = (),
        hidden: Sequence[str] = (),
    ) -> dict[str, float]:
        scores = self._units.scores(question)
        signals = {name: self._units.top(scores[name], hidden) for name in ("BM25", "dense")}
        turns = [Turn(asked, answer) for asked, answer in history]
        with self._index.hiding(hidden):
            try:
                signals["hip-assistant"] = confidence_of(self._assistant.ask(question, turns))
            except QuestionInvalid:
                signals["hip-assistant"] = 0.0
        return signals


def _table(
    title: str, answerable: Sequence[dict[str, float]], unanswerable: Sequence[dict[str, float]]
) -> Table:
    table = Table(title, RULE, COLUMNS)
    for method in answerable[0] if answerable and unanswerable else ():
        kept = [signals[method] for signals in answerable]
        others = [signals[method] for signals in unanswerable]
        pairs: list[Score] = [
            (score, label) for scores, label in ((kept, 1.0), (others, 0.0)) for score in scores
        ]
        threshold = float(np.quantile(kept, 1 - PASSED_AT))
        table.rows[method] = {
            "AUROC": Figure(auroc(pairs), interval(pairs, auroc)),
            "passed at 95 %": Figure(float(np.mean([score >= threshold for score in others]))),
            "answerable": Figure(float(len(kept))),
            "unanswerable": Figure(float(len(others))),
        }
    return table
