"""Who a question may be about, and how it and a sentence name them: one list for all that ask."""

from __future__ import annotations

import re
from functools import cache

POPULATIONS = {
    # Not those whose parents are spoken of: "women with several children".
    "children": r"(?<!with several )(?<!having )\b(child\w*|kids?|toddlers?|infants?|bab(y|ies)|"
    r"neonat\w+|newborns?|p(a)?ediatric\w*|adolescen\w+|teenage\w*|juvenile|boys?|girls?|youngsters?)\b",
    "pregnancy": r"\b(pregnan\w+|gestation\w*|trimester|expecting mothers?)\b",
    "breastfeeding": r"\b(breast-?feed\w*|lactat\w+|nursing mothers?)\b",
    "older people": r"\b(elder\w*|old(er)? (age|adults?|people|patients?|persons?)|geriatric\w*|frail\w*|"
    r"aged (over|above) [67]\d|octogenarian\w*|pensioners?)\b",
    "kidney failure or dialysis": r"\b(ha?emodialy\w+|dialy[sz]\w*|(kidney|renal) (failure|disease|"
    r"insufficiency|impairment)|ckd|esrd|ura?emi\w+)\b",
    "transplant recipients": r"\btransplant\w*\b",
    "diabetes": r"\bdiabet\w+\b",
    "athletes": r"\b(athletes?|runners?|footballers?|sportsm[ae]n|sportswom[ae]n|sports?people)\b",
}


def people_in(text: str) -> tuple[str, ...]:
    """The populations that a text names, in the list's order."""
    return tuple(name for name, pattern in _compiled() if pattern.search(text))


@cache
def _compiled() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((n, re.compile(p, re.IGNORECASE)) for n, p in POPULATIONS.items())
