"""The cases: files of a folder -> Case objects, every one of them checked against an index.

Gold is a file of the corpus and a verbatim quote, so that splitting the corpus in another way breaks no
case. Half of the cases are locked: `locked.json` holds the hash of each, and figures on them are
reported apart. This module asks nothing and scores nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

from assistant.errors import CasesInvalid
from assistant.index.reader import Index
from evals.entries import (
    Answerable,
    Conversation,
    Disagreement,
    FollowUp,
    Paraphrase,
    Safety,
    Unanswerable,
    entries,
)
from evals.nuggets import found, unsound
from evals.places import Gold, Places

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
    def quotes(self) -> tuple[str, ...]:
        """The quotes of its gold."""
        return tuple(gold.quote for gold in self.gold)

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
    for name, entry in entries(folder, problems):
        match entry:
            case Answerable():
                kind = entry.id.rsplit("-", 1)[0]
                base = Case(
                    entry.id, "answerable", kind, entry.question, entry.asker, **_gold(entry)
                )
                bases[base.id] = base
                yield base
            case Unanswerable():
                yield Case(entry.id, "unanswerable", entry.kind, entry.question, entry.asker)
            case Conversation():
                yield from _conversation(entry)
            case Safety(forbidden=str(words)):
                yield Case(entry.id, "injection", "question", entry.question, forbidden=words)
            case Safety():
                notice = entry.notice
                yield Case(entry.id, "safety", notice or "none", entry.question, notice=notice)
            case Disagreement():
                yield Case(
                    f"disagreement-{entry.id}",
                    "disagreement",
                    entry.id,
                    entry.question,
                    entry.asker,
                    notice="disagreement",
                )
            case Paraphrase() if entry.base in bases:
                yield replace(
                    bases[entry.base],
                    id=f"paraphrase-{entry.base}",
                    part="paraphrase",
                    wordings=tuple(entry.wordings),
                )
            case Paraphrase():
                problems.append(f"{name}.yaml: no answerable case is called {entry.base!r}")


def _conversation(entry: Conversation) -> Iterator[Case]:
    earlier = [entry.opening.question]
    for number, turn in enumerate(entry.follow_ups, start=2):
        yield Case(
            f"{entry.id}/{number}",
            "conversation",
            f"turn {number}",
            turn.question,
            entry.asker,
            earlier=tuple(earlier),
            rewrite=turn.rewrite,
            **_gold(turn),
        )
        earlier.append(turn.question)


def _gold(entry: Answerable | FollowUp) -> dict[str, Any]:
    return {
        "gold": tuple(Gold(gold.reference, gold.quote) for gold in entry.gold),
        "nuggets": tuple(tuple(nugget) for nugget in entry.nuggets),
    }


def _doubles(cases: Sequence[Case]) -> list[str]:
    counts = Counter(case.id for case in cases)
    return [f"the id {name} is used {count} times" for name, count in counts.items() if count > 1]


def _breaks(case: Case, places: Places) -> Iterator[str]:
    if case.part == "paraphrase":
        return  # its gold is that of its base, which is looked at
    for gold in case.gold:
        if not places.known(gold.reference):
            yield f"{case.id}: the corpus has no document {gold.reference!r}"
        elif not places.holds(gold):
            yield f"{case.id}: {gold.reference} does not hold the quote “{gold.quote}”"
        elif not places.holding(gold):
            yield f"{case.id}: no passage of {gold.reference} holds the quote “{gold.quote}”"
    for nugget in case.nuggets:
        yield from (f"{case.id}: {told}" for told in unsound(nugget, case.quotes))
    if case.nuggets and found(case.question, case.nuggets) == len(case.nuggets):
        yield f"{case.id}: every nugget stands in the question, so that repeating it would do"
    if case.part == "disagreement" and case.kind not in places.disagreements:
        yield f"{case.id}: the corpus has no disagreement {case.kind!r}"


def _locked(folder: Path, problems: list[str]) -> dict[str, str]:
    path = folder / LOCKED
    if not path.is_file():
        return {}
    try:
        digests = json.loads(path.read_text(encoding="utf-8"))["cases"]
        if not isinstance(digests, dict):
            raise TypeError
        return digests
    except (OSError, ValueError, KeyError, TypeError) as error:
        problems.append(f"{path.name}: cannot be read ({type(error).__name__})")
        return {}
