"""The default engine: an answer made of sentences that stand in the passages, and of nothing else.

Scores every sentence of the hits, drops what says the same, brings along what a sentence leans
on, and puts them in an order that reads as an answer. Abstains when no sentence answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.aspects import Aspect, aspects
from assistant.engines import Composition, Pick
from assistant.engines.dependence import needs_neighbour, needs_title, title_of
from assistant.engines.evidence import mark_of, rank_of
from assistant.engines.terms import Terms, numbers
from assistant.index.reader import Index
from assistant.types import Hit, Passage

MIN_SENTENCES, MAX_SENTENCES = 2, 7
# Weights of the signals of a sentence, and the bars it must pass; set by eye on the questions of
# tests/test_answers.py, to be replaced by a trained scorer.
COSINE, COVERAGE, RANKED, ASPECT = 0.40, 0.35, 0.25, 0.12
ANSWERS_AT = 0.50
COVERAGE_AT = 0.45
OF_BEST = 0.72
# Two sentences this close say the same; the second becomes a further citation or is dropped.
SAME_COSINE, SAME_WORDS = 0.86, 0.6


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit with its score; `row` is its row in the index's sentences."""

    passage: Passage
    row: int
    start: int
    end: int
    score: float
    coverage: float
    text: str

    @property
    def place(self) -> tuple[str, int]:
        return self.passage.document_id, self.start


