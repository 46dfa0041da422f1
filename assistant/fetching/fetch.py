"""Identifiers and queries -> files below `fetched/` of a corpus, with what is known of each work.

A work that is there already is not fetched again, so a run that was cut off goes on where it
stopped. Full text is kept where the licence allows it, else the abstract as PubMed has it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from assistant.errors import FetchFailed, SettingsInvalid
from assistant.fetching import europepmc
from assistant.fetching.europepmc import Publication
from assistant.fetching.http import Service
from assistant.sources import works_of
from assistant.sources.problem import SourceProblem
from assistant.sources.sidecar import sidecar_of

FOLDER = "fetched"

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Services:
    """Where publications come from; `email` is told to NCBI, which asks for it."""

    europepmc: Service
    pubmed: Service
    email: str

    @classmethod
    def open(cls, email: str | None, europepmc_url: str, pubmed_url: str) -> Services:
        """Raises SettingsInvalid without an e-mail address."""
        if not email or "@" not in email:
            raise SettingsInvalid(
                "PubMed asks whoever fetches for an e-mail address, so that it can write before it "
                "blocks. Set yours: ASSISTANT_EMAIL=you@example.org hip-assistant corpus fetch ..."
            )
        return cls(Service("Europe PMC", europepmc_url), Service("PubMed", pubmed_url), email)

    def close(self) -> None:
        self.europepmc.close()
        self.pubmed.close()


@dataclass(slots=True)
class FetchReport:
    """What came of a fetch: files written, works that were there, lines on those that failed."""

    written: list[Path] = field(default_factory=list)
    there: list[Path] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)


def fetch(
    wanted: Sequence[str],
    corpus: Path,
    services: Services,
    *,
    limit: int = 25,
    progress: Progress = lambda done, total: None,
) -> FetchReport:
    """Fetch PMIDs, PMCIDs, DOIs, or up to `limit` results of each query, into `corpus`/fetched.

    What fails is a line of the report; the rest is fetched all the same.
    """
    report = FetchReport()
    found: dict[str, Publication] = {}
    for one in wanted:
        query, is_identifier = europepmc.query_of(one)
        try:
            results = list(europepmc.find(services.europepmc, query, 1 if is_identifier else limit))
        except FetchFailed as error:
            report.failed.append(f"{one}: {error}")
            continue
        if not results:
            report.failed.append(f"{one}: Europe PMC has no such publication")
        found |= {publication.stem: publication for publication in results}
    folder = corpus / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    for done, publication in enumerate(found.values()):
        progress(done, len(found))
        path = folder / f"{publication.stem}.xml"
        if path.exists():
            report.there.append(path)
            continue
        try:
            _write(path, publication, services)
        except (FetchFailed, SourceProblem) as error:
            report.failed.append(
                f"{publication.pmcid or publication.pmid or publication.stem}: {error}"
            )
        else:
            report.written.append(path)
    progress(len(found), len(found))
    return report


def _write(path: Path, publication: Publication, services: Services) -> None:
    """The work and what stands beside it, or neither."""
    if publication.full_text:
        body = europepmc.full_text(services.europepmc, str(publication.pmcid))
        fields = _fields(publication, "full text")
    elif publication.pmid:
        body = services.pubmed.get(
            "efetch.fcgi",
            {
                "db": "pubmed",
                "id": publication.pmid,
                "retmode": "xml",
                "tool": "hip-assistant",
                "email": services.email,
            },
            europepmc.whole_xml,
        )
        fields = _fields(publication, "abstract")
    else:
        raise FetchFailed("is not in PubMed, and its full text may not be kept")
    draft = path.with_name(f".{path.name}")
    try:
        draft.write_bytes(body)
        works_of(draft)  # what cannot be read does not enter the corpus
        sidecar_of(path).write_text(
            yaml.safe_dump(fields, sort_keys=False, allow_unicode=True), encoding="utf-8"
        )
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _fields(publication: Publication, basis: str) -> dict[str, Any]:
    fields: dict[str, Any] = {
        "pmid": publication.pmid,
        "pmcid": publication.pmcid,
        "doi": publication.doi,
        "licence": publication.licence,
        "type": publication.type,
        "evidence_level": publication.evidence_level,
        "basis": basis,
        "retracted": publication.retracted or None,
    }
    return {name: value for name, value in fields.items() if value}
