"""Which passages of an index the filters of a question let through, and how an answer says so."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from assistant.filters import Filters
from assistant.index.reader import Index
from assistant.types import Notice


def passing(filters: Filters, index: Index) -> NDArray[np.bool_] | None:
    """Which passages may be quoted, one truth value for each; None when all may.

    A passage that rests on others counts by them alone: each of them must pass.
    """
    if not filters.hard:
        return None
    passes = {key: filters.passes(metadata) for key, metadata in index.documents.items()}
    of_passage = {passage.id: passes[passage.document_id] for passage in index.passages}
    return np.array(
        [
            all(of_passage[key] for key in passage.rests_on)
            if passage.rests_on
            else of_passage[passage.id]
            for passage in index.passages
        ],
        dtype=bool,
    )


def scope_notices(filters: Filters) -> list[Notice]:
    """What a question kept to, said before its answer."""
    said = []
    if filters.hard:
        said.append(f"As asked, only {filters.described} are quoted.")
    if filters.without:
        listed = " or ".join(filters.without)
        said.append(f"As asked, sentences that are only about {listed} come last.")
    return [Notice("scope", " ".join(said))] if said else []


def reason_within(filters: Filters, reason: str, *, any_passes: bool) -> str:
    """The reason for having no answer, with the filter that may be why."""
    if not filters.hard:
        return reason
    if not any_passes:
        return f"The corpus has no {filters.described}."
    return f"{reason} As asked, only {filters.described} were searched."
