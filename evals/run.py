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

from assistant.chat_models.opening import host_of, require_allowed
from assistant.errors import ExtraMissing, SystemFailed
from assistant.opening import open_assistant
from assistant.settings import Settings
from evals import rendering
from evals.cases import CASES, load_cases
from evals.judge import judged, opened
from evals.outcomes import Outcome, System, each, name_of
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

    Raises CasesInvalid, which lists every break of the cases, or ExtraMissing; SystemFailed when a
    system or the judge fails, after the report of what was asked before is written.
    """
    check_extra()
    chat = opened(judge) if judge is not None else None
    if chat is not None:
        require_allowed(str(judge), host_of(chat, str(judge).partition(":")[0]), settings)
    start = perf_counter()
    outcomes: list[Outcome] = []
    failure: SystemFailed | None = None
    with open_assistant(settings) as assistant:
        index = assistant.index
        loaded = load_cases(cases or CASES, index)[:limit]
        named = name_of(system) if system is not None else None
        subject = Subject.of(settings, index.manifest, loaded, named)
        asked = each(
            loaded,
            system or assistant,
            Places(index),
            lambda done, total: progress("asking", done, total),
        )
        try:
            outcomes.extend(asked)
        except SystemFailed as error:
            failure = error
    report = build(
        outcomes,
        subject,
        seconds=perf_counter() - start,
        progress=lambda done, total: progress("scoring", done, total),
    )
    if failure is not None:
        report["unfinished"] = str(failure)
    folder = (reports or reports_folder(settings)) / report["run"]["id"]
    _write(report, folder)
    if failure is not None:
        raise SystemFailed(f"{failure} {_kept(len(outcomes), len(loaded), folder)}") from failure
    if chat is not None:
        try:
            report["judge"] = judged(
                outcomes, chat, str(judge), lambda done, total: progress("judging", done, total)
            )
        except SystemFailed as error:
            raise SystemFailed(f"{error} {_kept(len(outcomes), len(loaded), folder)}") from error
        _write(report, folder)
    return Done(report, folder, rendering.summary(report))


def _write(report: Report, folder: Path) -> None:
    write_json(report, folder)
    (folder / "report.md").write_text(rendering.markdown(report), encoding="utf-8")
    (folder / "report.html").write_text(rendering.page(report), encoding="utf-8")


def _kept(asked: int, of: int, folder: Path) -> str:
    return f"The report of the {asked} of {of} cases that were asked is kept in {folder}."


def check_extra() -> None:
    """Raises ExtraMissing when a package that only evaluations need is not there."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise ExtraMissing(
            f"The evaluations need {', '.join(missing)}. Install them with: "
            "pip install 'hip-assistant[evals]'"
        )
