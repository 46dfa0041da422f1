"""What asks for nothing but what a condition is -> that question, under the condition's usual name.

So does somebody who says "I have been told I have AVN".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.forms import DEFINED, asks_yes_or_no
from assistant.glossary import Explained, Glossary
from assistant.synonyms import synonym_groups
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


def with_synonyms(glossary: Glossary) -> Glossary:
    """Each term under the names that synonyms.txt has for it, too, where no other term has them."""
    taken = {name.lower() for term in glossary.terms for name in (term.name, *term.also)}
    terms = []
    for term in glossary.terms:
        names = {name.lower() for name in (term.name, *term.also)}
        others = [
            other
            for group in synonym_groups()
            if names & {*group}
            for other in group
            if other not in taken
        ]
        taken |= {*others}
        terms.append(replace(term, also=(*term.also, *others)))
    return Glossary(terms)


def question_of(text: str, glossary: Glossary) -> str:
    """ "What is osteonecrosis?" for a text that names this term and asks or tells no more; else the text."""
    terms = glossary.explained(text)
    if len({explained.term.name for explained in terms}) != 1:
        return text
    named = text[terms[0].start : terms[0].end]
    defined = DEFINED.match(text)
    if defined["subject"] == named if defined else _only_tells_of(terms, text):
        return f"What is {terms[0].term.name}?"
    return text


def _only_tells_of(terms: Sequence[Explained], text: str) -> bool:
    if INTERROGATIVE.search(text) or asks_yes_or_no(text):
        return False
    for explained in reversed(terms):
        text = f"{text[: explained.start]} {text[explained.end :]}"
    return all(word.lower() in REPORTED for word in content_words(text))
