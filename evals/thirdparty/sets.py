"""Folders of third-party data -> sets, in the four forms that are read; nothing is ranked here.

    retrieval     corpus.jsonl {_id, title, text}, queries.jsonl {_id, text, answers?}, qrels/SPLIT.tsv
    abstention    abstention.jsonl {id, question, context, answerable, label?, history?}
    multi-turn    turns.jsonl {id, history: [{role, text}], question, rewrite, relevant}, corpus.jsonl?
    faithfulness  faithfulness.jsonl {id, context, sentence or response, label}

The first is BEIR's own. Each file may be gzipped, with .gz behind its name.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.errors import DataInvalid
from evals.thirdparty.rows import (
    AskedRow,
    ClaimRow,
    DocumentRow,
    QueryRow,
    SaidRow,
    TurnRow,
    named,
    rows,
)

SPLITS = ("test", "dev", "train")
POSITIVE = ("supported", "faithful", "fully attributable", "attributable", "entailment", "true")


@dataclass(frozen=True, slots=True)
class Text:
    """A document of a set."""

    title: str
    text: str

    @property
    def whole(self) -> str:
        """Title and text, a line each."""
        return "\n".join(part for part in (self.title, self.text) if part)


@dataclass(frozen=True, slots=True)
class RetrievalSet:
    """`qrels` maps a query to its relevant documents with their grade; `answers` to spans (start, text)."""

    name: str
    split: str
    documents: dict[str, Text]
    queries: dict[str, str]
    qrels: dict[str, dict[str, int]]
    answers: dict[str, list[tuple[int, str]]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of an abstention set; `label` is the set's own word for its kind."""

    id: str
    question: str
    answerable: bool
    label: str
    history: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AbstentionSet:
    """Questions over one pool of documents: the set's corpus, or else all contexts together."""

    name: str
    documents: dict[str, Text]
    questions: tuple[Asked, ...]


@dataclass(frozen=True, slots=True)
class Followed:
    """A question with its history of (user, assistant) pairs; `shown` are texts that were shown."""

    id: str
    question: str
    rewrite: str
    history: tuple[tuple[str, str], ...]
    relevant: tuple[str, ...] = ()
    shown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TurnSet:
    """Follow-ups that have a rewrite; `documents` is empty for a set without a corpus."""

    name: str
    documents: dict[str, Text]
    turns: tuple[Followed, ...]
    openings: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Claimed:
    """A sentence, or several, with the text that it should rest on."""

    id: str
    context: str
    text: str
    supported: bool


@dataclass(frozen=True, slots=True)
class FaithfulnessSet:
    """Sentences with their contexts and labels."""

    name: str
    rows: tuple[Claimed, ...]


def forms(folder: Path) -> tuple[str, ...]:
    """The forms that a folder holds. Raises DataInvalid for a folder that is not there."""
    if not folder.is_dir():
        raise DataInvalid(f"There is no folder {folder}. Name the folder of a set with: --data DIR")
    found = {
        "beir": named(folder, "queries") and (folder / "qrels").is_dir(),
        "abstention": named(folder, "abstention"),
        "multi-turn": named(folder, "turns"),
        "faithfulness": named(folder, "faithfulness"),
    }
    return tuple(form for form, there in found.items() if there)


def retrieval_set(folder: Path, splits: Sequence[str] = SPLITS) -> RetrievalSet:
    """A BEIR-style folder, judged by the first of the splits that it has. Raises DataInvalid."""
    split = next((name for name in splits if (folder / "qrels" / f"{name}.tsv").is_file()), None)
    if split is None:
        raise DataInvalid(
            f"{folder} has no qrels: BEIR-style folders hold corpus.jsonl, queries.jsonl and "
            "qrels/test.tsv, each row `query-id corpus-id score`"
        )
    documents = _documents(folder)
    queries = {row.id: row for row in rows(folder, "queries", QueryRow)}
    path = folder / "qrels" / f"{split}.tsv"
    qrels = _qrels(path)
    unknown = [query for query in qrels if query not in queries]
    unknown += [d for relevant in qrels.values() for d in relevant if d not in documents]
    _refuse_unknown(path, unknown)
    return RetrievalSet(
        folder.name,
        split,
        documents,
        {query: queries[query].text for query in qrels},
        qrels,
        {
            query: [(answer.start, answer.text) for answer in answers]
            for query in qrels
            if (answers := queries[query].answers)
        },
    )


