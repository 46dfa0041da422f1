"""Sentences of one's own words rest on passages that they name: what is wrong with any of them.

A document whose front matter says `type: topic page` is made of such sentences alone; in other
documents a sentence may name passages, and then the same holds for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from langchain_core.documents import Document

from assistant.splitting import sentences
from assistant.types import Passage

TOPIC_PAGE = "topic page"
# In words, "one" is rather a pronoun.
UNITS = re.findall(
    r"\w+",
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen",
)
TENS = re.findall(r"\w+", "zero ten twenty thirty forty fifty sixty seventy eighty ninety")
IN_WORDS = (
    {word: value for value, word in enumerate(UNITS) if value > 1}
    | {word: 10 * value for value, word in enumerate(TENS) if value > 1}
    | {
        f"{tens}-{unit}": 10 * ten + one
        for ten, tens in enumerate(TENS[2:], start=2)
        for one, unit in enumerate(UNITS[1:10], start=1)
    }
)
LONGEST_FIRST = "|".join(sorted(IN_WORDS, key=len, reverse=True))
NUMBER = re.compile(rf"\b({LONGEST_FIRST})\b|\d+(?:[.,]\d+)*", re.IGNORECASE)


def rests_problems(documents: Sequence[Document], passages: Sequence[Passage]) -> Iterator[str]:
    """A line for each sentence with no ids, with an id of nothing, or with a number of its own."""
    source = {document.id: document.metadata["source"] for document in documents}
    pages = {d.id for d in documents if d.metadata.get("type") == TOPIC_PAGE}
    by_id = {passage.id: passage for passage in passages}
    for passage in passages:
        if not passage.rests_on and passage.document_id not in pages:
            continue
        name = f"{source[passage.document_id]}: {passage.text[:60]!r}"
        if not passage.rests_on:
            yield f"{name} names no note that it rests on"
        elif len(sentences(passage.text)) != 1:
            yield f"{name} is not one sentence; each needs its own ids behind its full stop"
        for key in passage.rests_on:
            if key not in by_id:
                yield f"{name} rests on {key}, which does not exist"
            elif by_id[key].document_id in pages:
                yield f"{name} rests on {key}, which is itself a sentence of a topic page"
        behind = {n for key in passage.rests_on if key in by_id for n in numbers(by_id[key].text)}
        if passage.rests_on and (own := numbers(passage.text) - behind):
            yield f"{name} has a number that none of its notes has: {', '.join(sorted(own))}"


def numbers(text: str) -> set[str]:
    """The numbers of a text in figures, without separators of thousands: "Five of 1,025" -> 5, 1025."""
    written = (match[0].lower() for match in NUMBER.finditer(text))
    return {str(IN_WORDS[n]) if n in IN_WORDS else re.sub(r",(?=\d{3})", "", n) for n in written}
