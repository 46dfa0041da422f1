"""Labels of the rows of a staging table: made from a sentence's own words, recognized when shown."""

from __future__ import annotations

import re

_STAGE = r"(?:0|[IVX]+|[1-6]|[A-D])[ABC]?"
_STAGES = rf"{_STAGE}(?:(?:, | and | or |-| to ){_STAGE})*"
NAMED = re.compile(rf"\b(?P<kind>(?i:stage|grade|class|type))(?:e?s)? (?P<stages>{_STAGES})\b")
LABEL = re.compile(
    rf"^(?:Stage|Grade|Class|Type)(?:e?s)? {_STAGE}(?:(?:, | and ){_STAGE})*:$|^[A-Z][a-z-]+ phase:$"
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8}


def label_of(text: str) -> str:
    """ "Classes II and III:" for a sentence on Brooker class II and class III."""
    first = NAMED.search(text)
    if first is None:
        raise ValueError(f"the sentence names no stage: {text!r}")
    kind = first["kind"].capitalize()
    stages = list(dict.fromkeys(stage for found in _same_kind(text) for stage in found))
    if len(stages) == 1:
        return f"{kind} {stages[0]}:"
    plural = f"{kind}es" if kind == "Class" else f"{kind}s"
    return f"{plural} {', '.join(stages[:-1])} and {stages[-1]}:"


def stages_in(text: str) -> tuple[int, ...]:
    """The places of the stages that a sentence names, 0 for stage 0 and 1 for stages I, 1 and A."""
    return tuple(_place(stage) for found in _same_kind(text) for stage in found)


def is_label(lead: str | None) -> bool:
    """True for a lead that names the stage of a row."""
    return lead is not None and LABEL.match(lead) is not None


def _same_kind(text: str) -> list[list[str]]:
    found = list(NAMED.finditer(text))
    kind = found[0]["kind"].lower() if found else ""
    return [
        re.findall(_STAGE + r"\b", match["stages"])
        for match in found
        if match["kind"].lower() == kind
    ]


def _place(stage: str) -> int:
    bare = stage.rstrip("ABC") or stage
    if bare.isdigit():
        return int(bare)
    return _ROMAN.get(bare, ord(bare[0]) - ord("A") + 1)
