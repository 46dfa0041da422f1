"""What a metric is: a score for each outcome, a total over them, and the card that defines it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from evals.cases import Part
from evals.outcomes import Outcome
from evals.statistics import Score, Total, mean


@dataclass(frozen=True, slots=True)
class Card:
    """A definition: how it is computed, after whom, and what 0 and 1 mean."""

    name: str
    formula: str
    source: str
    zero: str
    one: str


@dataclass(frozen=True, slots=True)
class Metric:
    """`score` gives None where the metric does not apply, and 0 for an answer that is missing.

    `formula`, `source`, `zero` and `one` are the definition card. `gate` says how a fall is judged:
    by the paired interval, at every fall, or not at all.
    """

    name: str
    parts: tuple[Part, ...]
    score: Callable[[Outcome], Score | None]
    formula: str
    source: str
    zero: str
    one: str
    total: Total = mean
    better: Literal["higher", "lower", "neither"] = "higher"
    gate: Literal["interval", "every fall", "never"] = "interval"
