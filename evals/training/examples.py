"""Questions of open sets -> what the scorer sees of them, with labels: the examples that weights are made of.

A question stands once with its documents there, and once with its gold taken out. Questions on other
things and questions made to look answerable are asked as well.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.embeddings import OnnxEmbeddings
from assistant.errors import QuestionInvalid
from assistant.index.reader import Index
from assistant.scorer.features import Floats, Reader, Seen
from assistant.scorer.ranker import deepest
from assistant.scorer.tokens import TokenEncoder
from evals.statistics import SEED
from evals.thirdparty.abstention import FOREIGN
from evals.thirdparty.pool import PoolIndex
from evals.thirdparty.rows import AskedRow, rows
from evals.thirdparty.sets import RetrievalSet, retrieval_set, turn_set
from evals.thirdparty.workshop import Workshop

# What a set's questions are grouped by, so that no article is on both sides of a fold.
Groups = Mapping[str, str]
COVERED = 0.5
DEVELOPMENT = Path(__file__).parents[1] / "data" / "development.yaml"
WRITTEN = DEVELOPMENT.with_name("questions_written.jsonl")


def none_read() -> Floats:
    """Where the cross-encoder has read nothing."""
    return np.zeros(0, dtype=np.float32)


@dataclass(frozen=True, slots=True)
class Example:
    """A question of `set` as the scorer sees it.

    `kind` is there, gone, foreign, adversarial or plain (the answerable beside the adversarial).
    `passages` and `sentences` are labels, 1 for those that answer; `sentences` is None where the set does
    not say. `rows` are the passages, `documents` their documents and `rest` those of passages that were not
    read; `gold` the documents that answer. Where only some passages are known to answer and nothing of the
    others, `known` are their places. `read` are the cross-encoder's logits, see `answer_inputs`.
    """

    set: str
    id: str
    kind: str
    group: str
    question: str
    index: Index
    seen: Seen
    rows: NDArray[np.int64]
    documents: tuple[str, ...]
    gold: tuple[str, ...]
    passages: NDArray[np.float32]
    sentences: NDArray[np.float32] | None
    rest: tuple[str, ...] = ()
    known: tuple[int, ...] = ()
    read: Floats = field(default_factory=none_read)

    @property
    def name(self) -> str:
        """Of all examples."""
        return f"{self.set}/{self.kind}/{self.id}"

    @property
    def answerable(self) -> bool:
        return self.kind in ("there", "plain")

    @property
    def judged(self) -> bool:
        """True when a passage is known to answer; of SQuAD's plain questions that is said once already."""
        return self.kind == "there" and bool(self.passages.max(initial=0))


def examples(name: str, data: Path, workshop: Workshop, split: str = "test") -> Iterator[Example]:
    """All examples of a set in `data`."""
    judged = retrieval_set(data / name, [split])
    index = PoolIndex(name, judged.documents, workshop)
    asking = _Asking(f"{name}" if split == "test" else f"{name}:{split}", index, workshop, judged)
    for query, text in workshop.steps(list(judged.queries.items()), f"{name}: reading"):
        yield from asking.both(query, text)
    if name == "squad2":
        for row in workshop.steps(
            rows(data / name, "abstention", AskedRow), f"{name}: adversarial"
        ):
            kind = "plain" if row.answerable else "adversarial"
            yield from asking.one(
                row.id, row.question, kind, str(row.context_id), row.answers or ()
            )
    else:
        openings = turn_set(data / "mtrag").openings
        chosen = np.random.default_rng(SEED).permutation(len(openings))[:FOREIGN]
        for row in workshop.steps(sorted(chosen), f"{name}: foreign"):
            yield from asking.one(f"mtrag-{row}", openings[row], "foreign")


