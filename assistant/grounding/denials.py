"""Is something denied in a sentence that its passage does not deny, or the other way round?

In go two readings. A denial is carried when the passage denies the same thing, in whatever words: "not",
"without", "painless", "excludes", or says that two things are the same where the sentence finds no
difference. Plain code: what a denial reaches is told by the words behind it, not by grammar.
"""

from __future__ import annotations

import re
from itertools import pairwise

from assistant.grounding.denying import Denial
from assistant.grounding.moves import directions_of, moves, shown_by_numbers
from assistant.grounding.reading import VAGUE, Reading, Word, denied_base
from assistant.grounding.wording import DIFFER

# "Than no treatment" names what is compared with.
_COMPARED = re.compile(r"\b(?:than|versus|against|compared (?:with|to)) $", re.IGNORECASE)
# What a test left to chance: "p > 0.05", "p = 0.3".
_CHANCE = re.compile(r"\bp ?(?:[=>≥] ?)(?:0?\.(?:0[5-9]|[1-9])|1\b)", re.IGNORECASE)
_SAME = frozenset({"same", "ident", "similar", "equal", "alik", "compar", "even", "resembl"})
_ELSE = re.compile(r"\b(?:but|while|whereas|although|yet|however)\b|;", re.IGNORECASE)
# What may part a sentence into statements, one denied and one not.
_PARTS = re.compile(
    r"[,;:]|\b(?:and|or|but|while|whereas|although|though|yet|however|because|since|than|when|if)\b",
    re.IGNORECASE,
)
_TWICE = re.compile(r"\b(?:not|never|cannot) (?:be )?\w+ without\b", re.IGNORECASE)
_FAILS = re.compile(
    r"\bfail(?:s|ed|ure)?\b|\bunsuccessful|\bineffective|\bnot (?:work|help)|\bin vain\b",
    re.IGNORECASE,
)
# "Not every" denies no more than "not always".
_EVERY = frozenset({"everi", "all", "alway"})
_LIMITS = re.compile(r"limit|restrict|poor|little|scarc|hamper|hinder", re.IGNORECASE)
_LITTLE = ("low", "lower", "little", "poor", "limited", "less", "rare", "rarely", "few")
# The canon of a direction ends in its side.
_TURNED = str.maketrans("+-", "-+")


def wrong_denials(claim: Reading, passage: Reading) -> bool:
    """True for something denied that the passage does not deny, or the other way round."""
    if _deny_alike(claim, passage):
        return _trades_with(claim, passage)
    return (
        any(_is_new(denial, claim, passage) for denial in claim.denials)
        or any(_is_dropped(denial, claim, passage) for denial in passage.denials)
        or any(_turns(word, claim, passage) for word in claim.content)
        or bool((passage.unmade & claim.affirmed) - passage.affirmed - claim.unmade - claim.denied)
        or _outnumbered(claim, passage)
        or _trades_with(claim, passage)
    )


def _deny_alike(claim: Reading, passage: Reading) -> bool:
    """ "A should not be given for B" and "B should not be treated with A": each denies one thing."""
    if _PARTS.search(claim.text) or _PARTS.search(passage.text) or claim.unmade or passage.unmade:
        return False
    own = [denial for denial in claim.denials if not denial.mild]
    other = [denial for denial in passage.denials if not denial.mild]
    if not len(own) == len(other) == 1:
        return False
    return set(own[0].scope) <= passage.canons and set(other[0].scope) <= claim.canons


