"""The list of a reader's conversations: HTML made by a pure function."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from assistant.history.conversations import Summary
from assistant.history.tables import MAX_TITLE
from assistant.web import strings


def history_html(
    kept: Sequence[Summary] | None,
    *,
    current: str | None = None,
    searched: bool = False,
    problem: str = "",
) -> str:
    """The newest first, `current` marked; None where no history is kept. Folded on a narrow screen."""
    if kept is None:
        content = f'<p class="aside">{strings.HISTORY_OFF}</p>'
    elif kept:
        content = f"<ul>{''.join(_item_html(it, it.id == current) for it in kept)}</ul>"
    else:
        empty = strings.HISTORY_NONE_FOUND if searched else strings.HISTORY_EMPTY
        content = f'<p class="aside">{"" if problem else empty}</p>'
    wrong = f'<p class="error" role="alert">{escape(problem)}</p>' if problem else ""
    return f'<nav aria-label="{strings.HISTORY}"><h2>{strings.HISTORY}</h2>{wrong}{content}</nav>'


def _item_html(it: Summary, current: bool) -> str:
    title = escape(it.title)
    name = escape(it.title, quote=True)
    count = strings.TURNS.format(count=it.turns, s="" if it.turns == 1 else "s")
    marked = ' aria-current="true"' if current else ""
    return (
        f'<li data-id="{it.id}"{marked}>'
        f'<button type="button" class="title" data-do="open">{title}</button>'
        f'<p class="meta"><time datetime="{it.changed.isoformat()}">{it.changed:%d %b %Y}</time>'
        f" · {count}"
        f'<span><button type="button" class="link" data-do="renaming"'
        f' aria-label="{strings.RENAME}: {name}">{strings.RENAME}</button> '
        f'<button type="button" class="link" data-do="deleting"'
        f' aria-label="{strings.DELETE}: {name}">{strings.DELETE}</button></span></p>'
        f'<form class="renaming" hidden><label>{strings.NEW_TITLE}'
        f'<input name="title" value="{name}" maxlength="{MAX_TITLE}" required></label>'
        f'<button type="submit" class="quiet">{strings.SAVE}</button>'
        f'<button type="button" class="quiet" data-do="cancel">{strings.CANCEL}</button></form>'
        f'<div class="deleting" role="group" aria-label="{strings.DELETE}: {name}" hidden>'
        f"<p>{strings.DELETE_ASKED}</p>"
        f'<button type="button" class="quiet danger" data-do="delete">{strings.DELETE}</button>'
        f'<button type="button" class="quiet" data-do="cancel">{strings.CANCEL}</button></div></li>'
    )
