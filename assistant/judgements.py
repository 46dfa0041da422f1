"""Notices that an answer owes its reader: disagreement, retraction, a claim that nothing carries.

They come from the corpus's own judgements, found in the notes when the index was built, and from
the records of its works.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assistant.citations import Numbering
from assistant.engines import Pick
from assistant.evidence import is_withdrawn
from assistant.index.reader import Index
from assistant.types import Citation, Notice, Sentence, Side

# A disagreement belongs to an answer that quotes one of its notes and asks something near it, or
# that asks nearly its question; between the two, what stands on its sides comes first. Cosines of
# MiniLM between question and question.
TOUCHED_AT, NEAR_AT, ASKED_AT = 0.60, 0.70, 0.80
MAX_DISAGREEMENTS = 2
FACTS_OF_SIDE = 2
# Weakest first: what is said of a claim, by the status that the review of the source text gave it.
STATUS = {
    "not-found": "is not found in the references",
    "contested": "is contested",
    "extrapolated": "is carried over from something else",
    "partly-supported": "is only partly supported",
}
MAX_CLAIMS = 3
WITHDRAWN_TEXT = "A publication that is quoted here was retracted or superseded: do not rely on it."


def is_recorded(index: Index, vector: NDArray[np.float32]) -> bool:
    """True when a question asks nearly what the corpus records a disagreement on."""
    if not index.disagreements:
        return False
    return float((index.disagreement_vectors @ vector).max()) >= ASKED_AT


def sides_near(index: Index, vector: NDArray[np.float32]) -> frozenset[str]:
    """The ids of the notes on the sides of every disagreement that a question is near."""
    if not index.disagreements:
        return frozenset()
    near = np.flatnonzero(index.disagreement_vectors @ vector >= NEAR_AT)
    return frozenset(
        fact[0]
        for number in near
        for side in index.disagreements[number]["sides"]
        for fact in side["facts"]
    )


def disagreement_notices(
    index: Index,
    vector: NDArray[np.float32],
    picks: Iterable[Pick],
    numbering: Numbering,
    passing: NDArray[np.bool_] | None = None,
) -> list[Notice]:
    """A notice with both sides, each cited, for every disagreement that the answer touches.

    `passing` marks the passages that may be quoted; a side that may not keeps the notice away.
    """
    if not index.disagreements:
        return []
    quoted = {passage.id for pick in picks for passage, _, _ in pick.places}
    nearness = index.disagreement_vectors @ vector
    touched = []
    for number, disagreement in enumerate(index.disagreements):
        places = {fact[0] for side in disagreement["sides"] for fact in side["facts"]}
        if passing is not None and not all(passing[index.row_of[place]] for place in places):
            continue
        bar = TOUCHED_AT if places & quoted else ASKED_AT
        if nearness[number] >= bar:
            touched.append((-round(float(nearness[number]), 4), number))
    return [
        _disagreement(index, index.disagreements[number], numbering)
        for _, number in sorted(touched)[:MAX_DISAGREEMENTS]
    ]


def claim_notices(index: Index, picks: Sequence[Pick], numbering: Numbering) -> list[Notice]:
    """A notice for each quoted claim of the source text that the references do not fully carry."""
    quoted = [
        claim
        for claim in index.claims
        for pick in picks
        if pick.start <= claim["place"][1] and claim["place"][2] <= pick.end
        if pick.passage.document_id == _document(index, claim["place"])
        if claim["status"] in STATUS
    ]
    weakest = sorted(quoted, key=lambda claim: list(STATUS).index(claim["status"]))[:MAX_CLAIMS]
    return [
        Notice(
            "source-claim",
            f"The source text's “{claim['claim']}” {STATUS[claim['status']]}. {claim['reading']}",
            tuple(_citation(index, place, numbering) for place in _against(claim)),
        )
        for claim in weakest
    ]


def retraction_notices(index: Index, picks: Iterable[Pick], numbering: Numbering) -> list[Notice]:
    """One notice that cites every quote from a work that was retracted or superseded."""
    cited = tuple(
        numbering.cite(*place)
        for pick in picks
        for place in pick.places
        if is_withdrawn(index.documents[place[0].document_id])
    )
    return [Notice("retracted", WITHDRAWN_TEXT, cited)] if cited else []


def _against(claim: dict[str, Any]) -> list[Sequence[Any]]:
    places = [fact["place"] for fact in claim["evidence"] if fact["stance"] != "supports"]
    return places[:FACTS_OF_SIDE]


def _disagreement(index: Index, disagreement: dict[str, Any], numbering: Numbering) -> Notice:
    sides = tuple(
        Side(
            side["position"],
            tuple(
                _sentence(_citation(index, place, numbering))
                for place in side["facts"][:FACTS_OF_SIDE]
            ),
        )
        for side in disagreement["sides"]
    )
    text = f"Sources disagree. {disagreement['question']} {disagreement['reading']}"
    return Notice("disagreement", text, sides=sides)


def _sentence(citation: Citation) -> Sentence:
    return Sentence(citation.quote, (citation,))


def _citation(index: Index, place: Sequence[Any], numbering: Numbering) -> Citation:
    passage = index.passages[index.row_of[place[0]]]
    return numbering.cite(passage, place[1], place[2])


def _document(index: Index, place: Sequence[Any]) -> str:
    return index.passages[index.row_of[place[0]]].document_id
