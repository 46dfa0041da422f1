"""The sentences that answer best, each with its neighbours: what the cross-encoder reads of the passages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.index.reader import Index
from assistant.scorer.features import Floats, Seen

# Windows of a question, words of a window, and words of the title in front of it.
WINDOWS, WORDS, OF_TITLE = 3, 70, 14


def windows(
    index: Index, rows: NDArray[np.int64], seen: Seen, sentences: Floats, most: int = WINDOWS
) -> list[tuple[int, int]]:
    """First and last place among the sentences of `seen`, best first; no two share a sentence.

    `rows` are the passages that were seen, `sentences` their sentences' scores, shape (numbers,).
    """
    found: list[tuple[int, int]] = []
    for place in np.argsort(-sentences, kind="stable").tolist():
        first, last = around(index, rows, seen, place)
        if all(last < other or after < first for other, after in found):
            found.append((first, last))
            if len(found) == most:
                break
    return found


def around(index: Index, rows: NDArray[np.int64], seen: Seen, place: int) -> tuple[int, int]:
    """A sentence with those behind it and then before it, of its passage and up to WORDS words."""
    owner = int(seen.owners[place])
    low, high = (int(np.searchsorted(seen.owners, owner, side=s)) for s in ("left", "right"))
    passage = index.passages[int(rows[owner])]
    spans = index.sentences[seen.numbers[low:high]][:, 1:].tolist()
    sizes = [len(passage.text[start:end].split()) for start, end in spans]
    first = last = place - low
    total = sizes[first]
    while True:
        if last + 1 < len(sizes) and total + sizes[last + 1] <= WORDS:
            last += 1
            total += sizes[last]
        elif first > 0 and total + sizes[first - 1] <= WORDS:
            first -= 1
            total += sizes[first]
        else:
            return low + first, low + last


def texts(
    index: Index, rows: NDArray[np.int64], seen: Seen, found: Sequence[tuple[int, int]]
) -> list[str]:
    """Of each window its words behind the document's title."""
    made = []
    for first, last in found:
        passage = index.passages[int(rows[seen.owners[first]])]
        start = int(index.sentences[seen.numbers[first]][1])
        end = int(index.sentences[seen.numbers[last]][2])
        made.append(behind_title(index, passage.document_id, passage.text[start:end]))
    return made


def behind_title(index: Index, document_id: str, text: str) -> str:
    """Words of a document as they are read: behind its title."""
    title = " ".join(str(index.documents[document_id].get("title", "")).split()[:OF_TITLE])
    return f"{title}. {text}" if title else text
