"""A question -> the Filters that it names, and the question without the words that only filter.

"Do NSAIDs prevent it? Only guidelines, since 2020" keeps to guidelines of 2020 and later. What is in
doubt is no filter. Levels and years are hard: what does not pass is not quoted. People, and treatments
to do without, only weigh sentences. This module knows English, not the corpus.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from assistant.evidence import LEVELS
from assistant.levels import levels_kept
from assistant.people import people_in
from assistant.periods import period
from assistant.treatments import done_without, only_about

# What is left of the score of a sentence that names none of the people asked of, and of one that is
# only about a treatment to do without.
OTHER_PEOPLE, UNWANTED = 0.95, 0.6
PLURALS = {
    "guideline": "guidelines",
    "systematic review": "systematic reviews",
    "randomized trial": "randomized trials",
    "cohort or registry": "cohort and registry studies",
    "case series or report": "case series and reports",
    "narrative review": "narrative reviews",
    "laboratory or animal": "laboratory and animal studies",
    "web page": "web pages",
    "not graded": "works without a level",
}
# What may be left of a question that only filters.
BARE = re.compile(
    r"(?:\W|\b(?:and|but|so|ok|okay|please|now|then|what about|how about|the|any|show|give|me|ones?)\b)*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What a question keeps to. Empty fields keep nothing out."""

    levels: frozenset[str] = frozenset()
    since: int | None = None
    until: int | None = None
    populations: tuple[str, ...] = ()
    without: tuple[str, ...] = ()

    @property
    def hard(self) -> bool:
        """True when something must not be quoted at all."""
        return bool(self.levels or self.since or self.until)

    @property
    def described(self) -> str:
        """What passes, in words: "guidelines and systematic reviews published since 2020"."""
        ordered = [level for level in LEVELS if level in self.levels]
        others = [level for level in LEVELS if level not in self.levels]
        if not ordered:
            kinds = "works"
        elif len(others) < len(ordered):
            kinds = f"works other than {_listed([PLURALS[level] for level in others])}"
        else:
            kinds = _listed([PLURALS[level] for level in ordered])
        return f"{kinds}{self._published}"

    @property
    def _published(self) -> str:
        match self.since, self.until:
            case None, None:
                return ""
            case since, None:
                return f" published since {since}"
            case None, until:
                return f" published until {until}"
            case since, until if since == until:
                return f" published in {since}"
            case since, until:
                return f" published from {since} to {until}"

    def passes(self, metadata: Mapping[str, Any]) -> bool:
        """Whether a document may be quoted; one without a year is of no asked year."""
        if self.levels and metadata.get("evidence_level", "not graded") not in self.levels:
            return False
        if self.since is None and self.until is None:
            return True
        year = year_of(metadata)
        return year is not None and (self.since or 0) <= year <= (self.until or year)

    def weight(self, sentence: str, title: str) -> float:
        """How well a sentence fits what is only preferred, as a factor of its score: 1 at best."""
        weight = 1.0
        if self.populations and not set(self.populations) & set(people_in(f"{title} {sentence}")):
            weight *= OTHER_PEOPLE
        if self.without and only_about(sentence, self.without):
            weight *= UNWANTED
        return weight

    def over(self, before: Filters) -> Filters:
        """These, with the hard ones of an earlier question where these have none of the kind."""
        years = self if self.since or self.until else before
        levels = self.levels or before.levels
        return replace(self, levels=levels, since=years.since, until=years.until)


def read(
    question: str, now: int | None, *, levels: bool = True, years: bool = True
) -> tuple[Filters, str]:
    """The filters of a question, and what is left of it to search: "" when it only filters.

    `now` is the year of the corpus. `levels` and `years` say whether its works have any: where they
    have none, the words that ask for them are words like any other.
    """
    kept, rest = levels_kept(question) if levels else (frozenset[str](), question)
    asked = period(rest, now) if years else None
    rest = asked.rest if asked else rest
    without, rest = done_without(rest)
    filters = Filters(
        kept,
        asked.since if asked else None,
        asked.until if asked else None,
        people_in(question),
        without,
    )
    return filters, question if rest == question else _tidy(rest)


def year_of(metadata: Mapping[str, Any]) -> int | None:
    """The year of a document; None when it is not known."""
    found = re.match(r"\d{4}", str(metadata.get("year", "")))
    return int(found[0]) if found else None


def _tidy(text: str) -> str:
    """Without the blanks, brackets and commas that words which were taken out leave behind."""
    text = re.sub(r"\(\s*\)|\[\s*\]", " ", text)
    text = re.sub(r"\s+(?=[?.!,;:)])", "", re.sub(r"\s+", " ", text))
    text = re.sub(r"[,;:]+\s*(?=[?.!,;:])|(?<=[?.!])[,;:.]+", "", text)
    text = re.sub(r"^\W*please\W+|[,;]?\s*\b(?:please|and|but)\W*$", "", text, flags=re.IGNORECASE)
    text = re.sub(r"^[\W_]+|[\s,;:(–-]+$", "", text)
    text = re.sub(r"^(?:on|about|regarding|concerning) ", "", text, flags=re.IGNORECASE)
    return "" if BARE.fullmatch(text) else text


def _listed(names: list[str]) -> str:
    return names[0] if len(names) == 1 else ", ".join(names[:-1]) + " and " + names[-1]
