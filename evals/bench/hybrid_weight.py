"""Chooses the hybrid's dense weight on a set's training queries: `python -m evals.bench.hybrid_weight`.

Reads a BEIR-style folder (corpus.jsonl.gz, queries.jsonl, qrels/train.tsv), ranks whole documents
with the same code that the assistant uses, and prints nDCG@10 for each weight. The queries of
qrels/test.tsv are read only with --report: choose on the training rows, and leave it off until then.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import json
from collections import defaultdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.embeddings import prepare_embeddings
from assistant.index.cache import embed_cached
from assistant.index.lexical import LexicalIndex, words
from assistant.ranking import best_rows, fused
from assistant.settings import Settings

WEIGHTS = (0.0, 0.3, 0.4, 0.5, 0.6, 0.7, 1.0)
CANDIDATES = (100, 200, 1000)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="BEIR-style folder")
    parser.add_argument("--report", action="store_true", help="also rank the test queries")
    arguments = parser.parse_args()
    with gzip.open(arguments.data / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        corpus = [json.loads(line) for line in lines]
    texts = [f"{document['title']}\n{document['text']}" for document in corpus]
    row_of = {document["_id"]: row for row, document in enumerate(corpus)}
    with (arguments.data / "queries.jsonl").open(encoding="utf-8") as lines:
        queries = {q["_id"]: q["text"] for q in map(json.loads, lines)}

    settings = Settings.load()
    settings.indexes.mkdir(parents=True, exist_ok=True)
    model = prepare_embeddings(settings.embedding_model, settings.indexes / "models", threads=2)
    vectors, _ = embed_cached(texts, model, settings.indexes)
    lexical = LexicalIndex.build(texts)
    for split in ["train", *(["test"] if arguments.report else [])]:
        qrels = _qrels(arguments.data / "qrels" / f"{split}.tsv", row_of)
        rankable = {
            query: (
                vectors @ np.array(model.embed_query(queries[query]), dtype=np.float32),
                lexical.scores(words(queries[query])),
            )
            for query in qrels
        }
        print(f"{split}: {len(qrels)} queries, nDCG@10")
        print("candidates  " + "  ".join(f"w={weight:.1f}" for weight in WEIGHTS))
        for count in CANDIDATES:
            row = [
                np.mean([_ndcg(_rank(*rankable[q], weight, count), qrels[q]) for q in qrels])
                for weight in WEIGHTS
            ]
            print(f"{count:10d}  " + "  ".join(f"{value:.3f}" for value in row))


def _rank(
    cosine: NDArray[np.float32], bm25: NDArray[np.float32], weight: float, count: int
) -> list[int]:
    near, worded = best_rows(cosine + 2, count), best_rows(bm25, count)
    rows = np.union1d(near, worded)
    scores = fused(cosine[rows], bm25[rows], np.isin(rows, near), weight)
    return [int(row) for row in rows[np.argsort(-scores, kind="stable")[:10]]]


def _ndcg(ranked: list[int], relevant: dict[int, int]) -> float:
    """nDCG@10 with linear gain, as trec_eval computes it."""
    gains = [relevant.get(row, 0) for row in ranked]
    ideal = sorted(relevant.values(), reverse=True)[:10]
    discount = 1 / np.log2(np.arange(2, 12))
    return float(gains @ discount[: len(gains)] / (ideal @ discount[: len(ideal)]))


def _qrels(path: Path, row_of: dict[str, int]) -> dict[str, dict[int, int]]:
    qrels: dict[str, dict[int, int]] = defaultdict(dict)
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if int(row["score"]) > 0:
                qrels[row["query-id"]][row_of[row["corpus-id"]]] = int(row["score"])
    return dict(qrels)


if __name__ == "__main__":
    main()