def own_questions(assistant: Assistant) -> Iterator[Example]:
    """Questions that were written for the corpus, answerable, near it and far: DEVELOPMENT and WRITTEN.

    Those of DEVELOPMENT have no labels of passages: the keys that they name hold notes on other things as
    well. No document that a case of the suite rests on has a question in WRITTEN.
    """
    asked = [
        (
            f"development/{number}",
            row["question"],
            "there" if row["answerable"] else row["kind"],
            (),
        )
        for number, row in enumerate(
            yaml.safe_load(DEVELOPMENT.read_text(encoding="utf-8"))["questions"]
        )
    ]
    for number, line in enumerate(WRITTEN.read_text(encoding="utf-8").splitlines()):
        row = json.loads(line)
        asked.append((f"written/{number}", row["question"], row["kind"], tuple(row["passages"])))
    reading, index = _Reading(assistant), assistant.index
    for key, question, kind, passages in asked:
        try:
            seen, rows, _ = reading.read(question)
        except QuestionInvalid:  # with words that a small corpus does not know
            continue
        nothing = np.zeros(len(rows), dtype=np.float32)
        group = passages[0].partition("#")[0] if passages else key
        known = [n for n, row in enumerate(rows) if index.passages[row].id in passages]
        yield Example(
            "hip", key, kind, group, question, index, seen, rows, (), (), nothing, None,
            known=tuple(known) if kind == "there" else (),
        )  # fmt: skip


class _Reading:
    """Questions as the scorer of an assistant sees them."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        if not isinstance(assistant.embeddings, OnnxEmbeddings):
            raise ValueError("the scorer is made for the default embedding model")
        self._reader = Reader(assistant.index, TokenEncoder(assistant.embeddings))

    def read(self, question: str) -> tuple[Seen, NDArray[np.int64], list[int]]:
        """What is seen, the rows of the passages, and the rows that are behind them, best first."""
        asked, vector = self._assistant.search(question)
        found, rows, places = deepest(self._assistant.index, asked.parts, vector, None)
        seen = self._reader.read(
            asked.parts, vector, rows, found.bm25[places], found.scores[places]
        )
        left = np.setdiff1d(np.arange(len(found.rows)), places)
        left = left[np.argsort(-found.scores[left], kind="stable")]
        return seen, rows, found.rows[left].tolist()


class _Asking:
    def __init__(
        self, name: str, index: PoolIndex, workshop: Workshop, judged: RetrievalSet
    ) -> None:
        self._name, self._index, self._judged = name, index, judged
        self._reading = _Reading(Assistant(index, workshop.model, workshop.settings))

    def both(self, query: str, text: str) -> Iterator[Example]:
        yield from self.one(query, text, "there")
        yield from self.one(query, text, "gone")

    def one(
        self, query: str, text: str, kind: str, context: str = "", answers: Sequence[str] = ()
    ) -> Iterator[Example]:
        gold = tuple(self._judged.qrels.get(query, ())) if kind in ("there", "gone") else ()
        if kind == "plain":
            gold = (context,)
        with self._index.hiding(gold if kind == "gone" else ()):
            try:
                seen, read, rest = self._reading.read(text)
            except QuestionInvalid:
                return
        passages = [self._index.passages[row] for row in read]
        spans = self._judged.answers.get(query, []) if kind == "there" else []
        if answers:
            body = self._judged.documents[context].text
            spans = [(body.index(text), text) for text in answers if text in body]
        answered = [
            float(
                kind in ("there", "plain") and p.document_id in gold
                and (not spans or _covers(p.start, p.end, spans))
            )
            for p in passages
        ]  # fmt: skip
        sentences = None
        if spans:
            sentences = np.zeros(len(seen.numbers), dtype=np.float32)
            for place, (number, owner) in enumerate(zip(seen.numbers, seen.owners, strict=True)):
                _, start, end = self._index.sentences[number].tolist()
                p = passages[owner]
                if p.document_id in gold and _covers(p.start + start, p.start + end, spans):
                    sentences[place] = 1
        group = next(iter(gold), query)
        if self._name == "squad2":
            group = self._judged.documents[context or gold[0]].title
        yield Example(
            self._name, query, kind, group, text, self._index, seen, read,
            tuple(p.document_id for p in passages), gold,
            np.array(answered, dtype=np.float32), sentences,
            tuple(self._index.passages[row].document_id for row in rest),
        )  # fmt: skip


def _covers(start: int, end: int, spans: Sequence[tuple[int, str]]) -> bool:
    return any(
        min(end, first + len(text)) - max(start, first) >= COVERED * len(text)
        for first, text in spans
    )
