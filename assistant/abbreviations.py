"""Abbreviations that are also words or mean two things, put in full where capitals give them away.

All others stand in synonyms.txt, which does not see capitals.
"""

from __future__ import annotations

import re

# (how it is written, case and all; what it stands for)
ABBREVIATIONS = (
    (r"\bON\b", "osteonecrosis"),
    (r"\bRT\b", "radiotherapy"),
    # No synonym: its stem is that of blood.
    (r"\bbloods\b", "blood tests"),
    # Beside other imaging only: elsewhere it is the country.
    (r"\bUS(?=[- ](?:guid|imag|scan|probe)\w*\b)", "ultrasound"),
    (r"\bUS(?= (?:or|vs\.?|versus|and) (?:MRI|CT|x-?rays?|radiograph\w*)\b)", "ultrasound"),
    (r"\b((?:MRI|CT|x-?rays?|radiograph\w*) (?:or|vs\.?|versus|and) )US\b", r"\1ultrasound"),
)


def in_full(question: str) -> str:
    """The question with these abbreviations in full; one typed in capitals throughout is left."""
    if question.isupper():
        return question
    for pattern, full in ABBREVIATIONS:
        question = re.sub(pattern, full, question)
    return question
