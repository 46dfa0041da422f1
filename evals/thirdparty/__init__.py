"""Third-party data: `hip-assistant eval --suite NAME --data DIR` over a set, or over a folder of sets.

A suite reads its form in DIR itself or, when DIR holds folders, in each of them. The data stays where
it is; the tables are printed and kept beside the reports of the hip suite.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from assistant.errors import DataInvalid
from assistant.settings import Settings
from evals.report import commit, reports_folder
from evals.run import check_extra
from evals.thirdparty import abstention, faithfulness, multiturn, retrieval
from evals.thirdparty.pool import Progress, Workshop
from evals.thirdparty.sets import (
    abstention_set,
    faithfulness_set,
    forms,
    retrieval_set,
    turn_set,
)
from evals.thirdparty.table import Table, document

ALL = "third-party"
SUITES = ("beir", "abstention", "multi-turn", "faithfulness", ALL)


def run_third_party(suite: str, data: Path, settings: Settings, progress: Progress) -> str:
    """Measures every set of the suite's form and keeps the tables; returns them as Markdown.

    Raises DataInvalid when no set is of that form.
    """
    check_extra()
    folders = _folders(data)
    found = {folder: forms(folder) for folder in folders}
    wanted = SUITES[:-1] if suite == ALL else (suite,)
    if not any(form in wanted or _also(form, wanted) for held in found.values() for form in held):
        raise DataInvalid(
            f"{data} holds no set of the form {suite!r}, nor does a folder in it. The README says which "
            "files each form has."
        )
    workshop = Workshop.open(settings, progress)
    tables: list[Table] = []
    for folder, held in found.items():
        if "beir" in wanted and "beir" in held:
            tables.append(retrieval.measure(retrieval_set(folder), workshop))
        if "multi-turn" in wanted and "multi-turn" in held:
            tables.append(multiturn.measure(turn_set(folder), workshop))
        if "faithfulness" in wanted and "faithfulness" in held:
            tables.append(faithfulness.measure(faithfulness_set(folder), workshop))
    if "abstention" in wanted:
        tables += _abstention(found, workshop)
    text = document(tables)
    _keep(tables, text, settings)
    return text


def _abstention(found: dict[Path, tuple[str, ...]], workshop: Workshop) -> list[Table]:
    """Every abstention set; every retrieval set with gold removed and the other sets' questions."""
    tables: list[Table] = []
    foreign = [
        abstention.Foreign.drawn(f"{folder.name}'s first turns", turn_set(folder).openings)
        for folder, held in found.items()
        if "multi-turn" in held and "abstention" in held
    ]
    for folder, held in found.items():
        if "beir" in held:
            tables += abstention.measure_retrieval(retrieval_set(folder), foreign, workshop)
        if "abstention" in held:
            tables += abstention.measure_set(abstention_set(folder), workshop)
    return tables


def _also(form: str, wanted: Sequence[str]) -> bool:
    return form == "beir" and "abstention" in wanted


def _folders(data: Path) -> list[Path]:
    """The folder itself when it is a set, else the sets in it, by name."""
    if forms(data):
        return [data]
    return [folder for folder in sorted(data.iterdir()) if folder.is_dir() and forms(folder)]


def _keep(tables: Sequence[Table], text: str, settings: Settings) -> None:
    now = datetime.now(UTC)
    folder = reports_folder(settings) / f"third-party-{now:%Y%m%d-%H%M%S}"
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "time": now.isoformat(timespec="seconds"),
        "commit": commit(),
        "tables": [table.to_dict() for table in tables],
    }
    (folder / "tables.json").write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    (folder / "tables.md").write_text(text + "\n", encoding="utf-8")
