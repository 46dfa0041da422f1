"""Rows of figures -> Markdown tables, and the record that is kept of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
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


def _cell(figure: Figure | None) -> str:
    if figure is None or figure.value is None:
        return "–"
    if figure.interval is None:
        return f"{figure.value:.0f}" if figure.value > 1 else f"{figure.value:.3f}"
    return f"{figure.value:.3f} ({figure.interval[0]:.3f} to {figure.interval[1]:.3f})"
