"""What has changed places between a sentence and its passage: from and to, with and without, left and right.

The words and figures of both may all be there. Plain code, each rule on what stands right beside a word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING

from assistant.grounding.amounts import outcome
from assistant.grounding.quantities import Quantity
from assistant.grounding.wording import canonical, stem_of

if TYPE_CHECKING:
    from assistant.grounding.reading import Reading

_FROM = re.compile(r"\bfrom\W*(?:about |around )?$", re.IGNORECASE)
_TO = re.compile(r"[^.;\d]{0,30}\bto\b[^.;\d]{0,12}", re.IGNORECASE)
_BODY = (
    r"hips?|knees?|legs?|thighs?|shoulders?|buttocks?|groin|sides?|sided|femor\w+|femur|foot|ankle|hand|elbow|arm|"
    r"iliac|glute\w+|pelvi\w+|greater"
)
_LEFT_RIGHT = re.compile(rf"\b(left|right)[- ](?:{_BODY})\b", re.IGNORECASE)
_BOTH_SIDES = re.compile(r"\b(?:both|bilateral\w*|either)\b", re.IGNORECASE)
_TIME = re.compile(
    r"\b(?:(before|prior to|preceding)|(after|following))[- ](?:the |an? |his |her |their |its )?([^\W\d]+)",
    re.IGNORECASE,
)
_WITH = re.compile(r"\b(with|without)\b", re.IGNORECASE)
_ACCOMPANIED = re.compile(
    r"(?:(?! than\b| versus\b| compared\b)[ \w-]){0,50}? (with|without)\b", re.IGNORECASE
)
_COMPARED_AT = re.compile(
    r"\b(?:(higher|more|greater|larger|longer)|(lower|less|fewer|smaller|shorter)),? (?:at|with|in|namely) $",
    re.IGNORECASE,
)


def changed_places(claim: Reading, passage: Reading) -> bool:
    """True where the claim puts the passage's figures, sides or times the other way round."""
    return (
        _runs_back(claim, passage)
        or _other_side(claim, passage)
        or _other_time(claim, passage)
        or _other_company(claim, passage)
        or _belies_itself(claim)
    )


def _runs_back(claim: Reading, passage: Reading) -> bool:
    """ "From 88 to 72" for "from 72 to 88"."""
    theirs = set(_courses(passage))
    return any((b, a) in theirs and (a, b) not in theirs for a, b in _courses(claim))


def _courses(reading: Reading) -> Iterator[tuple[float, float]]:
    for one, other in pairwise(reading.quantities):
        begins = _FROM.search(reading.text, max(0, one.start - 20), one.start)
        if begins and _TO.fullmatch(reading.text, one.end, other.start):
            yield one.value, other.value


def _other_side(claim: Reading, passage: Reading) -> bool:
    if _BOTH_SIDES.search(passage.text):
        return False
    own = {match[1].lower() for match in _LEFT_RIGHT.finditer(claim.text)}
    theirs = {match[1].lower() for match in _LEFT_RIGHT.finditer(passage.text)}
    return bool(own and theirs and not own <= theirs)


def _other_time(claim: Reading, passage: Reading) -> bool:
    """ "Before treatment" for "after treatment"."""
    theirs = set(_times(passage))
    return any(
        (noun, -side) in theirs and (noun, side) not in theirs for noun, side in _times(claim)
    )


def _times(reading: Reading) -> Iterator[tuple[str, int]]:
    for match in _TIME.finditer(reading.text):
        yield canonical(stem_of(match[3])), 1 if match[1] else -1


def _other_company(claim: Reading, passage: Reading) -> bool:
    """ "40% with the drug" for "40% without it"."""
    theirs = list(_accompanied(passage))
    for wanted, side in _accompanied(claim):
        held = {s for one, s in theirs if outcome(wanted, (one,)) == "carried"}
        if held and side not in held:
            return True
    return False


def _accompanied(reading: Reading) -> Iterator[tuple[Quantity, str]]:
    """Each figure right before a "with" or "without", in a text that has both."""
    if len({match[1].lower() for match in _WITH.finditer(reading.text)}) < 2:
        return
    for one in reading.quantities:
        found = _ACCOMPANIED.match(reading.text, one.end)
        if found and one.dimension in ("share", "count"):
            yield one, found[1].lower()


def _belies_itself(claim: Reading) -> bool:
    """ "20.4 per 1,000 at first, but higher, at 13.5 per 1,000, later"."""
    for place, figure in enumerate(claim.quantities):
        said = _COMPARED_AT.search(claim.text, 0, figure.start)
        earlier = [one for one in claim.quantities[:place] if one.dimension == figure.dimension]
        if said and earlier and earlier[-1].value != figure.value:
            return (figure.value > earlier[-1].value) != bool(said[1])
    return False
