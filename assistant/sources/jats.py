"""A JATS <article>, as PubMed Central has them -> a Document: abstract, sections, tables, references.

The text is an outline: `## Section` lines, a paragraph a line, `- ` before items and references.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from langchain_core.documents import Document

from assistant.sources.problem import SourceProblem
from assistant.sources.publication import initialled
from assistant.sources.xml import flat, local_name, present

BLOCKS = frozenset(
    {"table-wrap", "fig", "list", "disp-formula", "boxed-text", "supplementary-material"}
)
DEEPEST = 6


def document(article: Any) -> Document:
    """Raises SourceProblem for an article without abstract and body."""
    meta = article.find(".//{*}article-meta")
    abstracts = [] if meta is None else meta.findall("{*}abstract")
    body = article.find("{*}body")
    lines: list[str] = []
    for abstract in abstracts:
        lines += ["## Abstract", *_content(abstract, 3)]
    if body is not None:
        lines += _content(body, 2)
    references = [f"- {flat(ref)}" for ref in article.iterfind("{*}back/{*}ref-list/{*}ref")]
    text = [line for line in lines if line]
    if not any(not line.startswith("#") for line in text):
        raise SourceProblem("has neither abstract nor body")
    if references:
        text += ["## References", *references]
    return Document(
        id=_identifier(meta, "pmcid") or _identifier(meta, "pmid"),
        page_content="\n\n".join(text) + "\n",
        metadata=_metadata(article, meta, has_body=body is not None)
        | {"body_start": 0, "markup": "outline"},
    )


def _content(element: Any, level: int) -> Iterator[str]:
    """Headings and paragraphs of a section, nested sections a level deeper."""
    for child in element:
        name = local_name(child)
        if name == "sec":
            yield _heading(child, level)
            yield from _content(child, level + 1)
        elif name == "p":
            yield flat(child, without=BLOCKS)
            for block in child:
                if local_name(block) in BLOCKS:
                    yield from _block(block, level)
        elif name == "title" and local_name(element) != "sec":
            yield f"{'#' * min(level, DEEPEST)} {flat(child)}"
        elif name in BLOCKS:
            yield from _block(child, level)


def _heading(section: Any, level: int) -> str:
    title = flat(section.find("{*}title"))
    return f"{'#' * min(level, DEEPEST)} {title}" if title else ""


def _block(element: Any, level: int) -> Iterator[str]:
    name = local_name(element)
    if name == "list":
        for item in element.iterfind("{*}list-item"):
            yield f"- {flat(item)}"
    elif name == "table-wrap":
        caption = f"{flat(element.find('{*}label'))} {flat(element.find('{*}caption'))}".strip()
        if caption:
            yield caption
        for row in element.iterfind(".//{*}tr"):
            yield " | ".join(flat(cell) for cell in row)
        yield flat(element.find("{*}table-wrap-foot"))
    elif name == "fig":
        yield flat(element.find("{*}caption"))
    elif name == "boxed-text":
        yield from _content(element, level)


def _metadata(article: Any, meta: Any, *, has_body: bool) -> dict[str, Any]:
    if meta is None:
        return {"title": "", "basis": "full text"}
    years = sorted(
        int(year)
        for date in meta.iterfind("{*}pub-date")
        if (year := flat(date.find("{*}year"))).isdigit()
    )
    first, last = flat(meta.find("{*}fpage")), flat(meta.find("{*}lpage"))
    pages = f"{first}-{last}" if first and last else first or flat(meta.find("{*}elocation-id"))
    licence = meta.find(".//{*}license")
    related = {r.get("related-article-type", "") for r in meta.iterfind("{*}related-article")}
    kind = str(article.get("article-type", "article")).replace("-", " ")
    return present(
        {
            "title": flat(meta.find(".//{*}article-title")),
            "authors": _authors(meta),
            "year": years[0] if years else None,
            "journal": flat(article.find(".//{*}journal-title")),
            "volume": flat(meta.find("{*}volume")),
            "issue": flat(meta.find("{*}issue")),
            "pages": pages,
            "doi": _identifier(meta, "doi"),
            "pmid": _identifier(meta, "pmid"),
            "pmcid": _identifier(meta, "pmcid"),
            "licence": "" if licence is None else _licence(licence),
            "type": kind,
            "evidence_level": "systematic review" if kind == "systematic review" else "not graded",
            "topics": [flat(word) for word in meta.iterfind(".//{*}kwd-group/{*}kwd")],
            "basis": "full text" if has_body else "abstract",
            "retracted": True if "retraction" in kind or "retraction-forward" in related else None,
        }
    )


def _authors(meta: Any) -> list[str]:
    names = []
    for contributor in meta.iterfind(".//{*}contrib"):
        if contributor.get("contrib-type", "author") != "author":
            continue
        surname = flat(contributor.find(".//{*}surname"))
        given = flat(contributor.find(".//{*}given-names"))
        if surname:
            names.append(initialled(surname, given))
        elif collective := flat(contributor.find("{*}collab")):
            names.append(collective)
    return names


def _identifier(meta: Any, kind: str) -> str | None:
    kinds = ("pmcid", "pmc") if kind == "pmcid" else (kind,)
    for identifier in [] if meta is None else meta.iterfind("{*}article-id"):
        if identifier.get("pub-id-type") in kinds and (text := flat(identifier)):
            return f"PMC{text}" if kind == "pmcid" and text.isdigit() else text
    return None


def _licence(element: Any) -> str:
    for name, value in element.attrib.items():
        if name.rpartition("}")[2] == "href":
            return str(value)
    return flat(element)[:200]
