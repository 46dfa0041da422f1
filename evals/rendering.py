"""A report -> report.md and report.html: pure functions of report.json.

The page needs nothing from elsewhere: style and pictures are inside it, and it runs no script.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from evals import plots
from evals.metrics import METRICS
from evals.metrics.card import Card, Metric
from evals.metrics.curves import CURVES
from evals.numbers import number, span
from evals.report import Report
from evals.showing import short

WORST = 12
TEMPLATE = "report.html.j2"
BY_KIND = ("nugget recall", "nDCG@10")


def markdown(report: Report) -> str:
    """The report to read: figures with intervals, then the worst cases, then the cards."""
    run = report["run"]
    ask = report["timings"]["ask_ms"]
    lines = [
        f"# Evaluation: {report['suite']}",
        "",
        f"Run {run['id']}, {run['time']}, commit {run['commit']}. "
        + ", ".join(f"{name}: {value}" for name, value in report["system"].items())
        + ".",
        "",
        *([f"Unfinished: {report['unfinished']}", ""] if "unfinished" in report else []),
        *([stood_in(report), ""] if stood_in(report) else []),
        "Intervals are 95 % bootstrap intervals over cases. Locked cases are not looked at while answers "
        "are improved.",
        "",
        "| figure | value | 95 % interval | locked | open | cases |",
        "|---|---|---|---|---|---|",
        *(
            f"| {f['name']}{_arrow(f)} | {number(f['value'])} | {span(f['interval'])} "
            f"| {number(f['locked']['value'])} | {number(f['open']['value'])} | {f['cases']} |"
            for f in report["figures"]
        ),
        "",
    ]
    if ask:
        lines += [f"Answers took {ask['p50']} ms (median), {ask['p95']} ms (95th percentile).", ""]
    lines += ["## Worst cases", ""]
    for name, row in worst(report):
        lines += [f"### {name}: {row['question']}", "", *short(row), ""]
    lines += ["## What the figures mean", "", cards(), ""]
    return "\n".join(lines)


def summary(report: Report) -> str:
    """The figures as aligned text, a line each."""
    width = max((len(f["name"]) for f in report["figures"]), default=0)
    lines = [
        f"{f['name']:{width}}  {number(f['value']):>6}  {span(f['interval']):>17}  "
        f"{f['cases']:>4} cases{_arrow(f)}"
        for f in report["figures"]
    ]
    if ask := report["timings"]["ask_ms"]:
        lines.append(
            f"{'answers':{width}}  median {ask['p50']} ms, 95th percentile {ask['p95']} ms"
        )
    if told := stood_in(report):
        lines.append(told)
    return "\n".join(lines)


def stood_in(report: Report) -> str:
    """How often quotes stood in for a language model; empty where they never did."""
    kinds = [{n["kind"] for n in row["reply"]["notices"]} for row in report["rows"].values()]
    count = sum("fallback" in found for found in kinds)
    if not count:
        return ""
    return f"In {count} of {len(kinds)} cases the language model failed, or in part, and quotes stood in."


def page(report: Report) -> str:
    """The report as one self-contained HTML page."""
    import jinja2

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    environment.filters |= {"number": number, "span": span}
    return environment.get_template(TEMPLATE).render(
        report=report,
        pictures=pictures(report),
        worst=worst(report),
        metrics=METRICS,
        curves=CURVES,
        arrow=_arrow,
        stood_in=stood_in(report),
    )


def worst(report: Report, count: int = WORST) -> list[tuple[str, dict[str, Any]]]:
    """The open cases that went worst, by id: answered though unanswerable, or least of what was asked.

    Locked cases are left out, so that nobody improves answers by looking at them.
    """

    def goodness(row: dict[str, Any]) -> float:
        scores = row["scores"]
        if row["part"] == "unanswerable":
            return float(scores["refused"])
        return float(
            2 * scores["nugget recall"] + scores.get("nDCG@10", scores.get("follow-up nDCG@10", 0))
        )

    judged = [
        (name, row)
        for name, row in report["rows"].items()
        if not row["locked"] and ("refused" in row["scores"] or "nugget recall" in row["scores"])
    ]
    return sorted(judged, key=lambda item: (goodness(item[1]), item[0]))[:count]


def cards() -> str:
    """The definition of every metric, curve and percentile, as Markdown."""
    of_metrics = [_card(metric, _on(metric)) for metric in METRICS.values()]
    return "\n\n".join(of_metrics + [_card(card, "never gates") for card in CURVES])


def _card(card: Metric | Card, notes: str) -> str:
    return (
        f"**{card.name}** ({notes})\n- {card.formula}\n- 0: {card.zero}. 1: {card.one}.\n"
        f"- Source: {card.source}."
    )


def _on(metric: Metric) -> str:
    gates = {
        "interval": "fails the gate when the interval of its difference lies on the worse side",
        "every fall": "fails the gate at every fall",
        "never": "never gates",
    }
    return f"on {', '.join(metric.parts)} cases; {_wanted(metric.better)}; {gates[metric.gate]}"


def _wanted(better: str) -> str:
    return "neither is better" if better == "neither" else f"{better} is better"


def _arrow(figure: dict[str, Any]) -> str:
    return {"lower": " (lower is better)", "neither": " (no better side)"}.get(figure["better"], "")


def pictures(report: Report) -> list[dict[str, Any]]:
    """Each plot with its title, what it shows in words, and its numbers as a table."""
    found = []
    curve = report["curves"]["risk_coverage"]
    if curve:
        found.append(
            {
                "title": "Risk and coverage",
                "words": "Questions are accepted from the most confident answer on. The curve shows which "
                "share of the accepted is wrong; the dashed line is 5 %.",
                "svg": plots.risk_coverage(report),
                "head": ["coverage", "risk"],
                "rows": [[number(covered), number(risk)] for covered, risk in curve],
            }
        )
    bins = report["curves"]["reliability"]
    if bins:
        found.append(
            {
                "title": "Reliability",
                "words": "Of the questions with a probability, the share that the corpus answers. On the "
                "dashed line a probability means what it says.",
                "svg": plots.reliability(report),
                "head": ["probability", "share answerable", "cases"],
                "rows": [
                    [number(b["probability"]), number(b["answerable"]), str(b["cases"])]
                    for b in bins
                ],
            }
        )
    for name in BY_KIND:
        kinds = plots.figure(report, name)["kinds"]
        if kinds:
            found.append(
                {
                    "title": f"{name} by kind of question",
                    "words": "Bars with 95 % intervals; the number of cases is in brackets.",
                    "svg": plots.by_kind(report, name),
                    "head": ["kind", "value", "95 % interval", "cases"],
                    "rows": [
                        [kind, number(k["value"]), span(k["interval"]), str(k["cases"])]
                        for kind, k in kinds.items()
                    ],
                }
            )
    ask = report["timings"]["ask_ms"]
    if ask:
        found.append(
            {
                "title": "Latency",
                "words": f"Time of an answer on the machine of this run: median {ask['p50']} ms, 95th "
                f"percentile {ask['p95']} ms, 99th {ask['p99']} ms. It never gates.",
                "svg": plots.latency(report),
                "head": ["percentile", "milliseconds"],
                "rows": [[name.removeprefix("p"), str(value)] for name, value in ask.items()],
            }
        )
    return found
