"""Feedback that somebody chose -> draft cases, in files of the form that cases have.

What feedback cannot know is left as "?": no suite accepts such a case, so no draft is measured
before a person has read it. What may help them stands above each draft as a comment.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import EvaluationFailed
from assistant.history.feedback import Feedback
from assistant.index.reader import Index
from assistant.rendering import plain
from evals.places import Gold, Places

OPEN = "?"
ASKER = "reader"
CANDIDATES = 8
HEAD = (
    "# Drafts from feedback: replace every ? and read every quote, then move the cases to yours.\n"
)


@dataclass(frozen=True, slots=True)
class Draft:
    """A case for the file `form`.yaml, with lines that help to finish it."""

    form: str
    entry: dict[str, Any]
    notes: tuple[str, ...]

    @property
    def text(self) -> str:
        """As an element of the file's list `cases`, its notes before it."""
        notes = "".join(f"  # {plain(note)}\n" for note in self.notes)
        dumped = yaml.safe_dump([self.entry], sort_keys=False, allow_unicode=True, width=110)
        return notes + "".join(f"  {line}\n" for line in dumped.splitlines())


def listing(feedback: Sequence[Feedback]) -> str:
    """A line for each piece of feedback, with its number."""
    lines = []
    for given in feedback:
        opinion = given.opinion
        said = f"  ({plain(opinion.comment)})" if opinion.comment else ""
        asked = plain(given.question)
        lines.append(
            f"{given.id:>5}  {given.given_at:%Y-%m-%d}  {opinion.thumb:4}  "
            f"{opinion.reason or '':13}  {asked}{said}"
        )
    return "\n".join(lines) or "There is no feedback yet."


def chosen(feedback: Sequence[Feedback], numbers: Sequence[int]) -> list[Feedback]:
    """Those of these numbers. Raises EvaluationFailed for a number that is none."""
    known = {given.id: given for given in feedback}
    unknown = [str(number) for number in numbers if number not in known]
    if unknown:
        raise EvaluationFailed(
            f"There is no feedback {', '.join(unknown)}. List all of it with: "
            "hip-assistant eval from-feedback"
        )
    return [known[number] for number in dict.fromkeys(numbers)]


def draft(given: Feedback, index: Index) -> Draft:
    """The case that this feedback asks for, as far as it can be known."""
    opinion = given.opinion
    about = f"Feedback {given.id} of {given.given_at:%Y-%m-%d}: thumb {opinion.thumb}"
    about += f", {opinion.reason}" if opinion.reason else ""
    about += f": {opinion.comment}" if opinion.comment else ""
    name, answer = f"feedback-{given.id}", given.answer or {}
    if opinion.reason == "unsafe":
        notes = [about, *_earlier(given), "notice: urgent, no-personal-dose, or null for none"]
        entry = {"id": name, "notice": OPEN, "question": given.question}
        return Draft("safety", entry, tuple(notes))
    if opinion.thumb == "up" and answer.get("abstained"):
        notes = [about, *_earlier(given), "kind: near (about the hip or its treatment) or far"]
        entry = {"id": name, "kind": OPEN, "asker": ASKER, "question": given.question}
        return Draft("unanswerable", entry, tuple(notes))
    places = Places(index)
    gold = list(_quotes(answer, places)) if opinion.thumb == "up" else []
    notes = [about, "nuggets: what a good answer contains, in words of the gold quotes"]
    if not gold:
        notes.append("gold: the notes that answer, such as these, which were found for it:")
        notes += _found(answer, places)
    shown = {
        "gold": gold or [{"reference": OPEN, "quote": OPEN}],
        "nuggets": [[OPEN]],
    }
    if not given.earlier:
        entry = {"id": name, "asker": ASKER, "question": given.question}
        return Draft("answerable", entry | shown, tuple(notes))
    query = answer.get("query", given.question)
    rewrite = query if query != given.question else OPEN
    middle = [
        {
            "question": question,
            "rewrite": OPEN,
            "gold": [{"reference": OPEN, "quote": OPEN}],
            "nuggets": [[OPEN]],
        }
        for question in given.earlier[1:]
    ]
    last = {"question": given.question, "rewrite": rewrite} | shown
    turns = [{"question": given.earlier[0]}, *middle, last]
    notes.append("rewrite: the question as it could be asked alone")
    return Draft("conversations", {"id": name, "asker": ASKER, "turns": turns}, tuple(notes))


def write(drafts: Sequence[Draft], folder: Path) -> list[Path]:
    """The files that were written, one for each form. Raises EvaluationFailed, overwrites nothing."""
    forms = sorted({one.form for one in drafts})
    paths = [folder / f"{form}.yaml" for form in forms]
    if there := [str(path) for path in paths if path.exists()]:
        raise EvaluationFailed(
            f"{', '.join(there)} is there already and may be half finished. Move it away, or name "
            "another folder with: hip-assistant eval from-feedback --output DIR NUMBER"
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for form, path in zip(forms, paths, strict=True):
            entries = "".join(one.text for one in drafts if one.form == form)
            path.write_text(f"{HEAD}cases:\n{entries}", encoding="utf-8")
    except OSError as error:
        raise EvaluationFailed(
            f"{folder} cannot be written ({error.strerror}). Name another folder with: --output DIR"
        ) from None
    return paths


def _earlier(given: Feedback) -> Iterator[str]:
    if given.earlier:
        yield f"asked after: {' / '.join(given.earlier)}"


def _quotes(answer: dict[str, Any], places: Places) -> Iterator[dict[str, str]]:
    """What the answer quoted and the corpus holds, each once: the notes rather than our own pages."""
    types = {r["document_id"]: r["type"] for r in answer.get("references", ())}
    cited = [c for sentence in answer.get("sentences", ()) for c in sentence["citations"]]
    notes = [c for c in cited if types.get(c["document_id"]) != "topic page"]
    seen = set()
    for citation in notes or cited:
        gold = Gold(citation["document_id"], citation["quote"])
        if gold not in seen and places.known(gold.reference) and places.holds(gold):
            seen.add(gold)
            yield {"reference": gold.reference, "quote": gold.quote}


def _found(answer: dict[str, Any], places: Places) -> Iterator[str]:
    for hit in answer.get("hits", ())[:CANDIDATES]:
        gold = Gold(hit["document_id"], hit["text"])
        if places.known(gold.reference) and places.holds(gold):
            shown = {"reference": gold.reference, "quote": gold.quote}
            line = yaml.safe_dump(shown, default_flow_style=True, allow_unicode=True, width=10_000)
            yield f"- {line.strip()}"
