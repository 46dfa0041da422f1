"""Rows of figures -> Markdown tables, and the record that is kept of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from evals.statistics import Interval


@dataclass(frozen=True, slots=True)
class Figure:
    """A value with its 95 % interval over questions, where one was taken."""

    value: float | None
    interval: Interval | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """Figures of one set: `rows` maps a method to its figures by column; `rule` says how they are taken."""

    title: str
    rule: str
    columns: tuple[str, ...]
    rows: dict[str, dict[str, Figure]] = field(default_factory=dict)

    def markdown(self) -> str:
        """The table to read; intervals stand in brackets."""
        lines = [
            f"### {self.title}",
            "",
            self.rule,
            "",
            f"| method | {' | '.join(self.columns)} |",
            "|---" * (len(self.columns) + 1) + "|",
        ]
        for method, figures in self.rows.items():
            cells = [_cell(figures.get(column)) for column in self.columns]
            lines.append(f"| {method} | {' | '.join(cells)} |")
        return "\n".join(lines)

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def document(tables: Sequence[Table]) -> str:
    """All tables as one Markdown text."""
    return "\n\n".join(table.markdown() for table in tables)


class Record:
    """Keeps tables in a folder, which is written anew with each: a run that is cut off keeps what it has.

    `head` stands before them in tables.json.
    """

    def __init__(self, folder: Path, head: dict[str, Any]) -> None:
        self.folder = folder
        self._head = head
        self._tables: list[Table] = []
        folder.mkdir(parents=True, exist_ok=True)
        self._write()

    def add(self, table: Table) -> None:
        self._tables.append(table)
        self._write()

    @property
    def text(self) -> str:
        """All tables as Markdown."""
        return document(self._tables)

    def _write(self) -> None:
        record = self._head | {"tables": [table.to_dict() for table in self._tables]}
        _put(self.folder / "tables.json", json.dumps(record, indent=1) + "\n")
        _put(self.folder / "tables.md", self.text + "\n")


def _put(path: Path, text: str) -> None:
    """Writes the whole file or leaves the old one as it is."""
    part = path.with_name(f"{path.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return "–"
    if figure.interval is None:
        return f"{figure.value:.0f}" if figure.value > 1 else f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.interval[0]:.3f} to {figure.interval[1]:.3f})"
