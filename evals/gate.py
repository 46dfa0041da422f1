"""The gate: a run against the accepted figures of baseline.json, case by case.

A figure fails when the paired 95 % interval of its difference lies on the worse side of zero, or, for
what must never fall, when it falls at all. What the baseline has and the run lacks fails too: nothing
passes by not being measured. Latency never gates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, Field, FiniteFloat, ValidationError

from assistant.errors import EvaluationFailed
from evals.metrics import METRICS
from evals.metrics.card import Metric
from evals.report import Report
from evals.statistics import Interval, Score, difference, p_value

BASELINE = Path(__file__).parent / "baseline.json"
NAMED = 8


@dataclass(frozen=True, slots=True)
class Change:
    """How one figure differs between two runs over the cases that both have.

    `worse` and `better` are the ids of the cases that changed, the largest change first.
    """

    name: str
    before: float | None
    after: float | None
    interval: Interval | None
    worse: tuple[str, ...]
    better: tuple[str, ...]
    failed: bool
    scores: tuple[tuple[Score, ...], tuple[Score, ...]]

    @property
    def p(self) -> float | None:
        """Of the paired randomization test; slow for figures that are no means."""
        return p_value(*self.scores, METRICS[self.name].total)


def changes(
    before: Mapping[str, Mapping[str, Any]], after: Mapping[str, Mapping[str, Any]]
) -> list[Change]:
    """One Change for each figure that both runs have; `before` and `after` map figures to case scores."""
    return [
        _change(METRICS[name], before[name], after[name])
        for name in METRICS
        if name in before and name in after
    ]


def scores_of(report: Report) -> dict[str, dict[str, Score]]:
    """The scores of a report: figure -> case -> score."""
    found: dict[str, dict[str, Score]] = {}
    for case, row in report["rows"].items():
        for name, score in row["scores"].items():
            found.setdefault(name, {})[case] = _score(score)
    return found


def check(report: Report, baseline: Path = BASELINE) -> list[Change]:
    """The changes since the baseline. Raises EvaluationFailed naming each failed figure and its cases."""
    accepted = read_baseline(baseline)
    now = scores_of(report)
    found = changes(accepted, now)
    problems = [_told(change) for change in found if change.failed]
    if problems := problems + _lacking(accepted, now, report["rows"]):
        listed = "\n".join(f"  {problem}" for problem in problems)
        raise EvaluationFailed(
            f"The run is worse than {baseline}:\n{listed}\n"
            "See a case with: hip-assistant eval show CASE"
        )
    return found


def accept(report: Report, reason: str | None, baseline: Path = BASELINE) -> None:
    """Makes a run the baseline.

    Raises EvaluationFailed, where no reason is given, for a worse run and for one that no commit holds.
    """
    if "unfinished" in report:
        raise EvaluationFailed(
            f"The run {report['run']['id']} is unfinished and cannot be accepted: {report['unfinished']} "
            "Make a whole one with: hip-assistant eval"
        )
    if report["system"].get("engine") == "llm":
        raise EvaluationFailed(
            f"The run {report['run']['id']} is one of a language model, whose answers change from run to "
            "run; the gate compares answers that do not. Make one with: hip-assistant eval"
        )
    reason = (reason or "").strip()
    doubts = _doubts(report, baseline)
    if doubts and not reason:
        raise EvaluationFailed(
            "\n".join(doubts) + "\nSuch a run is accepted only with a reason: "
            f"hip-assistant eval accept {report['run']['id']} --reason TEXT"
        )
    reasons = _loaded(baseline).reasons if baseline.is_file() else []
    if reason:
        when = f"{datetime.now(UTC):%Y-%m-%d}"
        reasons = [*reasons, {"date": when, "run": report["run"]["id"], "reason": reason}]
    kept = {
        "schema": report["schema"],
        "system": report["system"],
        "fingerprints": report["fingerprints"],
        "reasons": reasons,
        "figures": {f["name"]: f["value"] for f in report["figures"]},
        "scores": scores_of(report),
    }
    baseline.write_text(_compact(kept), encoding="utf-8")


def _doubts(report: Report, baseline: Path) -> list[str]:
    """What speaks against accepting a run."""
    found = []
    if baseline.is_file():
        try:
            check(report, baseline)
        except EvaluationFailed as worse:
            found.append(str(worse))
    if str(report["fingerprints"].get("commit")).endswith("+"):
        found.append(
            f"The run {report['run']['id']} was made with changes that no commit holds, so that nobody "
            "can make it again. Commit them and run: hip-assistant eval"
        )
    return found


class Baseline(BaseModel):
    """What is read of baseline.json."""

    reasons: list[dict[str, str]]
    scores: Annotated[
        dict[str, Annotated[dict[str, FiniteFloat | tuple[FiniteFloat, ...]], Field(min_length=1)]],
        Field(min_length=1),
    ]


def read_baseline(baseline: Path = BASELINE) -> dict[str, dict[str, Score]]:
    """The accepted scores: figure -> case -> score. Raises EvaluationFailed where there are none."""
    return {name: dict(values) for name, values in _loaded(baseline).scores.items()}


def _loaded(baseline: Path) -> Baseline:
    try:
        return Baseline.model_validate(json.loads(baseline.read_text(encoding="utf-8")))
    except ValidationError as error:
        where = ".".join(str(part) for part in error.errors()[0]["loc"])
        why = f"at {where}: {error.errors()[0]['msg'].lower()}" if where else "no JSON object"
    except (OSError, ValueError) as error:
        why = type(error).__name__
    raise EvaluationFailed(
        f"{baseline} cannot be read ({why}). Restore it, or remove it and accept "
        "a run with: hip-assistant eval accept latest"
    )


def _lacking(
    accepted: Mapping[str, Mapping[str, Score]],
    now: Mapping[str, Mapping[str, Score]],
    rows: Mapping[str, Mapping[str, Any]],
) -> list[str]:
    """What the baseline has and a run lacks: cases, figures, and cases of what must never fall."""
    problems = []
    known = {case for values in accepted.values() for case in values}
    if gone := sorted(known - set(rows)):
        problems.append(f"cases of the baseline that were not asked: {_named(gone)}")
    if gone := [name for name in accepted if name not in now]:
        problems.append(f"figures of the baseline that the run lacks: {', '.join(gone)}")
    for name in accepted:
        if name in now and name in METRICS and METRICS[name].gate == "every fall":
            # An abstention quotes nothing, so that no figure of quotes applies to it any more.
            gone = [
                case
                for case in accepted[name]
                if case in rows and case not in now[name] and not _abstains(rows[case])
            ]
            if gone:
                problems.append(f"{name}: cases of the baseline without a score: {_named(gone)}")
    return problems


def _abstains(row: Mapping[str, Any]) -> bool:
    return row.get("reply", {}).get("abstained") is True


def _change(metric: Metric, before: Mapping[str, Any], after: Mapping[str, Any]) -> Change:
    common = [case for case in before if case in after]
    first = tuple(_score(before[case]) for case in common)
    second = tuple(_score(after[case]) for case in common)
    sign = -1 if metric.better == "lower" else 1
    gaps = {case: sign * _gap(a, b) for case, a, b in zip(common, first, second, strict=True)}
    worse = sorted((case for case in gaps if gaps[case] < 0), key=lambda case: gaps[case])
    better = sorted((case for case in gaps if gaps[case] > 0), key=lambda case: -gaps[case])
    moved = difference(first, second, metric.total) if first != second else (0.0, 0.0)
    total_before, total_after = metric.total(first), metric.total(second)
    failed = False
    if metric.gate == "every fall":
        failed = bool(worse)
    elif metric.gate == "interval" and moved is not None:
        failed = moved[1] < 0 if sign > 0 else moved[0] > 0
    return Change(
        metric.name,
        total_before,
        total_after,
        moved,
        tuple(worse),
        tuple(better),
        failed,
        (first, second),
    )


def _gap(before: Score, after: Score) -> float:
    """How much a case gained; of a pair (confidence, label), towards what its label wants."""
    if isinstance(before, tuple) and isinstance(after, tuple):
        (confidence_before, label_before), (confidence_after, label_after) = before, after
        wanted = 1 if label_after else -1
        return (label_after - label_before) or wanted * (confidence_after - confidence_before)
    return float(after) - float(before)  # type: ignore[arg-type]


def _score(score: Any) -> Score:
    return tuple(score) if isinstance(score, (list, tuple)) else float(score)


def _told(change: Change) -> str:
    moved = (
        ""
        if change.interval is None
        else f" (difference {change.interval[0]:+.3f} to {change.interval[1]:+.3f})"
    )
    return (
        f"{change.name}: {change.before:.3f} -> {change.after:.3f}{moved}, "
        f"{len(change.worse)} cases worse: {_named(change.worse)}"
    )


def _named(cases: Any) -> str:
    names = list(cases)
    return ", ".join(names[:NAMED]) + (
        f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    )


def _compact(kept: dict[str, Any]) -> str:
    """JSON with a line for each figure, so that a change of one can be read in a diff."""
    scores = kept.pop("scores")
    head = json.dumps(kept, ensure_ascii=False, indent=1).removesuffix("\n}")
    lines = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(values, separators=(',', ':'))}"
        for name, values in scores.items()
    )
    return f'{head},\n "scores": {{\n{lines}\n }}\n}}\n'
