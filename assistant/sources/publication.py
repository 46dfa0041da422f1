"""What records say of a publication, in the corpus's terms: names, kind of study, evidence level."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Publication types of MEDLINE that say how strong the evidence is, strongest first; others do not.
EVIDENCE = {
    "Practice Guideline": "guideline",
    "Guideline": "guideline",
    "Meta-Analysis": "systematic review",
    "Systematic Review": "systematic review",
    "Randomized Controlled Trial": "randomized trial",
    "Observational Study": "cohort or registry",
    "Case Reports": "case series or report",
    "Review": "narrative review",
}
RETRACTED = "Retracted Publication"


def evidence_of(kinds: Sequence[str]) -> str:
    """The evidence level that the publication types of a record tell, else "not graded"."""
    return next((level for kind, level in EVIDENCE.items() if kind in kinds), "not graded")


def type_of(kinds: Sequence[str]) -> str:
    """The first publication type that tells the kind of study, else "article"."""
    return next((kind.lower() for kind in kinds if kind in EVIDENCE), "article")


def initialled(family: str, given: str) -> str:
    """A name as the corpus writes it: ("Wax", "Ada Bee") -> "Wax AB"; a group keeps its name."""
    initials = "".join(part[0] for part in re.split(r"[\s.-]+", given) if part)
    return f"{family.strip('{} ')} {initials}".strip()
