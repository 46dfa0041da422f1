"""Nuggets: pieces that a good answer contains, each a tuple of alternatives, found on word boundaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

Nugget = tuple[str, ...]
# A unit says nothing without its number.
UNITS = {
    "%", "cm", "dl", "g", "h", "iu", "kg", "kpa", "l", "mcg", "mg", "ml", "mm", "mmhg", "mmol", "mol",
    "ng", "nmol", "pmol", "s", "µg", "μg", "µmol", "μmol",
}  # fmt: skip


def contains(text: str, words: str) -> bool:
    """True when `words` stand in `text` as whole words, whatever the case and the white space.

    A number is whole as well: "0.2" is not in "0.25", "10.2" or "1,0.2".
    """
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    return bool(re.search(rf"(?<!\w)(?<!\d[.,]){pattern}(?!\w)(?![.,]\d)", text, re.IGNORECASE))


def found(text: str, nuggets: Sequence[Nugget]) -> int:
    """How many of the nuggets stand in the text."""
    return sum(any(contains(text, words) for words in nugget) for nugget in nuggets)


def unsound(nugget: Nugget, quotes: Sequence[str]) -> Iterator[str]:
    """What is wrong with a nugget: no gold quote holds it, a bare unit would do, a figure was cut at "/"."""
    shown = " / ".join(nugget)
    if not any(contains(quote, words) for quote in quotes for words in nugget):
        yield f"no gold quote holds the nugget {shown!r}"
    for words in nugget:
        if words.casefold() in UNITS:
            yield f"the nugget {shown!r} is met by the bare unit {words!r}"
    for first, second in pairwise(nugget):
        whole = f"{first}/{second}"
        if any(character.isdigit() for character in first) and any(whole in q for q in quotes):
            yield f"the nugget {shown!r} cuts {whole!r} in two: write it as one"
