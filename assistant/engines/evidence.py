"""Evidence levels, strongest first, and the marks that keep a sentence's setting in sight."""

from __future__ import annotations

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


def rank_of(metadata: Mapping[str, Any]) -> int:
    """The place of a document's evidence level, 0 for the strongest; last when it has none."""
    level = metadata.get("evidence_level")
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def mark_of(metadata: Mapping[str, Any]) -> str | None:
    """What must be said behind a sentence so that it does not seem to speak of patients' hips."""
    if setting := metadata.get("setting"):
        return f"{setting}: extrapolation"
    if metadata.get("evidence_level") == "laboratory or animal":
        return "laboratory or animal study"
    return None
