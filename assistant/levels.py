"""The levels of evidence that a question keeps to: "only guidelines", "from randomized trials".

A question about such works ("are there guidelines on ...", "reported only in case reports") keeps to none.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from assistant.evidence import LEVELS

# How a question names the works of a level. The plural, or a noun behind it, tells the kind from
# one work: "the only randomized trial of ...".
_BEHIND = r" (?:evidence|data|recommendations)\b"
KINDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        r"(?:(?:clinical|practice|medical|current|official|international|national) )*"
        rf"guideline(?:s\b|{_BEHIND})",
        ("guideline",),
    ),
    (
        rf"(?:(?:systematic|cochrane) reviews?(?:(?<=s)\b|{_BEHIND})|meta-?analyses\b)",
        ("systematic review",),
    ),
    (
        r"(?:(?:double-blind(?:ed)?|placebo-controlled|controlled|clinical|randomi[sz]ed) )*"
        rf"(?:trial|rct)(?:s\b|{_BEHIND})",
        ("randomized trial",),
    ),
    (
        r"(?:cohort|observational) studies\b|registries\b|registry (?:data|studies)\b",
        ("cohort or registry",),
    ),
    (r"case (?:reports|series|studies)\b", ("case series or report",)),
    (r"narrative reviews\b", ("narrative review",)),
    (r"reviews\b", ("systematic review", "narrative review")),
    (
        r"(?:animal|laboratory|lab|mouse|in vitro) (?:studies|research|experiments|data)\b",
        ("laboratory or animal",),
    ),
    (r"web ?(?:pages|sites)\b", ("web page",)),
    (
        r"(?:the )?(?:high(?:er)?[- ](?:quality|level)|best|level (?:1|i|one)) evidence\b",
        ("guideline", "systematic review", "randomized trial"),
    ),
)
_KIND = "(?:" + "|".join(pattern for pattern, _ in KINDS) + ")"
_LIST = rf"{_KIND}(?:(?:,? and |,? or |, | ?/ ?| & ){_KIND})*"
_ASK = r"(?:(?:please )?(?:use|show|quote|cite|give|search|consider|include)(?: me)? |\b(?:i|we) )?"
# Behind these words a kind does something: it is spoken of.
_ACTS = (
    r"(?! (?:are|is|were|was|have|has|had|do|does|did|can|could|may|exist|show|support|recommend|say|report|"
    r"describe|find|found|suggest)\b)"
)
# Before these a kind is what the question is about, or what the evidence is like.
_SPOKEN_OF = re.compile(
    r"\b(?:the|an?|there|are|is|were|was|been|by|in|known|found|reported|described|supported|limited|"
    r"ha(?:s|ve))\s+$|^\W*(?:is|are|was|were|do|does|has|have)\b.*\b(?:evidence|data|literature|based|"
    r"recommend\w+|supported|reported|described|published|known)\W+(?:\w+ )?$",
    re.IGNORECASE,
)
_FAR_FROM = re.compile(
    r"\b(?:only|just|apart|aside|exclud\w+|deviat\w+|depart\w*|missing|absent|remov\w+|withdr\w+|"
    r"dropped out|far|comes?|deriv\w+|stems?)\s+$|\b(?:differ\w*|compar\w+|versus|vs|than)\b",
    re.IGNORECASE,
)
_NEVER = re.compile(r"(?!)")
# (what keeps to the kinds named, what must not stand before it in its sentence)
KEEP = (
    (
        rf"{_ASK}\b(?:only|just|solely|exclusively) (?:(?:use|show|quote|cite|search|consider|include|"
        rf"want|need|from|on|the) )*{_LIST}{_ACTS}",
        _SPOKEN_OF,
    ),
    (
        rf"(?:\b(?:from|in|with|by|on) )?(?:the )?\b{_LIST},? only\b"
        r"(?=\W*$|\s*[,.;:?!)]| (?:please|since|published|from|after|before)\b)",
        _SPOKEN_OF,
    ),
    (
        rf"\b(?:from|according to) (?:(?:the|published|large|good|available|recent) )*{_LIST}",
        _FAR_FROM,
    ),
    (rf"(?:^|(?<=[,;:.?!] ))(?:based|relying) on {_LIST}", _NEVER),
    (
        r"\b(?:limit|restrict|narrow|filter)(?: (?:it|this|that|yourself|(?:the |your )?(?:answers?|"
        rf"results?|sources?|search)))?(?: down)? (?:to|by) (?:only )?{_LIST}",
        _NEVER,
    ),
)
LEAVE_OUT = (
    rf"\b(?:excluding|exclude|ignore|ignoring|leave out|leaving out) {_LIST}",
    rf"(?:^|(?<=[,;.?!(] )|(?<=[,;.?!(])|\b(?:but|and|please) )(?:not from|not|no) {_LIST}"
    r"(?=(?:,? please)?\W*$|\s*[,.;:?!)])",
)
HUMANS = (
    rf"{_ASK}\b(?:only|just)(?: in| from)? (?:human studies|studies in humans)\b|"
    r"(?:\bfrom )?\b(?:human studies|studies in humans) only\b"
)


class Kept(NamedTuple):
    """The levels that a question keeps to, empty for any, and the question without the words for it."""

    levels: frozenset[str]
    rest: str


def levels_kept(question: str) -> Kept:
    """Which levels a question keeps to; what is left out leaves all the others."""
    kept: set[str] = set()
    left_out: set[str] = set()
    rest = question
    for form in LEAVE_OUT:
        for match in list(re.finditer(form, rest, re.IGNORECASE)):
            left_out |= _levels(match[0])
            rest = rest.replace(match[0], " ", 1)
    for form, not_before in KEEP:
        for match in list(re.finditer(form, rest, re.IGNORECASE)):
            if not not_before.search(_sentence_before(rest, match.start())):
                kept |= _levels(match[0])
                rest = rest.replace(match[0], " ", 1)
    if humans := re.search(HUMANS, rest, re.IGNORECASE):
        left_out.add("laboratory or animal")
        rest = rest.replace(humans[0], " ", 1)
    if left_out:
        kept = (kept or set(LEVELS)) - left_out
    return Kept(frozenset(kept), rest)


def _sentence_before(text: str, end: int) -> str:
    return re.split(r"[.?!;:] ", text[:end])[-1]


def _levels(words: str) -> set[str]:
    """The levels that a list of kinds names; a kind inside a longer one counts once."""
    found: set[str] = set()
    for pattern, levels in KINDS:
        words, count = re.subn(pattern, " ", words, flags=re.IGNORECASE)
        found.update(levels if count else ())
    return found
