"""How well the engine's bars part questions that the corpus answers from those that it does not.

`python -m evals.bench.bars` asks the questions of evals/data/development.yaml. The bars were set on
these questions: the figures describe the fit and are no measure of quality.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from typing import Any

import yaml

from assistant import Assistant
from assistant.types import Answer

DATA = Path(__file__).parents[1] / "data" / "development.yaml"


def main() -> None:
    questions = yaml.safe_load(DATA.read_text(encoding="utf-8"))["questions"]
    answers: dict[str, list[tuple[dict[str, Any], Answer]]] = defaultdict(list)
    assistant = Assistant.open()
    for question in questions:
        kind = "answerable" if question["answerable"] else question["kind"]
        answers[kind].append((question, assistant.ask(question["question"])))
    for kind, asked in answers.items():
        answered = sum(not answer.abstained for _, answer in asked)
        print(f"{kind}: {answered} of {len(asked)} answered")
    gold = answers["answerable"]
    print(f"gold reference among ten hits: {_share(gold, hit=True):.2f}")
    print(f"gold reference cited: {_share(gold, hit=False):.2f}")


def _share(asked: list[tuple[dict[str, Any], Answer]], *, hit: bool) -> float:
    found = 0
    for question, answer in asked:
        keys = (
            {h.passage.document_id for h in answer.hits[:10]}
            if hit
            else {reference.document_id for reference in answer.references}
        )
        found += bool(keys & set(question["gold"]))
    return found / len(asked)


if __name__ == "__main__":
    main()
