"""Documents of a set -> what can be ranked: whole or cut plainly for baselines, as an index for ours.

Vectors come from the model that the settings name, kept by content hash beside the indexes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

import numpy as np
from langchain_core.documents import Document
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.embeddings import EmbeddingModel, prepare_embeddings
from assistant.index.cache import embed_cached
from assistant.index.layout import FORMAT, Manifest
from assistant.index.lexical import LexicalIndex, words
from assistant.index.reader import Index
from assistant.index.texts import indexed_text, sentence_text
from assistant.ranking import best_rows
from assistant.settings import Settings
from assistant.splitting import sentences, split
from assistant.types import Hit
from evals.thirdparty.sets import Text

Progress = Callable[[str, int, int], None]
Scores = NDArray[np.float32]
Item = TypeVar("Item")

# The cut of the measured baseline, for sets whose answers are spans of long documents.
CHUNK, OVERLAP = 1000, 200
CANDIDATES = 1000


@dataclass(frozen=True, slots=True)
class Workshop:
    """What pools are made with: settings, one model for all of them, a progress bar."""

    settings: Settings
    model: EmbeddingModel
    progress: Progress

    @classmethod
    def open(cls, settings: Settings, progress: Progress) -> Workshop:
        settings.indexes.mkdir(parents=True, exist_ok=True)
        model = prepare_embeddings(settings.embedding_model, settings.indexes / "models", threads=2)
        return cls(settings, model, progress)

    def vectors(self, texts: Sequence[str], stage: str) -> Scores:
        """Of shape (len(texts), dimension)."""
        vectors, _ = embed_cached(
            texts,
            self.model,
            self.settings.indexes,
            progress=lambda done, total: self.progress(stage, done, total),
        )
        return vectors

    def steps(self, items: Sequence[Item], stage: str) -> Iterator[Item]:
        """The items, one by one, with progress."""
        for number, item in enumerate(items, start=1):
            yield item
            self.progress(stage, number, len(items))


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
        self._lexical = LexicalIndex.build(texts)

    def scores(self, query: str) -> dict[str, Scores]:
        """The scores of all units: `BM25`, `dense` and `min-max 0.5`."""
        vector = np.asarray(self._workshop.model.embed_query(query), dtype=np.float32)
        dense = self._vectors @ vector
        bm25 = self._lexical.scores(words(query))
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


class HidingLexical(LexicalIndex):
    """BM25 with some rows left out."""

    hidden: Sequence[int] = ()

    def scores(self, stems: Sequence[str]) -> Scores:
        scores = super().scores(stems)
        scores[list(self.hidden)] = 0
        return scores


class HidingStore:
    """Exact nearest rows, with some rows left out, where an index has its Chroma store."""

    def __init__(self, vectors: Scores) -> None:
        self._vectors = vectors
        self.hidden: Sequence[int] = ()

    def nearest(self, vector: Sequence[float], k: int) -> list[int]:
        near = self._vectors @ np.asarray(vector, dtype=np.float32) + 2  # cosines are above -1
        near[list(self.hidden)] = 0
        return [int(row) for row in best_rows(near, k)]


class PoolIndex(Index):
    """A set's documents as an index in memory, split as a corpus is; sentences are embedded when needed."""

    def __init__(self, name: str, documents: Mapping[str, Text], workshop: Workshop) -> None:
        self.name = name
        self.documents = {key: {"title": text.title} for key, text in documents.items()}
        self.passages = [
            passage
            for key, text in documents.items()
            for passage in split(
                Document(id=key, page_content=text.text, metadata=self.documents[key])
            )
        ]
        texts = [indexed_text(p, self.documents[p.document_id]) for p in self.passages]
        self.vectors = workshop.vectors(texts, f"{name}: embedding passages")
        self.lexical: HidingLexical = HidingLexical.build(texts)
        spans = [(row, *span) for row, p in enumerate(self.passages) for span in sentences(p.text)]
        self.sentences = np.array(spans, dtype=np.int32).reshape(-1, 3)
        self.disagreements, self.claims = [], []
        self.disagreement_vectors = np.zeros((0, workshop.model.dimension), dtype=np.float32)
        self.manifest = Manifest(
            format=FORMAT,
            generation="",
            fingerprint="",
            corpus=name,
            model=workshop.settings.embedding_model,
            model_fingerprint=workshop.model.fingerprint,
            dimension=workshop.model.dimension,
            documents=len(documents),
            passages=len(self.passages),
            sentences=len(spans),
            literature_as_of="unknown",
            subject=None,
            files={},
        )
        self._workshop = workshop
        self._rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            self._rows.setdefault(passage.document_id, []).append(row)
        self.__dict__["store"] = self._store = HidingStore(self.vectors)

    @cached_property
    def sentence_vectors(self) -> Scores:  # type: ignore[override]
        texts = []
        for row, start, end in self.sentences.tolist():
            passage = self.passages[row]
            metadata = self.documents[passage.document_id]
            texts.append(sentence_text(passage, start, end, metadata))
        return self._workshop.vectors(texts, f"{self.name}: embedding sentences")

    @contextmanager
    def hiding(self, documents: Collection[str]) -> Iterator[None]:
        """As if the documents were not there: not near to any query, no word in common with one.

        How rare a word is counts them still, which only makes an absence harder to see.
        """
        rows = [row for key in documents for row in self._rows.get(key, ())]
        self._store.hidden = self.lexical.hidden = rows
        try:
            yield
        finally:
            self._store.hidden = self.lexical.hidden = ()


def assistant_over(index: PoolIndex, workshop: Workshop) -> Assistant:
    """The assistant as it is, with its default settings, over a set's documents."""
    return Assistant(index, workshop.model, workshop.settings)


def by_document(hits: Sequence[Hit]) -> list[str]:
    """The documents of hits, best first, each at the place of its best passage."""
    return list(dict.fromkeys(hit.passage.document_id for hit in hits))


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
