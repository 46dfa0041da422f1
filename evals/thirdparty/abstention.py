"""Does the confidence of an answer tell what the documents answer from what they do not?

Three kinds of unanswerable questions: those of an abstention set; the questions of a retrieval set with
their own gold documents taken out; and foreign questions, asked of documents on something else. Each
table says which, by what rule it was measured, and with which seed its questions were drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.errors import QuestionInvalid
from assistant.types import Turn
from evals.metrics.abstention import auroc, confidence_of
from evals.statistics import SEED, Score, interval
from evals.thirdparty.pool import Pools, assistant_over
from evals.thirdparty.sets import AbstentionSet, RetrievalSet, Text
from evals.thirdparty.table import Figure, Table

FOREIGN = 500
PASSED_AT = 0.95
COLUMNS = ("AUROC", "passed at 95 %", "answerable", "unanswerable")
RULE = (
    "AUROC of the confidence, answerable against unanswerable. Passed at 95 %: the share of unanswerable "
    "questions at or above the threshold that keeps 95 % of the answerable. Baselines take the top score; "
    "the assistant's confidence is its probability, or without one its decision, 1 for an answer and 0 "
    f"for none. Intervals: bootstrap with seed {SEED}."
)
GOLD_REMOVED = (
    "Answerable: the set's judged queries, all documents there. Unanswerable: the same queries, each with "
    "its own relevant documents taken out of what can be found and of what is quoted, all others there; "
    "how rare a word is counts them still."
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """Questions from another set, about other things, drawn out of `of` questions."""

    name: str
    questions: tuple[str, ...]
    of: int

    @classmethod
    def drawn(cls, name: str, questions: Sequence[str]) -> Foreign:
        """At most FOREIGN of them, drawn with the fixed seed."""
        chosen = np.random.default_rng(SEED).permutation(len(questions))[:FOREIGN]
        return cls(name, tuple(questions[row] for row in sorted(chosen)), len(questions))

    @property
    def rule(self) -> str:
        """What is asked, in words."""
        few = len(self.questions)
        how = "all" if few == self.of else f"drawn without replacement with seed {SEED}"
        return (
            "Answerable: the set's judged queries. Unanswerable, as they are about other things: "
            f"{self.name}, {few:,} of {self.of:,}, {how}."
        )


def measure_set(data: AbstentionSet, pools: Pools) -> Iterator[Table]:
    """One table for each label that means unanswerable."""
    signals = _Signals(data.name, data.documents, pools, cut=False)
    scored = [
        (asked, signals.of(asked.question, history=asked.history))
        for asked in pools.workshop.steps(data.questions, f"{data.name}: asking")
    ]
    answerable = [values for asked, values in scored if asked.answerable]
    labels = dict.fromkeys(asked.label for asked, _ in scored if not asked.answerable)
    for label in labels:
        yield _table(
            f"{data.name}, abstention: {label.lower()}",
            "Answerable and unanswerable as the set labels its questions, all of them, over all of its "
            "documents.",
            answerable,
            [values for asked, values in scored if asked.label == label],
        )


def measure_retrieval(
    data: RetrievalSet, foreign: Sequence[Foreign], pools: Pools
) -> Iterator[Table]:
    """A table for the gold taken out, and one for each set of foreign questions."""
    steps = pools.workshop.steps
    signals = _Signals(data.name, data.documents, pools, cut=bool(data.answers))
    there, gone = [], []
    for query, text in steps(list(data.queries.items()), f"{data.name}: asking"):
        there.append(signals.of(text))
        gone.append(signals.of(text, hidden=tuple(data.qrels[query])))
    yield _table(f"{data.name}, abstention: gold removed", GOLD_REMOVED, there, gone)
    for other in foreign:
        asked = [
            signals.of(text) for text in steps(other.questions, f"{data.name}: asking {other.name}")
        ]
        yield _table(
            f"{data.name}, abstention: questions of {other.name}", other.rule, there, asked
        )


class _Signals:
    """The confidence of each method in a question."""

    def __init__(
        self, name: str, documents: Mapping[str, Text], pools: Pools, *, cut: bool
    ) -> None:
        self._units = pools.units(name, documents, cut=cut)
        self._index = pools.index(name, documents)
        self._assistant = assistant_over(self._index, pools.workshop)

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
                found = self._assistant.find(question, turns=turns)
                signals["hip-assistant"] = (
                    confidence_of(self._assistant.ask(question, turns))
                    if found.probability is None
                    else found.probability
                )
            except QuestionInvalid:
                signals["hip-assistant"] = 0.0
        return signals


def _table(
    title: str,
    questions: str,
    answerable: Sequence[dict[str, float]],
    unanswerable: Sequence[dict[str, float]],
) -> Table:
    table = Table(title, f"{questions} {RULE}", COLUMNS)
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
