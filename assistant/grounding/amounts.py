"""Is a quantity of a sentence among those of a passage?

Units of one dimension are converted; what has no unit is compared as a bare number. Exact by design: a
number is carried as it is, or as what it converts or, said to be about it, rounds to.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from assistant.grounding.quantities import Quantity
from assistant.grounding.units import Unit, conversions

Outcome = Literal["carried", "number", "unit", "comparison"]

# Half a year is six months to the day; a third may be 33 % or 32 %.
FRACTION_TOLERANCE = 0.015
# How far a converted or rounded number may lie from what it stands for.
CLOSE, HEDGED = 0.03, 0.06
# How far what is "more than" a round number may lie beyond it, as a share of it.
ROUNDS, ROUNDS_FRACTION = 0.1, 0.25


def outcome(wanted: Quantity, held: Sequence[Quantity]) -> Outcome:
    """Whether a passage's quantities carry one of a sentence, and if not, what is wrong with it."""
    same_number = False
    wrong_side = False
    if wanted.pair:
        a, b = wanted.pair
        values = {(one.value, one.dimension) for one in held} | {
            (part, "count") for one in held if one.pair for part in one.pair
        }
        if (a, "count") in values and (b, "count") in values:
            return "carried"
        if b and (b, "count") in values and any(_is_share(one, 100 * a / b) for one in held):
            return "carried"
        if not wanted.unit:
            return "number"
    for one in held:
        if _carries(wanted, one):
            if _same_side(wanted, one):
                return "carried"
            wrong_side = True
        elif _exceeds(wanted, one):
            return "carried"
        same_number |= wanted.value in (one.value, *(one.pair or ()))
    if wrong_side:
        return "comparison"
    return "unit" if same_number else "number"


def _is_share(held: Quantity, percent: float) -> bool:
    """ "75%" of 40 for 30 of 40, as it is rounded."""
    if held.unit is None or held.dimension != "share" or held.comparison:
        return False
    return abs(held.value * held.unit.factor - percent) <= 0.5 * 10.0**-held.decimals + 1e-9


def _carries(wanted: Quantity, held: Quantity) -> bool:
    for unit in (wanted.unit, *wanted.others):
        for other in (held.unit, *held.others):
            if _equal(wanted, unit, held, other):
                return True
    if held.pair and held.pair[1]:
        share = held.pair[0] / held.pair[1] * 100
        if wanted.dimension == "share":
            return _near(wanted, wanted.value * (wanted.unit.factor if wanted.unit else 1), share)
        return wanted.unit is None and wanted.pair is None and wanted.value in held.pair
    return False


def _exceeds(wanted: Quantity, held: Quantity) -> bool:
    """ "More than ten months" of 10.3, "under half" of 46.3 %: a round number that is near and passed."""
    if not wanted.comparison or held.comparison or wanted.dimension != held.dimension:
        return False
    if held.decimals <= wanted.decimals and wanted.value % 5 and not wanted.fraction:
        return False
    own, other = wanted.unit, held.unit
    value = held.value * (other.factor if other else 1.0) / (own.factor if own else 1.0)
    gap = (value - wanted.value) * wanted.comparison
    # A fraction is a fraction, whatever it is compared with.
    return 0 < gap <= (ROUNDS_FRACTION if wanted.fraction else ROUNDS) * abs(wanted.value)


def _equal(wanted: Quantity, unit: Unit | None, held: Quantity, other: Unit | None) -> bool:
    if unit is None or other is None:
        dimensions = {unit.dimension if unit else None, other.dimension if other else None}
        if dimensions == {None}:
            return wanted.value == held.value or (
                wanted.hedged and _near(wanted, wanted.value, held.value)
            )
        # "Almost fourfold" of an odds ratio of 3.84.
        if dimensions == {None, "times"}:
            return wanted.value == held.value or _near(wanted, wanted.value, held.value)
        return False
    if unit.dimension != other.dimension:
        return False
    if wanted.fraction or held.fraction:
        if unit.dimension == "share":
            return abs(
                wanted.value * unit.factor - held.value * other.factor
            ) <= FRACTION_TOLERANCE * (300 if wanted.hedged else 100)
        return any(
            _near(wanted, wanted.value, held.value * rate) for rate in conversions(other, unit)
        )
    if unit.name == other.name and unit.offset == other.offset:
        return wanted.value == held.value or (
            wanted.hedged and _near(wanted, wanted.value, held.value)
        )
    if unit.offset or other.offset:
        converted = (held.value * other.factor + other.offset - unit.offset) / unit.factor
        return _near(wanted, wanted.value, converted)
    return any(_near(wanted, wanted.value, held.value * rate) for rate in conversions(other, unit))


def _near(wanted: Quantity, value: float, stands_for: float) -> bool:
    """Equal when rounded as the sentence rounds, and not far off however it rounds."""
    if abs(value - stands_for) <= 1e-6 * max(1.0, abs(value)):
        return True
    rounded = abs(value - stands_for) <= 0.5 * 10.0**-wanted.decimals + 1e-9
    far = abs(value - stands_for) / max(abs(stands_for), 1e-12)
    return far <= (HEDGED if wanted.hedged else CLOSE) and (rounded or wanted.hedged)


def _same_side(wanted: Quantity, held: Quantity) -> bool:
    """Not "more than" for "at most"; a plain number carries "under half" when it is."""
    if wanted.comparison * held.comparison < 0:
        return False
    # "Just over seven years" of 85.7 months says that it rounds; "up to 32 g" of 10 to 32 g is its end.
    at_end = held.edge * wanted.comparison < 0
    return not wanted.comparison or held.comparison != 0 or wanted.hedged or at_end
