"""Folders of third-party data -> sets, in the four forms that are read; nothing is ranked here.

    retrieval     corpus.jsonl {_id, title, text}, queries.jsonl {_id, text, answers?}, qrels/SPLIT.tsv
    abstention    abstention.jsonl {id, question, context, answerable, label?, history?}
    multi-turn    turns.jsonl {id, history: [{role, text}], question, rewrite, relevant}, corpus.jsonl?
    faithfulness  faithfulness.jsonl {id, context, sentence or response, label}

The first is BEIR's own. Each file may be gzipped, with .gz behind its name.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from assistant.errors import DataInvalid

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
        "beir": _file(folder, "queries") and (folder / "qrels").is_dir(),
        "abstention": _file(folder, "abstention"),
        "multi-turn": _file(folder, "turns"),
        "faithfulness": _file(folder, "faithfulness"),
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
    queries = {str(row["_id"]): row for row in _rows(folder, "queries", ("_id", "text"))}
    qrels: dict[str, dict[str, int]] = {}
    path = folder / "qrels" / f"{split}.tsv"
    with path.open(encoding="utf-8", newline="") as lines:
        for number, row in enumerate(csv.DictReader(lines, delimiter="\t"), start=2):
            try:
                query, document, grade = row["query-id"], row["corpus-id"], int(row["score"])
            except (KeyError, TypeError, ValueError):
                raise DataInvalid(
                    f"{path}, line {number}: not `query-id corpus-id score`"
                ) from None
            if grade > 0:
                qrels.setdefault(query, {})[document] = grade
    unknown = [query for query in qrels if query not in queries]
    unknown += [d for relevant in qrels.values() for d in relevant if d not in documents]
    if unknown:
        raise DataInvalid(f"{path} names what is not there: {', '.join(unknown[:5])}")
    return RetrievalSet(
        folder.name,
        split,
        documents,
        {query: str(queries[query]["text"]) for query in qrels},
        qrels,
        {
            query: [(int(a["start"]), str(a["text"])) for a in queries[query]["answers"]]
            for query in qrels
            if queries[query].get("answers")
        },
    )


def abstention_set(folder: Path) -> AbstentionSet:
    """Raises DataInvalid, which names the first line that is not of the form."""
    rows = list(_rows(folder, "abstention", ("id", "question", "answerable")))
    documents = _documents(folder) if _file(folder, "corpus") else {}
    if not documents:
        for row in rows:
            documents.setdefault(
                str(row.get("context_id", row["context"])), Text("", row["context"])
            )
    return AbstentionSet(
        folder.name,
        documents,
        tuple(
            Asked(
                str(row["id"]),
                row["question"],
                bool(row["answerable"]),
                str(row.get("label") or ("ANSWERABLE" if row["answerable"] else "UNANSWERABLE")),
                _pairs(row.get("history") or ()),
            )
            for row in rows
        ),
    )


def turn_set(folder: Path) -> TurnSet:
    """Turns after the first that have a rewrite; `openings` are the first questions of conversations."""
    rows = list(_rows(folder, "turns", ("id", "history", "question")))
    openings: dict[str, None] = {}
    for row in rows:
        first = row["history"][0] if row["history"] else {"role": "user", "text": row["question"]}
        if first["role"] == "user":
            openings.setdefault(first["text"])
    return TurnSet(
        folder.name,
        _documents(folder) if _file(folder, "corpus") else {},
        tuple(
            Followed(
                str(row["id"]),
                row["question"],
                row["rewrite"],
                _pairs(row["history"]),
                tuple(map(str, row.get("relevant") or ())),
                tuple(turn["text"] for turn in row["history"] if turn["role"] == "assistant"),
            )
            for row in rows
            if row["history"] and row.get("rewrite")
        ),
        tuple(openings),
    )


def faithfulness_set(folder: Path) -> FaithfulnessSet:
    """Raises DataInvalid, which names the first line that is not of the form."""
    return FaithfulnessSet(
        folder.name,
        tuple(
            Claimed(
                str(row["id"]),
                row["context"],
                str(row.get("sentence") or row.get("response") or ""),
                str(row["label"]).lower() in POSITIVE,
            )
            for row in _rows(folder, "faithfulness", ("id", "context", "label"))
        ),
    )


READERS: dict[str, Callable[[Path], Any]] = {
    "beir": retrieval_set,
    "abstention": abstention_set,
    "multi-turn": turn_set,
    "faithfulness": faithfulness_set,
}


def _documents(folder: Path) -> dict[str, Text]:
    return {
        str(row["_id"]): Text(str(row.get("title") or ""), row["text"])
        for row in _rows(folder, "corpus", ("_id", "text"))
    }


def _pairs(history: Any) -> tuple[tuple[str, str], ...]:
    """(user, assistant) pairs; a topic that is given first counts as a question without an answer."""
    pairs: list[tuple[str, str]] = []
    for turn in history:
        if turn["role"] == "assistant" and pairs and not pairs[-1][1]:
            pairs[-1] = (pairs[-1][0], turn["text"])
        elif turn["role"] != "assistant":
            pairs.append((turn["text"], ""))
    return tuple(pairs)


def _file(folder: Path, name: str) -> Path | None:
    return next(
        (p for p in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz") if p.is_file()), None
    )


def _opened(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8")
    return path.open(encoding="utf-8")


def _rows(folder: Path, name: str, needed: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    path = _file(folder, name)
    if path is None:
        raise DataInvalid(f"{folder} holds no {name}.jsonl (or {name}.jsonl.gz)")
    try:
        with _opened(path) as lines:
            for number, line in enumerate(lines, start=1):
                yield _row(path, number, line, needed)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise DataInvalid(f"{path} cannot be read ({type(error).__name__})") from None


def _row(path: Path, number: int, line: str, needed: tuple[str, ...]) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(line)
        missing = [key for key in needed if key not in row.keys()]  # noqa: SIM118  (a list has none)
    except (ValueError, AttributeError):
        raise DataInvalid(f"{path}, line {number}: is not a JSON object") from None
    if missing:
        raise DataInvalid(f"{path}, line {number}: lacks {', '.join(missing)}")
    return row
