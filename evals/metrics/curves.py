"""Curves and percentiles: what a report draws beside its figures, each with its card; none of them gates."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from evals.metrics.abstention import SELECTIVE, TIES
from evals.metrics.card import Card
from evals.statistics import Score

BINS = 10


def reliability(pairs: Sequence[Score]) -> list[dict[str, float]]:
    """Of (probability, label) pairs, in each bin that holds any: mean probability, mean label, count."""
    bins = []
    table = np.asarray(pairs, dtype=float).reshape(-1, 2)
    places = np.minimum((table[:, 0] * BINS).astype(int), BINS - 1)
    for number in range(BINS):
        inside = table[places == number]
        if len(inside):
            probability, share = inside.mean(axis=0)
            bins.append(
                {
                    "probability": round(float(probability), 4),
                    "answerable": round(float(share), 4),
                    "cases": len(inside),
                }
            )
    return bins


def percentiles(values: Sequence[float]) -> dict[str, float] | None:
    """The 50th, 95th and 99th percentile in milliseconds; None of none."""
    if not values:
        return None
    p50, p95, p99 = np.percentile(values, [50, 95, 99])
    return {"p50": round(p50, 1), "p95": round(p95, 1), "p99": round(p99, 1)}


CURVES = (
    Card(
        "risk-coverage curve",
        "For each share of questions accepted, most confident first, the share of the accepted whose "
        f"answer is wrong.{TIES}.",
        SELECTIVE,
        "risk 0: every accepted answer is right; coverage 0: none is accepted",
        "risk 1: every accepted answer is wrong; coverage 1: all are accepted",
    ),
    Card(
        "reliability",
        f"In each of {BINS} equal bins of probability that holds any question, the mean probability and "
        "the share of questions that the corpus answers; a probability means what it says where both "
        "are the same. A system without probabilities has none.",
        "reliability diagrams, DeGroot and Fienberg 1983, The Statistician 32:12",
        "no question in the bin is answerable",
        "every one is",
    ),
    Card(
        "latency",
        "The 50th, 95th and 99th percentile of the milliseconds that an answer took, as the system "
        "times itself, interpolated between the nearest two.",
        "numpy.percentile (linear)",
        "0 ms: at once",
        "1 ms; there is no upper end",
    ),
)
