"""The nouns of the project, from a passage to an answer: what goes in and out of every stage.

Wrong states cannot be built: a citation's quote is cut from its passage, a sentence has a citation.
`Answer.to_dict` is the machine-readable contract that page, command line and evals rely on.
This module knows nothing of files, models or search.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

NoticeKind = Literal[
    "urgent",
    "not-medical-advice",
    "no-personal-dose",
    "scope",
    "disagreement",
    "extrapolation",
    "source-claim",
    "retracted",
    "not-covered",
    "unsupported",
    "fallback",
    "instruction-like",
]

SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Passage:
    """A verbatim slice of a document (others say chunk): `document_text[start:end] == text`.

    `rests_on` holds the ids of the passages that carry it, where its document names them.
    """

    id: str
    document_id: str
    section: tuple[str, ...]
    text: str
    start: int
    rests_on: tuple[str, ...] = ()

    @property
    def end(self) -> int:
        return self.start + len(self.text)

    @property
    def work(self) -> str:
        """The publication that it speaks of; what rests on others is read by itself."""
        return self.id if self.rests_on else self.document_id


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its place (1 is best) and score (0 to 1) for one query."""

    rank: int
    passage: Passage
    score: float

    def to_dict(self) -> dict[str, Any]:
        return {
            "rank": self.rank,
            "passage_id": self.passage.id,
            "document_id": self.passage.document_id,
            "section": " > ".join(self.passage.section),
            "text": self.passage.text,
            "score": self.score,
            "start": self.passage.start,
            "end": self.passage.end,
        }


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote in a passage; `start` and `end` are character offsets into the document's text.

    Raises ValueError when the offsets leave the passage, so no quote can be made up.
    """

    number: int
    passage: Passage
    start: int
    end: int

    def __post_init__(self) -> None:
        if not self.passage.start <= self.start < self.end <= self.passage.end:
            raise ValueError(
                f"quote {self.start}:{self.end} lies outside passage {self.passage.id} "
                f"({self.passage.start}:{self.passage.end})"
            )

    @property
    def quote(self) -> str:
        return self.passage.text[self.start - self.passage.start : self.end - self.passage.start]

    def to_dict(self) -> dict[str, Any]:
        return {
            "number": self.number,
            "document_id": self.passage.document_id,
            "passage_id": self.passage.id,
            "quote": self.quote,
            "start": self.start,
            "end": self.end,
        }


@dataclass(frozen=True, slots=True)
class Reference:
    """A published work (or the source text) that a citation's number names."""

    number: int
    document_id: str
    title: str
    authors: tuple[str, ...]
    year: int | None
    journal: str | None
    doi: str | None
    pmid: str | None
    url: str | None
    type: str
    evidence_level: str
    basis: str

    def to_dict(self) -> dict[str, Any]:
        fields = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return fields | {"authors": list(self.authors)}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer. `text` alone is from the corpus, or a model's wording of its quotes.

    `lead` (before the text) and `mark` (after it) come from fixed templates.
    `support` (0 to 1) says how well the citations carry the text; a verbatim quote is 1.
    Raises ValueError without a citation.
    """

    text: str
    citations: tuple[Citation, ...]
    lead: str | None = None
    mark: str | None = None
    support: float = 1.0

    def __post_init__(self) -> None:
        if not self.citations:
            raise ValueError(f"a sentence needs a citation: {self.text!r}")

    def to_dict(self) -> dict[str, Any]:
        return {
            "text": self.text,
            "lead": self.lead,
            "mark": self.mark,
            "citations": [citation.to_dict() for citation in self.citations],
            "support": self.support,
        }


@dataclass(frozen=True, slots=True)
class Side:
    """One side of a disagreement between publications."""

    position: str
    sentences: tuple[Sentence, ...]

    def to_dict(self) -> dict[str, Any]:
        return {"position": self.position, "sentences": [s.to_dict() for s in self.sentences]}


@dataclass(frozen=True, slots=True)
class Notice:
    """Something the reader must know beside the sentences; its text is a fixed template."""

    kind: NoticeKind
    text: str
    citations: tuple[Citation, ...] = ()
    sides: tuple[Side, ...] | None = None

    def to_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "text": self.text,
            "citations": [citation.to_dict() for citation in self.citations],
            "sides": None if self.sides is None else [side.to_dict() for side in self.sides],
        }


@dataclass(frozen=True, slots=True)
class Turn:
    """One earlier exchange of a conversation: the question asked and the `Answer.text` given."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class IndexInfo:
    """Which build of which index answered."""

    name: str
    generation: str
    fingerprint: str
    literature_as_of: str

    def to_dict(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class Answer:
    """What the corpus says about a question: cited sentences, or the reason why there are none."""

    question: str
    query: str
    engine: str
    sentences: tuple[Sentence, ...]
    notices: tuple[Notice, ...]
    references: tuple[Reference, ...]
    hits: tuple[Hit, ...]
    index: IndexInfo
    reason: str | None = None
    probability: float | None = None
    timings_ms: dict[str, float] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if bool(self.sentences) == bool(self.reason):
            raise ValueError("an answer has sentences, or else a reason for having none")

    @property
    def abstained(self) -> bool:
        return not self.sentences

    @property
    def text(self) -> str:
        """The sentences joined by a space, without numbers; the reason when abstained."""
        return " ".join(sentence.text for sentence in self.sentences) or self.reason or ""

    def to_dict(self) -> dict[str, Any]:
        return {
            "schema": SCHEMA,
            "question": self.question,
            "query": self.query,
            "engine": self.engine,
            "abstained": self.abstained,
            "reason": self.reason,
            "probability": self.probability,
            "sentences": [sentence.to_dict() for sentence in self.sentences],
            "notices": [notice.to_dict() for notice in self.notices],
            "references": [reference.to_dict() for reference in self.references],
            "hits": [hit.to_dict() for hit in self.hits],
            "index": self.index.to_dict(),
            "timings_ms": self.timings_ms,
        }
