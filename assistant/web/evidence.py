"""The evidence behind an answer as the page shows it: HTML made by pure functions.

A card for each cited passage, then every passage that was found, with filters. Knows nothing of
Gradio; the filters work in the browser.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from assistant.evidence import LEVELS
from assistant.rendering import (
    RELATED,
    RELATED_SHOWN,
    authors_of,
    basis_of,
    citations_of,
    kind_of,
    links_of,
)
from assistant.types import Answer, Citation, Hit, Passage, Reference
from assistant.web import strings
from assistant.web.elements import any_of, card_id, link_html, rank_html, select_html

Works = Mapping[str, Mapping[str, Any]]


def panel_html(evidence: str, question: str = "") -> str:
    """The evidence panel; a hint stands in for evidence that is not there yet."""
    content = evidence or f'<p class="aside">{strings.EVIDENCE_HINT}</p>'
    asked = strings.EVIDENCE_FOR.format(question=question) if question else ""
    return (
        f'<section class="panel" aria-label="{strings.EVIDENCE}" tabindex="0">'
        f'<h2>{strings.EVIDENCE}</h2><p class="asked">{escape(asked)}</p>{content}</section>'
    )


def evidence_html(anchor: str, answer: Answer, works: Works) -> str:
    """Cards of the cited passages and the list of all; `works` are the documents of the index."""
    grouped: dict[tuple[int, str], list[Citation]] = {}
    for citation in citations_of(answer.sentences, answer.notices):
        grouped.setdefault((citation.number, citation.passage.id), []).append(citation)
    references = {reference.number: reference for reference in answer.references}
    shown = "".join(
        _card_html(anchor, references.get(number), grouped[number, passage_id])
        for number, passage_id in sorted(grouped, key=lambda key: key[0])
    )
    if answer.abstained and answer.hits:
        nearest = "".join(
            f"<li>{_hit_html(anchor, hit, [], works)}</li>" for hit in answer.hits[:RELATED_SHOWN]
        )
        shown += (
            f'<section class="related" id="{anchor}-related" tabindex="-1" aria-label="{RELATED}">'
            f'<h3>{RELATED}</h3><p class="aside">{strings.NEAREST_HINT}</p><ol>{nearest}</ol>'
            "</section>"
        )
    quoted = {key[1]: cited for key, cited in grouped.items()}
    return shown + _found_html(anchor, answer.hits, quoted, works)


def marked_html(passage: Passage, citations: Iterable[Citation]) -> str:
    """The passage's text with the quotes in <mark>; quotes that touch or overlap become one."""
    places = [(c.start - passage.start, c.end - passage.start) for c in citations]
    return marked_text_html(passage.text, places)


def marked_text_html(text: str, places: Iterable[tuple[int, int]]) -> str:
    """The text, escaped, with the characters of `places` in <mark>."""
    done = 0
    pieces: list[str] = []
    for start, end in sorted(places):
        if start > done or not pieces:
            pieces.append(escape(text[done:start]))
            pieces.append(f"<mark>{escape(text[start:end])}</mark>")
        elif end > done:
            pieces[-1] = pieces[-1].removesuffix("</mark>") + escape(text[done:end]) + "</mark>"
        done = max(done, end)
    return "".join(pieces) + escape(text[done:])


def publication_html(reference: Reference) -> str:
    """Title, authors, journal and year; then the links; then what was read of it."""
    links = " ".join(link_html(label, address) for label, address in links_of(reference))
    by = authors_of(reference)
    by += ("" if by.endswith(".") else ".") + " " if by else ""
    printed = ", ".join(escape(p) for p in (reference.journal, str(reference.year or "")) if p)
    return (
        f'<p class="publication"><cite>{escape(reference.title)}</cite> {escape(by)}{printed}</p>'
        f'<p class="links">{links}</p><p class="basis">{escape(basis_of(reference))}</p>'
    )


