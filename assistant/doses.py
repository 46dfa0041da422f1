"""Whether a question asks what dose its own asker shall take: asking, person and medicine."""

from __future__ import annotations

import re
from functools import cache

from assistant.sign_words import DRUG, PILLS, RELATIVE

_AMOUNT = r"\b\d+(?:[.,]\d+)? ?(?:m?c?g|grams?|mls?|iu|units?|gy|micrograms?|milligrams?)\b"
_DOSE_WORD = rf"\bdos(?:e|es|age|ing)\b|\bstrength\b|\bmg\b|\b(?:{PILLS})\b|\bgy\b|{_AMOUNT}"
_MEDICINE = rf"\b(?:{DRUG})\b|{_DOSE_WORD}"
_PERSON = rf"(?:i|we|me|us|he|she|(?:my|our) (?:{RELATIVE}|[\w -]{{1,12}}old|child|kid)|{RELATIVE})"
_CHANGE = (
    r"(?:take|taking|give|use|have|get|try|double|halve|increase|raise|up|reduce|lower|cut|split|"
    r"skip|miss|stop|start|continue|need|inject|come off)"
)
_MODAL = r"(?:should|can|could|may|shall|must|do|does|would|need|ought|am|is)"
# "Reaction" and "effect" are had from a medicine, not taken.
_OBJECT = (
    rf"(?:(?!reaction|effect)[\w.,'-]+ ){{0,4}}?(?:{_MEDICINE}|(?:it|one|two|three|more|another)\b)"
)
PERSONAL_DOSE = (
    rf"\b(?!do i have){_MODAL}(?: \w+)? {_PERSON} (?:\w+ ){{0,3}}?{_CHANGE} {_OBJECT}",
    rf"\b(?:ok(?:ay)?|fine|safe|all right) (?:to {_CHANGE} {_OBJECT}.*\b(?:i|my)\b|if i {_CHANGE} "
    rf"{_OBJECT})|\bmy dose\b",
    rf"(?:{_MEDICINE}|how (?:much|many)\b).{{0,40}}\b{_MODAL} (?:an? [\w ]+ )?(?:{_PERSON}|like "
    rf"me) (?:\w+ )?{_CHANGE}\b(?=\W*(?:$|(?:my|him|her|it|one|two|three|a|per|each|every|daily|"
    rf"today|for)\b))",
    rf"(?:{_DOSE_WORD}).{{0,40}}\b(?:for|like) {_PERSON}\b",
    rf"(?:how (?:much|many|often)|what amount) .{{0,30}}\b(?:to (?:take|give)|for me|right for my|"
    rf"(?:am|is|are) {_PERSON} allowed|"
    rf"(?:should|can|may|do) {_PERSON} (?:\w+ )?{_CHANGE})\b",
    rf"\b(?:i|i'm|my|me)\b.*(?:{_DOSE_WORD}).{{0,60}}\b(?:enough|too (?:much|little|high|low)|"
    rf"correct|"
    r"right|safe)\b",
)


def asks_personal_dose(text: str) -> bool:
    """For text that `safety` has normalised: lower case, straight apostrophes."""
    return bool(_compiled(_MEDICINE).search(text)) and any(
        _compiled(pattern).search(text) for pattern in PERSONAL_DOSE
    )


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)