def _outnumbered(claim: Reading, passage: Reading) -> bool:
    """True where a denial more, or one less, turns what is said: each needs one of its own."""
    own = {
        _event(denial)
        for denial in claim.denials
        if not (denial.mild or denial.joins or denial.elliptic)
    }
    alike = (
        bool(_CHANCE.search(passage.text))
        + len(passage.canons & _SAME)
        + len(_low(passage))
        + len(passage.unmade - claim.unmade)
    )
    if len(own) > len(passage.denials) + alike:
        return True
    kept = [
        denial
        for denial in passage.denials
        if not denial.mild
        and not denial.joins
        and not _is_without(denial, passage)
        and not _COMPARED.search(passage.text, 0, denial.start)
        and any(
            _folded(canon) in map(_folded, claim.canons) and canon not in passage.affirmed
            for canon in denial.wide[:2]
        )
    ]
    return len(kept) > len(claim.denials) + len(claim.unmade) + len(
        _low(claim) | claim.canons & _SAME
    )


def _trades_with(claim: Reading, passage: Reading) -> bool:
    """True where "with" stands for a "without" of the passage, or "still" for its "no longer"."""

    def more(word: str) -> int:
        pattern = re.compile(rf"\b{word}\b", re.IGNORECASE)
        return len(pattern.findall(claim.text)) - len(pattern.findall(passage.text))

    # What the claim does not name, it cannot have instead.
    without = [
        denial
        for denial in passage.denials
        if _is_without(denial, passage)
        and (denial.elliptic or not denial.scope or set(denial.scope) & claim.canons)
    ]
    traded = bool(without) and more("without") < 0 < more("with")
    swapped = any(
        more(one) > 0 > more(other) for one, other in (("still", "no longer"), ("some", "none"))
    )
    # "Cannot be read without": one of the two turns it round.
    twice = {bool(_TWICE.search(one.text)) for one in (claim, passage)}
    return traded or swapped or (len(twice) == 2 and more("without") == 0)


def _event(denial: Denial) -> str | int:
    """Being no better and not differing are one denial, others each one of its own."""
    head = denial.scope[0] if denial.scope else ""
    return "differ" if head in DIFFER or head[-2:] in ("+1", "-1") else denial.start


def _is_without(denial: Denial, reading: Reading) -> bool:
    return reading.text[denial.start :].lower().startswith("without")


def _folded(canon: str) -> str:
    return "differ" if canon in DIFFER else canon


def _is_new(denial: Denial, claim: Reading, passage: Reading) -> bool:
    """True for a denial of the claim that the passage makes nowhere."""
    scope = [canon for canon in denial.scope if canon not in VAGUE] or list(denial.scope)
    if denial.mild or denial.elliptic:
        return False
    if "signific" in denial.wide[:1] and _CHANCE.search(passage.text):
        return False
    if denial.of_number:
        return not any(other.of_number for other in passage.denials)
    if denial.first and denial.first in {other.first for other in passage.denials}:
        return False
    if _denies_subject(denial, claim) and _is_denied_behind(denial, passage):
        return False
    if set(denial.wide[:2]) & passage.unmade or _both_fail(denial, claim, passage):
        return False
    # Denied here, and said without a denial there.
    head = scope[0] if scope else ""
    said = denial.start and head in passage.affirmed and head not in passage.denied
    if said and denial.first not in _EVERY and not passage.denied & DIFFER:
        return head not in _low(passage) or "level-1" in scope[:3]
    if not scope:
        return bool(denial.first) and not (passage.denials or passage.unmade)
    if set(scope if not denial.start else scope[:3]) & (
        passage.denied_by_words | (passage.unmade - claim.unmade)
    ):
        return False
    if set(denial.wide[:4]) & (passage.unmade - claim.unmade):
        return False
    if set(scope[:3]) & DIFFER and (passage.canons & _SAME or passage.denied & DIFFER):
        return False
    # "No better than placebo" where no difference was found, or where it did not lower pain more.
    if scope[0][-2:] in ("+1", "-1"):
        side = (scope[0][:-2], int(scope[0][-2:]))
        if passage.denied & DIFFER or any(m.denied and side in m.sides for m in moves(passage)):
            return False
    # "Does not admit" where the passage says "excludes".
    turned = scope[0].translate(_TURNED)
    if turned != scope[0] and turned in passage.canons and scope[0] not in passage.canons:
        return False
    return scope[0] not in _low(passage) or "level-1" in scope[:3]


