"""Chooses the hybrid's dense weight on a set's training queries: `python -m evals.bench.hybrid_weight`.

Reads a BEIR-style folder, ranks whole documents with the same code that the assistant uses, and
prints nDCG@10 for each weight. The test queries are read only with --report: choose on the training
rows, and leave it off until then.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.index.lexical import LexicalIndex, words
from assistant.progress import progress_bar
from assistant.ranking import best_rows, fused
from assistant.settings import Settings
from evals.thirdparty.retrieval import figures
from evals.thirdparty.sets import RetrievalSet, retrieval_set
from evals.thirdparty.workshop import Workshop

WEIGHTS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
CANDIDATES = (100, 200, 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="BEIR-style folder")
    parser.add_argument("--report", action="store_true", help="also rank the test queries")
    arguments = parser.parse_args()
    with progress_bar() as progress:
        workshop = Workshop.open(Settings.load(), progress)
        for split in ["train", *(["test"] if arguments.report else [])]:
            _print(retrieval_set(arguments.data, [split]), workshop)


def _print(data: RetrievalSet, workshop: Workshop) -> None:
    names = list(data.documents)
    texts = [document.whole for document in data.documents.values()]
    vectors, lexical = workshop.vectors(texts, "embedding"), LexicalIndex.build(texts)
    rankable = {
        query: (
            vectors @ np.array(workshop.model.embed_query(text), dtype=np.float32),
            lexical.scores(words(text)),
        )
        for query, text in data.queries.items()
    }
    print(f"{data.split}: {len(rankable)} queries, nDCG@10")
    print("candidates  " + "  ".join(f"w={weight:.1f}" for weight in WEIGHTS))
    for count in CANDIDATES:
        row = []
        for weight in WEIGHTS:
            run = {
                query: [names[place] for place in _rank(*scores, weight, count)]
                for query, scores in rankable.items()
            }
            row.append(figures(run, data.qrels)["nDCG@10"].value)
        print(f"{count:10d}  " + "  ".join(f"{value:.3f}" for value in row))


def _rank(
    cosine: NDArray[np.float32], bm25: NDArray[np.float32], weight: float, count: int
) -> list[int]:
    near, worded = best_rows(cosine + 2, count), best_rows(bm25, count)
    rows = np.union1d(near, worded)
    scores = fused(cosine[rows], bm25[rows], np.isin(rows, near), weight)
    return [int(row) for row in rows[np.argsort(-scores, kind="stable")[:10]]]


if __name__ == "__main__":
    main()
