"""How well a sentence answers: every sentence of the hits with its score, and whether any answers.

Looks at one sentence at a time; what the sentences say together is `selection`'s.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.aspects import aspects, share_shown
from assistant.conversation import Query
from assistant.engines.support import Support
from assistant.engines.terms import Terms
from assistant.evidence import LEVELS
from assistant.index.reader import Index
from assistant.judgements import sides_near
from assistant.ranking import WITHDRAWN, Found
from assistant.types import Passage

# The nearest sentence must reach this cosine, raised by the share of the question that the corpus
# has no word for. Fitted on evals/data/development.yaml; `python -m evals.bench.bars` shows the fit.
NEAR, UNKNOWN = 0.38, 1.0
# Weights of the signals of a sentence, set on the suite's unlocked cases. Of its passage's score the
# root of the share of the best counts: a scorer that is sure of one passage leaves little to others.
COSINE, COVERAGE, RANKED, EVIDENCE = 0.40, 0.40, 0.20, 0.10
# A sentence that shows none of what was asked, names nothing of its subject, or only describes how a study
# was done.
OFF_ASPECT, OFF_SUBJECT, OF_METHOD = 0.70, 0.70, 0.80
# What stands on a side of a disagreement that the question is near was chosen to answer it.
OF_SIDE = 1.1
# Words beyond which a sentence is long: it shares words with any question, and reads badly.
LONG = 45
METHOD = re.compile(
    r"\b(were|was) (included|pooled|analysed|analyzed|searched|identified|followed|randomi[sz]ed|enrolled|"
    r"compared|treated|studied|reviewed|used|reported for)\b|\bstudies (compared|with|used)\b|"
    r"\b(review|paper|article|search) (to|covers|covered|included|concentrates|tabulates|found \d+ trials|"
    r"pooled|treats|sorts)\b|\bare reported\b|followed for a (mean|median)|"
    r"\b(review|meta-analysis|trial|study|survey|paper)\b[^.;:]* (examined|investigated|assessed|"
    r"evaluated)\b|\b(trial|study)\b[^.;:]* was stopped early",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a hit with its score; `row` is its row in the index's sentences.

    `of_side` says whether it stands on a side of a disagreement that the question is near.
    """

    passage: Passage
    row: int
    start: int
    end: int
    score: float
    cosine: float
    text: str
    of_side: bool = False

    @property
    def place(self) -> tuple[str, int]:
        return self.passage.document_id, self.start


class Scoring:
    """Scores the sentences of `index`."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._support = Support(index)

    def candidates(
        self, query: Query, vector: NDArray[np.float32], found: Found, terms: Terms
    ) -> list[Candidate]:
        """Every sentence of the hits, best first."""
        asked = aspects(query.question)
        best = max((hit.score for hit in found.hits), default=0.0) or 1.0
        sides = sides_near(self._index, vector)
        made = []
        for hit in found.hits:
            row = self._index.row_of[hit.passage.id]
            title = str(self._index.documents[hit.passage.document_id].get("title", ""))
            rank, withdrawn = self._support.rank(hit.passage), self._support.withdrawn(hit.passage)
            of_side = not sides.isdisjoint((hit.passage.id, *hit.passage.rests_on))
            first, last = self._index.sentence_range[row : row + 2]
            spans = self._index.sentences[first:last].tolist()
            cosines = (self._index.sentence_vectors[first:last] @ vector).tolist()
            for number, (_, start, end), cosine in zip(
                range(first, last), spans, cosines, strict=True
            ):
                text = hit.passage.text[start:end]
                shown = share_shown(asked, text)
                coverage = terms.coverage(text, title, shows_aspect=shown > 0)
                score = (
                    COSINE * max(cosine, 0.0)
                    + COVERAGE * coverage
                    + RANKED * (hit.score / best) ** 0.5
                    + EVIDENCE * (1 - rank / len(LEVELS))
                )
                score *= OFF_ASPECT + (1 - OFF_ASPECT) * shown
                score *= WITHDRAWN if withdrawn else 1.0
                score *= 1.0 if terms.on_subject(text, title) else OFF_SUBJECT
                score *= OF_METHOD if METHOD.search(text) else 1.0
                score *= min(1.0, LONG / len(text.split()))
                score *= OF_SIDE if of_side else 1.0
                score *= query.filters.weight(text, title)
                made.append(
                    Candidate(
                        hit.passage,
                        number,
                        hit.passage.start + start,
                        hit.passage.start + end,
                        round(score, 4),
                        cosine,
                        text,
                        of_side,
                    )
                )
        return sorted(made, key=lambda candidate: (-candidate.score, candidate.place))

    def answers(self, found: Found, candidates: Sequence[Candidate], terms: Terms) -> bool:
        """True when the corpus is likely to answer; without a scorer, when a candidate is near enough."""
        if found.answered is not None:
            return found.answered
        nearest = max(candidate.cosine for candidate in candidates)
        return nearest >= NEAR + UNKNOWN * terms.unknown_share
