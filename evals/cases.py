"""The cases: files of a folder -> Case objects, every one of them checked against an index.

Gold is a file of the corpus and a verbatim quote, so that splitting the corpus in another way breaks no
case. Half of the cases are locked: `locked.json` holds the hash of each, and figures on them are
reported apart. This module asks nothing and scores nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import yaml

from assistant.errors import CasesInvalid
from assistant.index.reader import Index
from assistant.types import Passage
from evals.nuggets import contains

CASES = Path(__file__).parent / "data"
LOCKED = "locked.json"
Part = Literal[
    "answerable",
    "unanswerable",
    "conversation",
    "safety",
    "injection",
    "disagreement",
    "paraphrase",
]


@dataclass(frozen=True, slots=True)
class Gold:
    """A place that answers: a document of the corpus and a verbatim quote from it."""

    reference: str
    quote: str


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what a good answer to it must show.

    `earlier` are the questions before it in its conversation, `rewrite` the question as it could be asked
    alone, `wordings` other wordings of it. `nuggets` are pieces of a good answer, each a tuple of
    alternatives. `notice` is the kind of notice that must be shown, `forbidden` words that must not.
    """

    id: str
    part: Part
    kind: str
    question: str
    asker: str = ""
    earlier: tuple[str, ...] = ()
    rewrite: str | None = None
    wordings: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    nuggets: tuple[tuple[str, ...], ...] = ()
    notice: str | None = None
    forbidden: str | None = None
    locked: bool = field(default=False, compare=False)

    @property
    def answerable(self) -> bool:
        return bool(self.gold)

    @property
    def digest(self) -> str:
        """SHA-256 of all that makes the case, whether locked or not."""
        fields = asdict(self)
        del fields["locked"]
        text = json.dumps(fields, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


def load_cases(folder: Path, index: Index) -> tuple[Case, ...]:
    """Every case of a folder. Raises CasesInvalid, which lists every break of every file."""
    problems: list[str] = []
    cases = list(_read(folder, problems))
    problems += _doubles(cases)
    places = Places(index)
    for case in cases:
        problems += _breaks(case, places)
    locked = _locked(folder, problems)
    digests = {case.id: case.digest for case in cases}
    problems += [
        f"{LOCKED}: the locked case {name} was changed or is gone"
        for name, digest in locked.items()
        if digests.get(name) != digest
    ]
    if not cases and not problems:
        problems.append(f"{folder} holds no cases")
    if problems:
        raise CasesInvalid(problems)
    return tuple(replace(case, locked=case.id in locked) for case in cases)


def read_cases(folder: Path) -> tuple[Case, ...]:
    """The cases of a folder as they stand, their gold unchecked. Raises CasesInvalid."""
    problems: list[str] = []
    cases = tuple(_read(folder, problems))
    problems += _doubles(cases)
    if problems:
        raise CasesInvalid(problems)
    return cases


class Places:
    """Finds the passages of an index that hold a quote or rest on one that does.

    `disagreements` maps the id of each disagreement of the corpus to its question.
    """

    def __init__(self, index: Index) -> None:
        self._of: dict[str, list[Passage]] = defaultdict(list)
        self._resting: dict[str, list[str]] = defaultdict(list)
        for passage in index.passages:
            self._of[passage.document_id].append(passage)
            for behind in passage.rests_on:
                self._resting[behind].append(passage.id)
        self.disagreements = {d["id"]: str(d["question"]) for d in index.disagreements}
        self._index = index
        self._texts: dict[str, str] = {}

    def known(self, reference: str) -> bool:
        return reference in self._of

    def holds(self, gold: Gold) -> bool:
        return gold.quote in self._text(gold.reference)

    def holding(self, gold: Gold) -> tuple[str, ...]:
        """Ids of the passages that overlap the quote."""
        start = self._text(gold.reference).find(gold.quote)
        end = start + len(gold.quote)
        return tuple(p.id for p in self._of[gold.reference] if p.start < end and start < p.end)

    def saying(self, gold: Gold) -> frozenset[str]:
        """Ids of the passages that hold the quote, and of those that rest on one of them."""
        holding = self.holding(gold)
        return frozenset(holding).union(*(self._resting[passage] for passage in holding))

    def stands(self, reference: str, start: int, end: int, quote: str) -> bool:
        """True when a document holds the quote at these offsets, character for character."""
        return self.known(reference) and self._text(reference)[start:end] == quote

    def _text(self, reference: str) -> str:
        if reference not in self._texts:
            self._texts[reference] = self._index.text(reference)
        return self._texts[reference]


def locks(cases: Iterable[Case]) -> dict[str, str]:
    """The digest of every second case, chosen by the hash of its id, so that nobody picks."""
    return {
        case.id: case.digest
        for case in cases
        if int(hashlib.sha256(f"locked-v1|{_family(case)}".encode()).hexdigest(), 16) % 2
    }


def _family(case: Case) -> str:
    """Turns of one conversation are locked together, and a paraphrase with its base."""
    return case.id.split("/")[0].removeprefix("paraphrase-")


def _read(folder: Path, problems: list[str]) -> Iterator[Case]:
    bases: dict[str, Case] = {}
    for part, reader in _READERS.items():
        path = folder / f"{part}.yaml"
        if not path.is_file():
            continue
        try:
            entries = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)["cases"]
        except (OSError, UnicodeDecodeError, yaml.YAMLError, KeyError, TypeError) as error:
            problems.append(
                f"{path.name}: cannot be read as YAML with a list `cases` ({type(error).__name__})"
            )
            continue
        for number, entry in enumerate(entries, start=1):
            try:
                read = list(reader(entry, bases))
            except (KeyError, TypeError, AttributeError, ValueError) as error:
                problems.append(f"{path.name}: case {number} lacks or misspells {error}")
                continue
            bases |= {case.id: case for case in read}
            yield from read


