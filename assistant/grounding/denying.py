"""A text -> what is denied in it: each "not" with the words that it reaches, told by their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.grounding.wording import DIFFER

if TYPE_CHECKING:
    from assistant.grounding.reading import Reading, Word

_BREAK = re.compile(
    r"[,;:()—]|\s[-–]\s|\b(?:but|although|though|whereas|while|yet|however|because|since|than|when|if|"
    r"until|unless)\b",
    re.IGNORECASE,
)
DENIALS = re.compile(
    r"\b(?:not|no|none|nor|neither|never|without|cannot|nothing|nobody|fail(?:s|ed|ing|ure)?(?= to\b)|failed|"
    r"lack(?:s|ed|ing)?|unable|inability|unless|absen(?:t|ce)|absence of|free(?= of\b| from\b)|"
    r"\w+n['’]t)\b|-free\b",
    re.IGNORECASE,
)
# They deny what follows, too, though nobody would say so of the sentence.
MILD_DENIALS = re.compile(
    r"\b(?:eliminat(?:e|es|ed|ing)|abolish(?:es|ed|ing)?|escap(?:e|es|ed|ing)|avoid(?:s|ed|ing)?|"
    r"exclud(?:e|es|ed|ing)|exclusion of|rul(?:e|es|ed) out|miss(?:es|ed)?|wait(?:s|ed|ing)?|"
    r"deni(?:es|ed)|deficien(?:t in|cy of|cies of)|loss of|devoid of|refus(?:e|es|ed)|instead of|"
    r"rather than|other than|except)\b",
    re.IGNORECASE,
)
# "No more than 3" compares, "no longer" and "not only" deny nothing of what follows.
_NO_DENIAL = re.compile(
    r"\b(?:no (?:more|less|fewer|later|earlier) than (?=\W?\d)|no (?:more|better) than "
    r"(?=(?:fairly|moderate|modest|average|just)\w*\b)|not (?:more|less) than (?=\W?\d)|"
    r"(?:can ?not|never|not) exceed|from none to|to none|none in \d|not only|no doubt|whether or not)\b",
    re.IGNORECASE,
)
# What denies a subject denies its verb; what denies a verb ends before the next one.
_SUBJECT = re.compile(r"no|none|nothing|nobody|neither|nor|unless", re.IGNORECASE)
_FINITE = re.compile(r"\b(?:is|are|was|were|can|could|may|might|should|will)\b")
_OF = re.compile(r" of\b")
_DID = re.compile(r"\b(?:had|has|have|was|were|is|are|did|could|can|showed|developed|needed)\b")
_AND = re.compile(r"\b(?:and|or|but)\b|;")
# Behind "not", these are not yet what is denied.
_LIGHT = frozenset([
    "be", "been", "being", "have", "has", "had", "a", "an", "the", "any", "it", "its", "of", "to", "in",
    "for", "by", "with", "that", "this",
])  # fmt: skip


@dataclass(frozen=True, slots=True)
class Denial:
    """What a "not" denies: the canons behind it up to the next break, nearest first.

    `first` is the very next word, even one that names nothing ("not completed"); `places` are the offsets
    of the scope's words. `wide` has free words, too; `elliptic` is a "without" with nothing behind it,
    `of_number` a "not" right before a number, `joins` a "nor", which goes on with another denial.
    """

    start: int
    mild: bool
    scope: tuple[str, ...]
    first: str | None = None
    places: frozenset[int] = frozenset()
    wide: tuple[str, ...] = ()
    elliptic: bool = False
    of_number: bool = False
    joins: bool = False


def denials(reading: Reading) -> Iterator[Denial]:
    """Of its words, the mild ones last."""
    text = reading.text
    spared = [match.span() for match in _NO_DENIAL.finditer(text)]
    every = [match.start() for match in _BREAK.finditer(text)] + [len(text)]
    for pattern, mild in ((DENIALS, False), (MILD_DENIALS, True)):
        # "Deficiency of, or resistance to, FGF23."
        breaks = [place for place in every if not mild or text[place : place + 1] != ","]
        for match in pattern.finditer(text):
            if any(a <= match.start() < b for a, b in spared):
                continue
            stop = next(place for place in breaks if place >= match.end())
            if not _SUBJECT.fullmatch(match[0]):
                verb = _FINITE.search(text, match.end() + 4, stop)
                stop = verb.start() if verb else stop
            # "None of those who completed it had ...": what they had is denied.
            of_all = match[0].lower() == "none" and _OF.match(text, match.end())
            verb = _DID.search(text, match.end(), stop) if of_all else None
            begin = verb.end() if verb else match.end()
            following = [w for w in reading.words if begin <= w.start < stop]
            behind = [w for w in following if _counts(w)]
            if match[0].lower() == "without" and not text[: match.start()].strip():
                # "Without plasmin, the deposits stayed."
                far = next((place for place in breaks if place > stop), len(text))
                behind += [w for w in reading.words if stop < w.start < far and _counts(w)][:8]
            without = re.match(r"without", match[0], re.IGNORECASE) is not None
            elliptic = without and not behind
            said_of = re.search(r"\b(?:is|are|was|were) $", text[: match.start()])
            if match[0] == "-free" or (said_of and match[0].lower() in ("absent", "lacking")):
                behind = []
            failed = match[0].lower() == "failed" and not behind
            if elliptic or failed or re.match(r"lack|absen|-free", match[0], re.IGNORECASE):
                # "Is lacking"; "more with A than without"; "the treatment had failed".
                ands = _AND.finditer(text, 0, match.start()) if match[0][0] in "lLaA-" else ()
                last = max((found.end() for found in ands), default=0)
                before = [
                    w for w in reading.words if last <= w.start < match.start() and _counts(w)
                ]
                behind += before[::-1][:4]
            first = next(
                (w.canon for w in following if w.does != "quantity" and not _is_light(w)), None
            )
            # "Without" denies a thing, "not" what is done and to what.
            reach = 2 if without and match.start() else 12
            yield Denial(
                match.start(),
                mild,
                tuple(w.canon for w in behind[:reach]),
                first,
                frozenset()
                if elliptic
                else frozenset(w.start for w in (*behind[:reach], *following[:reach])),
                tuple(w.canon for w in following[:8] if not _is_light(w)),
                elliptic,
                match[0].lower() == "not"
                and any(one.start - match.end() == 1 for one in reading.quantities),
                match[0].lower() == "nor",
            )


def _is_light(word: Word) -> bool:
    return word.text.lower() in _LIGHT


def _counts(word: Word) -> bool:
    return word.does in ("content", "direction") or word.canon in DIFFER
