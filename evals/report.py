"""Outcomes -> the report: figures with intervals, a row for each case, fingerprints.

`report.json` is this dictionary. But for `run` and `timings`, two runs over the same commit, corpus and
settings give the same bytes.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from assistant.errors import EvaluationFailed
from assistant.settings import CHECKOUT, Settings, in_checkout
from evals.cases import Case, Part
from evals.metrics import METRICS
from evals.metrics.abstention import BOTH, accepted, risk_coverage, told_apart
from evals.metrics.card import Metric
from evals.metrics.curves import percentiles, reliability
from evals.outcomes import Outcome
from evals.rows import row_of
from evals.statistics import Score, interval

SCHEMA = 1
REPORT = "report.json"
SHOWN_DIGITS = 4
# More kinds than these are names of cases rather than kinds.
KINDS = 24
# What is read of a row that a file holds.
NEEDED = {"part", "kind", "locked", "question", "earlier", "gold", "nuggets", "scores", "reply"}

Report = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Subject:
    """What was evaluated, as it stands in the report: `system` names it, `fingerprints` pin it down."""

    system: dict[str, Any]
    fingerprints: dict[str, Any]

    @classmethod
    def of(
        cls, settings: Settings, manifest: Any, cases: Sequence[Case], system: str | None = None
    ) -> Subject:
        """The assistant with these settings over the index of this manifest, or a system of this name."""
        digests = "".join(sorted(case.digest for case in cases))
        ours = {
            "engine": settings.engine,
            "retriever": settings.retriever,
            "embedding_model": settings.embedding_model,
        }
        if settings.engine == "llm":  # never its key or its address
            ours["chat_model"] = str(settings.chat_model)
        return cls(
            ({"engine": system} if system else ours) | {"index": settings.index},
            {
                "corpus_and_index": manifest.fingerprint,
                "model": manifest.model_fingerprint,
                "cases": hashlib.sha256(digests.encode()).hexdigest(),
                "commit": commit(),
            },
        )


def commit() -> str | None:
    """The checkout's commit, with `+` behind it when files were changed since; None outside of one."""
    if not in_checkout():
        return None
    try:
        head = _git("rev-parse", "HEAD")
        return head + ("+" if _git("status", "--porcelain", "--untracked-files=no") else "")
    except (OSError, subprocess.CalledProcessError):
        return None


def scores(metric: Metric, outcomes: Sequence[Outcome]) -> dict[str, Score]:
    """The score of every case that the metric applies to."""
    found: dict[str, Score] = {}
    for outcome in outcomes:
        if outcome.case.part in metric.parts:
            score = metric.score(outcome)
            if score is not None:
                found[outcome.case.id] = _rounded(score)
    return found


