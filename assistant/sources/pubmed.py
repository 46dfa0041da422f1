"""A <PubmedArticle> record -> a Document: the abstract, with its labels as sections."""

from __future__ import annotations

import re
from typing import Any

from langchain_core.documents import Document

from assistant.sources.problem import LeftOut, SourceProblem
from assistant.sources.publication import RETRACTED, evidence_of, type_of
from assistant.sources.xml import flat, present


def document(record: Any) -> Document | LeftOut:
    """LeftOut for a record without an abstract. Raises SourceProblem for one without an article."""
    citation = record.find("{*}MedlineCitation")
    article = None if citation is None else citation.find("{*}Article")
    if article is None:
        raise SourceProblem("has no <Article>")
    pmid = flat(citation.find("{*}PMID"))
    lines = []
    for part in article.iterfind("{*}Abstract/{*}AbstractText"):
        label = str(part.get("Label", "")).capitalize()
        lines += [f"### {label}" if label else "", flat(part)]
    text = [line for line in lines if line]
    if not any(not line.startswith("#") for line in text):
        return LeftOut(f"PMID {pmid or 'unknown'} has no abstract")
    types = [flat(kind) for kind in article.iterfind("{*}PublicationTypeList/{*}PublicationType")]
    issue = article.find("{*}Journal/{*}JournalIssue")
    dated = flat(None if issue is None else issue.find("{*}PubDate"))
    year = re.search(r"\b(1[89]|20)\d\d\b", dated)
    identifiers = {
        identifier.get("IdType"): flat(identifier)
        for identifier in record.iterfind("{*}PubmedData/{*}ArticleIdList/{*}ArticleId")
    }
    metadata = {
        "title": flat(article.find("{*}ArticleTitle")).rstrip("."),
        "authors": [
            f"{flat(a.find('{*}LastName'))} {flat(a.find('{*}Initials'))}".strip()
            or flat(a.find("{*}CollectiveName"))
            for a in article.iterfind("{*}AuthorList/{*}Author")
        ],
        "year": int(year[0]) if year else None,
        "journal": flat(article.find("{*}Journal/{*}Title")),
        "volume": flat(None if issue is None else issue.find("{*}Volume")),
        "issue": flat(None if issue is None else issue.find("{*}Issue")),
        "pages": flat(article.find("{*}Pagination/{*}MedlinePgn")),
        "doi": identifiers.get("doi"),
        "pmid": pmid,
        "pmcid": identifiers.get("pmc"),
        "type": type_of(types),
        "evidence_level": evidence_of(types),
        "topics": [
            flat(heading.find("{*}DescriptorName"))
            for heading in citation.iterfind("{*}MeshHeadingList/{*}MeshHeading")
        ],
        "basis": "abstract",
        "retracted": RETRACTED in types or None,
    }
    return Document(
        id=pmid or None,
        page_content="## Abstract\n\n" + "\n\n".join(text) + "\n",
        metadata=present(metadata) | {"body_start": 0, "markup": "outline"},
    )
