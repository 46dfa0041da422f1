"""A report's curves and figures -> SVG pictures as text, the same bytes for the same report.

The pictures hold no words that are nowhere else: the page shows each one's numbers as a table too.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from evals.report import Report

INK, OURS, FAINT = "#1f2933", "#0b5fa5", "#9aa5b1"


def risk_coverage(report: Report) -> str:
    """Share of wrong answers among the accepted, by the share of questions accepted."""
    curve = report["curves"]["risk_coverage"]
    with _axes("risk", "Coverage: share of questions accepted", "Risk: share of them wrong") as (
        axes,
        svg,
    ):
        covered, risks = zip(*curve, strict=True)
        axes.plot(covered, risks, color=OURS, marker="o", markersize=3)
        axes.axhline(0.05, color=FAINT, linestyle="--", linewidth=1)
        axes.set(xlim=(0, 1.02), ylim=(0, max(0.1, *risks) * 1.1))
    return svg()


def reliability(report: Report) -> str:
    """Share of answerable questions by the probability given, against the diagonal."""
    bins = report["curves"]["reliability"]
    with _axes("reliability", "Probability given", "Share answerable") as (axes, svg):
        axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1)
        axes.plot(
            [b["probability"] for b in bins],
            [b["answerable"] for b in bins],
            color=OURS,
            marker="o",
            markersize=4,
        )
        axes.set(xlim=(0, 1), ylim=(0, 1.02))
    return svg()


def by_kind(report: Report, name: str) -> str:
    """A bar for each kind of case with its 95 % interval."""
    kinds = figure(report, name)["kinds"]
    names = sorted(kinds, key=lambda kind: kinds[kind]["value"])
    prefix = re.sub(r"\W", "-", name)
    with _axes(prefix, name, "", height=0.3 * len(names) + 0.9) as (axes, svg):
        values = [kinds[kind]["value"] for kind in names]
        low = [
            max(0.0, v - kinds[kind]["interval"][0]) for v, kind in zip(values, names, strict=True)
        ]
        high = [
            max(0.0, kinds[kind]["interval"][1] - v) for v, kind in zip(values, names, strict=True)
        ]
        labels = [f"{kind} ({kinds[kind]['cases']})" for kind in names]
        axes.barh(labels, values, color=OURS, height=0.6)
        axes.errorbar(
            values, labels, xerr=[low, high], fmt="none", ecolor=INK, capsize=2, linewidth=1
        )
        axes.set(xlim=(0, 1.02))
    return svg()


def latency(report: Report) -> str:
    """How many answers took so many milliseconds."""
    last = 1.5 * report["timings"]["ask_ms"]["p99"]  # a first answer that loads things comes last
    with _axes("latency", "Milliseconds; the last bar: all that took longer", "Answers") as (
        axes,
        svg,
    ):
        times = [min(ms, last) for ms in report["timings"]["cases_ms"].values()]
        axes.hist(times, bins=30, range=(0, last), color=OURS)
    return svg()


def figure(report: Report, name: str) -> dict[str, Any]:
    """The figure of that name; an empty one where the run has none."""
    return next((f for f in report["figures"] if f["name"] == name), {"kinds": {}})


@contextmanager
def _axes(
    prefix: str, x: str, y: str, *, height: float = 3.2
) -> Iterator[tuple[Any, Callable[[], str]]]:
    """Axes to draw on, and a function that gives the finished SVG, whose ids begin with the prefix."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    text: list[str] = []
    settings: dict[Any, Any] = {"svg.hashsalt": "report", "svg.fonttype": "none", "font.size": 10.5}
    with mpl.rc_context(settings):
        # As wide as a phone shows it, so that words are not shrunk there.
        picture = Figure(figsize=(4.8, height), layout="constrained")
        axes = picture.subplots()
        axes.set_xlabel(x, color=INK)
        axes.set_ylabel(y, color=INK)
        axes.spines[["top", "right"]].set_visible(False)
        yield axes, lambda: text[0]
        buffer = io.StringIO()
        picture.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None})
        drawn = buffer.getvalue()
        # The page names the picture; what is inside it is for the eye.
        shown = drawn[drawn.index("<svg") :].replace("<svg", '<svg aria-hidden="true"', 1)
        text.append(_named(shown, prefix))


def _named(svg: str, prefix: str) -> str:
    """Every id and what points to one with the prefix: pictures of one page share no id."""
    return re.sub(r'(\bid="|href="#|url\(#)', rf"\g<1>{prefix}-", svg)
