"""Abstention: does a system know what its corpus does not say?

Confidence is the answer's probability; a system that gives none is scored by its decision alone, 1 for
an answer and 0 for an abstention. An answer is right when its question is answerable and it holds a
nugget.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.types import Answer
from evals.cases import Part
from evals.metrics.card import Metric
from evals.nuggets import found
from evals.outcomes import Outcome
from evals.statistics import Score

BOTH: tuple[Part, ...] = ("answerable", "unanswerable")
RISK = 0.05
SELECTIVE = "selective prediction, Geifman and El-Yaniv 2017, arXiv 1705.08500"
TIES = " Confidences that tie are accepted together"


def confidence_of(answer: Answer) -> float:
    if answer.probability is not None:
        return answer.probability
    return 0.0 if answer.abstained else 1.0


def confidence(outcome: Outcome) -> float:
    return confidence_of(outcome.answer)


def right(outcome: Outcome) -> bool:
    return outcome.case.answerable and found(outcome.answer.text, outcome.case.nuggets) > 0


def told_apart(outcome: Outcome) -> Score:
    """(confidence, whether the corpus answers)."""
    return confidence(outcome), float(outcome.case.answerable)


def told_apart_near(outcome: Outcome) -> Score | None:
    return None if outcome.case.kind == "far" else told_apart(outcome)


def told_apart_far(outcome: Outcome) -> Score | None:
    return None if outcome.case.kind == "near" else told_apart(outcome)


def accepted(outcome: Outcome) -> Score:
    """(confidence, whether the answer would be right)."""
    return confidence(outcome), float(right(outcome))


def answered(outcome: Outcome) -> float | None:
    return float(not outcome.answer.abstained) if outcome.case.answerable else None


def refused(outcome: Outcome) -> float | None:
    return None if outcome.case.answerable else float(outcome.answer.abstained)


def auroc(scores: Sequence[Score]) -> float | None:
    """Area under the ROC curve of (confidence, label) pairs; None with one label only."""
    from scipy.stats import rankdata

    confidences, labels = _columns(scores)
    positive, negative = int(labels.sum()), int((1 - labels).sum())
    if not positive or not negative:
        return None
    above = rankdata(confidences)[labels == 1].sum() - positive * (positive + 1) / 2
    return float(above / (positive * negative))


def auprc(scores: Sequence[Score]) -> float | None:
    """Average precision of (confidence, label) pairs; None without a positive label."""
    from sklearn.metrics import average_precision_score

    confidences, labels = _columns(scores)
    return float(average_precision_score(labels, confidences)) if labels.any() else None


def risk_coverage(scores: Sequence[Score]) -> list[tuple[float, float]]:
    """(coverage, risk) after each group of equal confidence, most confident first."""
    confidences, rights = _columns(scores)
    curve, wrong, taken = [], 0.0, 0
    for level in np.unique(confidences)[::-1]:
        group = rights[confidences == level]
        wrong, taken = wrong + float((1 - group).sum()), taken + len(group)
        curve.append((taken / len(rights), wrong / taken))
    return curve


def coverage_at_risk(scores: Sequence[Score]) -> float | None:
    """The largest coverage whose risk is at most RISK; 0 when there is none, None without cases."""
    if not scores:
        return None
    return max((covered for covered, risk in risk_coverage(scores) if risk <= RISK), default=0.0)


def aurc(scores: Sequence[Score]) -> float | None:
    """Mean risk over all coverages 1/n ... n/n; within a tie, the mean over all orders of it."""
    confidences, rights = _columns(scores)
    if not len(rights):
        return None
    wrong, taken, total = 0.0, 0, 0.0
    for level in np.unique(confidences)[::-1]:
        group = rights[confidences == level]
        misses = float((1 - group).sum())
        places = np.arange(1, len(group) + 1)
        total += float(((wrong + misses * places / len(group)) / (taken + places)).sum())
        wrong, taken = wrong + misses, taken + len(group)
    return total / len(rights)


def _columns(scores: Sequence[Score]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    table = np.asarray(scores, dtype=float).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _area(name: str, score: object, words: str) -> Metric:
    return Metric(
        name,
        BOTH,
        score,  # type: ignore[arg-type]
        f"The chance that an answerable question has more confidence than {words}; ties count half.",
        "Hanley and McNeil 1982, by the rank sum (scipy)",
        "all the wrong way round (0.5: by chance)",
        "always",
        total=auroc,
    )


METRICS = (
    _area("AUROC", told_apart, "an unanswerable one"),
    _area("AUROC near", told_apart_near, "an unanswerable one near the subject"),
    _area("AUROC far", told_apart_far, "one far from the subject"),
    Metric(
        "AUPRC",
        BOTH,
        told_apart,
        "Average precision of answerable questions in the order of confidence.",
        "scikit-learn",
        "0 cannot be reached: by chance it is the share of answerable questions",
        "every answerable question before every other",
        total=auprc,
    ),
    Metric(
        "coverage at 5 % risk",
        BOTH,
        accepted,
        "The largest share of questions that can be accepted, most confident first, so that at most 5 % "
        f"of the accepted are wrong.{TIES}.",
        SELECTIVE,
        "no question can be accepted",
        "all can",
        total=coverage_at_risk,
    ),
    Metric(
        "AURC",
        BOTH,
        accepted,
        f"Mean over all coverages of the share of accepted questions that are wrong.{TIES}, in the mean "
        "of all orders.",
        SELECTIVE,
        "never wrong",
        "always wrong",
        total=aurc,
        better="lower",
    ),
    Metric(
        "answered",
        BOTH,
        answered,
        "Answerable questions that are answered, over all answerable ones.",
        "a share",
        "none",
        "all",
    ),
    Metric(
        "refused",
        BOTH,
        refused,
        "Unanswerable questions that are refused, over all unanswerable ones.",
        "a share",
        "none",
        "all",
    ),
)
