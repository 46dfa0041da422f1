"""How sure a figure is: bootstrap intervals, paired differences and a paired randomization test.

Scores are those of single cases, `total` makes one figure of them; both may be of any kind that the
metrics use. Seeds are fixed, so that two runs give the same bytes. Sources: Efron and Tibshirani,
An Introduction to the Bootstrap (1993), chapter 13, percentile intervals; Smucker, Allan and
Carterette, CIKM 2007, for the randomization test.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

Score = float | tuple[float, ...]
Total = Callable[[Sequence[Score]], float | None]
Interval = tuple[float, float]

SEED = 20261123
RESAMPLES = 1000
# Swaps of a whole run's scores: the least p-value that can be seen is 1 in SWAPS + 1.
SWAPS = 2000


def mean(scores: Sequence[Score]) -> float | None:
    """The arithmetic mean of plain scores; None of none."""
    return float(np.mean(np.asarray(scores, dtype=float))) if len(scores) else None


def interval(scores: Sequence[Score], total: Total = mean) -> Interval | None:
    """The 95 % interval of `total(scores)`; None where no resample has a total."""
    return _percentiles(_resampled(scores, total, _rows(len(scores))))


def difference(
    before: Sequence[Score], after: Sequence[Score], total: Total = mean
) -> Interval | None:
    """The 95 % interval of `total(after) - total(before)` over the same cases, resampled in pairs."""
    rows = _rows(len(before))
    first, second = _resampled(before, total, rows), _resampled(after, total, rows)
    return _percentiles(second - first)


def p_value(before: Sequence[Score], after: Sequence[Score], total: Total = mean) -> float | None:
    """How often a difference as large arises when each case's two scores are swapped at random."""
    first, second = total(before), total(after)
    if first is None or second is None:
        return None
    observed = abs(second - first)
    swaps = np.random.default_rng(SEED).random((SWAPS, len(before))) < 0.5
    if total is mean:
        gaps = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
        differences = np.where(swaps, -gaps, gaps).mean(axis=1)
    else:
        differences = np.array(
            [
                (total(_mixed(after, before, swap)) or 0.0)
                - (total(_mixed(before, after, swap)) or 0.0)
                for swap in swaps
            ]
        )
    as_large = int((np.abs(differences) >= observed - 1e-12).sum())
    return round((as_large + 1) / (SWAPS + 1), 4)


def _mixed(
    scores: Sequence[Score], others: Sequence[Score], swap: NDArray[np.bool_]
) -> list[Score]:
    return [
        other if swapped else own for own, other, swapped in zip(scores, others, swap, strict=True)
    ]


def _rows(count: int) -> NDArray[np.int64]:
    return np.random.default_rng(SEED).integers(0, max(count, 1), (RESAMPLES, count))


def _resampled(
    scores: Sequence[Score], total: Total, rows: NDArray[np.int64]
) -> NDArray[np.float64]:
    """The total of each resample, shape (RESAMPLES,); NaN, inside this module only, where there is none."""
    if not len(scores):
        return np.full(len(rows), np.nan)
    if total is mean:
        return np.asarray(np.asarray(scores, dtype=float)[rows].mean(axis=1))
    totals = [total([scores[row] for row in resample]) for resample in rows]
    return np.array([np.nan if value is None else value for value in totals])


def _percentiles(totals: NDArray[np.float64]) -> Interval | None:
    known = totals[~np.isnan(totals)]
    if not len(known):
        return None
    low, high = np.percentile(known, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)
