"""All metrics by name, in the order of a report. A new metric = one function and one entry in METRICS."""

from __future__ import annotations

from evals.metrics import abstention, answers, citations, dialogue, ranking, safety
from evals.metrics.card import Metric

METRICS: dict[str, Metric] = {
    metric.name: metric
    for module in (ranking, answers, citations, abstention, dialogue, safety)
    for metric in module.METRICS
}
