"""A Document -> passages: verbatim slices with offsets, section path and stable readable ids.

A list item that is a sentence is one passage; prose becomes passages of whole sentences; a list
of fragments stays with the sentence that introduces it. A Markdown sentence that is followed by the
ids of passages in brackets, `[hua-2019#findings/1; yuan-2016#findings/2]`, is a passage that rests
on them; the brackets are not part of it. `sentences` cuts a passage into the units that an answer
is made of. This module knows nothing of search.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from langchain_core.documents import Document

from assistant.types import Passage

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

# Prose passages close at the sentence that passes this length: about 100 word pieces, well within
# the embedding model's 256.
PROSE_CHARACTERS = 500
# A paragraph of so many words is content though nobody put a full stop behind it; a shorter one may be
# a heading.
UNENDED_WORDS = 12
SPLITTING_VERSION = 4

Span = tuple[int, int]

_ID = r"[^\s\[\];#]+#[\w-]+/\d+"
KEYS = re.compile(rf"\s*\[({_ID}(?:;\s*{_ID})*)\]")
# A full stop, then closing quotes or brackets, then the numbers of references.
ENDING = re.compile(r"[.!?…][\"'”’)\]]*(\s*\[[\d,;–\s-]+\])*$")
# An aside that is not a sentence of its own. The segmenter cuts at the comma in `(Hua et al., 2019) ,`
# and then cuts no more, so it is shown letters instead.
ASIDE = re.compile(r"\([^()\n]*[^()\n.!?]\)")


@dataclass(frozen=True, slots=True)
class _Block:
    section: tuple[str, ...]
    start: int
    end: int
    item: bool


def split(document: Document) -> list[Passage]:
    """The passages of a document in reading order; their ids are unique within it."""
    text = document.page_content
    counts: Counter[str] = Counter()
    passages = []
    for section, (start, end), keys in _units(document):
        slug = _slug(section[-1]) if section else "text"
        counts[slug] += 1
        passages.append(
            Passage(
                id=f"{document.id}#{slug}/{counts[slug]}",
                document_id=str(document.id),
                section=section,
                text=text[start:end],
                start=start,
                rests_on=keys,
            )
        )
    return passages


def sentences(text: str) -> list[Span]:
    """Where the whole sentences of `text` lie; headings without a full stop are left out.

    The rest of a long paragraph counts without one, too. An introduction that ends in a colon and the
    list of fragments behind it are one sentence.
    """
    import sentencex

    lines = [(m.start(), m.end()) for m in re.finditer(r"[^\n]+", text)]
    spans: list[Span] = []
    for start, end in _paragraphs(text, lines):
        offset = first = start
        plain = ASIDE.sub(lambda aside: "x" * len(aside[0]), text[start:end])
        for sentence in sentencex.segment("en", plain):
            # The segmenter returns every character in order, so lengths add up to offsets.
            offset += len(sentence)
            if offset < end and not ENDING.search(text[first:offset].rstrip()):
                continue
            span = _trimmed(text, first, offset)
            first = offset
            if span[0] < span[1]:
                spans.append(span)
    return [span for span in _with_lists(text, spans) if _is_content(text[span[0] : span[1]])]


def _is_content(text: str) -> bool:
    return _is_sentence(text) or len(text.split()) >= UNENDED_WORDS


def _is_sentence(text: str) -> bool:
    return bool(ENDING.search(text)) or "\n" in text


def _paragraphs(text: str, lines: list[Span]) -> Iterator[Span]:
    """Stretches within which a line break is only a space: wrapped lines, but not list items."""
    open_start: int | None = None
    for index, (start, end) in enumerate(lines):
        if open_start is None:
            open_start = start
        following = lines[index + 1] if index + 1 < len(lines) else None
        line = text[start:end].rstrip()
        wrapped = (
            following is not None
            and following[0] == end + 1
            and not re.match(r"\s*([-*+•]|\d+[.)])\s", text[following[0] : following[1]])
            and (len(line) >= 50 or text[following[0] : following[1]].lstrip()[:1].islower())
            and not line.endswith(":")
        )
        if not wrapped:
            yield open_start, end
            open_start = None


def _with_lists(text: str, spans: list[Span]) -> Iterator[Span]:
    """Joins an introduction ending in a colon with the list fragments that follow it."""
    joined: Span | None = None
    for start, end in spans:
        line_start = text.rfind("\n", 0, start) + 1
        in_list = re.match(r"\s*([-*+•]|\d+[.)])\s", text[line_start:end]) is not None
        if joined is not None and in_list:
            joined = (joined[0], end)
            continue
        if joined is not None:
            yield joined
        joined = (start, end) if text[start:end].endswith(":") else None
        if joined is None:
            yield start, end
    if joined is not None:
        yield joined


def _units(document: Document) -> Iterator[tuple[tuple[str, ...], Span, tuple[str, ...]]]:
    text = document.page_content
    blocks = list(_blocks(document))
    index = 0
    while index < len(blocks):
        block = blocks[index]
        if document.metadata.get("markup") == "markdown":
            for span, keys in _keyed(text, block.start, block.end):
                yield block.section, span, keys
                block = replace(block, start=text.index("]", span[1]) + 1)
            if not text[block.start : block.end].strip():
                index += 1
                continue
        if block.item and _is_sentence(text[block.start : block.end]):
            yield block.section, (block.start, block.end), ()
            index += 1
            continue
        last = index
        # Fragments of a list say nothing without the line that introduces them, and a full stop
        # behind the last fragment does not make it a sentence.
        while (
            last + 1 < len(blocks)
            and blocks[last + 1].item
            and blocks[last + 1].section == block.section
            and (
                blocks[last].item
                or not _is_sentence(text[blocks[last + 1].start : blocks[last + 1].end])
            )
        ):
            last += 1
        for span in _prose(text, block.start, blocks[last].end):
            yield block.section, span, ()
        index = last + 1


def _keyed(text: str, start: int, end: int) -> Iterator[tuple[Span, tuple[str, ...]]]:
    """The stretches of `text[start:end]` that end in ids, with these ids."""
    for match in KEYS.finditer(text, start, end):
        span = _trimmed(text, start, match.start())
        if span[0] < span[1]:
            yield span, tuple(re.split(r";\s*", match[1]))
        start = match.end()


def _prose(text: str, start: int, end: int) -> Iterator[Span]:
    first: int | None = None
    for left, right in sentences(text[start:end]):
        if first is None:
            first = left
        if right - first >= PROSE_CHARACTERS:
            yield start + first, start + right
            first = None
    if first is not None:
        yield start + first, start + right


def _blocks(document: Document) -> Iterator[_Block]:
    text, begin = document.page_content, int(document.metadata.get("body_start", 0))
    markup = document.metadata.get("markup")
    if markup == "outline":
        yield from _outline(text, begin)
        return
    if markup != "markdown":
        for match in re.finditer(r"\S(?:.|\n(?!\s*\n))*", text[begin:]):
            yield _Block(
                (), *_trimmed(text, begin + match.start(), begin + match.end()), item=False
            )
        return
    line_starts = [begin] + [m.end() for m in re.finditer("\n", text) if m.end() > begin]
    line_starts.append(len(text) + 1)
    section: list[tuple[int, str]] = []
    items = 0
    tokens = _markdown().parse(text[begin:])
    for position, token in enumerate(tokens):
        if token.type == "heading_open":
            level = int(token.tag[1])
            section = [part for part in section if part[0] < level]
            section.append((level, tokens[position + 1].content))
        items += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        verbatim = token.type in ("code_block", "fence", "html_block", "table_open")
        if token.map and (verbatim or token.type == "paragraph_open"):
            start, end = line_starts[token.map[0]], line_starts[token.map[1]] - 1
            start, end = _trimmed(text, start, end)
            if items:
                marker = re.match(r"([-*+]|\d+[.)])\s+", text[start:end])
                start += marker.end() if marker else 0
            if start < end:
                yield _Block(tuple(name for _, name in section), start, end, item=bool(items))


def _outline(text: str, begin: int) -> Iterator[_Block]:
    """Blocks of extracted text: `## ` lines are headings, `- ` lines items, others paragraphs."""
    section: list[tuple[int, str]] = []
    for match in re.finditer(r"[^\n]+", text[begin:]):
        start, end = _trimmed(text, begin + match.start(), begin + match.end())
        line = text[start:end]
        if heading := re.fullmatch(r"(#{2,6}) (.+)", line):
            level = len(heading[1])
            section = [*(part for part in section if part[0] < level), (level, heading[2])]
        elif line:
            item = line.startswith("- ")
            path = tuple(name for _, name in section)
            yield _Block(path, start + 2 * item, end, item=item)


@lru_cache(maxsize=1)
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable("table")


def _trimmed(text: str, start: int, end: int) -> Span:
    inner = text[start:end]
    left = len(inner) - len(inner.lstrip())
    return start + left, start + max(left, len(inner.rstrip()))


def _slug(heading: str) -> str:
    """Up to five words of a heading, in lower case: readable and the same on every run."""
    words = re.findall(r"[^\W_]+", heading.lower())
    return "-".join(words[:5]) or "section"
