"""Nuggets: pieces that a good answer contains, each a tuple of alternatives, found on word boundaries."""

from __future__ import annotations

import re
from collections.abc import Sequence

Nugget = tuple[str, ...]


def contains(text: str, words: str) -> bool:
    """True when `words` stand in `text` as whole words, whatever the case and the white space.

    A number is whole as well: "0.2" is not in "0.25", "10.2" or "1,0.2".
    """
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return bool(re.search(rf"(?<!\w)(?<!\d[.,]){pattern}(?!\w)(?![.,]\d)", text, re.IGNORECASE))


def found(text: str, nuggets: Sequence[Nugget]) -> int:
    """How many of the nuggets stand in the text."""
    return sum(any(contains(text, words) for words in nugget) for nugget in nuggets)