class ExtractiveEngine:
    """Composes from sentences of `index`."""

    def __init__(self, index: Index) -> None:
        self._index = index

    def compose(
        self, query: str, vector: NDArray[np.float32], hits: Sequence[Hit]
    ) -> Composition:
        terms = Terms.of(query, self._index)
        candidates = self._candidates(query, vector, hits, terms)
        missing = terms.unknown
        if not candidates or not self._answers(candidates, terms):
            return Composition((), self._reason(missing), missing)
        chosen = self._chosen(candidates)
        return Composition(tuple(self._in_order(chosen)), None, missing)

    def _candidates(
        self, query: str, vector: NDArray[np.float32], hits: Sequence[Hit], terms: Terms
    ) -> list[Candidate]:
        """Every sentence of the hits, best first."""
        asked = aspects(query)
        found = []
        for hit in hits:
            row = self._index.row_of[hit.passage.id]
            title = str(self._index.documents[hit.passage.document_id].get("title", ""))
            first, last = self._index.sentence_range[row : row + 2]
            for number in range(first, last):
                _, start, end = (int(value) for value in self._index.sentences[number])
                text = hit.passage.text[start:end]
                cosine = float(self._index.sentence_vectors[number] @ vector)
                coverage = terms.coverage(text, title)
                score = (
                    COSINE * max(cosine, 0.0)
                    + COVERAGE * coverage
                    + RANKED * hit.score
                    + ASPECT * _shown(asked, text)
                )
                found.append(
                    Candidate(
                        hit.passage,
                        number,
                        hit.passage.start + start,
                        hit.passage.start + end,
                        round(score, 4),
                        coverage,
                        text,
                    )
                )
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.place))

    def _answers(self, candidates: Sequence[Candidate], terms: Terms) -> bool:
        best = candidates[0]
        return best.score >= ANSWERS_AT and max(c.coverage for c in candidates[:5]) >= COVERAGE_AT

    def _reason(self, missing: Sequence[str]) -> str:
        if missing:
            return f"The corpus says nothing on {_listed(missing)}, so it does not answer this question."
        return "The corpus has no passage that answers this question."

    def _chosen(self, candidates: Sequence[Candidate]) -> list[Pick]:
        """Picks from best to worst, each with what it leans on before it."""
        bar = max(OF_BEST * candidates[0].score, ANSWERS_AT * 0.9)
        picks: list[Pick] = []
        used: dict[tuple[str, int], int] = {}
        rows: list[int] = []
        for candidate in candidates:
            if candidate.place in used:
                continue
            if candidate.score < bar and len(picks) >= MIN_SENTENCES:
                break
            if candidate.score < 0.6 * candidates[0].score:
                break
            same = self._same(candidate, rows)
            if same is not None:
                earlier = picks[same]
                if (
                    numbers(candidate.text) == numbers(_text(earlier))
                    and candidate.passage.document_id != earlier.passage.document_id
                    and len(earlier.also) < 2
                    and not needs_title(candidate.passage, candidate.text)
                ):
                    cited = (candidate.passage, candidate.start, candidate.end)
                    picks[same] = replace(earlier, also=(*earlier.also, cited))
                continue
            group = self._with_neighbours(candidate, used)
            if group is None or len(picks) + len(group) > MAX_SENTENCES:
                continue
            for member in group:
                used[member.place] = len(picks)
                rows.append(member.row)
                picks.append(self._pick(member))
            if len(picks) == MAX_SENTENCES:
                break
        return picks

    def _same(self, candidate: Candidate, rows: Sequence[int]) -> int | None:
        """Which pick already says what the candidate says."""
        for number, row in enumerate(rows):
            close = self._index.sentence_vectors[row] @ self._index.sentence_vectors[candidate.row]
            if close >= SAME_COSINE or _overlap(candidate.text, self._sentence(row)) >= SAME_WORDS:
                return number
        return None

    def _with_neighbours(
        self, candidate: Candidate, used: dict[tuple[str, int], int]
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
                Candidate(
                    passage,
                    before,
                    passage.start + start,
                    passage.start + end,
                    candidate.score,
                    candidate.coverage,
                    passage.text[start:end],
                ),
            )
        return group

    def _pick(self, candidate: Candidate) -> Pick:
        metadata = self._index.documents[candidate.passage.document_id]
        lead = None
        if needs_title(candidate.passage, candidate.text):
            lead = title_of(metadata)
        return Pick(candidate.passage, candidate.start, candidate.end, lead, mark_of(metadata))

    def _in_order(self, picks: Sequence[Pick]) -> list[Pick]:
        """The best first; then by evidence level, sentences of one document in their own order.

        A lead that repeats the one before it is dropped.
        """
        documents: dict[str, list[tuple[int, Pick]]] = {}
        for place, pick in enumerate(picks):
            documents.setdefault(pick.passage.document_id, []).append((place, pick))
        first = picks[0].passage.document_id

        def order(item: tuple[str, list[tuple[int, Pick]]]) -> tuple[bool, int, int]:
            document_id, members = item
            level = rank_of(self._index.documents[document_id])
            return document_id != first, level, members[0][0]

        ordered: list[Pick] = []
        for _, members in sorted(documents.items(), key=order):
            in_place = sorted((pick for _, pick in members), key=lambda pick: pick.start)
            if in_place[0] is not members[0][1] and members[0][0] == 0:
                # The sentence that answers best opens the answer, unless it leans on another.
                best = members[0][1]
                in_place = [best, *(pick for pick in in_place if pick is not best)]
            for pick in in_place:
                if ordered and pick.lead and pick.lead == ordered[-1].lead:
                    ordered.append(replace(pick, lead=None))
                else:
                    ordered.append(pick)
        return ordered

    def _sentence(self, row: int) -> str:
        passage_row, start, end = (int(value) for value in self._index.sentences[row])
        return self._index.passages[passage_row].text[start:end]


def _shown(asked: Sequence[Aspect], text: str) -> float:
    """The share of the asked aspects that a sentence shows, 0 to 1; 0.5 when none was asked."""
    if not asked:
        return 0.5
    return sum(bool(aspect.in_sentence.search(text)) for aspect in asked) / len(asked)


def _overlap(one: str, other: str) -> float:
    """Jaccard overlap of the words of two sentences."""
    left, right = set(one.lower().split()), set(other.lower().split())
    return len(left & right) / len(left | right)


def _text(pick: Pick) -> str:
    return pick.passage.text[pick.start - pick.passage.start : pick.end - pick.passage.start]


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
