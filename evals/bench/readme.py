"""Writes the parts of README.md that come from the code: `python -m evals.bench.readme`.

The example answer is what the command prints; the tree has each module's first line beside it; the
figures are those of evals/baseline.json.
tests/test_readme.py fails when README.md is behind.
"""

from __future__ import annotations

import ast
import re
from pathlib import Path

from assistant import Assistant
from assistant.rendering import answer_text
from evals.gate import read_baseline
from evals.metrics import METRICS
from evals.numbers import number, span
from evals.statistics import interval

ROOT = Path(__file__).parents[2]
EXAMPLE = "How does dystrophic mineralization differ from metastatic calcification?"
FOLDERS = ("assistant", "evals")
BESIDE = {
    "corpus/text/": "the source text, word for word, and topic pages",
    "corpus/references/": "one file for each publication: front matter, then a note a line",
    "indexes/": "built here, never committed",
    "tests/": "a promise in each name",
}


def example(assistant: Assistant) -> str:
    """The command and what it prints."""
    printed = answer_text(assistant.ask(EXAMPLE))
    return f'```console\n$ hip-assistant ask "{EXAMPLE}"\n{printed}\n```'


def tree() -> str:
    """Every module with the first line of its docstring."""
    lines = []
    for folder in FOLDERS:
        for path in sorted((ROOT / folder).rglob("*.py")):
            docstring = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
            first = docstring.split("\n\n")[0].replace("\n", " ").split(": `python")[0]
            lines.append((path.relative_to(ROOT).as_posix(), first.rstrip(".:")))
    lines += BESIDE.items()
    width = max(len(name) for name, _ in lines)
    return "```text\n" + "\n".join(f"{name:{width}}  {words}" for name, words in lines) + "\n```"


def figures() -> str:
    """The accepted figures with their intervals."""
    lines = ["| figure | value | 95 % interval | cases |", "|---|---|---|---|"]
    for name, by_case in read_baseline().items():
        metric, scores = METRICS[name], list(by_case.values())
        value, width = metric.total(scores), interval(scores, metric.total)
        better = {"lower": " (lower is better)", "neither": " (no better side)"}.get(
            metric.better, ""
        )
        lines.append(f"| {name}{better} | {number(value)} | {span(width)} | {len(scores)} |")
    return "\n".join(lines)


def filled(readme: str, assistant: Assistant) -> str:
    """`readme` with its generated parts brought up to date."""
    for name, text in (("example", example(assistant)), ("tree", tree()), ("figures", figures())):
        readme = re.sub(
            rf"(<!-- {name} -->\n).*?(<!-- /{name} -->)",
            lambda match, text=text: f"{match[1]}{text}\n{match[2]}",  # type: ignore[misc]
            readme,
            flags=re.DOTALL,
        )
    return readme


if __name__ == "__main__":
    path = ROOT / "README.md"
    path.write_text(filled(path.read_text("utf-8"), Assistant.open()), encoding="utf-8")
