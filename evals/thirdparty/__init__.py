"""Third-party data: `hip-assistant eval --suite NAME --data DIR` over a set, or over a folder of sets.

A suite reads its form in DIR itself or, when DIR holds folders, in each of them. The data stays where
it is; each table is kept beside the reports of the hip suite as soon as it is measured.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import DataInvalid
from assistant.settings import Settings
from evals.report import commit, reports_folder
from evals.run import check_extra
from evals.thirdparty import abstention, faithfulness, multiturn, retrieval
from evals.thirdparty.abstention import Foreign
from evals.thirdparty.pool import Pools
from evals.thirdparty.sets import (
    READERS,
    abstention_set,
    faithfulness_set,
    forms,
    retrieval_set,
    turn_set,
)
from evals.thirdparty.table import Record, Table
from evals.thirdparty.workshop import Progress, Workshop

ALL = "third-party"
SUITES = ("beir", "abstention", "multi-turn", "faithfulness", ALL)


@dataclass(frozen=True, slots=True)
class Measured:
    """The tables as Markdown, and the folder that keeps them."""

    text: str
    folder: Path


def run_third_party(suite: str, data: Path, settings: Settings, progress: Progress) -> Measured:
    """Measures every set of the suite's form, and keeps each table as soon as it is there.

    Raises DataInvalid when no set is of that form, or one is damaged, before anything is measured.
    """
    check_extra()
    wanted = SUITES[:-1] if suite == ALL else (suite,)
    found = {folder: tuple(_read(folder, wanted)) for folder in _folders(data)}
    if not any(found.values()):
        raise DataInvalid(
            f"{data} holds no set of the form {suite!r}, nor does a folder in it. The README says which "
            "files each form has."
        )
    foreign = _foreign(found) if "abstention" in wanted else {}
    now = datetime.now(UTC)
    record = Record(
        reports_folder(settings) / f"third-party-{now:%Y%m%d-%H%M%S}",
        {"time": now.isoformat(timespec="seconds"), "commit": commit()},
    )
    pools = Pools(Workshop.open(settings, progress))
    for folder, held in found.items():
        others = [drawn for home, drawn in foreign.items() if home != folder]
        for table in _tables(folder, held, wanted, others, pools):
            record.add(table)
    return Measured(record.text, record.folder)


def _tables(
    folder: Path,
    held: Collection[str],
    wanted: Collection[str],
    foreign: list[Foreign],
    pools: Pools,
) -> Iterator[Table]:
    """The tables of one set; whoever measures after another shares its documents."""
    if "beir" in held:
        judged = retrieval_set(folder)
        if "beir" in wanted:
            yield retrieval.measure(judged, pools)
        if "abstention" in wanted:
            yield from abstention.measure_retrieval(judged, foreign, pools)
    if "abstention" in held:
        yield from abstention.measure_set(abstention_set(folder), pools)
    if "multi-turn" in held:
        yield multiturn.measure(turn_set(folder), pools)
    if "faithfulness" in held:
        yield faithfulness.measure(faithfulness_set(folder), pools.workshop)


def _read(folder: Path, wanted: Collection[str]) -> Iterator[str]:
    """The forms of a set that are measured, each read once: who waits an hour knows that all can be read."""
    for form in forms(folder):
        if form in wanted or (form == "beir" and "abstention" in wanted):
            READERS[form](folder)
            yield form


def _foreign(found: dict[Path, tuple[str, ...]]) -> dict[Path, Foreign]:
    """Questions of each abstention set for the documents of the others: first turns, where it has turns."""
    drawn = {}
    for folder, held in found.items():
        if "abstention" in held and "multi-turn" in forms(folder):
            drawn[folder] = Foreign.drawn(f"{folder.name}'s first turns", turn_set(folder).openings)
        elif "abstention" in held:
            questions = [asked.question for asked in abstention_set(folder).questions]
            drawn[folder] = Foreign.drawn(f"{folder.name}'s own questions", questions)
    return {folder: foreign for folder, foreign in drawn.items() if foreign.questions}


def _folders(data: Path) -> list[Path]:
    """The folder itself when it is a set, else the sets in it, by name."""
    if forms(data):
        return [data]
    return [folder for folder in sorted(data.iterdir()) if folder.is_dir() and forms(folder)]
