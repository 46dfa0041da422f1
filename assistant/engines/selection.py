"""Which sentences make the answer: relevant, new, none twice, each with what it leans on.

Candidates with their scores go in, best first; the chosen come out in the order of choosing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.dependence import needs_neighbour, needs_title
from assistant.engines.reading import Reading
from assistant.engines.scoring import Candidate
from assistant.engines.support import Support
from assistant.engines.terms import numbers, stems_of
from assistant.evidence import is_of_elsewhere
from assistant.forms import Direction, Form, direction, form_of
from assistant.index.reader import Index
from assistant.parts import Want, wants_of
from assistant.types import Passage

MIN_SENTENCES, MAX_SENTENCES = 2, 7
MAX_OF_DOCUMENT = 3
# Further citations of a sentence.
MAX_ALSO = 2
# The share of the best sentence's worth that the others must reach: the longer an answer is, the
# more. Set on the suite's unlocked cases, where the later a sentence came the less often it was to the
# point. What speaks of a part of the question that none has spoken of yet may reach less.
OF_BEST_AT_LEAST, OF_BEST, OF_BEST_EACH, OF_BEST_WANTED = 0.60, 0.80, 0.02, 0.40
# What a sentence without the form of answer that is asked for loses, as the first and later.
OFF_FORM_FIRST, OFF_FORM = 0.20, 0.10
# A comparison that does not compare loses so many times as much.
STRICT = 2.0
# What a sentence on another joint than the one asked about loses as the first.
ELSEWHERE_FIRST = 0.20
# What authors think of what they found comes behind it.
OPINION, OPINION_FIRST = re.compile(r"^The authors of\b"), 0.20
# What has this share of the best opening's worth, and this cosine to it, may open in its place.
NEARLY_AS_GOOD, NEARLY_THE_SAME = 0.85, 0.75
# What a sentence loses for each bit of cosine above SIMILAR to one that is chosen already, and for
# the share of stemmed words that it has in common with it.
NOVELTY, SIMILAR, REPEATED = 0.30, 0.50, 0.25
# Two sentences this close say the same; the second becomes a further citation or is dropped.
SAME_COSINE, SAME_WORDS = 0.86, 0.5


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
        self._reading = Reading(index)

    def choose(
        self,
        candidates: Sequence[Candidate],
        question: str,
        odds: Mapping[int, float] | None = None,
    ) -> list[Chosen]:
        """From best to worst, each with what it leans on before it; the first opens the answer.

        What the question wants and is not said yet comes before what is merely near, and what is beside
        the point is left out. `odds` are those of sentences that were read together with the question;
        with None none is read.
        """
        form, wants = form_of(question), wants_of(question)

        fits = {c.row: form.fit(c.text) for c in candidates}
        opening = {c.row: self._opening(c, form, fits[c.row], question) for c in candidates}
        worth = {c.row: _worth(c, form, fits[c.row], OFF_FORM) for c in candidates}
        left = sorted(candidates, key=lambda candidate: (-opening[candidate.row], candidate.place))
        _put_first(left, self._reading.best(left, opening, odds or {}))
        self._put_strongest_first(left, opening)
        best = worth[left[0].row]
        least = min(_share(0, wanted=False), _share(0, wanted=bool(wants))) * best
        left = [left[0], *(c for c in left[1:] if worth[c.row] >= least)]
        chosen: list[Chosen] = []
        used: set[tuple[str, int]] = set()
        from_document: Counter[str] = Counter()
        to_read: dict[int, Candidate] = {}
        while left and len(chosen) < MAX_SENTENCES:
            wanted = self._wanted(left, chosen, wants, worth)
            candidate = wanted or self._next(left, chosen, worth)
            left.remove(candidate)
            document_id = candidate.passage.document_id
            if candidate.place in used or from_document[document_id] == MAX_OF_DOCUMENT:
                continue
            behind = _places(self._support.passages(candidate.passage))
            if behind & used:
                continue  # it says again what one that it rests on has said
            if worth[candidate.row] < _share(len(chosen), wanted is not None) * best:
                continue
            same = self._same(candidate, chosen)
            if same is not None:
                if self._can_be_cited_behind(candidate, chosen[same]):
                    also = (*chosen[same].also, candidate)
                    chosen[same] = replace(chosen[same], also=also)
                    used |= _places(self._support.same_data(candidate.passage))
                continue
            group = self._with_neighbours(candidate, used)
            if (
                group is None
                or len(chosen) + len(group) > MAX_SENTENCES
                or from_document[document_id] + len(group) > MAX_OF_DOCUMENT
            ):
                continue
            from_document[document_id] += len(group)
            if needs_neighbour(candidate.text):
                to_read.pop(candidate.row - 1, None)  # without it this one could not be understood
            elif chosen and not wanted and not candidate.of_side:
                to_read[candidate.row] = candidate
            for member in group:
                used |= {member.place} | _places(self._support.passages(member.passage))
                used |= _places(self._support.same_data(member.passage))
                chosen.append(Chosen(member))
        if odds is None:
            return chosen
        beside = self._reading.beside_the_point([*to_read.values()], question, odds)
        return [one for one in chosen if one.candidate.row not in beside]

    def _opening(self, candidate: Candidate, form: Form, fit: float, question: str) -> float:
        """The worth of a candidate as the first sentence."""
        mark = self._support.mark(candidate.passage, candidate.text)
        loss = ELSEWHERE_FIRST if is_of_elsewhere(mark, question) else 0.0
        if OPINION.search(candidate.text):
            loss += OPINION_FIRST
        return _worth(candidate, form, fit, OFF_FORM_FIRST) * (1 - loss)

    def _put_strongest_first(self, left: list[Candidate], opening: Mapping[int, float]) -> None:
        """Of the best and what finds the same, the strongest evidence opens, then the newest.

        Other figures, or another direction, are another finding, however near the words are.
        """
        best = left[0]
        vectors = self._index.sentence_vectors

        def strength(candidate: Candidate) -> tuple[bool, int, int, tuple[str, int]]:
            passage = candidate.passage
            year = self._index.documents[passage.document_id].get("year")
            marked = self._support.mark(passage, candidate.text) is not None
            return marked, self._support.rank(passage), -int(year or 0), candidate.place

        equals = [
            candidate
            for candidate in left
            if opening[candidate.row] >= NEARLY_AS_GOOD * opening[best.row]
            and float(vectors[candidate.row] @ vectors[best.row]) >= NEARLY_THE_SAME
            and _finding(candidate.text) == _finding(best.text)
        ]
        _put_first(left, min(equals, key=strength, default=best))

    def _wanted(
        self,
        left: Sequence[Candidate],
        chosen: Sequence[Chosen],
        wants: Sequence[Want],
        worth: dict[int, float],
    ) -> Candidate | None:
        """The best of those left that speak of something wanted of which none yet speaks."""
        if not chosen or not wants:
            return None
        unmet = [w for w in wants if not any(w.is_met(one.candidate.text) for one in chosen)]
        speaking = [c for c in left if any(want.is_met(c.text) for want in unmet)]
        return max(speaking, key=lambda c: worth[c.row], default=None)

    def _next(
        self, left: Sequence[Candidate], chosen: Sequence[Chosen], worth: dict[int, float]
    ) -> Candidate:
        """The best of those left, less what it repeats of the sentences chosen so far."""
        if not chosen:
            return left[0]
        vectors = self._index.sentence_vectors
        near = vectors[[c.row for c in left]] @ vectors[[o.candidate.row for o in chosen]].T
        gain = [
            round(
                worth[candidate.row]
                - NOVELTY * max(0.0, float(close) - SIMILAR)
                - REPEATED * max(_overlap(candidate.text, o.candidate.text) for o in chosen),
                4,
            )
            for candidate, close in zip(left, near.max(axis=1), strict=True)
        ]
        return left[gain.index(max(gain))]

    def _same(self, candidate: Candidate, chosen: Sequence[Chosen]) -> int | None:
        """The place of the one that already says what the candidate says."""
        vectors = self._index.sentence_vectors
        for place, one in enumerate(chosen):
            earlier = one.candidate
            if _finding(candidate.text) != _finding(earlier.text):
                continue
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


def _put_first(left: list[Candidate], first: Candidate) -> None:
    left.remove(first)
    left.insert(0, first)


def _worth(candidate: Candidate, form: Form, fit: float, off_form: float) -> float:
    off_form *= STRICT if form.strict else 1
    return round(candidate.score * (1 - off_form * (1 - fit)), 4)


def _share(chosen: int, wanted: bool) -> float:
    """Of the best sentence's worth, what the next one must reach when so many are chosen."""
    if wanted:
        return OF_BEST_WANTED
    if chosen < MIN_SENTENCES:
        return OF_BEST_AT_LEAST
    return OF_BEST + OF_BEST_EACH * (chosen - MIN_SENTENCES)


def _finding(text: str) -> tuple[frozenset[str], Direction | None]:
    """Two sentences with different figures, or of which only one denies, find different things."""
    return numbers(text), direction(text)


def _places(passages: Sequence[Passage]) -> set[tuple[str, int]]:
    return {(passage.document_id, passage.start) for passage in passages}


@lru_cache(maxsize=20_000)
def _overlap(one: str, other: str) -> float:
    """Jaccard overlap of the stemmed words of two sentences."""
    left, right = stems_of(one), stems_of(other)
    return len(left & right) / len(left | right or {""})
