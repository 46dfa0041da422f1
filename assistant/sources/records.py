"""Bibliographic records with abstracts: MEDLINE (.nbib), RIS and BibTeX files -> Documents.

A record without an abstract cannot be quoted: it is left out, and said to be.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from langchain_core.documents import Document

from assistant.sources.problem import LeftOut, SourceProblem
from assistant.sources.publication import RETRACTED, evidence_of, initialled, type_of
from assistant.sources.text import read_text
from assistant.sources.xml import present

Item = Document | LeftOut

# Tens of thousands of records; the parser of BibTeX needs some 3 s for each MB.
MAX_BYTES = 20_000_000
RIS_TAG = re.compile(r"[A-Z][A-Z0-9]  -")

# RIS knows no kinds of study: what a reference manager calls the record.
RIS_TYPES = {
    "JOUR": "article",
    "BOOK": "book",
    "CHAP": "chapter",
    "THES": "thesis",
    "RPRT": "report",
}


def load_nbib(path: Path) -> Iterator[Item]:
    """A MEDLINE file as PubMed exports it."""
    from Bio import Medline

    parse: Any = Medline.parse  # no types there
    yield from _read(path, lambda text: map(_medline, parse(io.StringIO(text))))


def load_ris(path: Path) -> Iterator[Item]:
    """A RIS file as reference managers export it."""
    import rispy

    yield from _read(path, lambda text: map(_ris, rispy.loads(_folded(text))))


def load_bibtex(path: Path) -> Iterator[Item]:
    """A BibTeX file; its LaTeX becomes plain text."""
    yield from _read(path, _bibtex)


def _read(path: Path, records: Any) -> Iterator[Item]:
    text = read_text(path, MAX_BYTES)
    try:
        found = list(records(text))
    except SourceProblem:
        raise
    except (Exception, RecursionError) as error:  # parsers fail in many ways on damaged files
        raise SourceProblem(f"cannot be read ({type(error).__name__})") from None
    items = [_item(number, *record) for number, record in enumerate(found, start=1)]
    if not any(isinstance(item, Document) for item in items):
        raise SourceProblem(f"holds no record with an abstract ({len(items)} records)")
    yield from items


def _item(number: int, key: str | None, abstract: str, metadata: Mapping[str, Any]) -> Item:
    text = " ".join(abstract.split())
    if not text:
        return LeftOut(f"record {number} ({metadata.get('title') or 'untitled'}) has no abstract")
    fields = {"type": "article", "evidence_level": "not graded", "basis": "abstract"}
    return Document(
        id=key,
        page_content=f"## Abstract\n\n{text}\n",
        metadata=fields | present(dict(metadata)) | {"body_start": 0, "markup": "outline"},
    )


def _medline(record: Mapping[str, Any]) -> tuple[str | None, str, dict[str, Any]]:
    kinds = record.get("PT", [])
    named = {
        kind: value
        for identifier in record.get("AID", [])
        if (match := re.fullmatch(r"(\S+) \[(\w+)\]", identifier))
        for value, kind in [match.groups()]
    }
    return (
        record.get("PMID"),
        record.get("AB", ""),
        {
            "title": record.get("TI", "").rstrip("."),
            "authors": [*record.get("AU", []), *record.get("CN", [])],
            "year": _year(record.get("DP", "")),
            "journal": record.get("JT", ""),
            "volume": record.get("VI", ""),
            "issue": record.get("IP", ""),
            "pages": record.get("PG", ""),
            "doi": named.get("doi"),
            "pmid": record.get("PMID", ""),
            "pmcid": record.get("PMC", ""),
            "type": type_of(kinds),
            "evidence_level": evidence_of(kinds),
            "topics": [heading.replace("*", "") for heading in record.get("MH", [])],
            "retracted": RETRACTED in kinds or None,
        },
    )


def _folded(text: str) -> str:
    """RIS with each value on one line: rispy copies a value again for every line that goes on with it.

    Lines of tags that may stand several times are left, for there each line is a value of its own.
    """
    from rispy.config import LIST_TYPE_TAGS

    lines: list[list[str]] = []
    tag = ""
    for line in text.split("\n"):
        if RIS_TAG.match(line):
            tag = line[:2]
            lines.append([line.rstrip()])
        elif lines and tag not in LIST_TYPE_TAGS:
            lines[-1] += [line.strip()] if line.strip() else []
        else:
            lines.append([line])
    return "\n".join(" ".join(parts) for parts in lines)


def _ris(record: Mapping[str, Any]) -> tuple[str | None, str, dict[str, Any]]:
    first, last = record.get("start_page", ""), record.get("end_page", "")
    urls = record.get("urls", [])
    return (
        None,
        record.get("abstract") or record.get("notes_abstract") or "",
        {
            "title": record.get("title") or record.get("primary_title", ""),
            "authors": [
                initialled(*name.partition(",")[::2])
                for name in record.get("authors") or record.get("first_authors", [])
            ],
            "year": _year(record.get("year") or record.get("publication_year", "")),
            "journal": record.get("journal_name") or record.get("secondary_title", ""),
            "volume": record.get("volume", ""),
            "issue": record.get("number", ""),
            "pages": f"{first}-{last}" if first and last else first,
            "doi": record.get("doi", ""),
            "url": urls[0] if urls else "",
            "type": RIS_TYPES.get(record.get("type_of_reference", ""), "article"),
            "topics": record.get("keywords", []),
        },
    )


def _bibtex(text: str) -> Iterable[tuple[str | None, str, dict[str, Any]]]:
    from bibtexparser import middlewares
    from bibtexparser.entrypoint import parse_string

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # told below, in our words
    # Many programs leave a percent sign as it is, behind which LaTeX would drop the line.
    library = parse_string(
        re.sub(r"(?<!\\)%", r"\\%", text),
        append_middleware=[
            middlewares.SeparateCoAuthors(),
            middlewares.SplitNameParts(),
            middlewares.LatexDecodingMiddleware(),
        ],
    )
    if library.failed_blocks:
        lines = (block.start_line for block in library.failed_blocks)
        raise SourceProblem(
            *(f"the entry at line {(line or 0) + 1} cannot be read" for line in lines)
        )
    return [_entry(entry) for entry in library.entries]


def _entry(entry: Any) -> tuple[str | None, str, dict[str, Any]]:
    fields = {name.lower(): field.value for name, field in entry.fields_dict.items()}
    names = fields.get("author", [])
    return (
        entry.key,
        str(fields.get("abstract", "")),
        {
            "title": " ".join(str(fields.get("title", "")).split()),
            "authors": [
                initialled(" ".join([*name.von, *name.last]), " ".join(name.first))
                for name in names
                if not isinstance(name, str)
            ],
            "year": _year(str(fields.get("year") or fields.get("date", ""))),
            "journal": fields.get("journal")
            or fields.get("journaltitle")
            or fields.get("booktitle"),
            "volume": fields.get("volume"),
            "issue": fields.get("number"),
            # The decoder makes a dash of the two hyphens that BibTeX has between pages.
            "pages": str(fields.get("pages", "")).replace("–", "-"),
            "doi": fields.get("doi"),
            "pmid": fields.get("pmid"),
            "url": fields.get("url"),
            "type": entry.entry_type,
            "topics": [
                word.strip()
                for word in re.split(r"[;,]", str(fields.get("keywords", "")))
                if word.strip()
            ],
        },
    )


def _year(text: str) -> int | None:
    year = re.search(r"\b(1[89]|20)\d\d\b", text)
    return int(year[0]) if year else None
