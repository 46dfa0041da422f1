"""Units: how they are written, what they measure and how much of it. Factors are exact by definition."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True, slots=True)
class Unit:
    """`value * factor + offset` is the value in the dimension's own unit (seconds, grams, percent ...)."""

    name: str
    dimension: str
    factor: float
    offset: float = 0.0


_DAY = 86400.0
_MASS = {"kg": 1e3, "g": 1.0, "mg": 1e-3, "µg": 1e-6, "ng": 1e-9}
_MASS_WORDS = {
    "kg": r"kg|kilograms?|kilogrammes?", "g": r"g|grams?|grammes?", "mg": r"mg|milligrams?|milligrammes?",
    "µg": r"[µμ]g|mcg|micrograms?|microgrammes?", "ng": r"ng|nanograms?",
}  # fmt: skip
_PER_VOLUME = {
    "L": (r"(?:/| per )(?:l|litres?|liters?)", 1.0),
    "dL": (r"(?:/| per )(?:dl|decilitres?|deciliters?)", 10.0),
    "mL": (r"(?:/| per )(?:ml|millilitres?|milliliters?)", 1000.0),
}  # fmt: skip


def _table() -> Iterator[tuple[str, Unit]]:
    """(how it is written, unit); longer spellings before those that they begin with."""
    for mass, words in _MASS_WORDS.items():
        for volume, (per, litres) in _PER_VOLUME.items():
            yield (
                rf"(?:{words}){per}",
                Unit(f"{mass}/{volume}", "concentration", _MASS[mass] * litres),
            )
        yield (
            rf"(?:{words})(?:/| per )(?:kg|kilograms?)",
            Unit(f"{mass}/kg", "per weight", _MASS[mass] / 1e3),
        )
        yield (
            rf"(?:{words})(?:/| per )(?:lb|pounds?)",
            Unit(f"{mass}/lb", "per weight", _MASS[mass] / 453.59237),
        )
    for name, factor, words in (
        ("mmol/L", 1e-3, "mmol|millimoles?"), ("µmol/L", 1e-6, "[µμ]mol|micromoles?"),
        ("nmol/L", 1e-9, "nmol|nanomoles?"),
    ):  # fmt: skip
        yield rf"(?:{words}){_PER_VOLUME['L'][0]}", Unit(name, "molarity", factor)
    for mass, words in _MASS_WORDS.items():
        yield words, Unit(mass, "mass", _MASS[mass])
    yield r"degrees? ?(?:C|celsius)|°\s?C", Unit("°C", "temperature", 1.0)
    yield r"degrees? ?(?:F|fahrenheit)|°\s?F", Unit("°F", "temperature", 5 / 9, -160 / 9)
    yield r"degrees?|°", Unit("degree", "angle", 1.0)
    for name, seconds in (("second", 1.0), ("minute", 60.0), ("hour", 3600.0)):
        yield rf"{name}s?", Unit(name, "time", seconds)
    yield r"days?", Unit("day", "time", _DAY)
    yield r"weeks?", Unit("week", "time", 7 * _DAY)
    yield r"months?(?:[- ]olds?)?", Unit("month", "time", 30.4375 * _DAY)
    yield r"years?(?:[- ]olds?)?", Unit("year", "time", 365.25 * _DAY)
    yield r"decades?", Unit("decade", "time", 3652.5 * _DAY)
    for name, metres, words in (
        ("mm", 1e-3, "mm|millimetres?|millimeters?"), ("cm", 1e-2, "cm|centimetres?|centimeters?"),
        ("km", 1e3, "km|kilometres?|kilometers?"), ("m", 1.0, "metres?|meters?"),
        ("inch", 0.0254, "inch(?:es)?"),
        ("foot", 0.3048, "feet|foot"), ("mile", 1609.344, "miles?"),
    ):  # fmt: skip
        yield words, Unit(name, "length", metres)
    yield r"ml|millilitres?|milliliters?", Unit("mL", "volume", 1e-3)
    yield r"litres?|liters?|l", Unit("L", "volume", 1.0)
    yield r"cGy|centigrays?", Unit("cGy", "radiation", 0.01)
    yield r"mGy", Unit("mGy", "radiation", 0.001)
    yield r"Gy|grays?", Unit("Gy", "radiation", 1.0)
    yield r"%|percent|per ?cent", Unit("%", "share", 1.0)
    for name, base in (
        ("million", 1e6),
        ("100,000", 1e5),
        ("10,000", 1e4),
        ("1,?000|thousand", 1e3),
        ("100|hundred", 1e2),
    ):
        yield (
            rf"(?:per|in|in every|for every) (?:a )?(?:{name})(?![\d,.])",
            Unit(f"per {base:g}", "share", 100 / base),
        )
    yield r"times", Unit("times", "times", 1.0)
    for sign, words in (("$", r"dollars?"), ("€", r"euros?"), ("£", r"pounds?")):
        yield words, Unit(sign, f"money {sign}", 1.0)


_UNITS = tuple((re.compile(words, re.IGNORECASE), words, unit) for words, unit in _table())
UNIT = "|".join(f"(?:{words})" for _, words, _ in _UNITS)
# "A day" after a number, "daily", "weekly": how often, not how long.
FREQUENCIES = re.compile(
    r"(?:\b(?P<adverb>hourly|daily|weekly|monthly|yearly|annual(?:ly)?)|"
    r"(?:\b(?:per|every|each|an?|once an?|times an?)[ ]|/)(?P<period>hour|day|week|month|year)s?)\b",
    re.IGNORECASE,
)
_ADVERBS = {"hourly": "hour", "daily": "day", "weekly": "week", "monthly": "month"}
# Months and years that are counted off rather than measured.
_ROUND = {
    ("month", "week"): (4.0, 52 / 12), ("month", "day"): (30.0, 28.0, 31.0), ("year", "week"): (52.0,),
    ("year", "day"): (365.0, 360.0), ("year", "month"): (12.0,), ("decade", "year"): (10.0,),
}  # fmt: skip


@cache
def unit_named(words: str) -> Unit:
    """The unit so written. Raises ValueError for none."""
    for pattern, _, unit in _UNITS:
        if pattern.fullmatch(words.strip()):
            return unit
    raise ValueError(f"no unit is written {words!r}")


@cache
def conversions(one: Unit, other: Unit) -> tuple[float, ...]:
    """What a value in `one` may be multiplied with to stand in `other`; several for months and years."""
    exact = (one.factor / other.factor,)
    there, back = _ROUND.get((one.name, other.name), ()), _ROUND.get((other.name, one.name), ())
    return exact + there + tuple(1 / rate for rate in back)


def frequencies(text: str, taken: Sequence[tuple[int, int]] = ()) -> frozenset[str]:
    """How often something is done: "day" for "daily", "a day", "every day"; none inside `taken` spans."""
    found = set()
    for match in FREQUENCIES.finditer(text):
        place = match.start("period") if match["period"] else match.start("adverb")
        if any(start <= place < end for start, end in taken):
            continue
        if match["period"]:
            found.add(match["period"].lower())
        else:
            found.add(_ADVERBS.get(match["adverb"].lower(), "year"))
    return frozenset(found)
