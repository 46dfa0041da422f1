"""Examples -> the three models, each on what the one before it says of questions that it has not seen.

Folds go by article, so that what is reported of a set is measured with weights that know none of it.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from assistant.scorer.features import PASSAGE, Floats
from assistant.scorer.inputs import answer_inputs, blended, logit, passage_inputs, sentence_inputs
from evals.statistics import SEED
from evals.training.examples import Example

FOLDS = 5
# Wrong passages, and wrong sentences, of a question that are learned from.
KEPT = 40
# By these the passage of a relevant document is told that its question is nearest to.
NEAREST = ("hybrid", "best sentence's maxsim with headings")
RIDGE = 0.05
# The share of questions that a corpus is expected to leave open, which a probability and a risk go by. On the
# unlocked cases of the hip suite, a third of them without an answer and most of those near the subject, a
# corpus of 0.1 refuses too few of these, and one of 0.15 too many that have an answer.
UNANSWERED = 0.125
# Small, slow to learn and held back: chosen on SciFact's training part.
TREES = {
    "max_iter": 200,
    "learning_rate": 0.05,
    "max_leaf_nodes": 12,
    "min_samples_leaf": 60,
    "l2_regularization": 5.0,
    # It would hold rows back at random, those of one question on both sides.
    "early_stopping": False,
}


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one example: its passages' scores, its sentences', and that of being answered."""

    passages: Floats
    sentences: Floats
    answer: float


