"""A question and its turns as typed -> as meant: slips mended, filters taken out, what they keep to.

What comes out is what `conversation` makes a query of.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.abbreviations import in_full
from assistant.evidence import LEVELS
from assistant.filters import Filters, read, year_of
from assistant.glossary import Glossary
from assistant.index.reader import Index
from assistant.leaning import leans
from assistant.spelling import Spelling
from assistant.statements import question_of, with_synonyms
from assistant.types import Turn


@dataclass(frozen=True, slots=True)
class Asked:
    """What is meant: a question that can be searched after `turns`, and its filters."""

    question: str
    turns: tuple[Turn, ...]
    filters: Filters


class Understanding:
    """Reads questions to one index; `is_common` tells everyday words."""

    def __init__(self, index: Index, is_common: Callable[[str], bool]) -> None:
        self._index = index
        self._spelling = Spelling(index, is_common)

    def read(self, question: str, turns: Sequence[Turn] = ()) -> Asked:
        """A question that only filters ("only guidelines?") asks the one before it once more.

        One that leans on those before it keeps to what they kept to.
        """
        meant: list[Turn] = []
        filters = Filters()
        for turn in (*turns, Turn(question, "")):
            own, rest = self._filters(turn.question)
            if not rest and meant:
                rest, meant = meant[-1].question, meant[:-1]
                filters = own.over(filters)
            else:
                filters = own.over(filters) if meant and leans(rest) else own
            meant.append(replace(turn, question=rest or turn.question))
        asked = meant[-1].question
        return Asked(
            asked if turns else question_of(asked, self._glossary), tuple(meant[:-1]), filters
        )

    def _filters(self, question: str) -> tuple[Filters, str]:
        levels, years = self._recorded
        return read(in_full(self._spelling.mended(question)), self._now, levels=levels, years=years)

    @cached_property
    def _glossary(self) -> Glossary:
        return with_synonyms(Glossary.of(self._index))

    @cached_property
    def _recorded(self) -> tuple[bool, bool]:
        """Whether any work of the corpus has a level of evidence, and whether any has a year."""
        works = self._index.documents.values()
        levels = any(work.get("evidence_level") in LEVELS[:-1] for work in works)
        return levels, any(year_of(work) for work in works)

    @cached_property
    def _now(self) -> int | None:
        """The year of the newest literature that the corpus knows of."""
        return year_of({"year": self._index.manifest.literature_as_of})
