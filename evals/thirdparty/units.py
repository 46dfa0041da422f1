"""Documents of a set -> what baselines rank: whole documents or plain chunks, by BM25, cosine and both."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from assistant.index.lexical import LexicalIndex, words_as_written
from evals.thirdparty.sets import Text
from evals.thirdparty.workshop import Scores, Workshop

# The cut of the measured baseline, for sets whose answers are spans of long documents.
CHUNK, OVERLAP = 1000, 200
CANDIDATES = 1000


class Units:
    """Whole documents, or plain chunks of them, ranked by BM25, by cosine, and by the sum of both."""

    def __init__(
        self, name: str, documents: Mapping[str, Text], workshop: Workshop, *, cut: bool
    ) -> None:
        self.documents: list[str] = []
        self.spans: list[tuple[int, int]] = []
        texts: list[str] = []
        for key, document in documents.items():
            for start, text in _chunks(document.text) if cut else [(0, document.whole)]:
                self.documents.append(key)
                self.spans.append((start, start + len(text)))
                texts.append(text)
        self._rows: dict[str, list[int]] = {}
        for row, key in enumerate(self.documents):
            self._rows.setdefault(key, []).append(row)
        self._workshop = workshop
        self._vectors = workshop.vectors(texts, f"{name}: embedding documents")
        self._lexical = LexicalIndex.build(texts, words_as_written)

    def scores(self, query: str) -> dict[str, Scores]:
        """The scores of all units: `BM25`, `dense` and `min-max 0.5`."""
        vector = np.asarray(self._workshop.model.embed_query(query), dtype=np.float32)
        dense = self._vectors @ vector
        bm25 = self._lexical.scores(words_as_written(query))
        return {"BM25": bm25, "dense": dense, "min-max 0.5": fused(dense, bm25)}

    def ranked(self, scores: Scores, count: int, hidden: Collection[str] = ()) -> list[int]:
        """Rows of the best units, best first; BM25 ranks no unit without a word in common."""
        rows = np.argsort(-scores, kind="stable")[: count + sum(len(self._rows[k]) for k in hidden)]
        return [int(r) for r in rows if scores[r] != 0 and self.documents[r] not in hidden][:count]

    def top(self, scores: Scores, hidden: Collection[str] = ()) -> float:
        """The best score."""
        rows = self.ranked(scores, 1, hidden)
        return float(scores[rows[0]]) if rows else 0.0


def fused(dense: Scores, bm25: Scores) -> Scores:
    """The measured baseline: half of each, min-max scaled over its own best CANDIDATES, 0 beyond them."""
    return 0.5 * _scaled(dense) + 0.5 * _scaled(
        np.where(bm25 > 0, bm25, -np.inf).astype(np.float32)
    )


def _scaled(scores: Scores) -> Scores:
    kept = np.sort(scores[np.isfinite(scores)])[::-1][:CANDIDATES]
    if not len(kept) or kept[0] <= kept[-1]:
        return np.zeros_like(scores)
    scaled = (scores - kept[-1]) / (kept[0] - kept[-1])
    return np.where(np.isfinite(scores), np.clip(scaled, 0, 1), 0).astype(np.float32)


def _chunks(text: str) -> Iterator[tuple[int, str]]:
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    splitter = RecursiveCharacterTextSplitter(
        chunk_size=CHUNK, chunk_overlap=OVERLAP, add_start_index=True
    )
    for chunk in splitter.create_documents([text]):
        yield chunk.metadata["start_index"], chunk.page_content
