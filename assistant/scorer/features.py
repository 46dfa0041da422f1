"""What the scorer sees of a question, of the passages found for it and of their sentences: numbers.

`PASSAGE` and `SENTENCE` name the columns. The same code reads them when weights are trained and when a
question is asked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from assistant.aspects import aspects, share_shown
from assistant.engines.terms import numbers, stems_of
from assistant.index.lexical import words
from assistant.index.reader import Index
from assistant.scorer.alignment import Alignment, align
from assistant.scorer.tokens import TokenEncoder
from assistant.synonyms import Stems, alternatives

Floats = NDArray[np.float32]
Parts = Sequence[tuple[str, float]]

PASSAGE = (
    "cosine", "bm25", "dense", "lexical", "hybrid",
    "document", "document 3", "neighbour",
    "coverage", "coverage with headings", "best sentence's coverage",
    "maxsim", "maxsim by rarity", "lowest maxsims", "share near", "document's maxsim",
    "best sentence's maxsim", "best sentence's maxsim with headings",
    "best sentence's cosine", "three sentences' cosine",
    "numbers", "aspects", "length", "terms",
)  # fmt: skip
SENTENCE = (
    "maxsim", "maxsim by rarity", "lowest maxsims", "share near", "maxsim with headings", "cosine",
    "coverage", "coverage with headings", "numbers", "aspects", "length", "place",
)  # fmt: skip
# BM25 of a word, by its rarity, comes near to this at most.
BM25_TOP = 2.5
# Passages and sentences whose words are kept.
KEPT = 30_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What is seen of one question: `passages` (rows, PASSAGE) and `sentences` (numbers, SENTENCE).

    `numbers` are rows of the index's sentences, `owners` the places of their passages among the rows.
    `unknown` is the share of the question that the corpus has no word for.
    """

    passages: Floats
    numbers: NDArray[np.int64]
    owners: NDArray[np.int64]
    sentences: Floats
    alignment: Alignment
    unknown: float


class Reader:
    """Reads the features of passages of `index`, whose pieces `encoder` has encoded."""

    def __init__(self, index: Index, encoder: TokenEncoder) -> None:
        self._index = index
        self._encoder = encoder
        self._words_of = lru_cache(KEPT)(self._read_words)

    def read(
        self, parts: Parts, vector: Floats, rows: NDArray[np.int64], bm25: Floats, hybrid: Floats
    ) -> Seen:
        """Of the passages `rows`, with their BM25 and hybrid scores, for the weighted parts of a query."""
        aligned = align(parts, rows, self._index, self._encoder)
        terms = self._terms(parts)
        sentences, covered = self._sentences(parts[0][0], terms, rows, aligned)
        total = sum(term.weight for term in terms)
        cosine = self._index.vectors[rows] @ vector
        columns = {
            "cosine": cosine,
            "bm25": bm25 / (BM25_TOP * total or 1.0),
            "dense": _scaled(cosine, float(cosine.min(initial=1.0))),
            "lexical": _scaled(bm25, 0.0),
            "hybrid": hybrid,
            **self._around(rows, hybrid),
            **covered,
            "maxsim": aligned.passages.mean(axis=0),
            "maxsim by rarity": aligned.weights @ aligned.passages,
            "lowest maxsims": aligned.lowest(aligned.passages),
            "share near": aligned.near(aligned.passages),
            "document's maxsim": aligned.weights
            @ _of_document(aligned.passages, self._documents(rows)),
            "best sentence's maxsim": _best(sentences[:, 1], aligned.owners, len(rows)),
            "best sentence's maxsim with headings": _best(
                sentences[:, 4], aligned.owners, len(rows)
            ),
            "best sentence's cosine": _best(sentences[:, 5], aligned.owners, len(rows)),
            "three sentences' cosine": _best(sentences[:, 5], aligned.owners, len(rows), of=3),
            "terms": np.full(len(rows), len(terms)),
        }
        unknown = sum(term.weight for term in terms if not self._is_known(term))
        return Seen(
            np.column_stack([columns[name] for name in PASSAGE]).astype(np.float32),
            aligned.numbers,
            aligned.owners,
            sentences,
            aligned,
            unknown / total if total else 0.0,
        )

    def _sentences(
        self, question: str, terms: Sequence[_Term], rows: NDArray[np.int64], aligned: Alignment
    ) -> tuple[Floats, dict[str, Floats]]:
        """The features of the sentences, and those of the passages that come from words."""
        asked, figures = aspects(question), numbers(question)
        total = sum(term.weight for term in terms) or 1.0

        def worded(one: _Words) -> list[float]:
            own = sum(term.weight for term in terms if term.within(one.stems))
            with_headings = sum(term.weight for term in terms if term.within(one.with_headings))
            figured = len(figures & one.numbers) / len(figures) if figures else 1.0
            return [
                own / total,
                with_headings / total,
                figured,
                share_shown(asked, one.text),
                one.length,
            ]

        of_sentences, of_passages = [], []
        sentences_of: dict[int, list[int]] = {}
        for owner, number in zip(aligned.owners.tolist(), aligned.numbers.tolist(), strict=True):
            sentences_of.setdefault(owner, []).append(number)
        for place, row in enumerate(rows.tolist()):
            whole = self._words_of(row, None)
            best = 0.0
            for number in sentences_of.get(place, ()):
                inner = self._words_of(row, number)
                found = worded(inner)
                best = max(best, found[0])
                of_sentences.append([*found, inner.place])
            found = worded(whole)
            of_passages.append([*found[:2], best, *found[2:]])
        names = ("coverage", "coverage with headings", "best sentence's coverage", "numbers", "aspects",
                 "length")  # fmt: skip
        passages = np.array(of_passages, dtype=np.float32).reshape(-1, len(names))
        cosines = np.column_stack(
            [
                aligned.sentences.mean(axis=0),
                aligned.weights @ aligned.sentences,
                aligned.lowest(aligned.sentences),
                aligned.near(aligned.sentences),
                aligned.weights
                @ np.maximum(aligned.sentences, aligned.headings[:, aligned.owners]),
                aligned.cosines,
            ]
        )
        # None where headings are so long that the model reads no sentence behind them.
        found_words = np.array(of_sentences).reshape(-1, len(SENTENCE) - cosines.shape[1])
        sentences = np.hstack([cosines, found_words])
        return sentences.astype(np.float32), dict(zip(names, passages.T, strict=True))

    def _read_words(self, row: int, number: int | None) -> _Words:
        """Of a passage, or of the sentence of that number in it."""
        passage = self._index.passages[row]
        title = str(self._index.documents[passage.document_id].get("title", ""))
        start, end = 0, len(passage.text)
        if number is not None:
            _, start, end = self._index.sentences[number].tolist()
        text = passage.text[start:end]
        stems = stems_of(text)
        with_headings = stems | stems_of(" ".join((title, *passage.section)))
        return _Words(
            text, stems, with_headings, numbers(text), _length(text), start / len(passage.text)
        )

    def _around(self, rows: NDArray[np.int64], hybrid: Floats) -> dict[str, Floats]:
        """The hybrid scores around each passage: its document's best, its three best, its neighbours'."""
        documents = self._documents(rows)
        score = dict(zip(rows.tolist(), hybrid.tolist(), strict=True))
        of: dict[int, list[float]] = {}
        for document, value in zip(documents.tolist(), hybrid.tolist(), strict=True):
            of.setdefault(document, []).append(value)
        best = {document: sorted(values)[::-1] for document, values in of.items()}
        near = [
            max(
                score.get(row + step, 0.0) if self._together(row, row + step) else 0.0
                for step in (-1, 1)
            )
            for row in rows.tolist()
        ]
        return {
            "document": np.array([best[document][0] for document in documents.tolist()]),
            "document 3": np.array([sum(best[d][:3]) for d in documents.tolist()]),
            "neighbour": np.array(near),
        }

    def _together(self, row: int, other: int) -> bool:
        passages = self._index.passages
        return (
            0 <= other < len(passages) and passages[row].document_id == passages[other].document_id
        )

    def _documents(self, rows: NDArray[np.int64]) -> NDArray[np.int64]:
        names: dict[str, int] = {}
        return np.array(
            [names.setdefault(self._index.passages[row].document_id, len(names)) for row in rows],
            dtype=np.int64,
        )

    def _terms(self, parts: Parts) -> list[_Term]:
        found: dict[Stems, _Term] = {}
        for text, weight in parts:
            for term, names in alternatives(tuple(words(text))):
                known = [name for name in names if self._is_known_name(name)]
                rarity = max(
                    sum(map(self._index.lexical.rarity, name)) for name in (known or [term])
                )
                found.setdefault(term, _Term.of(names, weight * rarity))
        return list(found.values())

    def _is_known(self, term: _Term) -> bool:
        return any(map(self._is_known_name, term.names))

    def _is_known_name(self, name: Stems) -> bool:
        return all(map(self._index.lexical.document_frequency, name))