@dataclass(frozen=True, slots=True)
class Answers:
    """Trees, and a line that knows better what lies far from all that was learned: their mean in logits."""

    trees: HistGradientBoostingClassifier
    scaling: StandardScaler
    line: LogisticRegression

    @classmethod
    def fit(cls, inputs: Floats, examples: Sequence[Example]) -> Answers:
        labels = np.array([float(example.answerable) for example in examples])
        scaling = StandardScaler().fit(inputs)
        return cls(
            _trees().fit(inputs, labels, sample_weight=balanced(examples)),
            scaling,
            LogisticRegression(C=RIDGE, max_iter=5000).fit(
                scaling.transform(inputs), labels, sample_weight=balanced(examples, by_kind=True)
            ),
        )

    def probability(self, inputs: Floats) -> Floats:
        line = self.line.decision_function(self.scaling.transform(inputs))
        logit = (self.trees.decision_function(inputs) + line) / 2
        return np.asarray(1 / (1 + np.exp(-logit)), dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Models:
    """The three models; `scores` runs them one after the other."""

    passages: HistGradientBoostingClassifier
    sentences: HistGradientBoostingClassifier
    answers: Answers

    def scores(self, example: Example) -> Scores:
        passages = _positive(self.passages, passage_inputs(example.seen))
        passages = blended(passages, example.seen)
        sentences = _positive(self.sentences, sentence_inputs(example.seen, passages))
        (answer,) = self.answers.probability(
            answer_inputs(example.seen, passages, sentences, example.read)
        )
        return Scores(passages, sentences, float(answer))


def fitted(examples: Sequence[Example]) -> tuple[Models, list[Scores]]:
    """Models of all examples, and what models that have not seen its article say of each example."""
    folds = np.array([fold(example) for example in examples])

    def out_of_fold(fit: Callable[[list[int]], Callable[[int], Floats]]) -> list[Floats]:
        """What a model of the other folds says of each example."""
        found: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(examples)
        for number in range(FOLDS):
            says = fit(np.flatnonzero(folds != number).tolist())
            for row in np.flatnonzero(folds == number).tolist():
                found[row] = says(row)
        return found

    def fit_passages(rows: list[int]) -> HistGradientBoostingClassifier:
        return _fit([_told(examples[row]) for row in rows if examples[row].judged])

    def says_of_passages(rows: list[int]) -> Callable[[int], Floats]:
        model = fit_passages(rows)
        return lambda row: blended(
            _positive(model, passage_inputs(examples[row].seen)), examples[row].seen
        )

    passages = out_of_fold(says_of_passages)

    def of_sentences(row: int) -> Floats:
        return sentence_inputs(examples[row].seen, passages[row])

    def fit_sentences(rows: list[int]) -> HistGradientBoostingClassifier:
        return _fit(
            [
                (of_sentences(row), labels)
                for row in rows
                if (labels := examples[row].sentences) is not None and labels.max(initial=0) > 0
            ]
        )

    def says_of_sentences(rows: list[int]) -> Callable[[int], Floats]:
        model = fit_sentences(rows)
        return lambda row: _positive(model, of_sentences(row))

    sentences = out_of_fold(says_of_sentences)

    def of_answers(row: int) -> Floats:
        one = examples[row]
        return answer_inputs(one.seen, passages[row], sentences[row], one.read)

    def fit_answers(rows: list[int]) -> Answers:
        return Answers.fit(np.vstack([of_answers(r) for r in rows]), [examples[r] for r in rows])

    def says_of_answers(rows: list[int]) -> Callable[[int], Floats]:
        model = fit_answers(rows)
        return lambda row: model.probability(of_answers(row))

    answers = out_of_fold(says_of_answers)
    every = list(range(len(examples)))
    models = Models(fit_passages(every), fit_sentences(every), fit_answers(every))
    return models, [
        Scores(p, s, float(a[0])) for p, s, a in zip(passages, sentences, answers, strict=True)
    ]


def calibration(examples: Sequence[Example], scores: Sequence[Scores]) -> tuple[float, float]:
    """Slope and offset by which a score's logit becomes that of a probability (Platt), from held-back folds.

    Platt and not isotonic: steps would make one probability of questions that differ.
    """
    logits = logit(np.array([score.answer for score in scores]))[:, None]
    labels = [float(example.answerable) for example in examples]
    line = LogisticRegression(C=1e6).fit(logits, labels, sample_weight=expected(examples))
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def expected(examples: Sequence[Example]) -> Floats:
    """Weights by which UNANSWERED of the questions have no answer, each set counting the same."""
    weights = balanced(examples)
    share = np.where([example.answerable for example in examples], 1 - UNANSWERED, UNANSWERED)
    return np.asarray(weights * share / (weights * share).mean(), dtype=np.float32)


def fold(example: Example) -> int:
    """The fold of an example's article; a foreign question is in one fold whatever it is asked of."""
    asked_of = "" if example.kind == "foreign" else example.set
    return int(hashlib.sha256(f"{asked_of} {example.group}".encode()).hexdigest(), 16) % FOLDS


def _told(example: Example) -> tuple[Floats, Floats]:
    """Inputs and labels of the passages of which the set says something.

    Of a document that is relevant as a whole only the passage nearest to the question is taken to answer,
    and of the others nothing is known.
    """
    inputs, labels = passage_inputs(example.seen), example.passages
    if example.sentences is not None:
        return inputs, labels
    near = example.seen.passages[:, [PASSAGE.index(name) for name in NEAREST]].sum(axis=1)
    kept = labels == 0
    for document in set(example.documents) & set(example.gold):
        own = np.flatnonzero([name == document for name in example.documents])
        kept[own[np.argmax(near[own])]] = True
    return inputs[kept], labels[kept]


def _fit(parts: Sequence[tuple[Floats, Floats]]) -> HistGradientBoostingClassifier:
    """Each question weighs the same, however many passages it has; of its wrong ones KEPT are drawn."""
    drawn = np.random.default_rng(SEED)
    inputs, answers, weights = [], [], []
    for features, labels in parts:
        wrong = np.flatnonzero(labels == 0)
        chosen = drawn.choice(wrong, min(KEPT, len(wrong)), replace=False)
        rows = np.concatenate([np.flatnonzero(labels > 0), np.sort(chosen)])
        inputs.append(features[rows])
        answers.append(labels[rows])
        # As if none had been left out.
        kept = len(wrong) / max(len(chosen), 1)
        weights.append(np.where(labels[rows] > 0, 1.0, kept) / len(labels))
    weight = np.concatenate(weights)
    return _trees().fit(
        np.vstack(inputs), np.concatenate(answers), sample_weight=weight / weight.mean()
    )


def _trees() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(**TREES, random_state=SEED)


def _positive(model: HistGradientBoostingClassifier, inputs: Floats) -> Floats:
    if not len(inputs):
        return np.zeros(0, dtype=np.float32)
    return np.asarray(model.predict_proba(inputs)[:, 1], dtype=np.float32)


def balanced(examples: Sequence[Example], *, by_kind: bool = False) -> Floats:
    """Weights by which each set counts the same, and in it questions with and without an answer.

    With `by_kind` also each kind of questions without an answer.
    """
    keys = [(e.set, e.answerable, e.kind if by_kind else "") for e in examples]
    sizes = Counter(keys)
    kinds = Counter((name, answerable) for name, answerable, _ in sizes)
    weights = [1 / (sizes[key] * kinds[key[:2]]) for key in keys]
    return np.array(weights, dtype=np.float32) * len(keys) / sum(weights)
