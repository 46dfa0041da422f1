"""XML files -> Documents: safe parsing, and the root element says which format it is.

No entity is expanded, no DTD and nothing else is fetched, and documents that declare entities are
refused.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from langchain_core.documents import Document

from assistant.sources.problem import LeftOut, SourceProblem

# A long article with its tables has less than 5 MB of XML; a set of records may have more.
MAX_BYTES = 100_000_000


def load_xml(path: Path) -> list[Document | LeftOut]:
    """JATS articles (PMC) or PubMed records. Raises SourceProblem for other or damaged XML."""
    from assistant.sources import jats, pubmed

    root = parsed(path)
    name = local_name(root)
    if name == "article":
        return [jats.document(root)]
    if name in ("pmc-articleset", "articles"):
        return _all(root, "article", jats.document)
    if name in ("PubmedArticleSet", "PubmedArticle"):
        return _all(root, "PubmedArticle", pubmed.document)
    raise SourceProblem(
        f"has the root element <{name}>; accepted are JATS articles (<article>, <pmc-articleset>) "
        "and PubMed records (<PubmedArticleSet>)"
    )


def parsed(path: Path) -> Any:
    """The root element. Raises SourceProblem for damaged XML, declared entities or a huge file."""
    from lxml import etree

    if path.stat().st_size > MAX_BYTES:
        raise SourceProblem(f"is larger than {MAX_BYTES // 1_000_000} MB, the most that is read")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=False
    )
    try:
        root = etree.fromstring(path.read_bytes(), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise SourceProblem(f"is not well-formed XML: {str(error).splitlines()[0]}") from None
    declared = root.getroottree().docinfo.internalDTD
    if declared is not None and any(True for _ in declared.iterentities()):
        raise SourceProblem("declares entities of its own, which are not expanded; remove them")
    return root


def local_name(element: Any) -> str:
    """The tag without its namespace; empty for comments and processing instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def flat(element: Any, *, without: frozenset[str] = frozenset()) -> str:
    """The text of an element and what is in it, white space folded; elements in `without` left out."""
    if element is None:
        return ""
    parts: list[str] = []

    def walk(node: Any) -> None:
        if isinstance(node.tag, str):
            parts.append(node.text or "")
            for child in node:
                if local_name(child) not in without:
                    walk(child)
                parts.append(child.tail or "")

    walk(element)
    return " ".join("".join(parts).split())


def present(metadata: dict[str, Any]) -> dict[str, Any]:
    """Metadata without what the record does not say."""
    return {name: value for name, value in metadata.items() if value not in (None, "", [])}


def _all(root: Any, name: str, document: Any) -> list[Document | LeftOut]:
    elements = [root] if local_name(root) == name else [e for e in root if local_name(e) == name]
    items: list[Document | LeftOut] = []
    problems = []
    for number, element in enumerate(elements, start=1):
        try:
            items.append(document(element))
        except SourceProblem as problem:
            problems += [f"record {number}: {line}" for line in problem.lines]
    if not any(isinstance(item, Document) for item in items):
        problems += [item for item in items if isinstance(item, LeftOut)] or [f"holds no <{name}>"]
    if problems:
        raise SourceProblem(*problems)
    return items
