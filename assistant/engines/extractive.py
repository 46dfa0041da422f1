"""The default engine: an answer made of sentences that stand in the passages, and of nothing else.

Scores every sentence of the hits, drops what says the same, brings along what a sentence leans
on, and puts them in an order that reads as an answer. Abstains when no sentence answers.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from assistant.aspects import Aspect, aspects
from assistant.conversation import Query
from assistant.dependence import needs_neighbour, needs_title, title_of
from assistant.embeddings import EmbeddingModel
from assistant.engines import Composition, Pick
from assistant.engines.support import Support
from assistant.engines.terms import Terms, numbers
from assistant.evidence import LEVELS
from assistant.index.reader import Index
from assistant.ranking import WITHDRAWN
from assistant.types import Hit, Passage

MIN_SENTENCES, MAX_SENTENCES = 2, 7
MAX_OF_DOCUMENT = 3
# The nearest sentence must reach this cosine, raised by the share of the question that the corpus
# has no word for. Fitted on evals/data/development.yaml; `python -m evals.bench.bars` shows the fit.
NEAR, UNKNOWN = 0.38, 1.0
# Weights of the signals of a sentence, set by eye on the same questions, and the share of the best
# sentence's score that the others must reach.
COSINE, COVERAGE, RANKED, EVIDENCE = 0.40, 0.40, 0.20, 0.10
OF_BEST, OF_BEST_AT_LEAST = 0.72, 0.45
# A sentence that shows none of what was asked, or only describes how a study was done.
OFF_ASPECT, OF_METHOD = 0.70, 0.80
# Words beyond which a sentence is long: it shares words with any question, and reads badly.
LONG = 45
# Unknown words that a reason names; a long question may have many.
MAX_NAMED = 3
# What a sentence loses for each bit of cosine above SIMILAR to one that is picked already.
NOVELTY, SIMILAR = 0.30, 0.50
# Two sentences this close say the same; the second becomes a further citation or is dropped.
SAME_COSINE, SAME_WORDS = 0.86, 0.6
METHOD = re.compile(
    r"\b(were|was) (included|pooled|analysed|analyzed|searched|identified|followed|randomi[sz]ed|enrolled|"
    r"compared|treated|studied|reviewed|used|reported for)\b|\bstudies (compared|with|used)\b|"
    r"\b(review|paper|article|search) (to|covers|covered|included|concentrates|tabulates|found \d+ trials|"
    r"pooled|treats|sorts)\b|\bare reported\b|followed for a (mean|median)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit with its score; `row` is its row in the index's sentences."""

    passage: Passage
    row: int
    start: int
    end: int
    score: float
    cosine: float
    text: str

    @property
    def place(self) -> tuple[str, int]:
        return self.passage.document_id, self.start


