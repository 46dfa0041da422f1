"""A case of a run as text: all that is known of it for `eval show`, the gist for report.md."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from evals.numbers import number

Row = dict[str, Any]
HITS, CHARACTERS = 5, 160


def case(name: str, row: Row) -> str:
    """Everything about one case: what was asked and wanted, and every reply with all of its hits."""
    kind = f"{row['part']}, {row['kind']}{', locked' if row['locked'] else ''}"
    asker = f", asked by: {row['asker']}" if row.get("asker") else ""
    lines = [f"{name} ({kind}{asker})"]
    lines += [f"  before: {question}" for question in row["earlier"]]
    lines += [f"  {row['question']}", "", *_wanted(row), *_scores(row), *_reply(row["reply"])]
    replies = [("alone", "asked without the turns before it"), ("rewritten", "asked as rewritten")]
    for key, words in replies:
        if key in row:
            lines += ["", f"{words}: {row[key]['question']}", *_reply(row[key]["reply"])]
    for wording in row.get("wordings", ()):
        lines += ["", f"asked as: {wording['question']}", *_reply(wording["reply"])]
    return "\n".join(lines)


def short(row: Row) -> list[str]:
    """What was wanted and what came, without the other replies and with the beginnings of a few hits."""
    return [*_wanted(row), *_scores(row), *_reply(row["reply"], HITS, CHARACTERS)]


def _wanted(row: Row) -> Iterator[str]:
    if row["nuggets"]:
        yield "- wanted: " + "; ".join(" / ".join(nugget) for nugget in row["nuggets"])
    for gold in row["gold"]:
        yield f"- gold: {gold['quote']} [{gold['reference']}]"
    if row.get("must"):
        yield f"- must raise the notice: {row['must']}"
    if row.get("disputed"):
        yield f"- must show the disagreement: {row['disputed']}"
    if row.get("forbidden"):
        yield f"- must not show: {row['forbidden']}"


def _scores(row: Row) -> Iterator[str]:
    told = ", ".join(f"{name} {_score(score)}" for name, score in row["scores"].items())
    yield f"- scores: {told or 'none'}"


def _score(score: Any) -> str:
    if isinstance(score, (list, tuple)):
        return f"(confidence {number(score[0])}, label {number(score[1])})"
    return number(score)


def _reply(reply: Row, hits: int | None = None, characters: int | None = None) -> Iterator[str]:
    yield f"- searched: {reply['query']}"
    if reply["probability"] is not None:
        yield f"- probability: {number(reply['probability'])}"
    for notice in reply["notices"]:
        yield f"- notice, {notice['kind']}: {notice['text'][:characters]}"
    if reply["abstained"]:
        yield f"- answer: none. {reply['reason']}"
    for sentence in reply["sentences"]:
        before = f"({sentence['lead']}) " if sentence.get("lead") else ""
        after = f" ({sentence['mark']})" if sentence.get("mark") else ""
        yield f"- answer: {before}{sentence['text']}{after} [{', '.join(sentence['cites'])}]"
    for place, hit in enumerate(reply["hits"][:hits], start=1):
        gold = " (gold)" if hit["relevant"] else ""
        yield f"- hit {place}{gold}: {hit['text'][:characters]} [{hit['passage']}]"
