"""A passage -> where its sentences lie, with what is no sentence (a heading, a fragment) between them."""

from __future__ import annotations

from functools import lru_cache

from assistant.splitting import Span, sentences


@lru_cache(maxsize=4000)
def spans_of(text: str) -> tuple[Span, ...]:
    """Spans in order that hold every word of the text; none for a text without any."""
    found: list[Span] = []
    place = 0
    for start, end in (*sentences(text), (len(text), len(text))):
        lines = text[place:start]
        offset = place
        for line in lines.splitlines(keepends=True):
            stripped = line.strip()
            if stripped:
                first = offset + line.index(stripped)
                found.append((first, first + len(stripped)))
            offset += len(line)
        if start < end:
            found.append((start, end))
        place = end
    return tuple(found)


def texts_of(text: str) -> list[str]:
    """The words of each span."""
    return [text[start:end] for start, end in spans_of(text)]