def build(
    outcomes: Sequence[Outcome],
    subject: Subject,
    *,
    seconds: float = 0.0,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Report:
    """The report of a whole run, whose answers took so many seconds."""
    by_metric = {name: scores(metric, outcomes) for name, metric in METRICS.items()}
    cases = {outcome.case.id: outcome.case for outcome in outcomes}
    now = datetime.now(UTC)
    head = subject.fingerprints["commit"] or "no-commit"
    milliseconds = {
        outcome.case.id: outcome.answer.timings_ms["total"]
        for outcome in outcomes
        if "total" in outcome.answer.timings_ms
    }
    figures = []
    for number, (name, values) in enumerate(by_metric.items(), start=1):
        if values:
            figures.append(_figure(METRICS[name], values, cases))
        progress(number, len(by_metric))
    return {
        "schema": SCHEMA,
        "run": {
            "id": f"{now:%Y%m%d-%H%M%S}-{head[:8]}",
            "time": now.isoformat(timespec="seconds"),
            "commit": head,
        },
        "suite": "hip" if subject.system["index"] == "default" else subject.system["index"],
        "system": subject.system,
        "fingerprints": subject.fingerprints,
        "counts": _counts(cases.values()),
        "figures": figures,
        "curves": _curves(outcomes),
        "rows": {
            outcome.case.id: row_of(
                outcome,
                {name: v[outcome.case.id] for name, v in by_metric.items() if outcome.case.id in v},
            )
            for outcome in outcomes
        },
        "timings": {
            "seconds": round(seconds, 1),
            "ask_ms": percentiles(list(milliseconds.values())),
            "cases_ms": milliseconds,
        },
    }


def write_json(report: Report, folder: Path) -> Path:
    """Writes report.json into a folder that is made where it is missing."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / REPORT
    text = json.dumps(report, ensure_ascii=False, indent=1, allow_nan=False)
    path.write_text(text + "\n", encoding="utf-8")
    return path


def reports_folder(settings: Settings) -> Path:
    """Where runs are kept: evals/reports of a checkout, else beside the user's indexes."""
    if in_checkout() and settings.indexes_dir is None:
        return CHECKOUT / "evals" / "reports"
    return settings.indexes.parent / "reports"


def read(run: str, reports: Path) -> Report:
    """The report of a run: its id, the start of it, its folder, or `latest`.

    Raises EvaluationFailed, which lists the runs that there are.
    """
    there = sorted(path.parent.name for path in reports.glob(f"*/{REPORT}"))
    named = there[-1:] if run == "latest" else [name for name in there if name.startswith(run)]
    path = Path(run) / REPORT if (Path(run) / REPORT).is_file() else None
    if path is None and len(named) == 1:
        path = reports / named[0] / REPORT
    if path is None:
        several = "names several runs" if named else "is no run"
        known = ", ".join(there[-5:]) if there else "none yet"
        raise EvaluationFailed(
            f"{run!r} {several} in {reports}; the latest are: {known}. Make one with: hip-assistant eval"
        )
    try:
        return _whole(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise EvaluationFailed(
            f"{path} is no report of this version. Make a new one with: hip-assistant eval"
        ) from None


def _whole(report: Any) -> Report:
    """The report, when it holds what is read of one."""
    if report["schema"] != SCHEMA or not isinstance(report["run"]["id"], str):
        raise ValueError
    kinds = {"system": dict, "fingerprints": dict, "figures": list, "rows": dict}
    if not all(isinstance(report[name], kind) for name, kind in kinds.items()):
        raise TypeError
    for row in report["rows"].values():
        if not row.keys() >= NEEDED:
            raise ValueError
        if not all(isinstance(score, int | float | list) for score in row["scores"].values()):
            raise TypeError
    if not all({"name", "value"} <= figure.keys() for figure in report["figures"]):
        raise ValueError
    whole: Report = report
    return whole


def row(report: Report, case: str) -> dict[str, Any]:
    """The row of a case. Raises EvaluationFailed, which names the nearest ids."""
    rows: dict[str, dict[str, Any]] = report["rows"]
    if case not in rows:
        near = get_close_matches(case, rows, n=3, cutoff=0.0)
        raise EvaluationFailed(
            f"The run {report['run']['id']} has no case {case!r}; the nearest are {', '.join(near)}. "
            f"For example: hip-assistant eval show {near[0]}"
        )
    return rows[case]


def _figure(metric: Metric, values: dict[str, Score], cases: dict[str, Case]) -> dict[str, Any]:
    kinds = sorted({cases[name].kind for name in values})
    plain = all(isinstance(value, float) for value in values.values())
    return {
        "name": metric.name,
        "better": metric.better,
        **_total(metric, list(values.values())),
        "locked": _total(metric, [v for name, v in values.items() if cases[name].locked]),
        "open": _total(metric, [v for name, v in values.items() if not cases[name].locked]),
        "kinds": {
            kind: _total(metric, [v for name, v in values.items() if cases[name].kind == kind])
            for kind in kinds
        }
        if plain and 1 < len(kinds) <= KINDS
        else {},
    }


def _total(metric: Metric, values: Sequence[Score]) -> dict[str, Any]:
    value = metric.total(values)
    return {
        "value": None if value is None else round(value, SHOWN_DIGITS),
        "interval": interval(values, metric.total),
        "cases": len(values),
    }


def _counts(cases: Any) -> dict[str, dict[str, int]]:
    counts: dict[Part, dict[str, int]] = {}
    for case in cases:
        part = counts.setdefault(case.part, {"cases": 0, "locked": 0})
        part["cases"] += 1
        part["locked"] += case.locked
    return dict(counts)  # type: ignore[arg-type]


def _curves(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    both = [outcome for outcome in outcomes if outcome.case.part in BOTH]
    probabilities = [o for o in both if o.answer.probability is not None]
    return {
        "risk_coverage": [
            [round(covered, 4), round(risk, 4)]
            for covered, risk in risk_coverage([accepted(outcome) for outcome in both])
        ]
        if both
        else [],
        "reliability": reliability([told_apart(outcome) for outcome in probabilities]),
    }


def _rounded(score: Score) -> Score:
    if isinstance(score, tuple):
        return tuple(round(part, SHOWN_DIGITS) for part in score)
    return round(score, SHOWN_DIGITS)


def _git(*arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=CHECKOUT, capture_output=True, text=True, check=True
    )
    return done.stdout.strip()
