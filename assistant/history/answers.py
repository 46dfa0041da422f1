"""An Answer -> JSON that carries its own passages, and back, exactly.

The contract of `Answer.to_dict` names passages by id and quotes parts of them. What is kept holds
their whole texts as well, so that an answer opens as it was when the index has moved on.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.errors import AnswerDamaged
from assistant.types import (
    SCHEMA,
    Answer,
    Citation,
    Hit,
    IndexInfo,
    Notice,
    Passage,
    Reference,
    Sentence,
    Side,
)

Json = dict[str, Any]


def kept(answer: Answer) -> Json:
    """`answer.to_dict()` with a list `passages`: every passage that is cited or was found."""
    passages = {passage.id: passage for passage in _passages(answer)}
    return answer.to_dict() | {
        "passages": [
            {
                "id": passage.id,
                "document_id": passage.document_id,
                "section": list(passage.section),
                "text": passage.text,
                "start": passage.start,
                "rests_on": list(passage.rests_on),
            }
            for passage in passages.values()
        ]
    }


def contract(record: Json) -> Json:
    """What was kept without its passages: what `Answer.to_dict` gave."""
    return {name: value for name, value in record.items() if name != "passages"}


def restored(record: Json) -> Answer:
    """The answer that was kept. Raises AnswerDamaged, also when a quote is not in its passage."""
    try:
        if record["schema"] != SCHEMA:
            raise AnswerDamaged(
                f"A kept answer has schema {record['schema']!r}, this version reads {SCHEMA}. "
                "Open it with the version of hip-assistant that wrote it."
            )
        return _Reader(record).answer()
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise AnswerDamaged(
            f"A kept answer cannot be read ({type(error).__name__}: {error}). "
            "Delete its conversation, or restore the database from a backup."
        ) from error


class _Reader:
    """Builds the nouns of one record; passages are found by their ids."""

    def __init__(self, record: Json) -> None:
        self._record = record
        self._passages = {
            passage["id"]: Passage(
                **passage
                | {"section": tuple(passage["section"]), "rests_on": tuple(passage["rests_on"])}
            )
            for passage in record["passages"]
        }

    def answer(self) -> Answer:
        record = self._record
        return Answer(
            question=record["question"],
            query=record["query"],
            engine=record["engine"],
            sentences=tuple(map(self._sentence, record["sentences"])),
            notices=tuple(map(self._notice, record["notices"])),
            references=tuple(
                Reference(**reference | {"authors": tuple(reference["authors"])})
                for reference in record["references"]
            ),
            hits=tuple(
                Hit(hit["rank"], self._passages[hit["passage_id"]], hit["score"])
                for hit in record["hits"]
            ),
            index=IndexInfo(**record["index"]),
            reason=record["reason"],
            probability=record["probability"],
            timings_ms=dict(record["timings_ms"]),
        )

    def _sentence(self, record: Json) -> Sentence:
        return Sentence(
            text=record["text"],
            citations=self._citations(record),
            lead=record["lead"],
            mark=record["mark"],
            support=record["support"],
        )

    def _notice(self, record: Json) -> Notice:
        sides = record["sides"]
        return Notice(
            record["kind"],
            record["text"],
            self._citations(record),
            None
            if sides is None
            else tuple(
                Side(side["position"], tuple(map(self._sentence, side["sentences"])))
                for side in sides
            ),
        )

    def _citations(self, record: Json) -> tuple[Citation, ...]:
        return tuple(map(self._citation, record["citations"]))

    def _citation(self, record: Json) -> Citation:
        passage = self._passages[record["passage_id"]]
        citation = Citation(record["number"], passage, record["start"], record["end"])
        if citation.quote != record["quote"]:
            raise ValueError(f"a quote does not stand in its passage {passage.id}")
        return citation


def _passages(answer: Answer) -> Iterator[Passage]:
    """Those of the citations and of the hits, an id as often as it occurs."""
    for sentence in answer.sentences:
        yield from (citation.passage for citation in sentence.citations)
    for notice in answer.notices:
        yield from (citation.passage for citation in notice.citations)
        for side in notice.sides or ():
            for sentence in side.sentences:
                yield from (citation.passage for citation in sentence.citations)
    yield from (hit.passage for hit in answer.hits)
