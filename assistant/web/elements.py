"""Small pieces of HTML that several parts of the page share, escaped where they hold words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from html import escape

from assistant.evidence import LEVELS
from assistant.rendering import label_of
from assistant.safety import STANDING
from assistant.types import Citation, Notice
from assistant.web import strings

# Outlines on a grid of 16: no font and no picture is loaded for them.
ICONS = {
    "up": "M5 7v6M5 7l3-5c1.2 0 1.8.8 1.5 2L9 7h4l-1 5.5c-.1.3-.4.5-.8.5H5M2.5 7H5v6H2.5z",
    "down": "M5 9V3M5 9l3 5c1.2 0 1.8-.8 1.5-2L9 9h4l-1-5.5c-.1-.3-.4-.5-.8-.5H5M2.5 9H5V3H2.5z",
}


def icon(name: str) -> str:
    """A small drawing for the eye; the element around it says in words what it is."""
    return (
        '<svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">'
        f'<path d="{ICONS[name]}"/></svg>'
    )


def masthead_html(title: str, about: str, facts: Iterable[str] = ()) -> str:
    """The title, one line on what this is, and a few facts such as how new the literature is."""
    told = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    return (
        '<header><button type="button" class="quiet drawer" data-do="drawer" aria-expanded="false">'
        f"{strings.HISTORY}</button>"
        f'<h1>{escape(title)}</h1><p class="about">{escape(about)}</p>'
        f'<p class="facts">{told}</p></header>'
    )


def standing_html(urgent: Notice | None = None) -> str:
    """What is in view at all times: an urgent notice before everything, then the standing one."""
    alarm = ""
    if urgent is not None:
        alarm = (
            f'<div class="notice urgent" role="alert"><p><strong>{label_of(urgent)}</strong> '
            f"{escape(urgent.text)}</p></div>"
        )
    return (
        f'<div class="alarm">{alarm}</div>'
        f'<p id="offline" role="alert" hidden>{escape(strings.OFFLINE)}</p>'
        f'<p class="standing" role="note">{escape(STANDING)}</p>'
    )


def rank_html(level: str) -> str:
    """A bar that is longer for stronger designs; the word behind it says the same."""
    place = LEVELS.index(level) if level in LEVELS else len(LEVELS) - 1
    return f'<i class="rank" style="--share:{1 - place / (len(LEVELS) - 1):.2f}"></i>'


def select_html(name: str, label: str, options: Mapping[str, str], chosen: str = "") -> str:
    """A labelled menu; `options` maps values to words."""
    listed = "".join(
        f'<option value="{escape(value, quote=True)}"{" selected" if value == chosen else ""}>'
        f"{escape(words)}</option>"
        for value, words in options.items()
    )
    return f'<label>{escape(label)} <select name="{name}">{listed}</select></label>'


def any_of(values: Iterable[str]) -> dict[str, str]:
    """Options with "any" before them."""
    return {"": strings.ANY} | {value: value for value in values}


def link_html(label: str, address: str) -> str:
    """A link to another site, which learns nothing of this page."""
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(label)}</a>'
    )


def progress_html(stage: str, done: int, total: int) -> str:
    """A bar with words."""
    words = strings.WORKING.format(stage=stage, done=done, total=total) if total else stage
    bar = f' value="{done}" max="{total}"' if total else ""
    return (
        f'<div class="working" role="status"><label>{escape(words)} '
        f"<progress{bar}></progress></label></div>"
    )


def card_id(anchor: str, citation: Citation) -> str:
    """The id of the card of a cited passage: letters, digits, "-" and "_" alone."""
    safe = "".join(
        c if (c.isascii() and c.isalnum()) or c == "-" else f"_{ord(c):x}_"
        for c in citation.passage.id
    )
    return f"{anchor}-{citation.number}-{safe}"
