"""Works -> a bibliography for other programs: BibTeX, RIS or CSL-JSON. FORMATS maps names to writers.

Nothing is written that the corpus does not say: what was not read is left out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Entry:
    """A work under its key, with its metadata as the corpus has it."""

    key: str
    metadata: Mapping[str, Any]

    @property
    def is_publication(self) -> bool:
        """False for what the corpus holds in its own words."""
        return self.metadata.get("type") not in ("source text", "topic page")

    @property
    def is_web_page(self) -> bool:
        return self.metadata.get("evidence_level") == "web page"

    def text(self, name: str) -> str:
        return str(self.metadata.get(name) or "")

    @property
    def title(self) -> str:
        """Without the brackets that stand around a title which was not read."""
        described = re.fullmatch(
            r"\((.*?)(?:[;,] (?:exact |guideline )?title not read)?\)", self._title
        )
        return f"[{described[1]}]" if described else self._title

    @property
    def _title(self) -> str:
        return self.text("title") or self.key

    @property
    def names(self) -> list[tuple[str, str]]:
        """(family name, "A. B.") of each author; a group has only a name; "et al." is left out."""
        names = []
        for author in self.metadata.get("authors", ()):
            if author.lower().rstrip(".") in ("et al", "others"):
                continue
            person = re.fullmatch(r"(.+?) ([A-Z]{1,4})", author)
            names.append(
                (person[1], " ".join(f"{p}." for p in person[2])) if person else (author, "")
            )
        return names


def bibtex(works: Iterable[Entry]) -> str:
    """BibTeX, plain Unicode; a key is the work's own."""
    from bibtexparser import writer
    from bibtexparser.library import Library
    from bibtexparser.middlewares import AddEnclosingMiddleware, LatexEncodingMiddleware
    from bibtexparser.model import Entry as Block
    from bibtexparser.model import Field

    library = Library()
    for work in works:
        fields = {
            "title": work.title,
            "author": " and ".join(
                f"{family}, {initials}" if initials else f"{{{family}}}"
                for family, initials in work.names
            ),
            "year": work.text("year"),
            "journal": work.text("journal"),
            "volume": work.text("volume"),
            "number": work.text("issue"),
            "pages": work.text("pages").replace("-", "--"),
            "doi": work.text("doi"),
            "pmid": work.text("pmid"),
            "url": work.text("url"),
        }
        kind = "misc" if work.is_web_page or not fields["journal"] else "article"
        library.add(
            Block(kind, work.key.replace("/", "-"), [Field(n, v) for n, v in fields.items() if v])
        )
    encoded = LatexEncodingMiddleware(keep_math=False, enclose_urls=False).transform(library)
    enclosed = AddEnclosingMiddleware(
        reuse_previous_enclosing=False, enclose_integers=True, default_enclosing="{"
    ).transform(encoded)
    return writer.write(enclosed)


def ris(works: Iterable[Entry]) -> str:
    """RIS, as reference managers read it."""
    import rispy

    records = []
    for work in works:
        first, _, last = work.text("pages").partition("-")
        fields: dict[str, Any] = {
            "type_of_reference": "ELEC" if work.is_web_page else "JOUR",
            "id": work.key,
            "title": work.title,
            "authors": [f"{family}, {initials}".strip(", ") for family, initials in work.names],
            "year": work.text("year"),
            "journal_name": work.text("journal"),
            "volume": work.text("volume"),
            "number": work.text("issue"),
            "start_page": first,
            "end_page": last,
            "doi": work.text("doi"),
            "accession_number": work.text("pmid"),
            "urls": [work.text("url")] if work.text("url") else [],
            "keywords": list(work.metadata.get("topics", ())),
        }
        records.append({name: value for name, value in fields.items() if value})
    return str(rispy.dumps(records))


def csl_json(works: Iterable[Entry]) -> str:
    """CSL-JSON, the form of citation processors."""
    # No kept library writes it: citeproc-py only reads it (and reads what is written here), pybtex
    # does not know it. It is JSON under the names of https://docs.citationstyles.org, so json does.
    items = []
    for work in works:
        year = work.metadata.get("year")
        fields: dict[str, Any] = {
            "id": work.key,
            "type": "webpage" if work.is_web_page else "article-journal",
            "title": work.title,
            "author": [
                {"family": family, "given": initials} if initials else {"literal": family}
                for family, initials in work.names
            ],
            "issued": {"date-parts": [[year]]} if year else None,
            "container-title": work.text("journal"),
            "volume": work.text("volume"),
            "issue": work.text("issue"),
            "page": work.text("pages"),
            "DOI": work.text("doi"),
            "PMID": work.text("pmid"),
            "PMCID": work.text("pmcid"),
            "URL": work.text("url"),
        }
        items.append({name: value for name, value in fields.items() if value})
    return json.dumps(items, ensure_ascii=False, indent=2) + "\n"


FORMATS: dict[str, Callable[[Iterable[Entry]], str]] = {
    "bibtex": bibtex,
    "csl-json": csl_json,
    "ris": ris,
}
