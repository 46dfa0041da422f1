"""The quantities of a text.

A quantity is a number as written or in words, with its unit, its comparison ("more than") and where it
stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from assistant.grounding.numerals import DOZENS, FOLD, FRACTIONS, NUMERAL, decimals_of, value_of
from assistant.grounding.units import UNIT, Unit, unit_named

_ABOUT = (
    r"(?:about|around|roughly|approximately|approx\.?|nearly|almost|some|circa|just (?:over|under)|"
    r"slightly (?:over|under)|close to|or so|~|≈)"
)
_MORE = (
    r"(?:more than|over|above|greater than|higher than|larger than|longer than|older than|"
    r"exceed(?:s|ed|ing)?|at least|no less than|not less than|"
    r"minim(?:um|al)(?! (?:clinically )?important)"
    r" [\w ]{0,60}?(?:at|of|is|was)|minimum|from|>=?|≥|beyond|upwards of)"
)
_LESS = (
    r"(?:maximum [\w -]{0,40}?(?:is|was|be|of)|(?<!not )(?<!no )(?:less|fewer) than|under|below|lower than|"
    r"smaller than|shorter than|younger than|at most|up to|"
    r"no more than|not more than|(?:can ?not|not|never) exceed|should not exceed|maximum(?: of)?|"
    r"at or below|<=?|≤)"
)
_OF = r"(?: [a-z-]+){0,3} of"
# Words that may stand between a comparison and its number.
_GAP = (
    r"(?:\s|the|an?|age|ages|aged|of|about|around|roughly|approximately|ages? of|only|\(|mean|median|"
    r"total)*"
)
_BEFORE_MORE = re.compile(rf"(?<![\w-]){_MORE}(?:{_OF})?{_GAP}$", re.IGNORECASE)
_BEFORE_LESS = re.compile(rf"(?<![\w-]){_LESS}(?:{_OF})?{_GAP}$", re.IGNORECASE)
_AFTER_MORE = re.compile(
    r"^\W{0,2}(?:[\w-]+ )?(?:or|and) (?:more|older|over|above|higher|longer|later|greater|upwards?)\b|"
    r"^ (?:[\w-]+ )?at (?:least|minimum)\b",
    re.IGNORECASE,
)
_AFTER_LESS = re.compile(
    r"^\W{0,2}(?:[\w-]+ )?(?:or|and) (?:less|fewer|younger|under|below|lower|shorter|earlier)\b|"
    r"^ (?:[\w-]+ )?at (?:the )?most\b",
    re.IGNORECASE,
)
_HEDGE_BEFORE = re.compile(rf"{_ABOUT}(?: the)?\W*$", re.IGNORECASE)
_HEDGE_AFTER = re.compile(r"^ (?:[\w-]+ )?(?:or so|approximately)\b", re.IGNORECASE)
_AGE = re.compile(
    r"(?:\bage[ds]?(?: of)?|\bolder than|\byounger than|\b(?:wom[ae]n|m[ae]n|girls?|boys?|patients?|"
    r"people|adults|children|persons?)(?: (?:of|aged|over|under|above|below))?)"
    r"(?: (?:over|under|above|below|the age of|at least|about|age))*\W*$",
    re.IGNORECASE,
)
_RATIO = (
    r"\b(?:OR|RR|HR|SMD|MD|odds ratios?|(?:risk|hazard|rate) ratios?|relative risk)\b[^\d]{0,20}$"
)
_LINK = r"\s*(?:to|or|and|-|–|—|−|versus|vs\.?|against|than)\s*"
_RANGE = re.compile(r"\s*(?:to|-|–|—|−)\s*")
_SHARED_UNIT = re.compile(
    r"^(?:\s*(?:to|or|and|-|–|—|−|versus|vs\.?|against|compared with|from|in|with|for|by|of|,|;|"
    r"[a-z]+)\s*){0,6}$",
    re.IGNORECASE,
)


_WHOLE = re.compile(r"\b(?:Of|Among|In|Out of)(?: the| a total of)? $")
_OF_WHOLE = re.compile(r" [^\d,.;:()]{3,90}, (?:only |just |about )?")


@dataclass(frozen=True, slots=True)
class Quantity:
    """`value` in `unit`; `others` are further readings of the same words.

    `comparison` is 1 for "more than", -1 for "at most", else 0; `edge` is
    -1 for the lower and 1 for the upper end of a range. `pair` holds (22, 48) for "22 of 48".
    """

    start: int
    end: int
    value: float
    decimals: int
    unit: Unit | None
    comparison: int = 0
    hedged: bool = False
    fraction: bool = False
    ratio: bool = False
    pair: tuple[float, float] | None = None
    others: tuple[Unit | None, ...] = ()
    edge: int = 0

    @property
    def dimension(self) -> str:
        return self.unit.dimension if self.unit else "count"


@lru_cache(maxsize=4000)
def quantities(text: str) -> tuple[Quantity, ...]:
    """Those of a text, in order; numbers inside names ("CD73") are none."""
    found = _with_shared_units(text, _with_edges(text, _with_wholes(text, list(_found(text)))))
    return tuple(_with_context(text, one) for one in found)


def _found(text: str) -> Iterator[Quantity]:
    place = 0
    while match := _NEXT.search(text, place):
        place = match.end()
        yield from _read(text, match)


def _read(text: str, match: re.Match[str]) -> Iterator[Quantity]:
    start, end = match.span()
    if match["fold"]:
        yield Quantity(start, end, value_of(match["fold"]), 0, unit_named("times"))
    elif match["twice"]:
        yield Quantity(start, end, 2.0, 0, unit_named("times"), hedged=True)
    elif match["dozen"]:
        yield Quantity(start, end, DOZENS[match["dozen"].lower()], 0, None)
    elif match["fraction"]:
        value = FRACTIONS[match["fraction"].lower().replace("-", " ").removeprefix("one ")]
        if match["fraction_unit"]:
            unit = unit_named(match["fraction_unit"])
            yield Quantity(start, end, value, 2, unit, fraction=True)
        else:
            yield Quantity(start, end, value * 100, 0, unit_named("%"), fraction=True)
    elif match["single"]:
        yield Quantity(start, end, 1.0, 0, unit_named(match["single"]))
    elif match["ordinal"]:
        yield Quantity(start, end, float(match["ordinal"]), 0, unit_named(match["ordinal_unit"]))
    elif match["of"]:
        yield from _pair(match)
    else:
        number, named = match["number"], match["unit"]
        value = 1.0 if number.lower() in ("a", "an") else value_of(number)
        of = unit_named(named) if named else None
        if match["and_half"]:
            yield Quantity(start, end, value + 0.5, 1, of)
        else:
            yield Quantity(start, end, value, decimals_of(number), of)


# "Three out of five cases" are 60 %, not three cases.
_IDIOMS = (3, 4, 5, 10)


def _pair(match: re.Match[str]) -> Iterator[Quantity]:
    """ "22 of 48", and rates: "3 in 100", "2.58 per 100,000", "1 in 20"."""
    start, end = match.span()
    first, second = value_of(match["part"]), value_of(match["whole"])
    link = match["of"].lower()
    round_base = second >= 100 and 10 ** round(_log10(second)) == second
    idiom = "out of" in link and second in _IDIOMS
    if round_base or idiom or "every" in link or link.split()[-1] in ("in", "per"):
        unit = replace(unit_named("%"), name=f"per {second:g}", factor=100.0 / second)
        both = (first, second) if link.strip() in ("of", "out of") and not idiom else None
        yield Quantity(start, end, first, decimals_of(match["part"]), unit, pair=both)
    elif first <= second:
        yield Quantity(start, end, first, decimals_of(match["part"]), None, pair=(first, second))
    else:
        yield Quantity(*match.span("part"), first, decimals_of(match["part"]), None)
        yield Quantity(*match.span("whole"), second, decimals_of(match["whole"]), None)


def _log10(value: float) -> float:
    from math import log10

    return log10(value) if value > 0 else 0.0


def _with_wholes(text: str, found: list[Quantity]) -> list[Quantity]:
    """ "Of 34 joints, 23 hurt": 23 of 34."""
    for place, (one, after) in enumerate(pairwise(found), start=1):
        plain = not (one.unit or one.pair or after.unit or after.pair or after.ratio)
        if (
            plain
            and after.value <= one.value
            and _WHOLE.search(text, 0, one.start)
            and _OF_WHOLE.fullmatch(text, one.end, after.start)
        ):
            found[place] = replace(after, pair=(after.value, one.value))
    return found


def _with_edges(text: str, found: list[Quantity]) -> list[Quantity]:
    """ "10 to 32 g": the ends of a range."""
    for place, (one, after) in enumerate(pairwise(found)):
        if one.value < after.value and _RANGE.fullmatch(text[one.end : after.start]):
            found[place] = replace(found[place], edge=-1)
            found[place + 1] = replace(after, edge=1)
    return found


def _with_shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """ "4 to 17 years" and "48.1 versus 32.5 years": the unit is that of both."""
    for place in range(len(found) - 2, -1, -1):
        one, after = found[place], found[place + 1]
        if one.fraction and after.fraction and after.unit and after.unit.dimension == "time":
            if re.fullmatch(_LINK, text[one.end : after.start]):  # "a quarter to half a year"
                found[place] = replace(one, value=one.value / 100, unit=after.unit)
            continue
        if one.unit or one.pair or not (after.unit or after.others):
            continue
        between = text[one.end : after.start]
        unit = after.unit or after.others[0]
        if after.unit and re.fullmatch(_LINK, between, re.IGNORECASE):
            found[place] = replace(one, unit=after.unit)
        elif unit and _SHARED_UNIT.match(between) and len(between) < 60:
            found[place] = replace(one, others=(unit,))
    for place in range(1, len(found)):
        one = found[place]
        timed = [other for other in found[max(0, place - 2) : place] if other.dimension == "time"]
        # "At three months but no longer at six."
        alone = re.match(r"\W*(?:$|[.,;)])", text[one.end :])
        if alone and timed and not (one.unit or one.pair):
            found[place] = replace(one, others=(*one.others, timed[-1].unit))
    return found


def _with_context(text: str, one: Quantity) -> Quantity:
    before, after = text[max(0, one.start - 90) : one.start], text[one.end : one.end + 25]
    # "More than 30% to 50%" compares with both.
    before = re.sub(rf"{NUMERAL}\s*%?\s*(?:to|-|–|or)\s*$", "", before, flags=re.IGNORECASE)
    comparison = 0
    if re.search(r"\bthan the $", before):
        pass  # "fewer than the 45.6% in Hong Kong": the figure itself
    elif _BEFORE_LESS.search(before) or _AFTER_LESS.search(after):
        comparison = -1
    elif _BEFORE_MORE.search(before) or _AFTER_MORE.search(after):
        # "Over 26 months" lasts as long.
        lasts = one.dimension == "time" and re.search(
            rf"(?<!\bpeople )(?<!\bchildren )(?<!\badults )(?<!\bwomen )(?<!\bmen )(?<!\baged )(?<!\bage )"
            rf"(?<!\bpatients )\bover\b{_GAP}$",
            before,
            re.IGNORECASE,
        )
        comparison = 0 if lasts or re.search(r"\bfrom\W*$", before, re.IGNORECASE) else 1
    hedged = one.hedged or bool(_HEDGE_BEFORE.search(before) or _HEDGE_AFTER.search(after))
    others = one.others
    if one.unit is None and one.value <= 120 and _AGE.search(before):
        others = (*others, unit_named("year"))
    ratio = bool(re.search(_RATIO, before))
    unit = one.unit
    if unit and unit.dimension == "time" and re.search(r"\bevery\W*$", before, re.IGNORECASE):
        unit = replace(unit, dimension="interval")  # "every 3 months" is no length
    return replace(one, unit=unit, comparison=comparison, hedged=hedged, others=others, ratio=ratio)


# "A year" is a length behind a preposition, and how often elsewhere.
_PREPOSITIONS = ("within", "after", "for", "over", "of", "than", "to", "in", "about", "by", "until")
# "5 consecutive days", "8.9 (SD 5.6) mg/L".
_COUNTED = (
    r"(?:\s\((?:SD|SE|range|IQR|±)[^()]{1,20}\)|\s(?:consecutive|successive|whole|full|further|"
    r"more|additional|separate)(?=\s))"
)
# "The 108-patient series" counts, "25-hydroxyvitamin" does not.
_NOUN = (
    "(?:patient|person|people|hip|case|point|joint|study|trial|cent(?:re|er)|arm|item|part|member)"
)
_LASTING = "(?:" + "|".join(rf"(?<=\b{w} )" for w in _PREPOSITIONS) + ")"
_SEVERAL = "two|three|four|five|six|seven|eight|nine"
_NEXT = re.compile(
    rf"(?P<fold>{FOLD})[- ]?fold\b|"
    r"(?P<twice>\b(?:twice|double[ds]?|doubling)\b)|"
    rf"(?P<dozen>\b(?:half a |a |two )?dozen\b)|"
    rf"(?P<fraction>\b(?:(?:an?|one|{_SEVERAL})[ -])?"
    r"(?:half|thirds?|quarters?|fifths?|tenths?|sixths|sevenths|eighths|ninths)\b)"
    rf"(?:(?: of)?(?: an?)?[ -](?P<fraction_unit>year|month|week|day|hour|minute)s?\b)?|"
    rf"(?<!every )(?<!each )(?<!any )(?P<part>{NUMERAL})(?P<of>(?: (?:[a-z-]+ )?out of| of|"
    rf"(?: (?:person|patient|adult|child|woman|man|hip|case)s?)? in|(?: [a-z-]+){{0,8}}? per|"
    rf" for)(?: every| each| the| a)? )"
    rf"(?P<whole>{NUMERAL})(?![\d.,]*\s?(?:{UNIT})(?!\w))(?!-)|"
    r"\b(?:first|next|same|following|previous|every single) (?P<single>year|month|week|day|hour)\b|"
    rf"\b(?P<ordinal_unit>day|week|month|year) (?P<ordinal>\d{{1,3}})(?![\d.,%]|\s?{UNIT}\b)|"
    rf"(?P<number>{NUMERAL}(?P<and_half> and a half\b)?|{_LASTING}an?(?= (?:year|month|week|day|hour)\b)|"
    r"\ban?(?= (?:year|month|week|day|hour) (?:after|later|before|earlier|ago|on)\b))"
    rf"(?:{_COUNTED}?(?:\s|-)?(?P<unit>{UNIT})(?!\w)(?!/(?!(?:d|day|wk|week|h|hour|month|year)\b))|"
    rf"(?!-(?!{_NOUN})[^\W\d_]))",
    re.IGNORECASE,
)
