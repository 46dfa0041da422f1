"""Which sentences make the answer: relevant, new, none twice, each with what it leans on.

Candidates with their scores go in, best first; the chosen come out in the order of choosing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.dependence import needs_neighbour, needs_title
from assistant.engines.scoring import Candidate
from assistant.engines.support import Support
from assistant.engines.terms import numbers
from assistant.index.reader import Index
from assistant.types import Passage

MIN_SENTENCES, MAX_SENTENCES = 2, 7
MAX_OF_DOCUMENT = 3
# Further citations of a sentence.
MAX_ALSO = 2
# The share of the best sentence's score that the others must reach.
OF_BEST, OF_BEST_AT_LEAST = 0.72, 0.45
# What a sentence loses for each bit of cosine above SIMILAR to one that is picked already.
NOVELTY, SIMILAR = 0.30, 0.50
# Two sentences this close say the same; the second becomes a further citation or is dropped.
SAME_COSINE, SAME_WORDS = 0.86, 0.6


@dataclass(frozen=True, slots=True)
class Chosen:
    """A sentence of the answer; `also` are sentences of other documents that say the same."""

    candidate: Candidate
    also: tuple[Candidate, ...] = ()


class Selection:
    """Chooses among sentences of `index`."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._support = Support(index)

    def choose(self, candidates: Sequence[Candidate]) -> list[Chosen]:
        """From best to worst, each with what it leans on before it."""
        best = candidates[0].score
        chosen: list[Chosen] = []
        used: set[tuple[str, int]] = set()
        from_document: Counter[str] = Counter()
        left = list(candidates)
        while left and len(chosen) < MAX_SENTENCES:
            candidate = self._next(left, chosen)
            left.remove(candidate)
            document_id = candidate.passage.document_id
            if candidate.place in used or from_document[document_id] == MAX_OF_DOCUMENT:
                continue
            behind = _places(self._support.passages(candidate.passage))
            if behind and behind <= used:
                continue  # all that it says is said already, by those that it rests on
            share = OF_BEST if len(chosen) >= MIN_SENTENCES else OF_BEST_AT_LEAST
            if candidate.score < share * best:
                continue
            same = self._same(candidate, chosen)
            if same is not None:
                if self._can_be_cited_behind(candidate, chosen[same]):
                    also = (*chosen[same].also, candidate)
                    chosen[same] = replace(chosen[same], also=also)
                continue
            group = self._with_neighbours(candidate, used)
            if (
                group is None
                or len(chosen) + len(group) > MAX_SENTENCES
                or from_document[document_id] + len(group) > MAX_OF_DOCUMENT
            ):
                continue
            from_document[document_id] += len(group)
            for member in group:
                used |= {member.place} | _places(self._support.passages(member.passage))
                chosen.append(Chosen(member))
        return chosen

    def _next(self, left: Sequence[Candidate], chosen: Sequence[Chosen]) -> Candidate:
        """The best of those left, less what it repeats of the sentences chosen so far."""
        if len(chosen) < MIN_SENTENCES:
            return left[0]
        vectors = self._index.sentence_vectors
        rows = [one.candidate.row for one in chosen]
        near = (vectors[[c.row for c in left]] @ vectors[rows].T).max(axis=1)
        gain = [
            round(candidate.score - NOVELTY * max(0.0, float(close) - SIMILAR), 4)
            for candidate, close in zip(left, near, strict=True)
        ]
        return left[gain.index(max(gain))]

    def _same(self, candidate: Candidate, chosen: Sequence[Chosen]) -> int | None:
        """The place of the one that already says what the candidate says."""
        vectors = self._index.sentence_vectors
        for place, one in enumerate(chosen):
            earlier = one.candidate
            if numbers(candidate.text) != numbers(earlier.text):
                continue  # other figures are another finding
            close = vectors[earlier.row] @ vectors[candidate.row]
            if close >= SAME_COSINE or _overlap(candidate.text, earlier.text) >= SAME_WORDS:
                return place
        return None

    def _can_be_cited_behind(self, candidate: Candidate, earlier: Chosen) -> bool:
        title = str(self._index.documents[candidate.passage.document_id].get("title", ""))
        behind = self._support.passages(earlier.candidate.passage)
        return (
            candidate.passage.document_id != earlier.candidate.passage.document_id
            and len(behind) + len(earlier.also) < MAX_ALSO
            and not needs_title(candidate.passage, candidate.text, title)
            and not candidate.passage.rests_on
            and not self._support.withdrawn(candidate.passage)
        )

    def _with_neighbours(
        self, candidate: Candidate, used: set[tuple[str, int]]
    ) -> list[Candidate] | None:
        """The candidate, led by the sentences it leans on; None when one of them is missing."""
        group = [candidate]
        while needs_neighbour(group[0].text):
            before = group[0].row - 1
            if before < 0 or len(group) == 3:
                return None
            passage_row, start, end = (int(value) for value in self._index.sentences[before])
            passage = self._index.passages[passage_row]
            if passage.document_id != candidate.passage.document_id:
                return None
            if (passage.document_id, passage.start + start) in used:
                break
            group.insert(
                0,
                replace(
                    candidate,
                    passage=passage,
                    row=before,
                    start=passage.start + start,
                    end=passage.start + end,
                    text=passage.text[start:end],
                ),
            )
        return group


def _places(passages: Sequence[Passage]) -> set[tuple[str, int]]:
    return {(passage.document_id, passage.start) for passage in passages}


def _overlap(one: str, other: str) -> float:
    """Jaccard overlap of the words of two sentences."""
    left, right = set(one.lower().split()), set(other.lower().split())
    return len(left & right) / len(left | right)
