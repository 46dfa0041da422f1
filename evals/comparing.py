"""Two runs side by side, as Markdown: what differs, how surely, and what only one of them has."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from evals.gate import changes, scores_of
from evals.metrics import METRICS
from evals.numbers import number, span
from evals.report import Report


def comparison(before: Report, after: Report) -> str:
    """The figures of both over the cases that both have, then the cases that changed."""
    first, second = scores_of(before), scores_of(after)
    found = changes(first, second)
    lines = [
        *(f"{name}: {_described(run)}" for name, run in (("before", before), ("after", after))),
        *_differing(before, after),
        "",
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
    lines += _alone("figures", first, second)
    lines += _alone("cases", before["rows"], after["rows"])
    return "\n".join(lines)


def _described(run: Report) -> str:
    system = ", ".join(f"{name} {value}" for name, value in run["system"].items())
    commit = run["fingerprints"].get("commit") or "none"
    return f"run {run['run']['id']} ({system}; commit {commit}; {len(run['rows'])} cases)"


def _differing(before: Report, after: Report) -> Iterator[str]:
    """Without this, a figure that moved with its cases or its corpus would look like another system's."""
    own, other = before["fingerprints"], after["fingerprints"]
    names = [name for name in own | other if own.get(name) != other.get(name)]
    if names:
        yield f"not the same in both: {', '.join(names)}"


def _alone(what: str, before: Collection[str], after: Collection[str]) -> Iterator[str]:
    for name, own, other in (("before", before, after), ("after", after, before)):
        if gone := [one for one in own if one not in other]:
            yield f"\n{what} that only the run {name} has: {', '.join(gone)}"