@dataclass(frozen=True, slots=True)
class _Words:
    """What the words of a passage or sentence are, whatever is asked; `place` is where it begins, 0 to 1."""

    text: str
    stems: frozenset[str]
    with_headings: frozenset[str]
    numbers: frozenset[str]
    length: float
    place: float


@dataclass(frozen=True, slots=True)
class _Term:
    """A term of the question by any of its names, and its weight."""

    names: tuple[Stems, ...]
    words: frozenset[str]
    phrases: tuple[frozenset[str], ...]
    weight: float

    @classmethod
    def of(cls, names: tuple[Stems, ...], weight: float) -> _Term:
        words = frozenset(name[0] for name in names if len(name) == 1)
        return cls(names, words, tuple(frozenset(n) for n in names if len(n) > 1), weight)

    def within(self, stems: frozenset[str]) -> bool:
        if not self.words.isdisjoint(stems):
            return True
        # Most terms have no phrases, and this is asked of every sentence.
        return bool(self.phrases) and any(phrase <= stems for phrase in self.phrases)


def _length(text: str) -> float:
    return float(np.log1p(len(text)))


def _scaled(scores: Floats, floor: float) -> Floats:
    top = float(scores.max(initial=floor))
    return (scores - floor) / (top - floor) if top > floor else np.zeros_like(scores)


def _best(values: Floats, owners: NDArray[np.int64], count: int, of: int = 1) -> Floats:
    """The mean of the `of` highest values of each owner, 0 without any."""
    order = np.lexsort((-values, owners))
    firsts = np.searchsorted(owners, owners)
    kept = order[np.arange(len(order)) - firsts < of]
    sums = np.bincount(owners[kept], values[kept], count)
    return np.asarray(sums / np.maximum(np.bincount(owners[kept], minlength=count), 1), np.float32)


def _of_document(cosines: Floats, documents: NDArray[np.int64]) -> Floats:
    """For each passage the best cosines, shape (pieces, passages), of all passages of its document."""
    best = np.full((len(cosines), int(documents.max(initial=-1)) + 1), -1.0, dtype=np.float32)
    for place, document in enumerate(documents):
        np.maximum(best[:, document], cosines[:, place], out=best[:, document])
    return best[:, documents]