def _both_fail(denial: Denial, reading: Reading, other: Reading) -> bool:
    """ "Physiotherapy had failed" and "was unsuccessful"."""
    return bool(_FAILS.match(reading.text, denial.start) and _FAILS.search(other.text))


def _denies_subject(denial: Denial, claim: Reading) -> bool:
    """ "Neither A nor B were ...", and each "nor" of it."""
    neither = re.search(r"\bneither\b", claim.text, re.IGNORECASE)
    return neither is not None and (denial.start == neither.start() or denial.joins)


def _is_denied_behind(denial: Denial, passage: Reading) -> bool:
    """True where the passage names the subject and then denies of it what the claim says of it."""
    if not denial.scope:
        return False
    named = [word.start for word in passage.words if word.canon == denial.scope[0]][:1]
    said = set(denial.wide) - {denial.scope[0]}
    for start in named:
        for other in passage.denials:
            turns = _ELSE.search(passage.text, start, max(start, other.start))
            if start < other.start and not turns and said & {other.first, *other.wide}:
                return True
        if said & passage.unmade:
            return True
    return False


def _is_dropped(denial: Denial, claim: Reading, passage: Reading) -> bool:
    """True for a denial of the passage whose words the claim says without it."""
    if denial.mild or not denial.scope:
        return False
    if denial.first and denial.first in {other.first for other in claim.denials}:
        return False
    if any(set(own.scope[:6]) & set(denial.scope[:6]) for own in claim.denials):
        return False
    if _both_fail(denial, passage, claim):
        return False
    if {denial.first, denial.scope[0]} & claim.unmade:
        return False
    if not claim.denials and _counts_denied(denial, claim, passage):
        return True
    if denial.elliptic or _COMPARED.search(passage.text, 0, denial.start):
        return False
    first, *rest = denial.scope
    return _affirms(claim, passage, first) and (
        first not in VAGUE or bool(rest and _affirms(claim, passage, rest[0]))
    )


def _counts_denied(denial: Denial, claim: Reading, passage: Reading) -> bool:
    """True where the claim gives the number of those "without" and names all of it but the "without"."""
    if not _is_without(denial, passage):
        return False
    before = [one for one in passage.quantities if one.end <= denial.start]
    if not before or any(shown_by_numbers(move, claim) for move in moves(claim)):
        return False
    figures = {one.pair or (one.value, one.dimension) for one in claim.quantities}
    counted = before[-1].pair or (before[-1].value, before[-1].dimension)
    return counted in figures and all(canon in claim.canons for canon in denial.scope)


def _turns(word: Word, claim: Reading, passage: Reading) -> bool:
    """ "Insensitive" for what is called sensitive, or "sensitive" for "low sensitivity"."""
    base = denied_base(word)
    if base:
        wide = {canon for denial in passage.denials for canon in denial.wide}
        known = word.stem in passage.stems or base in passage.denied | wide | _low(passage)
        return not known and base in passage.affirmed
    low = _low(passage)
    if word.canon not in low or word.canon in _low(claim) or word.canon in claim.denied:
        return False
    said = [other for other in passage.words if other.canon == word.canon]
    near = [other.text.lower() for other in claim.words if abs(other.start - word.start) < 40]
    little = any(("level", -1) in directions_of(o) or _LIMITS.match(o) for o in near)
    return len(said) == 1 and not little


def _affirms(claim: Reading, passage: Reading, canon: str) -> bool:
    """True for what the claim says undenied and the passage only denied."""
    return (
        canon in claim.affirmed
        and canon not in claim.denied_outright
        and canon not in passage.affirmed
    )


def _low(passage: Reading) -> frozenset[str]:
    """Canons right behind "low", "little" or "poor": "low sensitivity" is being insensitive."""
    found = set()
    listed = passage.words
    for one, other in pairwise(listed):
        if one.text.lower() in _LITTLE and other.does in ("content", "direction"):
            found.add(other.canon)
    return frozenset(found)
