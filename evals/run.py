"""Runs the hip suite from settings to the files of a report, for the command line and for Python.

From Python, any function `(question, turns) -> Answer` can take the assistant's place:
`run_hip(settings, system=FromFunction(answer))`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import perf_counter

from assistant.errors import ExtraMissing
from assistant.opening import open_assistant
from assistant.settings import Settings
from evals.cases import CASES, load_cases
from evals.outcomes import System, collect
from evals.places import Places
from evals.report import Report, Subject, build, reports_folder, write_json

NEEDED = ("ir_measures", "jinja2", "matplotlib", "pyphen", "sklearn")


@dataclass(frozen=True, slots=True)
class Done:
    """A finished run: its report, the folder of its files, and the figures as text."""

    report: Report
    folder: Path
    summary: str


def run_hip(
    settings: Settings,
    *,
    cases: Path | None = None,
    system: System | None = None,
    judge: str | None = None,
    reports: Path | None = None,
    limit: int | None = None,
    progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
) -> Done:
    """Asks every case, or the first `limit`, and writes report.json, report.md and report.html.

    Raises CasesInvalid, which lists every break of the cases, or ExtraMissing.
    """
    check_extra()
    from evals import rendering

    start = perf_counter()
    with open_assistant(settings) as assistant:
        index = assistant.index
        loaded = load_cases(cases or CASES, index)[:limit]
        outcomes = collect(
            loaded,
            system or assistant,
            Places(index),
            lambda done, total: progress("asking", done, total),
        )
        subject = Subject.of(settings, index.manifest, loaded)
    report = build(
        outcomes,
        subject,
        seconds=perf_counter() - start,
        progress=lambda done, total: progress("scoring", done, total),
    )
    if judge is not None:
        from evals.judge import judged

        report["judge"] = judged(outcomes, judge, lambda d, t: progress("judging", d, t))
    folder = (reports or reports_folder(settings)) / report["run"]["id"]
    write_json(report, folder)
    (folder / "report.md").write_text(rendering.markdown(report), encoding="utf-8")
    (folder / "report.html").write_text(rendering.page(report), encoding="utf-8")
    return Done(report, folder, rendering.summary(report))


def check_extra() -> None:
    """Raises ExtraMissing when a package that only evaluations need is not there."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ExtraMissing(
            f"The evaluations need {', '.join(missing)}. Install them with: "
            "pip install 'hip-assistant[evals]'"
        )
