"""A whole document of the corpus, opened at a passage: HTML made by pure functions of an index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any

from assistant.evidence import is_withdrawn
from assistant.index.reader import Index
from assistant.rendering import kind_of
from assistant.types import Passage, Reference
from assistant.web import strings
from assistant.web.elements import rank_html
from assistant.web.evidence import marked_text_html, publication_html

# A book has tens of thousands of passages: so many before and behind the one asked for are shown.
AROUND = 150

Places = Sequence[tuple[int, int]]


def work_of(key: str, metadata: Mapping[str, Any]) -> Reference:
    """A document of the corpus as a reference without a number in any answer."""

    def text(name: str) -> str | None:
        return None if metadata.get(name) is None else str(metadata[name])

    return Reference(
        number=0,
        document_id=key,
        title=str(metadata.get("title", key)),
        authors=tuple(metadata.get("authors", ())),
        year=metadata.get("year"),
        journal=text("journal"),
        doi=text("doi"),
        pmid=text("pmid"),
        url=text("url"),
        type=str(metadata.get("type", "document")),
        evidence_level=str(metadata.get("evidence_level", "not graded")),
        basis=str(metadata.get("basis", "full text")),
    )


def reader_html(content: str, nonce: int = 0) -> str:
    """The dialogue that a document is read in; the page's script opens it when `nonce` changes."""
    return (
        f'<dialog class="reader" aria-label="{strings.READER}" data-nonce="{nonce}">'
        f'<button type="button" class="quiet close" data-do="close">{strings.CLOSE}</button>'
        f'<div class="text" tabindex="0">{content}</div></dialog>'
    )


def document_html(index: Index, key: str, at: Passage | None = None, places: Places = ()) -> str:
    """What is known of a document and its passages; `at` is marked, its `places` in <mark>.

    `at` may come from an answer that is older than the index: where its words no longer stand in
    the document, it is shown above, as it was kept.
    """
    own = [passage for passage in index.passages if passage.document_id == key]
    row = next((n for n, passage in enumerate(own) if passage == at), None)
    kept = ""
    if at is not None and row is None:
        gone = "" if own else f"<p>{strings.GONE}</p>"
        kept = (
            f'<div class="notice" role="note"><p>{strings.MOVED_ON}</p>'
            f"{_passage_html(at, at, places)}{gone}</div>"
        )
    if not own:
        return kept
    first = max(0, (row or 0) - AROUND)
    part = own[first : first + 2 * AROUND + 1]
    told = ""
    if len(part) < len(own):
        told = strings.PART.format(first=first + 1, last=first + len(part), total=len(own))
        told = f'<p class="aside">{told}</p>'
    sections = ""
    title = str(index.documents[key].get("title", key))
    for section, members in groupby(part, key=lambda passage: passage.section):
        named = [heading for heading in section if heading != title]
        heading = f"<h3>{escape(' › '.join(named))}</h3>" if named else ""
        sections += heading + "".join(_passage_html(p, at, places) for p in members)
    return f"{_about_html(key, index.documents[key])}{kept}{told}{sections}"


def _about_html(key: str, metadata: Mapping[str, Any]) -> str:
    reference = work_of(key, metadata)
    rows = [
        (strings.DESIGN, str(metadata.get("design", ""))),
        (strings.TOPICS, ", ".join(metadata.get("topics", ()))),
        (strings.PARTS_READ, ", ".join(map(str, metadata.get("parts_read", ())))),
    ]
    facts = "".join(
        f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in rows if value.strip()
    )
    withdrawn = f'<p class="notice" role="note">{strings.WITHDRAWN}</p>'
    return (
        f'<h2 tabindex="-1">{escape(reference.title)}</h2>'
        f'<p class="card-head">{rank_html(reference.evidence_level)}'
        f'<span class="level">{escape(kind_of(reference))}</span></p>'
        f"{withdrawn if is_withdrawn(metadata) else ''}"
        f"{publication_html(reference)}<dl>{facts}</dl>"
    )


def _passage_html(passage: Passage, at: Passage | None, places: Places) -> str:
    if passage != at:
        return f"<p>{escape(passage.text)}</p>"
    inside = [(start - passage.start, end - passage.start) for start, end in places]
    inside = [(start, end) for start, end in inside if 0 <= start < end <= len(passage.text)]
    marked = marked_text_html(passage.text, inside or [(0, len(passage.text))])
    return f'<p class="at" tabindex="-1">{marked}</p>'
