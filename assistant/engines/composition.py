"""Chosen sentences -> picks in an order that reads as one answer, with their leads and marks.

A lead names the kind of evidence where it changes, and the publication where a sentence needs it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assistant.conversation import Query
from assistant.dependence import needs_neighbour, needs_title, title_of
from assistant.engines import Pick
from assistant.engines.selection import Chosen
from assistant.engines.stages import Row
from assistant.engines.support import Support
from assistant.evidence import LEADS, LEVELS, ONLY, WEAK
from assistant.extrapolation import mark_of_setting
from assistant.forms import direction
from assistant.index.reader import Index
from assistant.judgements import TOUCHED_AT

# Opens an answer whose sentences differ, on both sides of a disagreement that the corpus records.
DIFFER = "Findings differ."


class Composer:
    """Puts sentences of `index` in order."""

    def __init__(self, index: Index) -> None:
        self._index = index
        self._support = Support(index)

    def picks(
        self, chosen: Sequence[Chosen], query: Query, vector: NDArray[np.float32]
    ) -> list[Pick]:
        """Picks in reading order; a lead that repeats the one before it is dropped."""
        ordered = self._in_order(chosen)
        picks = [self._pick(one, query) for one in ordered]
        titles = [self._title_lead(one) for one in ordered]
        kinds = self._kind_leads(picks)
        leads = [
            _joined(kind, None if place and title == titles[place - 1] else title)
            for place, (kind, title) in enumerate(zip(kinds, titles, strict=True))
        ]
        if self._findings_differ(ordered, picks, vector):
            leads[0] = f"{DIFFER} {leads[0]}" if leads[0] else DIFFER
        return [replace(pick, lead=lead) for pick, lead in zip(picks, leads, strict=True)]

    def rows(self, rows: Sequence[Row], query: Query) -> list[Pick]:
        """The rows of a staging table as they come, each led by its stage."""
        return [replace(self._pick(Chosen(row.candidate), query), lead=row.label) for row in rows]

    def _pick(self, one: Chosen, query: Query) -> Pick:
        candidate = one.candidate
        passage = candidate.passage
        behind = tuple((p, p.start, p.end) for p in self._support.passages(passage))
        also = tuple((other.passage, other.start, other.end) for other in one.also)
        return Pick(
            passage,
            candidate.start,
            candidate.end,
            None,
            self._support.mark(passage, candidate.text) or self._setting(one, query),
            (*behind, *also),
        )

    def _setting(self, one: Chosen, query: Query) -> str | None:
        passage = one.candidate.passage
        if passage.rests_on:
            return None  # a page of several works has the setting of none
        title = str(self._index.documents[passage.document_id].get("title", ""))
        return mark_of_setting(query, one.candidate.text, title)

    def _title_lead(self, one: Chosen) -> str | None:
        metadata = self._index.documents[one.candidate.passage.document_id]
        title = str(metadata.get("title", ""))
        if needs_title(one.candidate.passage, one.candidate.text, title):
            return title_of(metadata)
        return None

    def _kind_leads(self, picks: Sequence[Pick]) -> list[str | None]:
        """For each pick the words that name its kind of evidence, where that changes.

        The first sentence answers at once, unless it is weak.
        """
        runs = [(level, list(run)) for level, run in groupby(picks, key=self._level)]
        leads: list[str | None] = []
        for level, run in runs:
            several = len({work for pick in run for work in self._works(pick, level)}) > 1
            templates = LEADS.get(level)
            if not leads:
                templates = ONLY.get(level) if len(runs) == 1 else WEAK.get(level)
            leads += [templates[several] if templates else None, *[None] * (len(run) - 1)]
        return leads

    def _level(self, pick: Pick) -> str:
        rank = self._support.rank(pick.passage)
        return LEVELS[rank] if rank < len(LEVELS) else ""

    def _works(self, pick: Pick, level: str) -> list[str]:
        """The documents of one level that are cited for a pick."""
        cited = [passage.document_id for passage, _, _ in pick.places]
        return [key for key in cited if self._index.documents[key].get("evidence_level") == level]

    def _findings_differ(
        self, ordered: Sequence[Chosen], picks: Sequence[Pick], vector: NDArray[np.float32]
    ) -> bool:
        """True when the first sentence and another find different things, on different sides of a
        disagreement that the corpus records and the question touches."""
        said = [{passage.id for passage, _, _ in pick.places} for pick in picks]
        found = [direction(one.candidate.text) for one in ordered]
        for number, disagreement in enumerate(self._index.disagreements):
            if self._index.disagreement_vectors[number] @ vector < TOUCHED_AT:
                continue
            sides = [{fact[0] for fact in side["facts"]} for side in disagreement["sides"]]
            of = [{n for n, side in enumerate(sides) if side & places} for places in said]
            for finding, others in zip(found[1:], of[1:], strict=True):
                apart = of[0] and others and not of[0] & others
                if apart and None not in (found[0], finding) and finding != found[0]:
                    return True
        return False

    def _in_order(self, chosen: Sequence[Chosen]) -> list[Chosen]:
        """The first chosen opens; the others by level, and within it by document as chosen."""
        placed = {one.candidate.row: place for place, one in enumerate(chosen)}
        groups: list[list[Chosen]] = []
        for one in sorted(chosen, key=lambda one: one.candidate.place):
            if groups and _leans_on(one, groups[-1][-1]):
                groups[-1].append(one)
            else:
                groups.append([one])

        def order(group: list[Chosen]) -> tuple[bool, int, int, int]:
            document_id = group[0].candidate.passage.document_id
            level = min(self._support.rank(one.candidate.passage) for one in group)
            place = min(
                placed[one.candidate.row]
                for one in chosen
                if one.candidate.passage.document_id == document_id
            )
            opens = any(one is chosen[0] for one in group)
            return not opens, level, place, group[0].candidate.start

        return [one for group in sorted(groups, key=order) for one in group]


def _leans_on(one: Chosen, before: Chosen) -> bool:
    same = one.candidate.passage.document_id == before.candidate.passage.document_id
    return same and needs_neighbour(one.candidate.text)


def _joined(kind: str | None, title: str | None) -> str | None:
    """One lead from two: "From a guideline, in “Title”:"."""
    if kind and title:
        return f"{kind[:-1]}, {title[0].lower()}{title[1:]}"
    return kind or title
