"""Other people's text in a request, between markers that are drawn anew for each request.

No text can end its own stretch or open another, for nobody can know the marker when writing it.
"""

from __future__ import annotations

import secrets

MARKER_BYTES = 8


def new_marker() -> str:
    """Sixteen hexadecimal digits that nobody can have guessed when writing a text."""
    return secrets.token_hex(MARKER_BYTES)


def fenced(marker: str, name: str, text: str) -> str:
    """A text between two lines that only the writer of the request can write."""
    return f"<<{marker} {name}\n{text}\n{marker}>>"
