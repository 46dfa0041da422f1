"""Chosen sentences -> picks in an order that reads as one answer, with their leads and marks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.dependence import needs_neighbour, needs_title, title_of
from assistant.engines import Pick
from assistant.engines.selection import Chosen
from assistant.engines.support import Support
from assistant.index.reader import Index


class Composer:
    """Puts sentences of `index` in order."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._support = Support(index)

    def picks(self, chosen: Sequence[Chosen]) -> list[Pick]:
        """The best first; then by evidence level, sentences of one document in their own order.

        A lead that repeats the one before it is dropped.
        """
        picks: list[Pick] = []
        before: str | None = None
        for one in self._in_order(chosen):
            pick = self._pick(one)
            repeats = pick.lead is not None and pick.lead == before
            before = pick.lead
            picks.append(replace(pick, lead=None) if repeats else pick)
        return picks

    def _pick(self, one: Chosen) -> Pick:
        candidate = one.candidate
        passage = candidate.passage
        behind = tuple((p, p.start, p.end) for p in self._support.passages(passage))
        also = tuple((other.passage, other.start, other.end) for other in one.also)
        return Pick(
            passage,
            candidate.start,
            candidate.end,
            self._lead(one),
            self._support.mark(passage, candidate.text),
            (*behind, *also),
        )

    def _lead(self, one: Chosen) -> str | None:
        metadata = self._index.documents[one.candidate.passage.document_id]
        title = str(metadata.get("title", ""))
        if needs_title(one.candidate.passage, one.candidate.text, title):
            return title_of(metadata)
        return None

    def _in_order(self, chosen: Sequence[Chosen]) -> list[Chosen]:
        documents: dict[str, list[tuple[int, Chosen]]] = {}
        for place, one in enumerate(chosen):
            documents.setdefault(one.candidate.passage.document_id, []).append((place, one))
        first = chosen[0].candidate.passage.document_id

        def order(item: tuple[str, list[tuple[int, Chosen]]]) -> tuple[bool, int, int]:
            document_id, members = item
            level = min(self._support.rank(one.candidate.passage) for _, one in members)
            return document_id != first, level, members[0][0]

        ordered: list[Chosen] = []
        for _, members in sorted(documents.items(), key=order):
            in_place = sorted((one for _, one in members), key=lambda one: one.candidate.start)
            if in_place[0] is not members[0][1] and members[0][0] == 0:
                # The sentence that answers best opens the answer, with those that lean on it.
                first_of = in_place.index(members[0][1])
                last_of = first_of + 1
                while last_of < len(in_place) and needs_neighbour(in_place[last_of].candidate.text):
                    last_of += 1
                in_place = [
                    *in_place[first_of:last_of],
                    *in_place[:first_of],
                    *in_place[last_of:],
                ]
            ordered += in_place
        return ordered
