"""Evidence levels, strongest first, and the marks that keep a sentence's setting in sight."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

LEVELS = (
    "guideline",
    "systematic review",
    "randomized trial",
    "cohort or registry",
    "case series or report",
    "narrative review",
    "laboratory or animal",
    "web page",
    "not graded",
)
# How a run of sentences from one kind of evidence is introduced: from one work, from several. What
# is weak is called so; a laboratory study says it in each sentence's mark.
LEADS = {
    "guideline": ("From a guideline:", "From guidelines:"),
    "systematic review": ("From a systematic review:", "From systematic reviews:"),
    "randomized trial": ("From a randomized trial:", "From randomized trials:"),
    "cohort or registry": ("From a cohort or registry:", "From cohorts or registries:"),
    "case series or report": (
        "Weak evidence, a case series or report:",
        "Weak evidence, case series or reports:",
    ),
    "narrative review": ("From a narrative review:", "From narrative reviews:"),
    "web page": ("From a web page:", "From web pages:"),
    "not graded": ("From a text that is not graded:", "From texts that are not graded:"),
}
# Weak evidence is called so even where it opens an answer.
WEAK = {level: LEADS[level] for level in ("case series or report", "web page")}
# An answer that nothing stronger carries opens with these words.
ONLY = {
    "case series or report": (
        "Only a case series or report is quoted here:",
        "Only case series or reports are quoted here:",
    ),
    "laboratory or animal": (
        "Only a laboratory or animal study is quoted here:",
        "Only laboratory or animal studies are quoted here:",
    ),
    "web page": ("Only a web page is quoted here:", "Only web pages are quoted here:"),
}

EXTRAPOLATION = ": extrapolation"


# The basis of notes on a work of which only what others say of it was read.
SECOND_HAND = "summary by others"


def rank_of(metadata: Mapping[str, Any]) -> int:
    """The place of a document's evidence level, 0 for the strongest; last when it has none.

    What was read second hand ranks as the web page that it was read on.
    """
    level = metadata.get("evidence_level")
    if metadata.get("basis") == SECOND_HAND and level in LEVELS:
        return max(LEVELS.index(level), LEVELS.index("web page"))
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def is_withdrawn(metadata: Mapping[str, Any]) -> bool:
    """True for a work whose record says that it was retracted or superseded."""
    return bool(metadata.get("retracted") or metadata.get("superseded_by"))


def same_data_pairs(document_id: str, metadata: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Ids of the passages of a document, each with that of the one that reports the same data."""
    said = metadata.get("same_data_as") or {}
    return [(f"{document_id}#{own}", str(other)) for own, other in said.items()]


def mark_of(metadata: Mapping[str, Any], text: str) -> str | None:
    """What must be said behind a sentence so that it does not seem to say more than it does.

    A retraction, another joint, a laboratory study, or a citation number of the source text's own.
    """
    if is_withdrawn(metadata):
        return "retracted" if metadata.get("retracted") else "superseded"
    if citations := metadata.get("citations"):
        named = [
            f"its citation {number}: {_identified(citations[number])}"
            for number in sorted(citations, key=str)
            if re.search(rf"[a-z] {number}[.,]", text)
        ]
        return "; ".join(named) or None
    if setting := metadata.get("setting"):
        return f"{setting}{EXTRAPOLATION}"
    if metadata.get("evidence_level") == "laboratory or animal":
        return "laboratory or animal study"
    return None


def is_of_elsewhere(mark: str | None, question: str) -> bool:
    """True for the mark of another joint or the like, which the question itself does not name."""
    if mark is None or not mark.endswith(EXTRAPOLATION):
        return False
    return mark.removesuffix(EXTRAPOLATION) not in question.lower()


def _identified(citation: Mapping[str, Any]) -> str:
    keys = ", ".join(citation.get("references", ()))
    confidence = str(citation.get("confidence", "not identified"))
    return f"{confidence} ({keys})" if keys else confidence
