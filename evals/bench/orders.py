"""Learns in which direction of the embedding space orders lie: `python -m evals.bench.orders`.

It writes assistant/orders.json. Ridge regression between the orders of evals/data/orders.txt and ordinary
sentences: those of the same file, the corpus's own, its titles and the open questions of the cases.
Ten-fold figures are printed first.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant import Assistant
from assistant.order_direction import DIRECTION, ORDER_SCORE
from assistant.orders import reads_like_orders, units
from evals.cases import CASES, load_cases

EXAMPLES = Path(__file__).parents[1] / "data" / "orders.txt"
THINGS = (
    "surgery", "aspirin", "leeches", "acupuncture", "etidronate", "the new implant", "shock wave therapy",
    "core decompression", "cold water", "vitamin C", "bed rest", "radiotherapy",
)  # fmt: skip
# Each example with so many things, so that no thing itself becomes a sign of an order.
VARIANTS = 3
# Chosen with ORDER_SCORE on orders that are in neither the examples nor the tests.
RIDGE = 3.0
# The ordinary examples are those that look like orders, so each counts as several sentences.
OFTEN = 2
FOLDS = 10
DIGITS = 4

Vectors = NDArray[np.float64]


def examples(part: str) -> list[str]:
    """The lines of a part of the examples."""
    text = EXAMPLES.read_text(encoding="utf-8").split(f"[{part}]\n")[1].split("\n[")[0]
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def varied(lines: list[str], rng: random.Random) -> list[list[str]]:
    """Each line with its {thing} filled in several ways."""
    return [
        sorted({re.sub(r"\{thing\}", rng.choice(THINGS), line) for _ in range(VARIANTS)})
        for line in lines
    ]


def direction(orders: Vectors, others: Vectors) -> Vectors:
    """Weights and, last, the bias: +1 for orders and -1 for others, both sides counting alike."""
    points = np.vstack([orders, others])
    points = np.hstack([points, np.ones((len(points), 1))])
    wanted = np.r_[np.ones(len(orders)), -np.ones(len(others))]
    weight = np.r_[np.full(len(orders), len(others) / len(orders)), np.ones(len(others))]
    penalty = RIDGE * np.diag(np.r_[np.ones(points.shape[1] - 1), 0.0])
    weighed = points.T * weight
    return np.asarray(np.linalg.solve(weighed @ points + penalty, weighed @ wanted))


def main() -> None:
    rng = random.Random(7)
    with Assistant.open() as assistant:
        index, embed = assistant.index, assistant.embeddings.embed
        groups = varied(examples("orders"), rng)
        orders = [np.asarray(embed(group), dtype=np.float64) for group in groups]
        ordinary = np.asarray(embed(examples("ordinary")), dtype=np.float64)
        asked = [
            c.question for c in load_cases(CASES, index) if not c.locked and c.part != "injection"
        ]
        questions = np.asarray(embed(sorted(set(asked))), dtype=np.float64)
        fingerprint = index.manifest.model_fingerprint
        stated = [
            index.passages[row].text[start:end] for row, start, end in index.sentences.tolist()
        ]
        titles = sorted(str(work.get("title", "")) for work in index.documents.values())
        stated += [unit for title in titles for unit in units(title)]
        sentences = np.asarray(embed(stated), dtype=np.float64)
    others = np.vstack([*[ordinary] * OFTEN, questions, sentences])
    order = rng.sample(range(len(groups)), len(groups))
    folds = rng.choices(range(FOLDS), k=len(ordinary)) * OFTEN
    folds += rng.choices(range(FOLDS), k=len(questions) + len(sentences))
    caught, alarms, both = 0, 0, 0
    for fold in range(FOLDS):
        held = set(order[fold::FOLDS])
        known = np.vstack([vectors for n, vectors in enumerate(orders) if n not in held])
        apart = np.array([f == fold for f in folds])
        learned = direction(known, others[~apart])
        for n in held:
            found = float((orders[n] @ learned[:-1] + learned[-1]).max()) >= ORDER_SCORE
            caught += found
            both += found or any(map(reads_like_orders, groups[n]))
        alone = apart & (np.arange(len(others)) >= len(ordinary) * (OFTEN - 1))
        alarms += int((others[alone] @ learned[:-1] + learned[-1] >= ORDER_SCORE).sum())
    print(f"{caught} of {len(groups)} orders found by direction, {both} with the wordings")
    total = len(others) - len(ordinary) * (OFTEN - 1)
    print(f"{alarms} of {total} ordinary sentences taken for orders (ten-fold)")
    learned = direction(np.vstack(orders), others)
    written = {
        "model": fingerprint,
        "weights": [round(float(w), DIGITS) for w in learned[:-1]],
        "bias": round(float(learned[-1]), DIGITS),
    }
    DIRECTION.write_text(json.dumps(written) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