def abstention_set(folder: Path) -> AbstentionSet:
    """Raises DataInvalid, which names the first line that is not of the form."""
    asked = rows(folder, "abstention", AskedRow)
    path = named(folder, "abstention")
    documents = _documents(folder) if named(folder, "corpus") else {}
    if not documents:
        for number, row in enumerate(asked, start=1):
            if not row.context:
                raise DataInvalid(
                    f"{path}, line {number}: lacks context, and {folder} holds no corpus.jsonl to ask; "
                    f"accepted is {AskedRow.SHAPE}"
                )
            documents.setdefault(row.context_id or row.context, Text("", row.context))
    if len({row.answerable for row in asked}) < 2:
        raise DataInvalid(
            f"{path}: every question is {'' if asked[0].answerable else 'un'}answerable; a set has both"
        )
    return AbstentionSet(
        folder.name,
        documents,
        tuple(
            Asked(
                row.id,
                row.question,
                row.answerable,
                row.label or ("ANSWERABLE" if row.answerable else "UNANSWERABLE"),
                _pairs(row.history or ()),
            )
            for row in asked
        ),
    )


def turn_set(folder: Path) -> TurnSet:
    """Turns after the first that have a rewrite; `openings` are the first questions of conversations."""
    said = rows(folder, "turns", TurnRow)
    path = named(folder, "turns")
    openings: dict[str, None] = {}
    for row in said:
        first = row.history[0] if row.history else SaidRow(role="user", text=row.question)
        if first.role == "user":
            openings.setdefault(first.text)
    documents = _documents(folder) if named(folder, "corpus") else {}
    turns = tuple(
        Followed(
            row.id,
            row.question,
            row.rewrite,
            _pairs(row.history),
            tuple(row.relevant or ()),
            tuple(turn.text for turn in row.history if turn.role == "assistant"),
        )
        for row in said
        if row.rewrite and _pairs(row.history)
    )
    if not turns:
        raise DataInvalid(f"{path}: no turn has both a history and a rewrite")
    if documents:
        _refuse_unknown(path, [d for turn in turns for d in turn.relevant if d not in documents])
    return TurnSet(folder.name, documents, turns, tuple(openings))


def faithfulness_set(folder: Path) -> FaithfulnessSet:
    """Raises DataInvalid, which names the first line that is not of the form."""
    return FaithfulnessSet(
        folder.name,
        tuple(
            Claimed(row.id, row.context, row.text, str(row.label).lower() in POSITIVE)
            for row in rows(folder, "faithfulness", ClaimRow)
        ),
    )


READERS: dict[str, Callable[[Path], Any]] = {
    "beir": retrieval_set,
    "abstention": abstention_set,
    "multi-turn": turn_set,
    "faithfulness": faithfulness_set,
}


def _documents(folder: Path) -> dict[str, Text]:
    return {row.id: Text(row.title or "", row.text) for row in rows(folder, "corpus", DocumentRow)}


def _qrels(path: Path) -> dict[str, dict[str, int]]:
    """Query -> relevant documents with their grade."""
    shape = "`query-id corpus-id score`"
    qrels: dict[str, dict[str, int]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), start=2):
                try:
                    query, document, grade = row["query-id"], row["corpus-id"], int(row["score"])
                except (KeyError, TypeError, ValueError):
                    raise DataInvalid(f"{path}, line {number}: not {shape}") from None
                if grade > 0:
                    qrels.setdefault(query, {})[document] = grade
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise DataInvalid(
            f"{path} cannot be read ({type(error).__name__}); accepted is UTF-8 text with tabs, a head "
            f"and rows {shape}"
        ) from None
    if not qrels:
        raise DataInvalid(f"{path} judges no query; accepted are rows {shape}, a score above 0")
    return qrels


def _refuse_unknown(path: Path | None, unknown: Sequence[str]) -> None:
    if unknown:
        raise DataInvalid(f"{path} names what is not there: {', '.join(unknown[:5])}")


def _pairs(history: Iterable[SaidRow]) -> tuple[tuple[str, str], ...]:
    """(user, assistant) pairs; a topic that is given first counts as a question without an answer."""
    pairs: list[tuple[str, str]] = []
    for turn in history:
        if turn.role == "assistant" and pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], turn.text)
        elif turn.role != "assistant":
            pairs.append((turn.text, ""))
    return tuple(pairs)
