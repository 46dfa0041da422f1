"""The default engine: an answer made of sentences that stand in the passages, and of nothing else.

`scoring` says how well each sentence answers, `selection` which of them make the answer, `reading`
which may open it and which are beside the point, `stages` finds the table that a question on staging
wants, `composition` gives order, leads and marks. Abstains when no sentence answers.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from assistant.conversation import Query
from assistant.coverage import unspoken
from assistant.embeddings import EmbeddingModel
from assistant.engines import Composition
from assistant.engines.composition import Composer
from assistant.engines.scoring import Scoring
from assistant.engines.selection import Selection
from assistant.engines.stages import Stages
from assistant.engines.terms import Terms
from assistant.forms import asks_for_stages
from assistant.index.reader import Index
from assistant.parts import outcome_of
from assistant.ranking import Found

if TYPE_CHECKING:
    from assistant.chat_models.asking import Chat

# Unknown words that a reason names; a long question may have many.
MAX_NAMED = 3


class ExtractiveEngine:
    """Composes from sentences of `index`."""

    chat: Chat | None = None

    def __init__(self, index: Index, embeddings: EmbeddingModel) -> None:
        self._index = index
        self._embeddings = embeddings
        self._scoring = Scoring(index)
        self._selection = Selection(index)
        self._stages = Stages(index)
        self._composer = Composer(index)

    def compose(
        self,
        query: Query,
        vector: NDArray[np.float32],
        found: Found,
        stop: Event | None = None,
    ) -> Iterator[Composition]:
        """The composition, at once."""
        yield self.composition(query, vector, found)

    def composition(self, query: Query, vector: NDArray[np.float32], found: Found) -> Composition:
        """Picks in reading order, or the reason for having none."""
        terms = Terms.of(query, self._index, self._embeddings.is_common)
        candidates = self._scoring.candidates(query, vector, found, terms)
        missing = terms.unknown
        if not candidates or not self._scoring.answers(found, candidates, terms):
            return Composition((), _reason(missing), missing)
        if asks_for_stages(query.question) and (
            table := self._stages.table(query.question, candidates)
        ):
            return Composition(tuple(self._composer.rows(table, query)), None, missing)
        # The cross-encoder has learned from questions that stand alone.
        odds = None if query.carried else found.odds
        chosen = self._selection.choose(candidates, query.question, odds)
        picks = tuple(self._composer.picks(chosen, query, vector))
        # What a follow-up leans on is easily found; its own words must be spoken of. So must be the outcome
        # that a question asks about, be there ever so much on what it would come of.
        if query.carried:
            asked = query.question
        else:
            asked = outcome.words if (outcome := outcome_of(query.question)) else ""
        if asked and (words := unspoken(asked, picks, self._index)):
            return Composition(
                (), f"No passage was found that says something on {_listed(words)} here."
            )
        return Composition(picks, None, missing)


def _reason(missing: Sequence[str]) -> str:
    if missing:
        return (
            f"The corpus says nothing on {_listed(missing)}, so it does not answer this question."
        )
    return "The corpus has no passage that answers this question."


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words[:MAX_NAMED]]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " or " + quoted[-1]
