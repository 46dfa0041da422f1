"""A language model phrases what the passages say; every sentence is proved before it is shown.

Passages are found first, and the model never chooses them; no tool is bound to it. Where the
extractive engine finds no answer the model is not asked. Where the model fails, the quotes stand
in for it, and the answer says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from threading import Event

import numpy as np
from numpy.typing import NDArray

from assistant.chat_models.asking import FAILURES, Chat, ChatFailed, Kind
from assistant.conversation import Query
from assistant.embeddings import EmbeddingModel
from assistant.engines import Composition, Pick
from assistant.engines.drafting import drafts, has_no_answer
from assistant.engines.extractive import ExtractiveEngine
from assistant.engines.prompt import Source, answer_messages
from assistant.engines.proving import Prover, Unproved
from assistant.evidence import LEVELS
from assistant.index.reader import Index
from assistant.orders import Finding
from assistant.ranking import Found
from assistant.screening import Screen
from assistant.types import Hit, Notice, Passage

# What a model is given: this many passages, and no more characters than a small model can read.
PASSAGES, CHARACTERS = 10, 8000
MOST_SENTENCES = 10
MOST_SHOWN_UNSUPPORTED = 5

NONE_PROVED = (
    "No sentence that the language model wrote is carried by the passages that were found."
)
NOTHING_FOUND = "The language model found no answer in the passages that were found."
QUOTES_INSTEAD = "What follows are quotes, chosen without it."
ONLY_ORDERS = (
    "The question reads like orders to a program, so no language model was asked. " + QUOTES_INSTEAD
)
ONLY_HELD_BACK = "No passage could be given to the language model. " + QUOTES_INSTEAD


class LlmEngine:
    """Composes from passages of `index` with a language model."""

    def __init__(
        self,
        index: Index,
        embeddings: EmbeddingModel,
        chat: Chat,
        *,
        show_unsupported: bool = False,
    ) -> None:
        self.chat: Chat | None = chat
        self._chat = chat
        self._index = index
        self._quotes = ExtractiveEngine(index, embeddings)
        self._prover = Prover(index)
        self._screen = Screen(index, embeddings)
        self._show_unsupported = show_unsupported

    def compose(
        self,
        query: Query,
        vector: NDArray[np.float32],
        found: Found,
        stop: Event | None = None,
    ) -> Iterator[Pick | Composition]:
        """Picks as they are proved, last the whole; raises Stopped soon after `stop` is set."""
        quotes = self._quotes.composition(query, vector, found)
        if quotes.reason:
            yield quotes
            return
        nearest = _nearest(quotes, found.hits)
        held = self._screen.held_back(nearest)
        sources = [self._source(p) for p in nearest if p.id not in held][:PASSAGES]
        notices = _told(held)
        question = self._screen.without_orders(query.text)
        if not question or not sources:
            yield _instead(quotes, ONLY_HELD_BACK if question else ONLY_ORDERS, notices)
            return
        yield from self._phrased(question, query, sources, quotes, notices, stop)

    def _phrased(
        self,
        question: str,
        query: Query,
        sources: Sequence[Source],
        quotes: Composition,
        notices: tuple[Notice, ...],
        stop: Event | None,
    ) -> Iterator[Pick | Composition]:
        passages = [source.passage for source in sources]
        picks: list[Pick] = []
        unproved: list[Unproved] = []
        said: list[str] = []
        written: set[str] = set()
        failed: Kind | None = None
        try:
            with closing(self._chat.stream(answer_messages(question, sources), stop)) as reply:
                for draft in drafts(_kept(reply, said)):
                    if draft.text in written:
                        continue
                    written.add(draft.text)
                    result = self._prover.proved(draft, passages, query)
                    if isinstance(result, Unproved):
                        unproved.append(result)
                        continue
                    lead = self._prover.lead(result, picks[-1] if picks else None)
                    picks.append(replace(result, lead=lead))
                    yield picks[-1]
                    if len(picks) == MOST_SENTENCES:
                        break
        except ChatFailed as error:
            failed = error.kind
        no_answer = has_no_answer("".join(said))
        if not picks and not no_answer and (failed or not unproved):
            words = f"The language model {FAILURES[failed or 'empty']}. {QUOTES_INSTEAD}"
            yield _instead(quotes, words, notices)
            return
        if failed and picks:
            words = f"The language model {FAILURES[failed]}; what it had written by then is shown."
            notices = (*notices, Notice("fallback", words))
        notices = (*notices, *self._left_out(unproved))
        reason = None if picks else NOTHING_FOUND if no_answer else NONE_PROVED
        yield Composition(tuple(picks), reason, quotes.missing, notices)

    def _source(self, passage: Passage) -> Source:
        """A passage with what is known of its work, as far as a model may be shown it."""
        metadata = self._index.documents[passage.document_id]
        title, level = str(metadata.get("title", "")), metadata.get("evidence_level")
        return Source(
            passage,
            title if self._screen.of_text(title) is None else "",
            f"a {level}" if level in LEVELS[:-1] else "",
        )

    def _left_out(self, unproved: Sequence[Unproved]) -> Iterator[Notice]:
        """How many sentences were left out; the sentences themselves for those who ask for them."""
        if not unproved:
            return
        one = len(unproved) == 1
        sentences = "A sentence" if one else f"{len(unproved)} sentences"
        yield Notice(
            "unsupported",
            f"{sentences} that the language model wrote {'is' if one else 'are'} left out: no passage "
            f"that was found carries {'it' if one else 'them'}.",
        )
        if self._show_unsupported:
            for sentence in unproved[:MOST_SHOWN_UNSUPPORTED]:
                why = "; ".join(sentence.reasons)
                yield Notice(
                    "unsupported", f"Not carried by any passage ({why}): “{sentence.text}”"
                )


def _nearest(quotes: Composition, hits: Sequence[Hit]) -> list[Passage]:
    """What the quotes come from, then the best hits, in the order found; within the limits."""
    quoted = [pick.passage for pick in quotes.picks]
    chosen = list(dict.fromkeys([*quoted, *(hit.passage for hit in hits)]))
    left, kept = CHARACTERS, []
    for passage in chosen[: 2 * PASSAGES]:
        if len(passage.text) <= left:
            left -= len(passage.text)
            kept.append(passage)
    return kept


def _kept(pieces: Iterator[str], said: list[str]) -> Iterator[str]:
    """The pieces, kept in `said` as they pass."""
    for piece in pieces:
        said.append(piece)
        yield piece


def _told(held: Mapping[str, Finding]) -> tuple[Notice, ...]:
    """A notice when passages were held back for the orders that they give."""
    count = list(held.values()).count("orders")
    if not count:
        return ()
    passages = "A passage" if count == 1 else f"{count} passages"
    words = (
        f"{passages} found for this question read{'s' if count == 1 else ''} like orders to a program. "
        "The language model was not shown that text."
    )
    return (Notice("instruction-like", words),)


def _instead(quotes: Composition, words: str, notices: tuple[Notice, ...]) -> Composition:
    """The quotes in place of the model's answer, and why."""
    return replace(quotes, notices=(*notices, Notice("fallback", words)), engine="extractive")
