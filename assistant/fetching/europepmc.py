"""Europe PMC: which publications an identifier or a query means, and their open-access full text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from assistant.fetching.http import Service, json_object
from assistant.sources.publication import RETRACTED, evidence_of, type_of

PAGE = 100
# Licences that let a copy be kept and used; Europe PMC writes them in lower case.
KEPT = re.compile(r"\s*(cc0|cc[ -]by\b.*|public domain)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Publication:
    """One record of Europe PMC, as far as it decides what is fetched and how it is marked."""

    title: str
    pmid: str | None
    pmcid: str | None
    doi: str | None
    licence: str | None
    open_access: bool
    retracted: bool
    type: str
    evidence_level: str
    stem: str

    @property
    def full_text(self) -> bool:
        """True when the whole article may be kept."""
        return bool(self.open_access and self.pmcid and KEPT.match(self.licence or ""))


def find(service: Service, query: str, limit: int) -> Iterator[Publication]:
    """The publications that a query in Europe PMC's syntax finds, best first. Raises FetchFailed."""
    cursor, given = "*", 0
    while given < limit:
        page = service.get(
            "search",
            {
                "query": query,
                "resultType": "core",
                "format": "json",
                "pageSize": str(min(PAGE, limit - given)),
                "cursorMark": cursor,
            },
            _page,
        )
        yield from page.publications[: limit - given]
        given += len(page.publications)
        if not page.publications or page.following in (None, cursor):
            return
        cursor = str(page.following)


def query_of(wanted: str) -> tuple[str, bool]:
    """A PMID, PMCID or DOI as a query of one result; anything else is a query already."""
    text = wanted.strip()
    if re.fullmatch(r"(PMID:?\s*)?\d{1,9}", text, re.IGNORECASE):
        return f"EXT_ID:{re.sub(r'[^0-9]', '', text)} AND SRC:MED", True
    if re.fullmatch(r"PMC\d{1,9}", text, re.IGNORECASE):
        return f"PMCID:{text.upper()}", True
    doi = re.sub(r"^(https?://(dx\.)?doi\.org/|doi:\s*)", "", text, flags=re.IGNORECASE)
    if re.fullmatch(r"10\.\d{4,9}/\S+", doi):
        return f'DOI:"{doi}"', True
    return text, False


def full_text(service: Service, pmcid: str) -> bytes:
    """The article in JATS XML. Raises FetchFailed."""
    return service.get(f"{pmcid}/fullTextXML", {}, whole_xml)


def whole_xml(body: bytes) -> bytes:
    """The body, when it is well-formed XML. Raises ValueError for a truncated or other one."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error).splitlines()[0]) from None
    return body


class _Page(NamedTuple):
    """A page of results, and where the next one begins."""

    publications: list[Publication]
    following: object


def _page(body: bytes) -> _Page:
    """Raises ValueError for what is not a page of records, whichever part of it is of another kind."""
    page = json_object(body)
    try:
        publications = [_publication(record) for record in page["resultList"]["result"]]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no list of results ({type(error).__name__})") from None
    return _Page(publications, page.get("nextCursorMark"))


def _publication(record: dict[str, Any]) -> Publication:
    kinds = [str(kind) for kind in (record.get("pubTypeList") or {}).get("pubType", [])]
    names = {kind.lower(): kind.title() for kind in kinds}
    titled = list(names.values())
    corrections = (record.get("commentCorrectionList") or {}).get("commentCorrection", [])
    retracted = RETRACTED in titled or any(
        str(correction.get("type", "")).lower() == "retraction in" for correction in corrections
    )
    own = _text(record, "id") if record.get("source") == "MED" else None
    pmid, pmcid, doi = _text(record, "pmid") or own, _text(record, "pmcid"), _text(record, "doi")
    author = re.split(r"[\s,]", str(record.get("authorString") or "anonymous"))[0]
    parts = (author, record.get("pubYear") or "undated", pmcid or pmid or record.get("id") or doi)
    return Publication(
        title=str(record.get("title", "")).strip(),
        pmid=pmid,
        pmcid=pmcid,
        doi=doi,
        licence=_text(record, "license"),
        open_access=record.get("isOpenAccess") == "Y",
        retracted=retracted,
        type=type_of(titled),
        evidence_level=evidence_of(titled),
        stem=re.sub(r"[^a-z0-9]+", "-", "-".join(map(str, parts)).lower()).strip("-"),
    )


def _text(record: dict[str, Any], name: str) -> str | None:
    """Raises TypeError for what is there and no text."""
    value = record.get(name)
    if not isinstance(value, str | None):
        raise TypeError(name)
    return value
