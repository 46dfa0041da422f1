"""What the API takes and gives, as pydantic models: the machine-readable answer and what is around it.

The names and fields of an answer are those of `Answer.to_dict`; a test holds the two together.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from assistant.history.feedback import MAX_COMMENT, Reason, Thumb
from assistant.questions import MAX_CHARACTERS
from assistant.types import NoticeKind

MAX_TURNS = 50
MAX_ANSWER = 20_000
MAX_HITS = 100
MAX_PAGE = 500


class Form(BaseModel):
    """No field but those named and no value of another type: nothing is lost or guessed in silence."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


Question = Annotated[str, Field(max_length=MAX_CHARACTERS, description="A question in English.")]


# --- the answer ---


class Citation(Form):
    """A quote: `start` and `end` are character offsets into the document's text."""

    number: int
    document_id: str
    passage_id: str
    quote: str
    start: int
    end: int


class Sentence(Form):
    """`text` alone is from the corpus; `lead` before it and `mark` after it are fixed words."""

    text: str
    lead: str | None
    mark: str | None
    citations: list[Citation]
    support: float


class Side(Form):
    """One side of a disagreement between publications."""

    position: str
    sentences: list[Sentence]


class Notice(Form):
    """What must be known beside the sentences; an urgent one comes first and must be shown so."""

    kind: NoticeKind
    text: str
    citations: list[Citation]
    sides: list[Side] | None


class Record(Form):
    """What is known of a publication, or of the source text."""

    document_id: str
    title: str
    authors: list[str]
    year: int | None
    journal: str | None
    doi: str | None
    pmid: str | None
    url: str | None
    type: str
    evidence_level: str
    basis: str


class Reference(Record):
    """A work that a citation's number names. A basis of "abstract" means: a note in our words."""

    number: int


class Hit(Form):
    """A passage with its place and score (0 to 1)."""

    rank: int
    passage_id: str
    document_id: str
    section: str
    text: str
    score: float
    start: int
    end: int


class Index(Form):
    """Which build of which index answered, and how new its literature is."""

    name: str
    generation: str
    fingerprint: str
    literature_as_of: str


class Answer(Form):
    """Cited sentences, or (`abstained`) the reason why there are none and the nearest passages."""

    schema_: Literal[1] = Field(alias="schema")
    question: str
    query: str
    engine: str
    abstained: bool
    reason: str | None
    probability: float | None
    sentences: list[Sentence]
    notices: list[Notice]
    references: list[Reference]
    hits: list[Hit]
    index: Index
    timings_ms: dict[str, float]


# --- what is asked ---


class Turn(Form):
    """An earlier exchange of the conversation."""

    question: Question
    answer: Annotated[
        str, Field(max_length=MAX_ANSWER, description="The answer's sentences, or its reason.")
    ]


Turns = Annotated[
    list[Turn],
    Field(max_length=MAX_TURNS, description="The turns before the question, the oldest first."),
]


class Ask(Form):
    question: Question
    turns: Turns = []
    engine: Annotated[
        str | None,
        Field(
            max_length=50, description="One of the engines of /v1/health; null for the usual one."
        ),
    ] = None


class Retrieve(Form):
    query: Question
    k: Annotated[int, Field(ge=1, le=MAX_HITS, description="How many passages.")] = 10
    turns: Turns = []


class Retrieved(Form):
    """The passages that an answer would be made of, best first."""

    hits: list[Hit]
    index: Index


class GivenFeedback(Form):
    """What a reader thought of an answer; a reason goes with a thumb down."""

    thumb: Thumb
    reason: Reason | None = None
    comment: Annotated[str, Field(max_length=MAX_COMMENT)] = ""
    question: Annotated[Question, StringConstraints(min_length=1)]
    earlier: Annotated[
        list[Question],
        Field(max_length=MAX_TURNS, description="The questions before it, the oldest first."),
    ] = []
    answer: Annotated[Answer | None, Field(description="The answer as it was given.")] = None


class Noted(Form):
    """Under which number the feedback was kept."""

    id: int


# --- what there is ---


class Work(Record):
    """A document of the corpus."""

    topics: list[str]


class Works(Form):
    """A page of the works that meet the filters; `total` counts all of them."""

    total: int
    references: list[Work]


class Health(Form):
    """The service answers: from which index, with which engines, and whether it keeps a history.

    `disclosure` names the host that receives what the engine llm is asked, where that is elsewhere.
    """

    status: Literal["ok"]
    version: str
    index: Index
    documents: int
    passages: int
    history: bool
    engines: list[str]
    disclosure: str | None


class Problem(Form):
    kind: Annotated[str, Field(description="The name of the error, for programs.")]
    message: Annotated[str, Field(description="What was wrong and what mends it, for people.")]


class Failure(Form):
    """Every answer with a status of 400 or more."""

    error: Problem