def read_button_html(anchor: str, passage: Passage, citations: Iterable[Citation]) -> str:
    """Opens the whole document at the passage, with its quotes marked."""
    places = ",".join(f"{c.start}-{c.end}" for c in citations)
    return (
        f'<button type="button" class="link" data-do="read" data-exchange="{anchor}"'
        f' data-passage="{escape(passage.id, quote=True)}" data-places="{places}">'
        f"{strings.OPEN}</button>"
    )


def _card_html(anchor: str, reference: Reference | None, citations: list[Citation]) -> str:
    first = citations[0]
    title = reference.title if reference else ""
    section = [heading for heading in first.passage.section if heading != title]
    about = publication_html(reference) if reference else ""
    level = ""
    if reference is not None:
        level = (
            f'{rank_html(reference.evidence_level)}<span class="level">'
            f"{escape(kind_of(reference))}</span>"
        )
    named = strings.SOURCE.format(number=first.number)
    return (
        f'<article class="card" id="{card_id(anchor, first)}" tabindex="-1" aria-label="{named}">'
        f'<p class="card-head"><span class="number">{first.number}</span>{level}'
        f'<button type="button" class="back" data-do="back" data-exchange="{anchor}"'
        f' aria-label="{strings.BACK}">↩</button></p>'
        f"<blockquote>{marked_html(first.passage, citations)}</blockquote>"
        f'<p class="section">{escape(" › ".join(section))}</p>{about}'
        f"{read_button_html(anchor, first.passage, citations)}</article>"
    )


def _found_html(
    anchor: str, hits: Iterable[Hit], quoted: Mapping[str, list[Citation]], works: Works
) -> str:
    """Every passage that was found, with its place and score, and whether it is quoted."""
    hits = list(hits)
    if not hits:
        return ""
    known = [works.get(hit.passage.document_id, {}) for hit in hits]
    kinds = sorted({str(work["type"]) for work in known if work.get("type")})
    levels = {str(work.get("evidence_level")) for work in known}
    years = sorted({str(work["year"]) for work in known if work.get("year")}, reverse=True)
    fields = (
        select_html("type", strings.BY_TYPE, any_of(kinds))
        + select_html("level", strings.BY_LEVEL, any_of(x for x in LEVELS if x in levels))
        + select_html("since", strings.SINCE, any_of(years))
    )
    items = "".join(
        f'<li data-type="{escape(str(work.get("type", "")), quote=True)}"'
        f' data-level="{escape(str(work.get("evidence_level", "")), quote=True)}"'
        f' data-year="{escape(str(work.get("year") or ""), quote=True)}">'
        f"{_hit_html(anchor, hit, quoted.get(hit.passage.id, []), works)}</li>"
        for hit, work in zip(hits, known, strict=True)
    )
    left = strings.LEFT.format(count=len(hits), total=len(hits))
    return (
        f'<details class="found"><summary>{strings.ALL_PASSAGES.format(count=len(hits))}</summary>'
        f'<form class="filters" aria-label="{strings.FILTERS}">{fields}</form>'
        f'<p class="left" role="status" data-words="{escape(strings.LEFT, quote=True)}">{left}</p>'
        f"<ol>{items}</ol></details>"
    )


def _hit_html(anchor: str, hit: Hit, citations: list[Citation], works: Works) -> str:
    passage = hit.passage
    work = works.get(passage.document_id, {})
    title = str(work.get("title", passage.document_id))
    section = [heading for heading in passage.section if heading != title]
    about = [title, str(work.get("year") or ""), str(work.get("evidence_level", ""))]
    used = strings.USED if citations else strings.UNUSED
    place = strings.RANK.format(rank=hit.rank, score=hit.score, used=used)
    return (
        f'<p class="place{" used" if citations else ""}">{place}</p>'
        f'<p class="quoted">{marked_html(passage, citations)}</p>'
        f'<p class="section">{escape(" · ".join(part for part in about if part))}'
        f"{escape(' › ' + ' › '.join(section)) if section else ''}</p>"
        f"{read_button_html(anchor, passage, citations)}"
    )
