"""One answer, or a conversation, -> a file to take away. FORMATS maps names to the forms.

JSON is the machine-readable answer; a bibliography holds the publications that are cited; the page
to print names the day. Nothing is looked up: an answer that was kept is exported as it was given.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from assistant import bibliography, printing
from assistant.errors import SettingsInvalid
from assistant.rendering import answer_markdown, markdown_words
from assistant.safety import STANDING
from assistant.types import SCHEMA, Answer, Reference


@dataclass(frozen=True, slots=True)
class Taken:
    """What is exported: answers in their order, and the title of their conversation.

    An answer on its own has no title. `works` maps ids of documents to metadata that an answer's
    references lack, such as volume and pages; `today` is the day that a printed page names.
    """

    answers: Sequence[Answer]
    title: str | None = None
    works: Mapping[str, Mapping[str, Any]] | None = None
    today: date | None = None

    @property
    def name(self) -> str:
        return self.title or self.answers[0].question

    @property
    def entries(self) -> list[bibliography.Entry]:
        """The publications that are cited, each once, in the order in which they are."""
        known = self.works or {}
        found = {
            reference.document_id: bibliography.Entry(
                reference.document_id, {**known.get(reference.document_id, {}), **_told(reference)}
            )
            for answer in self.answers
            for reference in answer.references
        }
        return [entry for entry in found.values() if entry.is_publication]


@dataclass(frozen=True, slots=True)
class Format:
    """A form of file; `label` is for people."""

    label: str
    suffix: str
    media_type: str
    write: Callable[[Taken], str]


def export(taken: Taken, as_: str) -> str:
    """The text of the file. Raises SettingsInvalid for a form that is not known."""
    if as_ not in FORMATS:
        raise SettingsInvalid(
            f"There is no format {as_!r}; accepted are {', '.join(FORMATS)}. Choose one of them."
        )
    return FORMATS[as_].write(taken)


def file_name(taken: Taken, as_: str) -> str:
    """A name for the file: letters, digits and hyphens of the title, and the suffix."""
    words = re.sub(r"[^a-z0-9]+", "-", taken.name.lower()).strip("-")[:60].strip("-")
    return f"{words or 'answer'}{FORMATS[as_].suffix}"


def _markdown(taken: Taken) -> str:
    parts = [f"# {markdown_words(taken.title)}\n"] if taken.title else []
    for number, answer in enumerate(taken.answers, start=1):
        parts.append(answer_markdown(answer if number == len(taken.answers) else _quieter(answer)))
        index = answer.index
        parts.append(
            f"Literature as of {index.literature_as_of}; index {index.name}, "
            f"generation {index.generation}.\n"
        )
    return "\n".join(parts)


def _json(taken: Taken) -> str:
    answers = [answer.to_dict() for answer in taken.answers]
    whole = {"schema": SCHEMA, "title": taken.title, "answers": answers}
    shown = answers[0] if taken.title is None else whole
    return json.dumps(shown, ensure_ascii=False, indent=2) + "\n"


def _print(taken: Taken) -> str:
    return printing.page(taken.name, [_quieter(answer) for answer in taken.answers], taken.today)


def _quieter(answer: Answer) -> Answer:
    """Without the standing notice, which a conversation says once."""
    return replace(answer, notices=tuple(n for n in answer.notices if n.text != STANDING))


def _told(reference: Reference) -> dict[str, Any]:
    """What the answer itself says of a work wins over what is known of it now."""
    return {name: value for name, value in reference.to_dict().items() if value not in (None, [])}


FORMATS: dict[str, Format] = {
    "markdown": Format("Markdown", ".md", "text/markdown", _markdown),
    "json": Format("JSON", ".json", "application/json", _json),
    "bibtex": Format(
        "BibTeX", ".bib", "application/x-bibtex", lambda taken: bibliography.bibtex(taken.entries)
    ),
    "ris": Format(
        "RIS",
        ".ris",
        "application/x-research-info-systems",
        lambda taken: bibliography.ris(taken.entries),
    ),
    "csl-json": Format(
        "CSL-JSON",
        ".csl.json",
        "application/vnd.citationstyles.csl+json",
        lambda taken: bibliography.csl_json(taken.entries),
    ),
    "print": Format("Page to print or save as PDF", ".html", "text/html", _print),
}
