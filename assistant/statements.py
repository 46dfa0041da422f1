"""A statement that asks nothing -> the question that it stands for: "I have been told I have AVN"."""

from __future__ import annotations

import re

from assistant.forms import asks_yes_or_no
from assistant.glossary import Glossary
from assistant.topics import content_words

# Of words that any subject has these ask for something.
INTERROGATIVE = re.compile(
    r"\?|\b(?:what|which|who|whose|whom|when|where|why|how|whether|if|can|could|should|would|may|might|"
    r"will|vs|versus|or|best|recommended|use|used|using|useful)\b",
    re.IGNORECASE,
)
# What tells that somebody has a condition, and of what.
_REPORTED = """
    told diagnosed diagnosis doctor doctors consultant surgeon specialist gp hospital letter report scan
    scans mri ct ray rays xray x-ray x-rays hip hips left right both side bilateral called found suspected
    confirmed week weeks month months year years today yesterday recently last ago apparently
"""
REPORTED = frozenset(_REPORTED.split())


def question_of(text: str, glossary: Glossary) -> str:
    """ "What is AVN?" for a text that names a term of the glossary and asks nothing of it; else the text."""
    terms = glossary.explained(text)
    names = {explained.term.name for explained in terms}
    if len(names) != 1 or INTERROGATIVE.search(text) or asks_yes_or_no(text):
        return text
    rest = text
    for explained in reversed(terms):
        rest = f"{rest[: explained.start]} {rest[explained.end :]}"
    others = {word.lower() for word in content_words(rest)}
    if others <= REPORTED:
        return f"What is {text[terms[0].start : terms[0].end]}?"
    return text
