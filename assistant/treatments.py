"""Treatments that a question does without ("without surgery", "other than NSAIDs"), and what is about them.

A question that names the treatment elsewhere compares it, and does without nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache
from typing import NamedTuple

from assistant.topics import topic_words

# How a question names what it does without, and how a sentence speaks of it.
TREATMENTS = {
    "surgery": (
        r"surgery|surgical (?:treatment|procedures?)|(?:an )?operations?|operating|hip replacements?",
        r"(?<!non)(?<!non-)(?<!non )(?<!without )\b(?:surg\w+|operat\w+|arthroplast\w+|replac\w+|resect\w+|"
        r"excis\w+|osteotom\w+|arthroscop\w+|decompress\w+|drill\w*|debrid\w+)\b",
    ),
    "medicines": (
        r"(?:drugs?|medicines?|medications?|tablets|pills|painkillers)(?: treatment)?",
        r"\b(?:drugs?|medic(?:ines?|ations?)|tablets?|NSAIDs?|anti-inflammator\w+|\w+dronates?|"
        r"bisphosphonates?|indomet\w+|naproxen|ibuprofen|celecoxib|colchicine|warfarin|statins?|"
        r"cortico\w+|steroids?|paracetamol|analges\w+|prednisol?one)\b",
    ),
    "NSAIDs": (
        r"nsaids?|(?:non-?steroidal )?anti-?inflammator(?:y|ies)(?: (?:drugs|tablets|medicines))?",
        r"\b(?:NSAIDs?|anti-inflammator\w+|indomet\w+|naproxen|ibuprofen|celecoxib|diclofenac|"
        r"cox-2 inhibitors?)\b",
    ),
    "corticosteroids": (
        r"(?:cortico)?steroids?(?: injections?)?|cortisone",
        r"\b(?:cortico)?steroids?\b|\bglucocorticoids?\b|\bcortisone\b|\bpredniso\w+",
    ),
    "injections": (r"injections?|jabs?|needles", r"\binject\w+|\bneedling\b|\binfiltrat\w+"),
    "radiotherapy": (
        r"radiotherapy|radiation(?: therapy)?|irradiation",
        r"\b(?:radioth|irradi|radiation)\w*",
    ),
    "bisphosphonates": (r"bisphosphonates?", r"\bbisphosphonates?\b|\b\w+dronate\b"),
}
# What else a sentence may speak of: then it is not only about what is done without.
OTHERWISE = (
    r"\b(?:non-?\s?(?:surgical|operative)\w*|conservativ\w+|without (?:an? )?(?:surg|operat)\w*|"
    r"physio\w*|physical therapy|exercis\w+|education|shock[ -]?wave\w*|lavage|barbotage|hyperbaric|"
    r"crutch\w*|weight[- ]bearing|observ\w+|resolv\w+|resor\w+|self-limit\w+)\b"
)
_ONE = "|".join(f"(?:{asked})" for asked, _ in TREATMENTS.values())
_THING = rf"(?:{_ONE})(?:(?:,? and |,? or |, )(?:{_ONE}))*"
# Searched with the treatment's name in it: the corpus says "without surgery", too.
KEPT = (
    r"\b(?:without(?: (?:any|an?|more|further|having|needing|taking|using|undergoing|resorting to|"
    rf"the need for))*|avoid(?:ing)?|instead of) {_THING}\b",
    rf"(?:^|[,;.?!(]\s*|\b(?:but|with|and|please) )no {_THING}(?=(?:,? please)?\W*$|\s*[,.;?!)])",
)
NON = {
    "surgery": r"\bnon-?\s?(?:surgical|operative)(?:ly)?\b|\bconservative(?:ly)?\b",
    "medicines": r"\b(?:non-?\s?(?:pharmacological|drug)|drug-free|medication-free)\b",
}
# Taken out of what is searched: only the others are asked for.
TAKEN_OUT = (
    r",? ?\b(?:other than|besides|apart from|aside from|except(?: for)?|but not|not counting) "
    rf"{_THING}\b"
)


class Without(NamedTuple):
    """What a question does without, and the question without the words that say only this."""

    treatments: tuple[str, ...]
    rest: str


def done_without(question: str) -> Without:
    """The treatments that the question does without; none that it names a second time."""
    found: list[str] = []
    rest = question
    for match in _regex(TAKEN_OUT).finditer(question):
        found += _names(match[0])
        rest = rest.replace(match[0], " ", 1)
    remaining = rest
    for pattern in KEPT:
        for match in _regex(pattern).finditer(rest):
            found += _names(match[0])
            remaining = remaining.replace(match[0], " ", 1)
    for name, pattern in NON.items():
        if _regex(pattern).search(remaining):
            found.append(name)
            remaining = _regex(pattern).sub(" ", remaining)
    alone = [name for name in dict.fromkeys(found) if not _speaks_of(name, remaining)]
    searchable = set(alone) >= set(found) and topic_words(rest)
    return Without(tuple(alone), rest if searchable else question)


def only_about(text: str, treatments: Collection[str]) -> bool:
    """True when a sentence speaks of one of these treatments and of no other way."""
    about = [name for name in treatments if _speaks_of(name, text)]
    if not about or _regex(OTHERWISE).search(text):
        return False
    for name in about:
        text = _regex(TREATMENTS[name][1]).sub(" ", text)
    return not any(_speaks_of(name, text) for name in TREATMENTS if name not in treatments)


def _speaks_of(name: str, text: str) -> bool:
    return _regex(TREATMENTS[name][1]).search(text) is not None


def _names(phrase: str) -> list[str]:
    """The treatments that a phrase such as "other than NSAIDs and surgery" lists."""
    found = []
    for name, (asked, _) in reversed(TREATMENTS.items()):  # the drugs of a kind before all drugs
        phrase, count = _regex(rf"(?<!-)\b(?:{asked})\b").subn(" ", phrase)
        found += [name] if count else []
    return found[::-1]


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
