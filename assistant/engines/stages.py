"""The stages of one system, a sentence each, in their order: the table that a staging question wants.

A table is made of sentences of one document that open with a stage of one system ("Brooker class
II means ..."). What the system is called is read from the sentences, not known here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.engines.scoring import Candidate
from assistant.index.reader import Index
from assistant.parts import is_named
from assistant.rows import label_of, stages_in
from assistant.topics import topic_words

# A sentence that opens with a stage: the system's name, the kind of stage, the stage.
OPENS = re.compile(
    r"^(?:In |The |At )?(?P<system>(?:[A-Z][\w'’-]* (?:and (?=[A-Z]))?|\d{4} ){1,5})"
    r"(?:stage|grade|class|type)s? (?:0|[IVX]+|[1-6]|[A-D])[ABC]?\b"
)
PHASE = re.compile(r"^In the (?P<name>[a-z-]+) (?:phase|stage) of (?P<system>[a-z]+ [a-z]+)")
# What no stage is named by: how a question wants to be answered, and where the disease is.
BESIDE = re.compile(
    r"\bin (?:plain|simple|lay|easy|everyday) (?:words|terms|language|english)\b|"
    r"\b(?:of|in|at) the (?:hip|femoral head)\b",
    re.IGNORECASE,
)
# Rows that make a table, and the share of the best score that its best row must reach where the
# question does not name the system.
MIN_ROWS, MAX_ROWS, OF_BEST = 2, 7, 0.60


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence of a stage, with the label that stands before it."""

    candidate: Candidate
    label: str


@dataclass(frozen=True, slots=True)
class _Line:
    """A sentence of the index that opens with a stage of a system."""

    row: int
    system: str
    first: int
    label: str
    text: str


class Stages:
    """The staging tables in the documents of `index`."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def table(self, question: str, candidates: Sequence[Candidate]) -> list[Row]:
        """The rows of the system that the question names, else of the one nearest; or none.

        Of a stage that the question names the rows alone that name it too.
        """
        asked = set(stages_in(question))
        scores = {candidate.row: candidate.score for candidate in candidates}
        near: dict[str, Candidate] = {}
        for candidate in candidates:
            near.setdefault(candidate.passage.document_id, candidate)
        subject = " ".join(topic_words(BESIDE.sub("", question)))
        found = []
        for (document_id, system), all_lines in self._tables.items():
            lines = [one for one in all_lines if not asked or asked & set(stages_in(one.text))]
            if document_id not in near or not lines:
                continue
            best = max(scores.get(line.row, 0.0) for line in lines)
            named = _is_asked_for(system, question)
            spoken_of = subject and any(is_named(subject, line.text) for line in lines)
            if named or (not asked and spoken_of and best >= OF_BEST * candidates[0].score):
                found.append(((named, len(lines) if named else 0, best), document_id, lines))
        if not found:
            return []
        _, document_id, lines = max(found, key=lambda table: table[0])
        return [Row(self._candidate(line.row, near[document_id]), line.label) for line in lines]

    @cached_property
    def _tables(self) -> dict[tuple[str, str], list[_Line]]:
        """The lines of each document and system, in the order of their stages."""
        tables: dict[tuple[str, str], list[_Line]] = defaultdict(list)
        for row, (passage_row, start, end) in enumerate(self._index.sentences.tolist()):
            passage = self._index.passages[passage_row]
            if line := _line(row, passage.text[start:end]):
                tables[passage.document_id, line.system].append(line)
        return {
            key: sorted(lines, key=lambda line: (line.first, line.row))[:MAX_ROWS]
            for key, lines in tables.items()
            if len({line.label for line in lines}) >= MIN_ROWS
        }

    def _candidate(self, row: int, like: Candidate) -> Candidate:
        passage_row, start, end = (int(value) for value in self._index.sentences[row])
        passage = self._index.passages[passage_row]
        return replace(
            like,
            passage=passage,
            row=row,
            start=passage.start + start,
            end=passage.start + end,
            text=passage.text[start:end],
        )


def _line(row: int, text: str) -> _Line | None:
    if opening := OPENS.match(text):
        return _Line(row, opening["system"].strip(), stages_in(text)[0], label_of(text), text)
    if opening := PHASE.match(text):
        return _Line(row, opening["system"], 0, f"{opening['name'].capitalize()} phase:", text)
    return None


def _is_asked_for(system: str, question: str) -> bool:
    """True when a question has one of the names of a system, or all of what has no name."""
    asked = set(re.findall(r"\w+", question.lower()))
    names = {word.lower() for word in system.split() if word[0].isupper()}
    return bool(names & asked) if names else is_named(system, question)