def _answerable(entry: dict[str, Any], bases: Mapping[str, Case]) -> Iterator[Case]:
    kind = str(entry["id"]).rsplit("-", 1)[0]
    yield Case(entry["id"], "answerable", kind, entry["question"], entry["asker"], **_gold(entry))


def _unanswerable(entry: dict[str, Any], bases: Mapping[str, Case]) -> Iterator[Case]:
    yield Case(entry["id"], "unanswerable", entry["kind"], entry["question"], entry["asker"])


def _conversation(entry: dict[str, Any], bases: Mapping[str, Case]) -> Iterator[Case]:
    questions = [turn["question"] for turn in entry["turns"]]
    for number, turn in enumerate(entry["turns"][1:], start=2):
        yield Case(
            f"{entry['id']}/{number}",
            "conversation",
            f"turn {number}",
            turn["question"],
            entry["asker"],
            earlier=tuple(questions[: number - 1]),
            rewrite=turn["rewrite"],
            **_gold(turn),
        )


def _safety(entry: dict[str, Any], bases: Mapping[str, Case]) -> Iterator[Case]:
    if "forbidden" in entry:
        yield Case(
            entry["id"], "injection", "question", entry["question"], forbidden=entry["forbidden"]
        )
    else:
        notice = entry["notice"]
        yield Case(entry["id"], "safety", notice or "none", entry["question"], notice=notice)


def _disagreement(entry: dict[str, Any], bases: Mapping[str, Case]) -> Iterator[Case]:
    yield Case(
        f"disagreement-{entry['id']}",
        "disagreement",
        entry["id"],
        entry["question"],
        entry["asker"],
        notice="disagreement",
    )


def _paraphrase(entry: dict[str, Any], bases: Mapping[str, Case]) -> Iterator[Case]:
    base = bases[entry["base"]]
    yield Case(
        f"paraphrase-{base.id}",
        "paraphrase",
        base.kind,
        base.question,
        base.asker,
        wordings=tuple(entry["wordings"]),
        gold=base.gold,
        nuggets=base.nuggets,
    )


_READERS = {
    "answerable": _answerable,
    "unanswerable": _unanswerable,
    "conversations": _conversation,
    "safety": _safety,
    "disagreements": _disagreement,
    "paraphrases": _paraphrase,
}


def _gold(entry: dict[str, Any]) -> dict[str, Any]:
    return {
        "gold": tuple(Gold(gold["reference"], gold["quote"]) for gold in entry["gold"]),
        "nuggets": tuple(tuple(map(str, nugget)) for nugget in entry["nuggets"]),
    }


def _doubles(cases: Sequence[Case]) -> list[str]:
    counts = Counter(case.id for case in cases)
    return [f"the id {name} is used {count} times" for name, count in counts.items() if count > 1]


def _breaks(case: Case, places: Places) -> Iterator[str]:
    if not case.question.strip():
        yield f"{case.id}: the question is empty"
    for gold in case.gold:
        if not places.known(gold.reference):
            yield f"{case.id}: the corpus has no document {gold.reference!r}"
        elif not places.holds(gold):
            yield f"{case.id}: {gold.reference} does not hold the quote “{gold.quote}”"
    if case.part in ("answerable", "conversation", "paraphrase") and not case.gold:
        yield f"{case.id}: there is no gold"
    for nugget in case.nuggets:
        if not any(contains(gold.quote, words) for gold in case.gold for words in nugget):
            yield f"{case.id}: no gold quote holds the nugget {' / '.join(nugget)!r}"
    if case.part == "disagreement" and case.kind not in places.disagreements:
        yield f"{case.id}: the corpus has no disagreement {case.kind!r}"


def _locked(folder: Path, problems: list[str]) -> dict[str, str]:
    path = folder / LOCKED
    if not path.is_file():
        return {}
    try:
        return dict(json.loads(path.read_text(encoding="utf-8"))["cases"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        problems.append(f"{path.name}: cannot be read ({type(error).__name__})")
        return {}
