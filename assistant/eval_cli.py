"""The `hip-assistant eval` commands: run, compare, show, metrics, accept, from-feedback. All thin."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import SettingsInvalid
from assistant.model_options import BaseUrl, ChatModel, EngineName, refuse_idle
from assistant.progress import progress_bar

if TYPE_CHECKING:
    from assistant.settings import Settings

app = typer.Typer(
    help="Measure the answers; compare runs; keep a gate.", invoke_without_command=True
)

Run = Annotated[str, typer.Argument(metavar="RUN", help="A run's id or the start of it; latest.")]


@app.callback()
def run(
    context: typer.Context,
    suite: Annotated[
        str,
        typer.Option(help="hip; beir, abstention, multi-turn, faithfulness; third-party for all."),
    ] = "hip",
    data: Annotated[
        Path | None, typer.Option("--data", metavar="DIR", help="Folder of third-party data.")
    ] = None,
    cases: Annotated[
        Path | None, typer.Option("--cases", metavar="DIR", help="Folder of your own cases.")
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Fail when a figure fell below the accepted ones.")
    ] = False,
    index: Annotated[
        str | None, typer.Option("--index", metavar="NAME", help="Which index; default: default.")
    ] = None,
    engine: EngineName = None,
    chat_model: ChatModel = None,
    chat_base_url: BaseUrl = None,
    retriever: Annotated[
        str | None, typer.Option(help="reranked, hybrid, dense or lexical.")
    ] = None,
    judge: Annotated[
        str | None,
        typer.Option(metavar="MODEL", help="A chat model that also judges; it never gates."),
    ] = None,
) -> None:
    """Run a suite and write its report; `hip-assistant eval COMMAND --help` for the rest."""
    of_hip = {
        "--cases": cases,
        "--check": check or None,
        "--index": index,
        "--judge": judge,
        "--chat-model": chat_model,
        "--chat-base-url": chat_base_url,
    }
    if context.invoked_subcommand is not None:
        every = of_hip | {"--data": data, "--engine": engine, "--retriever": retriever}
        _refuse(every, f"`eval {context.invoked_subcommand}`", "Leave them out")
        return
    from assistant.settings import Settings

    settings = Settings.load(
        index=index,
        engine=engine,
        retriever=retriever,
        chat_model=chat_model,
        chat_base_url=chat_base_url,
    )
    refuse_idle(settings, chat_model, chat_base_url, None)
    if check and settings.engine == "llm":
        raise SettingsInvalid(
            "--check compares answers that are the same on every run; those of a language model are "
            "not. Leave --check or --engine llm out."
        )
    if suite != "hip":
        _third_party(suite, data, settings, of_hip)
        return
    if data is not None:
        raise SettingsInvalid("--data belongs to a third-party suite, for example: --suite beir")
    from evals.run import run_hip

    with progress_bar() as progress:
        done = run_hip(
            settings,
            cases=cases,
            judge=judge,
            progress=lambda stage, number, total: progress(stage, number, total),
        )
    print(done.summary)
    print(f"Report: {done.folder / 'report.html'}")
    if check:
        from evals.gate import check as check_gate

        check_gate(done.report)
        print("No figure fell below the accepted ones.")


@app.command()
def compare(before: Run, after: Run) -> None:
    """Show what differs between two runs, with intervals, p-values and the cases that changed."""
    from assistant.settings import Settings
    from evals.comparing import comparison
    from evals.report import read, reports_folder

    reports = reports_folder(Settings.load())
    print(comparison(read(before, reports), read(after, reports)))


@app.command()
def show(
    case: Annotated[str, typer.Argument(metavar="CASE", help="A case's id, such as imaging-03.")],
    of_run: Annotated[str, typer.Option("--run", metavar="RUN", help="Of which run.")] = "latest",
) -> None:
    """Print everything about one case of a run."""
    from assistant.settings import Settings
    from evals.report import read, reports_folder, row
    from evals.showing import case as case_text

    report = read(of_run, reports_folder(Settings.load()))
    print(case_text(case, row(report, case)))


@app.command()
def metrics() -> None:
    """Print the definition of every metric."""
    from evals.rendering import cards

    print(cards())


@app.command()
def accept(
    of_run: Run = "latest",
    reason: Annotated[
        str | None, typer.Option(help="Why a worse run is accepted; it is kept.")
    ] = None,
) -> None:
    """Make a run the one that --check compares with."""
    from assistant.settings import Settings
    from evals.gate import BASELINE
    from evals.gate import accept as accept_run
    from evals.report import read, reports_folder

    accept_run(read(of_run, reports_folder(Settings.load())), reason)
    print(f"Accepted in {BASELINE}.")


@app.command()
def from_feedback(
    numbers: Annotated[
        list[int] | None,
        typer.Argument(metavar="NUMBER...", help="Which to make drafts of; none: list all."),
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", metavar="DIR", help="Where to; default: drafts beside reports."),
    ] = None,
) -> None:
    """List what readers thought of answers, or make draft cases of what you choose."""
    from assistant.errors import HistoryOff
    from assistant.history.history import open_history
    from assistant.index.reader import Index
    from assistant.settings import Settings
    from evals.drafts import chosen, draft, listing, write
    from evals.report import reports_folder

    settings = Settings.load()
    history = open_history(settings)
    if history is None:
        raise HistoryOff("No feedback is kept here. Keep it with: ASSISTANT_HISTORY=on")
    with history:
        feedback = history.feedback()
    if not numbers:
        print(listing(feedback))
        return
    picked = chosen(feedback, numbers)
    index = Index.open(settings.indexes, settings.index)
    folder = output or reports_folder(settings).parent / "drafts"
    written = write([draft(given, index) for given in picked], folder)
    print(f"{len(picked)} drafts in {', '.join(map(str, written))}.")
    print(f'Replace every "?", then measure them with: hip-assistant eval --cases {folder}')


def _third_party(
    suite: str, data: Path | None, settings: Settings, of_hip: Mapping[str, object]
) -> None:
    from evals.thirdparty import SUITES, run_third_party

    if suite not in SUITES:
        raise SettingsInvalid(
            f"There is no suite {suite!r}; accepted are hip, {', '.join(SUITES)}. "
            "For example: hip-assistant eval --suite beir --data DIR"
        )
    _refuse(of_hip, f"the suite {suite}", "Leave them out, or leave --suite out")
    if data is None:
        raise SettingsInvalid(
            f"The suite {suite} needs a folder of data: hip-assistant eval --suite {suite} --data DIR"
        )
    with progress_bar() as progress:
        measured = run_third_party(suite, data, settings, progress)
    print(measured.text)
    print(f"\nTables: {measured.folder}")


def _refuse(options: Mapping[str, object], of: str, remedy: str) -> None:
    """Raises SettingsInvalid for options that were given and would do nothing."""
    given = [name for name, value in options.items() if value is not None]
    if given:
        raise SettingsInvalid(f"{', '.join(given)} would do nothing for {of}. {remedy}.")
