"""Answers -> one page of HTML to print, or to save as PDF for a doctor: self-contained, no script.

The blocks are those of the text and Markdown forms; whatever the corpus or a person wrote is
escaped.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from html import escape
from itertools import groupby
from pathlib import Path

from assistant.rendering import WEB_PAGE, Form, blocks_of, plain
from assistant.safety import STANDING
from assistant.types import Answer

CSS = Path(__file__).with_name("print.css")
READING = (
    "Every sentence is a quote from the work whose number stands behind it; words in italics are "
    "the assistant's. A note is in our words, not the publication's: check the publication before "
    "you act on it."
)


def page(title: str, answers: Sequence[Answer], printed: date | None = None) -> str:
    """A whole HTML document; `printed` is the day that it names."""
    day = f"Printed on {printed:%d %B %Y}. " if printed else ""
    articles = "".join(f"<article>{_answer(answer)}</article>" for answer in answers)
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
        "style-src 'unsafe-inline'\">"
        f"<title>{_words(title)}</title><style>{CSS.read_text('utf-8')}</style></head><body>"
        f"<header><h1>{_words(title)}</h1>"
        f'<p class="about">{day}{escape(STANDING)} {READING}</p></header>'
        f"<main>{articles}</main></body></html>\n"
    )


def _words(text: str) -> str:
    return escape(plain(text))


def _answer(answer: Answer) -> str:
    form = Form(
        words=_words,
        number=" [{}]",
        lead="<em>{}</em>",
        strong="<strong>{}</strong>",
        link=_link,
    )
    blocks = [_block(block) for block in blocks_of(answer, form)]
    index = answer.index
    blocks.append(
        f'<p class="index">Literature as of {_words(index.literature_as_of)}; index '
        f"{_words(index.name)}, generation {_words(index.generation)}.</p>"
    )
    return "".join(blocks)


def _link(label: str, address: str) -> str:
    """On paper a web page is its address; a DOI or PMID says it in short."""
    return f'<a href="{escape(address)}">{escape(address) if label == WEB_PAGE else label}</a>'


def _block(lines: Sequence[tuple[str, str]]) -> str:
    """Neighbouring lines of one role make one element: a list, a table, or paragraphs."""
    role, text = lines[0]
    if role in ("urgent", "notice"):
        return f'<div class="notice {role}"><p>{text}</p>{_sides(lines[1:])}</div>'
    if role == "heading":
        kind = "references" if lines[1][0] == "reference" else "related"
        return f'<h3>{text}</h3><ul class="{kind}">{_items(lines[1:])}</ul>'
    if role == "question":
        return f"<h2>{text}</h2>"
    return "".join(
        _group(role, [text for _, text in members])
        for role, members in groupby(lines, key=lambda line: line[0])
    )


def _group(role: str, texts: Sequence[str]) -> str:
    if role == "item":
        return f"<ul>{''.join(f'<li>{text}</li>' for text in texts)}</ul>"
    if role == "row head":
        label, words = texts[0].split("\t")
        return f'<table><tr><th scope="col">{label}</th><th scope="col">{words}</th></tr>'
    if role == "row":
        cells = (text.split("\t") for text in texts)
        rows = "".join(
            f'<tr><th scope="row">{label.strip()}</th><td>{words}</td></tr>'
            for label, words in cells
        )
        return f"{rows}</table>"
    return "".join(f'<p class="{role}">{text}</p>' for text in texts)


def _sides(lines: Sequence[tuple[str, str]]) -> str:
    shown = ""
    for role, text in lines:
        tag = "strong" if role == "side" else "span"
        shown += f'<li class="{role.replace(" ", "-")}"><{tag}>{text}</{tag}></li>'
    return f"<ul>{shown}</ul>" if shown else ""


def _items(lines: Sequence[tuple[str, str]]) -> str:
    """A reference and the facts on it are one item."""
    shown = ""
    for role, text in lines:
        shown += f'<br><span class="facts">{text}</span>' if role == "facts" else f"</li><li>{text}"
    return shown.removeprefix("</li>") + "</li>"
