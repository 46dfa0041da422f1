"""A report of the evaluation suite as the page shows it: HTML made by pure functions of report.json."""

from __future__ import annotations

from html import escape
from typing import Any

from assistant.web import strings

Report = dict[str, Any]


def report_html(report: Report) -> str:
    """The plots with their numbers, the worst of the open cases, and figures with intervals."""
    from evals.rendering import pictures, worst

    run = report["run"]
    of = strings.EVALUATION_OF.format(id=run["id"], time=run["time"], commit=run["commit"][:12])
    took = ""
    if ask := report["timings"]["ask_ms"]:
        took = strings.EVALUATION_TOOK.format(p50=ask["p50"], p95=ask["p95"])
    unfinished = report.get("unfinished", "")
    if unfinished:
        unfinished = f'<p class="error">{escape(unfinished)}</p>'
    plots = "".join(map(_picture_html, pictures(report)))
    cases = "".join(_case_html(name, row) for name, row in worst(report))
    return (
        f'<p class="aside">{escape(of)}. {escape(took)}</p>{unfinished}'
        f'<h2>{strings.EVALUATION_PLOTS}</h2><div class="plots">{plots}</div>'
        f"<h2>{strings.EVALUATION_WORST}</h2>"
        f'<p class="aside">{strings.EVALUATION_WORST_NOTE}</p><div class="cases">{cases}</div>'
        f"<h2>{strings.EVALUATION_FIGURES}</h2>{_figures_html(report)}"
    )


def _figures_html(report: Report) -> str:
    from evals.numbers import number, span

    rows = [
        [f["name"], number(f["value"]), span(f["interval"]), str(f["cases"])]
        for f in report["figures"]
    ]
    return _table_html(strings.EVALUATION_FIGURES, strings.FIGURE_COLUMNS, rows)


def _picture_html(picture: dict[str, Any]) -> str:
    title = escape(picture["title"])
    table = _table_html(picture["title"], picture["head"], picture["rows"])
    # The picture is drawn by matplotlib from numbers and the suite's own names, which it escapes.
    return (
        f'<figure><h3>{title}</h3><div class="plot" role="img" aria-label="{title}">'
        f"{picture['svg']}</div><figcaption>{escape(picture['words'])}</figcaption>"
        f"<details><summary>{strings.AS_TABLE}</summary>{table}</details></figure>"
    )


def _case_html(name: str, row: dict[str, Any]) -> str:
    from evals.showing import short

    lines = "".join(f"<li>{escape(line.removeprefix('- '))}</li>" for line in short(row))
    return (
        f"<details><summary>{escape(row['question'])} <small>{escape(name)}</small></summary>"
        f"<ul>{lines}</ul></details>"
    )


def _table_html(title: str, head: Any, rows: list[list[str]]) -> str:
    heads = "".join(f'<th scope="col">{escape(str(cell))}</th>' for cell in head)
    body = "".join(
        f'<tr><th scope="row">{escape(row[0])}</th>'
        f"{''.join(f'<td>{escape(cell)}</td>' for cell in row[1:])}</tr>"
        for row in rows
    )
    return (
        f'<div class="wide" role="region" aria-label="{escape(title, quote=True)}" tabindex="0">'
        f"<table><caption>{escape(title)}</caption><thead><tr>{heads}</tr></thead>"
        f"<tbody>{body}</tbody></table></div>"
    )