class ExtractiveEngine:
    """Composes from sentences of `index`."""

    def __init__(self, index: Index, embeddings: EmbeddingModel) -> None:
        self._index = index
        self._embeddings = embeddings
        self._support = Support(index)

    def compose(
        self, query: Query, vector: NDArray[np.float32], hits: Sequence[Hit]
    ) -> Composition:
        terms = Terms.of(query, self._index, self._embeddings.is_common)
        candidates = self._candidates(query, vector, hits, terms)
        missing = terms.unknown
        if not candidates or not self._answers(candidates, terms):
            return Composition((), self._reason(missing), missing)
        chosen = self._chosen(candidates)
        return Composition(tuple(self._in_order(chosen)), None, missing)

    def _candidates(
        self, query: Query, vector: NDArray[np.float32], hits: Sequence[Hit], terms: Terms
    ) -> list[Candidate]:
        """Every sentence of the hits, best first."""
        asked = aspects(query.question)
        found = []
        for hit in hits:
            row = self._index.row_of[hit.passage.id]
            title = self._title(hit.passage)
            rank, withdrawn = self._support.rank(hit.passage), self._support.withdrawn(hit.passage)
            first, last = self._index.sentence_range[row : row + 2]
            for number in range(first, last):
                _, start, end = (int(value) for value in self._index.sentences[number])
                text = hit.passage.text[start:end]
                shown = _shown(asked, text)
                cosine = float(self._index.sentence_vectors[number] @ vector)
                coverage = terms.coverage(text, title, shows_aspect=shown > 0)
                score = (
                    COSINE * max(cosine, 0.0)
                    + COVERAGE * coverage
                    + RANKED * hit.score
                    + EVIDENCE * (1 - rank / len(LEVELS))
                )
                score *= OFF_ASPECT + (1 - OFF_ASPECT) * shown
                score *= WITHDRAWN if withdrawn else 1.0
                score *= OF_METHOD if METHOD.search(text) else 1.0
                score *= min(1.0, LONG / len(text.split()))
                score *= query.filters.weight(text, title)
                found.append(
                    Candidate(
                        hit.passage,
                        number,
                        hit.passage.start + start,
                        hit.passage.start + end,
                        round(score, 4),
                        cosine,
                        text,
                    )
                )
        return sorted(found, key=lambda candidate: (-candidate.score, candidate.place))

    def _answers(self, candidates: Sequence[Candidate], terms: Terms) -> bool:
        nearest = max(candidate.cosine for candidate in candidates)
        return nearest >= NEAR + UNKNOWN * terms.unknown_share

    def _reason(self, missing: Sequence[str]) -> str:
        if missing:
            return f"The corpus says nothing on {_listed(missing)}, so it does not answer this question."
        return "The corpus has no passage that answers this question."

    def _chosen(self, candidates: Sequence[Candidate]) -> list[Pick]:
        """Picks from best to worst, each with what it leans on before it."""
        best = candidates[0].score
        picks: list[Pick] = []
        used: set[tuple[str, int]] = set()
        rows: list[int] = []
        from_document: Counter[str] = Counter()
        left = list(candidates)
        while left:
            candidate = self._next(left, rows)
            left.remove(candidate)
            document_id = candidate.passage.document_id
            if candidate.place in used or from_document[document_id] == MAX_OF_DOCUMENT:
                continue
            behind = _places(self._support.passages(candidate.passage))
            if behind and behind <= used:
                continue  # all that it says is said already, by those that it rests on
            share = OF_BEST if len(picks) >= MIN_SENTENCES else OF_BEST_AT_LEAST
            if candidate.score < share * best:
                continue
            same = self._same(candidate, rows)
            if same is not None:
                earlier = picks[same]
                if (
                    candidate.passage.document_id != earlier.passage.document_id
                    and len(earlier.also) < 2
                    and not self._lead(candidate)
                    and not candidate.passage.rests_on
                    and not self._support.withdrawn(candidate.passage)
                ):
                    cited = (candidate.passage, candidate.start, candidate.end)
                    picks[same] = replace(earlier, also=(*earlier.also, cited))
                    used |= _places(self._support.same_data(candidate.passage))
                continue
            group = self._with_neighbours(candidate, used)
            if (
                group is None
                or len(picks) + len(group) > MAX_SENTENCES
                or from_document[document_id] + len(group) > MAX_OF_DOCUMENT
            ):
                continue
            from_document[document_id] += len(group)
            for member in group:
                used |= {member.place} | _places(self._support.passages(member.passage))
                used |= _places(self._support.same_data(member.passage))
                rows.append(member.row)
                picks.append(self._pick(member))
            if len(picks) == MAX_SENTENCES:
                break
        return picks

    def _next(self, left: Sequence[Candidate], rows: Sequence[int]) -> Candidate:
        """The best of those left, less what it repeats of the sentences picked so far."""
        if len(rows) < MIN_SENTENCES:
            return left[0]
        vectors = self._index.sentence_vectors
        near = (vectors[[c.row for c in left]] @ vectors[rows].T).max(axis=1)
        gain = [
            round(candidate.score - NOVELTY * max(0.0, float(close) - SIMILAR), 4)
            for candidate, close in zip(left, near, strict=True)
        ]
        return left[gain.index(max(gain))]

    def _same(self, candidate: Candidate, rows: Sequence[int]) -> int | None:
        """Which pick already says what the candidate says."""
        for number, row in enumerate(rows):
            if numbers(candidate.text) != numbers(self._sentence(row)):
                continue  # other figures are another finding
            close = self._index.sentence_vectors[row] @ self._index.sentence_vectors[candidate.row]
            if close >= SAME_COSINE or _overlap(candidate.text, self._sentence(row)) >= SAME_WORDS:
                return number
        return None

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
                Candidate(
                    passage,
                    before,
                    passage.start + start,
                    passage.start + end,
                    candidate.score,
                    candidate.cosine,
                    passage.text[start:end],
                ),
            )
        return group

    def _pick(self, candidate: Candidate) -> Pick:
        passage = candidate.passage
        return Pick(
            passage,
            candidate.start,
            candidate.end,
            self._lead(candidate),
            self._support.mark(passage, candidate.text),
            tuple((p, p.start, p.end) for p in self._support.passages(passage)),
        )

    def _lead(self, candidate: Candidate) -> str | None:
        if needs_title(candidate.passage, candidate.text, self._title(candidate.passage)):
            return title_of(self._index.documents[candidate.passage.document_id])
        return None

    def _title(self, passage: Passage) -> str:
        return str(self._index.documents[passage.document_id].get("title", ""))

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
            level = min(self._support.rank(pick.passage) for _, pick in members)
            return document_id != first, level, members[0][0]

        ordered: list[Pick] = []
        for _, members in sorted(documents.items(), key=order):
            in_place = sorted((pick for _, pick in members), key=lambda pick: pick.start)
            if in_place[0] is not members[0][1] and members[0][0] == 0:
                # The sentence that answers best opens the answer, with those that lean on it.
                first_of = in_place.index(members[0][1])
                last_of = first_of + 1
                while last_of < len(in_place) and needs_neighbour(_text(in_place[last_of])):
                    last_of += 1
                in_place = [
                    *in_place[first_of:last_of],
                    *in_place[:first_of],
                    *in_place[last_of:],
                ]
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
    """The share of the asked aspects that a sentence shows, 0 to 1; 1 when none was asked."""
    if not asked:
        return 1.0
    return sum(bool(aspect.in_sentence.search(text)) for aspect in asked) / len(asked)


def _places(passages: Sequence[Passage]) -> set[tuple[str, int]]:
    return {(passage.document_id, passage.start) for passage in passages}


def _overlap(one: str, other: str) -> float:
    """Jaccard overlap of the words of two sentences."""
    left, right = set(one.lower().split()), set(other.lower().split())
    return len(left & right) / len(left | right)


def _text(pick: Pick) -> str:
    return pick.passage.text[pick.start - pick.passage.start : pick.end - pick.passage.start]


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:MAX_NAMED]]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
