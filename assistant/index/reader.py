"""Opens the current generation of an index: passages, vectors, words, documents, memory-mapped."""

from __future__ import annotations

import json
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.errors import IndexDamaged
from assistant.evidence import is_withdrawn
from assistant.index import layout
from assistant.index.layout import Manifest
from assistant.index.lexical import LexicalIndex
from assistant.index.store import ChromaStore
from assistant.index.texts import sentence_text
from assistant.index.tokens import TokenStore
from assistant.types import IndexInfo, Passage


class Index:
    """One generation, read only and safe to share between threads.

    `vectors` has shape (passages, dimension); `sentences` holds (passage row, start, end) of every
    sentence, offsets within its passage, and `sentence_vectors` its vectors. `disagreements` and
    `claims` are the corpus's judgements, `disagreement_vectors` the vectors of their questions;
    `glossary` holds its terms in plain words.
    `tokens` are the pieces of the passages, or None where the model gives none.
    """

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.folder = folder
        self.manifest = Manifest.read(folder, name)
        try:
            self.passages = [
                Passage(**p | {"section": tuple(p["section"]), "rests_on": tuple(p["rests_on"])})
                for p in _lines(folder / layout.PASSAGES)
            ]
            self.documents: dict[str, dict[str, Any]] = {
                d["id"]: d["metadata"] for d in _lines(folder / layout.DOCUMENTS)
            }
            self.vectors: NDArray[np.float32] = np.load(folder / layout.VECTORS, mmap_mode="r")
            self.sentences: NDArray[np.int32] = np.load(folder / layout.SENTENCES)
            self.sentence_vectors: NDArray[np.float32] = np.load(
                folder / layout.SENTENCE_VECTORS, mmap_mode="r"
            )
            judgements = json.loads((folder / layout.JUDGEMENTS).read_text(encoding="utf-8"))
            self.disagreements: list[dict[str, Any]] = judgements["disagreements"]
            self.claims: list[dict[str, Any]] = judgements["claims"]
            self.glossary: list[dict[str, Any]] = judgements.get("glossary", [])
            self.disagreement_vectors: NDArray[np.float32] = np.load(
                folder / layout.JUDGEMENT_VECTORS
            )
            tokens = folder / layout.TOKENS
            self.tokens = TokenStore.load(tokens) if tokens.is_dir() else None
            self.lexical = LexicalIndex.load(folder / layout.LEXICAL, len(self.passages))
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise self._damaged(f"cannot be read ({type(error).__name__})") from error
        counts = (len(self.passages), len(self.vectors), len(self.documents), len(self.sentences))
        if counts != (
            self.manifest.passages,
            self.manifest.passages,
            self.manifest.documents,
            self.manifest.sentences,
        ) or len(self.sentences) != len(self.sentence_vectors):
            raise self._damaged("does not hold what its manifest counts")

    @classmethod
    def open(cls, indexes: Path, name: str = "default") -> Index:
        """The generation in use. Raises IndexMissing, IndexDamaged or IndexIncompatible."""
        return cls(name, layout.current_generation(indexes, name))

    @property
    def info(self) -> IndexInfo:
        m = self.manifest
        return IndexInfo(self.name, m.generation, m.fingerprint, m.literature_as_of)

    @cached_property
    def store(self) -> ChromaStore | None:
        """Chroma, or None where exact search over `vectors` has to answer."""
        folder = self.folder.parent / "chroma" / self.manifest.generation
        return ChromaStore.open(folder, len(self.passages))

    @cached_property
    def withdrawn(self) -> NDArray[np.bool_]:
        """Which passages come from a work that was retracted or superseded."""
        gone = {key for key, metadata in self.documents.items() if is_withdrawn(metadata)}
        return np.array([p.document_id in gone for p in self.passages], dtype=bool)

    @cached_property
    def row_of(self) -> dict[str, int]:
        """The row of each passage id."""
        return {passage.id: row for row, passage in enumerate(self.passages)}

    @cached_property
    def sentence_range(self) -> NDArray[np.int64]:
        """Sentences of passage row r are `sentences[sentence_range[r]:sentence_range[r + 1]]`."""
        return np.searchsorted(self.sentences[:, 0], np.arange(len(self.passages) + 1))

    def bare_vectors(self, passage: Passage) -> dict[str, NDArray[np.float32]]:
        """Sentences of a passage with their vectors, as far as no title was embedded with them."""
        row = self.row_of[passage.id]
        metadata = self.documents[passage.document_id]
        found = {}
        for number in range(*self.sentence_range[row : row + 2]):
            _, start, end = (int(value) for value in self.sentences[number])
            text = passage.text[start:end]
            if sentence_text(passage, start, end, metadata) == text:
                found[text] = np.asarray(self.sentence_vectors[number], dtype=np.float32)
        return found

    def text(self, document_id: str) -> str:
        """The whole text that a document's offsets count in. Raises KeyError for an unknown id."""
        for line in _lines(self.folder / layout.TEXTS):
            if line["id"] == document_id:
                return str(line["text"])
        raise KeyError(document_id)

    def _damaged(self, why: str) -> IndexDamaged:
        return IndexDamaged(
            f"The index {self.name!r} in {self.folder} {why}. "
            f"Build it again with: hip-assistant index --index {self.name} --force"
        )


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
