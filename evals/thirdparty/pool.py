"""Documents of a set -> an index in memory for the assistant, and the pools that suites share.

The index is split as a corpus is; its documents can be hidden, and its sentences are embedded only when
an answer reads them.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from langchain_core.documents import Document
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.index.layout import FORMAT, Manifest
from assistant.index.lexical import LexicalIndex
from assistant.index.reader import Index
from assistant.index.texts import indexed_text, sentence_text
from assistant.ranking import best_rows
from assistant.splitting import sentences, split
from assistant.types import Hit
from evals.thirdparty.sets import Text
from evals.thirdparty.units import Units
from evals.thirdparty.workshop import Scores, Workshop


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


class LazyVectors:
    """Vectors of shape (rows, dimension), each made when it is first asked for, and then kept.

    `passages` names the passage of each row, in their order. An answer reads all sentences of a passage
    one by one, so that those of a passage are made together. All of 16,000 documents would take an hour.
    """

    def __init__(
        self,
        passages: NDArray[np.int32],
        embed: Callable[[list[int]], Scores],
        dimension: int,
    ) -> None:
        self._passages = passages
        self._embed = embed
        # Pages that are never written cost no memory.
        self._vectors = np.zeros((len(passages), dimension), dtype=np.float32)
        self._made = np.zeros(len(passages), dtype=bool)
        self._numbers = np.arange(len(passages))

    def __len__(self) -> int:
        return len(self._passages)

    def __getitem__(self, rows: Any) -> Scores:
        asked = np.atleast_1d(self._numbers[rows])
        if not self._made[asked].all():
            wanted = np.unique(self._passages[asked[~self._made[asked]]])
            first = np.searchsorted(self._passages, wanted)
            last = np.searchsorted(self._passages, wanted, side="right")
            new = [row for start, end in zip(first, last, strict=True) for row in range(start, end)]
            self._vectors[new] = self._embed(new)
            self._made[new] = True
        found: Scores = self._vectors[rows]
        return found


class PoolIndex(Index):
    """A set's documents as an index in memory, split as a corpus is."""

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
        self.tokens = workshop.tokens(
            texts,
            [len(text) - len(p.text) for text, p in zip(texts, self.passages, strict=True)],
            self.sentences,
            f"{name}: encoding word pieces",
        )
        self.disagreements, self.claims, self.glossary = [], [], []
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
        self._rows: dict[str, list[int]] = {}
        for row, passage in enumerate(self.passages):
            self._rows.setdefault(passage.document_id, []).append(row)
        self.__dict__["store"] = self._store = HidingStore(self.vectors)
        self.sentence_vectors = LazyVectors(  # type: ignore[assignment]
            self.sentences[:, 0],
            lambda rows: workshop.vectors(self._sentence_texts(rows)),
            workshop.model.dimension,
        )

    def _sentence_texts(self, rows: Sequence[int]) -> list[str]:
        texts = []
        for row, start, end in self.sentences[list(rows)].tolist():
            passage = self.passages[row]
            metadata = self.documents[passage.document_id]
            texts.append(sentence_text(passage, start, end, metadata))
        return texts

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


class Pools:
    """What can be ranked of a set, built once however many suites measure it; the last set is kept."""

    def __init__(self, workshop: Workshop) -> None:
        self.workshop = workshop
        self._documents: Mapping[str, Text] = {}
        self._built: dict[str, Any] = {}

    def units(self, name: str, documents: Mapping[str, Text], *, cut: bool) -> Units:
        """For the baselines."""
        units: Units = self._once(
            f"units {cut}", documents, lambda: Units(name, documents, self.workshop, cut=cut)
        )
        return units

    def index(self, name: str, documents: Mapping[str, Text]) -> PoolIndex:
        """For the assistant."""
        index: PoolIndex = self._once(
            "index", documents, lambda: PoolIndex(name, documents, self.workshop)
        )
        return index

    def _once(self, what: str, documents: Mapping[str, Text], build: Callable[[], Any]) -> Any:
        if documents != self._documents:
            self._documents, self._built = documents, {}
        if what not in self._built:
            self._built[what] = build()
        return self._built[what]
