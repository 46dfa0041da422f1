"""A report -> report.md and report.html: pure functions of report.json.

The page needs nothing from elsewhere: style and pictures are inside it, and it runs no script.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evals import plots
from evals.gate import Change
from evals.metrics import METRICS
from evals.metrics.card import Metric
from evals.report import Report

WORST = 12
TEMPLATE = "report.html.j2"
BY_KIND = ("nugget recall", "nDCG@10")


def number(value: float | None) -> str:
    """Three decimals for a share, one for what is larger; a dash for none."""
    if value is None:
        return "–"
    return f"{value:.1f}" if abs(value) > 2 else f"{value:.3f}"


def span(interval: Sequence[float] | None) -> str:
    """An interval as people write it."""
    return "–" if interval is None else f"{number(interval[0])} to {number(interval[1])}"


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
        lines += [f"### {name}: {row['question']}", "", *_case_lines(row), ""]
    lines += ["## What the figures mean", "", cards(), ""]
    return "\n".join(lines)


def summary(report: Report) -> str:
    """The figures as aligned text, a line each."""
    width = max(len(f["name"]) for f in report["figures"])
    lines = [
        f"{f['name']:{width}}  {number(f['value']):>6}  {span(f['interval']):>17}  "
        f"{f['cases']:>4} cases{_arrow(f)}"
        for f in report["figures"]
    ]
    if ask := report["timings"]["ask_ms"]:
        lines.append(
            f"{'answers':{width}}  median {ask['p50']} ms, 95th percentile {ask['p95']} ms"
        )
    return "\n".join(lines)


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
        pictures=_pictures(report),
        worst=worst(report),
        metrics=METRICS,
        arrow=_arrow,
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
            2 * scores["nugget recall"] + scores.get("nDCG@10", scores.get("follow-up nDCG@10"))
        )

    judged = [
        (name, row)
        for name, row in report["rows"].items()
        if not row["locked"] and ("refused" in row["scores"] or "nugget recall" in row["scores"])
    ]
    return sorted(judged, key=lambda item: (goodness(item[1]), item[0]))[:count]


def case(name: str, row: dict[str, Any]) -> str:
    """Everything about one case, as text."""
    lines = [f"{name} ({row['part']}, {row['kind']}{', locked' if row['locked'] else ''})"]
    lines += [f"  before: {question}" for question in row["earlier"]]
    lines += [f"  {row['question']}", "", *_case_lines(row)]
    for wording in row.get("wordings", ()):
        first = wording["reply"]["sentences"][:1]
        lines += ["", f"  asked as: {wording['question']}"]
        lines += [f"    {first[0]['text']}" if first else f"    {wording['reply']['reason']}"]
    return "\n".join(lines)


def comparison(found: Sequence[Change]) -> str:
    """What differs between two runs, as Markdown."""
    lines = [
        "| figure | before | after | 95 % interval of the difference | p | better / worse cases |",
        "|---|---|---|---|---|---|",
    ]
    for change in found:
        moved = bool(change.worse or change.better)
        lines.append(
            f"| {change.name} | {number(change.before)} | {number(change.after)} "
            f"| {span(change.interval)} | {number(change.p) if moved else '–'} "
            f"| {len(change.better)} / {len(change.worse)} |"
        )
    for change in found:
        if METRICS[change.name].gate != "never" and (change.worse or change.better):
            lines += ["", f"{change.name}"]
            lines += [f"  worse: {', '.join(change.worse)}"] if change.worse else []
            lines += [f"  better: {', '.join(change.better)}"] if change.better else []
    return "\n".join(lines)


def cards() -> str:
    """Every metric's definition, as Markdown."""
    return "\n\n".join(_card(metric) for metric in METRICS.values())


def _card(metric: Metric) -> str:
    gates = {
        "interval": "fails the gate when the interval of its difference lies on the worse side",
        "every fall": "fails the gate at every fall",
        "never": "never gates",
    }
    return (
        f"**{metric.name}** (on {', '.join(metric.parts)} cases; {_wanted(metric.better)}; "
        f"{gates[metric.gate]})\n"
        f"- {metric.formula}\n- 0: {metric.zero}. 1: {metric.one}.\n- Source: {metric.source}."
    )


def _wanted(better: str) -> str:
    return "neither is better" if better == "neither" else f"{better} is better"


def _arrow(figure: dict[str, Any]) -> str:
    return {"lower": " (lower is better)", "neither": " (no better side)"}.get(figure["better"], "")


def _case_lines(row: dict[str, Any]) -> list[str]:
    reply = row["reply"]
    lines = [f"- searched: {reply['query']}"]
    lines += [
        "- scores: "
        + ", ".join(
            f"{name} {number(score) if isinstance(score, float) else score}"
            for name, score in row["scores"].items()
        )
    ]
    if row["nuggets"]:
        lines.append("- wanted: " + "; ".join(" / ".join(nugget) for nugget in row["nuggets"]))
    lines += [f"- gold: {gold['quote']} [{gold['reference']}]" for gold in row["gold"]]
    lines += [f"- notice: {notice['kind']}" for notice in reply["notices"]]
    if reply["abstained"]:
        lines.append(f"- answer: none. {reply['reason']}")
    lines += [f"- answer: {s['text']} [{', '.join(s['cites'])}]" for s in reply["sentences"]]
    lines += [
        f"- hit {place}{' (gold)' if hit['relevant'] else ''}: {hit['text'][:160]} [{hit['passage']}]"
        for place, hit in enumerate(reply["hits"][:5], start=1)
    ]
    return lines


def _pictures(report: Report) -> list[dict[str, Any]]:
    """Each plot with its title, what it shows in words, and its numbers as a table."""
    pictures = []
    curve = report["curves"]["risk_coverage"]
    if curve:
        pictures.append(
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
        pictures.append(
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
            pictures.append(
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
        pictures.append(
            {
                "title": "Latency",
                "words": "Time of an answer on the machine of this run; it never gates.",
                "svg": plots.latency(report),
                "head": ["percentile", "milliseconds"],
                "rows": [[name.removeprefix("p"), str(value)] for name, value in ask.items()],
            }
        )
    return pictures
