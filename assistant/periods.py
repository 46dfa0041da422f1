"""The years of publication that a question asks for: "since 2020", "before 2010", "in the last 5 years".

A year that dates the asker's own story ("pain since 2015", "my scan after 2019") asks for none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

Years = tuple[int | None, int | None]

# What counts something else ("2000 mg") is no year.
_YEAR = (
    r"((?:19[5-9]|20[0-4])\d)(?![\d-]|\.\d| ?(?:mg|g|ml|iu|units?|[ck]?gy|k?cal|steps|hips|patients|people|"
    r"cases|hours|days|%)\b)"
)
_NUMBERS = "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve"
# "What has been published since 2020" keeps its verb.
_PUBLISHED = r"(?:(?<!been )(?<!has )(?<!have )(?<!was )(?<!were )\b(?:published|written|dated) )?"


def _last(match: re.Match[str], now: int) -> Years:
    count = (match[1] or "1").lower()
    years = int(count) if count.isdigit() else 1 + _NUMBERS.split("|").index(count)
    return now - years * (10 if "decade" in match[0].lower() else 1), None


# The first form that fits counts; each makes (since, until) of its match and the corpus's own year.
FORMS: tuple[tuple[str, Callable[[re.Match[str], int], Years]], ...] = (
    (
        rf"{_PUBLISHED}\b(?:from|between) ((?:19[5-9]|20[0-4])\d) ?(?:to|and|until|-|–) ?{_YEAR}",
        lambda m, now: (int(m[1]), int(m[2])),
    ),
    (rf"{_PUBLISHED}\bsince (?:the year )?{_YEAR}", lambda m, now: (int(m[1]), None)),
    (
        rf"{_PUBLISHED}\b(?:from )?{_YEAR},? (?:on(?=\W*$|[,.;?!])|onwards?\b|(?:or|and) (?:later|newer)\b)",
        lambda m, now: (int(m[1]), None),
    ),
    (
        rf"{_PUBLISHED}\b(?:after|(?:later|newer|more recent) than) {_YEAR}",
        lambda m, now: (int(m[1]) + 1, None),
    ),
    (
        rf"{_PUBLISHED}\b(?:before|prior to|(?:earlier|older) than) {_YEAR}",
        lambda m, now: (None, int(m[1]) - 1),
    ),
    (rf"{_PUBLISHED}\b(?:until|up to) {_YEAR}", lambda m, now: (None, int(m[1]))),
    (rf"\bpublished (?:in|during) {_YEAR}", lambda m, now: (int(m[1]), int(m[1]))),
    (
        rf"{_PUBLISHED}\b(?:in|within|from|over|during|of) (?:the )?(?:last|past|previous) "
        rf"(?:(\d{{1,2}}|{_NUMBERS}) (?:years?|decades?)|(?:year|decade))\b",
        _last,
    ),
)
# A sentence on when a work came out.
ON_A_WORK = re.compile(
    r"^\W*(?:was|were|is|are|who|when|has|have)\b.*\bpublished in", re.IGNORECASE
)
# A sentence on what became of something, not on what was written of it.
TREND = re.compile(
    r"\b(?:chang|improv|increas|decreas|declin|rise|risen|rising|fallen|falling|drop|evol|trend)\w*",
    re.I,
)
# Words of publishing right before a year make it one of publication, whoever asks.
LITERATURE = re.compile(
    r"\b(?:publish\w*|written|dated|evidence|stud(?:y|ies)|papers?|publications?|articles?|literature|"
    r"research|guidelines?|reviews?|trials?|meta-?analys[ei]s|series|reports?|works?|sources?|only)"
    r"\W+(?:(?:and|from|or|only) )?$",
    re.IGNORECASE,
)
# A sentence that tells of somebody, once polite phrases are out of it.
POLITE = re.compile(
    r"\b(?:(?:tell|show|give|help|let) me|(?:can|may|could) i (?:get|have|see)|i (?:need|want|am looking|"
    r"would like|wish)|i'd like|i'm looking)\b",
    re.IGNORECASE,
)
SOMEBODY = re.compile(
    r"\b(?:i|i['’](?:m|ve|d)|me|my|mine|we|our|he|she|his|her|mum|mom|mother|dad|father|husband|wife|son|"
    r"daughter|(?:the|this|a) patient|pt|born|age[ds]?|year-old)\b",
    re.IGNORECASE,
)
# What happens to people, not to publications, right before the year.
EVENT = re.compile(
    r"\b(?:pain\w*|hurt\w*|ach\w+|sore\w*|symptom\w*|lumps?|swelling|stiff\w*|limp\w*|operat\w+|surg\w+|"
    r"implant\w*|insert\w+|perform\w+|replace\w*|diagnos\w+|injur\w+|accident|fell|falls?|"
    r"fractur\w+|treated|transplant\w*|injected|irradiated|scans?|x-?rays?|mri|ct|worse\w*|grown|"
    r"survey\w*)"
    r"\W+(?:(?:in|at|of|for|the|a|hip|hips|left|right|ever|again|and|got|getting|done|made) )*$",
    re.IGNORECASE,
)


class Period(NamedTuple):
    """First and last year of publication, each None for any, and the question without them."""

    since: int | None
    until: int | None
    rest: str


def period(question: str, now: int | None) -> Period:
    """What years a question asks for. `now` is the corpus's own year, or None when it has none.

    It is never today's: an answer must not change overnight.
    """
    since = until = None
    rest = question
    for form, years in FORMS:
        for match in list(re.finditer(form, rest, re.IGNORECASE)):
            if (years is _last and now is None) or _dates_a_story(rest, match):
                continue
            first, last = years(match, now or 0)
            since, until = first or since, last or until
            rest = rest.replace(match[0], " ", 1)
    if since and until and since > until:  # two times that are compared
        return Period(None, None, question)
    return Period(since, until, rest)


def _dates_a_story(text: str, match: re.Match[str]) -> bool:
    start = max((text.rfind(mark, 0, match.start()) for mark in ".?!;"), default=-1) + 1
    end = re.compile(r"[.?!;]|$").search(text, match.end())
    before, sentence = text[start : match.start()], text[start : end.start() if end else None]
    if ON_A_WORK.search(sentence):
        return True
    if match[0].lower().startswith(("published", "written", "dated")) or LITERATURE.search(before):
        return False
    told = SOMEBODY.search(POLITE.sub(" ", sentence)) or EVENT.search(before)
    return bool(told or TREND.search(sentence))
