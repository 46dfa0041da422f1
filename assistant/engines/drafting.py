"""A model's text as it comes -> drafted sentences, each with the numbers that it cites.

A sentence is given out once the next one has begun, so a reply that breaks off leaves no half of
one. Nothing is believed here: `proving` decides what may be shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from assistant.chat_models.asking import ChatFailed
from assistant.engines.plain import THINKING, plain
from assistant.splitting import sentences

# [1], [1, 2], [1-3], [^1], 【1】 and several of them in a row, with the white space before them.
MARKER = re.compile(
    r"\s*(?:[\[【]\s*(?:passages?\s*)?\^?\d{1,9}(?:\s*[,;–-]\s*\^?\d{1,9})*\s*[\]】]\s*)+",
    re.IGNORECASE,
)
# What a model writes when the passages do not answer; the prompt asks for it.
NO_ANSWER = "NO ANSWER"
# Ranges longer than this name no passages.
LONGEST_RANGE = 20


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence as a model wrote it, in plain text without its markers.

    `cited` holds the numbers of its markers in order; None when it has no marker at all.
    """

    text: str
    cited: tuple[int, ...] | None


def drafts(pieces: Iterable[str]) -> Iterator[Draft]:
    """The sentences of a reply, as soon as each is complete.

    Raises ChatFailed when the pieces do, after the sentences that were complete by then.
    """
    text, given = "", 0
    failed: ChatFailed | None = None
    try:
        for piece in pieces:
            text += piece
            # Only behind a full stop or a line can one sentence end and another begin.
            if re.search(r"[.?!…\n\]】>]", piece):
                complete = drafted(text)[:-1]
                yield from complete[given:]
                given = max(given, len(complete))
    except ChatFailed as error:
        failed = error
    whole = drafted(text)
    if failed is not None and re.search(r"\d\.\s*$", text):
        whole = whole[:-1]  # it may have broken off within a number
    yield from whole[given:]
    if failed is not None:
        raise failed


def drafted(text: str) -> list[Draft]:
    """The whole sentences of a text with their numbers; fragments that cite nothing are left out."""
    clean, markers = _unmarked(_plain_so_far(text))
    found = []
    for start, end in _spans(clean, [place for place, _ in markers]):
        own = [numbers for place, numbers in markers if start < place <= end + 1]
        cited = tuple(dict.fromkeys(n for numbers in own for n in numbers)) if own else None
        written = re.sub(r"\s+", " ", clean[start:end]).strip()
        if re.search(r"\w", written):
            found.append(Draft(written if written[-1] in ".?!…" else f"{written}.", cited))
    return found


def has_no_answer(text: str) -> bool:
    """True for a reply that is only the words agreed on for having no answer."""
    return re.sub(r"\W+", " ", _plain_so_far(text)).strip().upper() == NO_ANSWER


def _plain_so_far(text: str) -> str:
    """Plain text; thinking that has not ended hides all that follows it."""
    return plain(THINKING.sub(" ", text))


def _unmarked(text: str) -> tuple[str, list[tuple[int, tuple[int, ...]]]]:
    """The text without its markers, and where each stood, with its numbers."""
    clean, markers, last = "", [], 0
    for match in MARKER.finditer(text):
        clean += text[last : match.start()]
        markers.append((len(clean), _numbers(match[0])))
        tail = text[match.end() : match.end() + 1]
        clean += "\n" if "\n" in match[0] else " " if tail and tail not in ".,;:?!" else ""
        last = match.end()
    return clean + text[last:], markers


def _numbers(marker: str) -> tuple[int, ...]:
    numbers: list[int] = []
    for first, last in re.findall(r"(\d+)(?:\s*[–-]\s*\^?(\d+))?", marker):
        to = int(last or first)
        numbers += range(int(first), to + 1) if 0 <= to - int(first) <= LONGEST_RANGE else []
    return tuple(numbers)


def _spans(clean: str, places: list[int]) -> Iterator[tuple[int, int]]:
    """Where the sentences lie, line by line; a line's rest counts when a marker ends it."""
    for line in re.finditer(r"[^\n]+", clean):
        done = line.start()
        for start, end in sentences(line[0]):
            yield line.start() + start, line.start() + end
            done = line.start() + end
        end = line.start() + len(line[0].rstrip())
        if done < end and any(done < place and end <= place <= end + 1 for place in places):
            yield done, end
