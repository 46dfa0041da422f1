"""The words of a question that name its subject, once the words of asking are taken out.

This module knows English, not the corpus.
"""

from __future__ import annotations

import re
from pathlib import Path

_LINES = Path(__file__).with_name("asking_words.txt").read_text(encoding="utf-8").splitlines()
ASKING = frozenset(word for line in _LINES if not line.startswith("#") for word in line.split())

# Words that name an aspect, not a subject.
GENERAL = re.compile(
    r"(symptom|sign|cause|caus|treat|therap|manag|cure|diagnos|imag|x-?ray|xray|radiograph|scan|ct$|mri$|"
    r"ultrasound|test|risk|factor|prognos|outlook|outcome|result|success|rate|dos|durati|frequen|"
    r"incidence|prevalence|complicat|side|effect|adverse|prevent|stage|staging|recover|surg|operat|"
    r"child|adult|elder|old|young|women|woman|men$|man$|pregnan|patient|people|person|guideline|"
    r"recommend|safe|danger|serious|alternative|option|happen|long|term|early|late|soon|definition|"
    r"number|percent|year|month|week|day|severe|mild|chance|condition|disease|disorder|procedure|"
    r"medicine|medication|drug|(first|second|third)-line|differ|distinguish|level|grade|classif|timing|predict|regimen|cohort|come|back|hurt|feel|pain)",
    re.IGNORECASE,
)

# A word, hyphens and all; "doesn't" and "surgeon's" stop before their endings.
WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*(?=n['’]t\b)|[^\W_]+(?:-[^\W_]+)*")
ENDINGS = frozenset({"s", "t", "n", "re", "ve", "ll", "d", "m"})


def is_asking(word: str) -> bool:
    """True for a word of asking, or the ending of a contraction."""
    return word.lower() in ASKING or word.lower() in ENDINGS


def content_words(text: str) -> list[str]:
    """The words of a text that are not words of asking, in order, as written."""
    return [match[0] for match in WORD.finditer(text) if not is_asking(match[0])]


def topic_words(text: str) -> list[str]:
    """The content words that name a subject rather than an aspect of one."""
    return [word for word in content_words(text) if not GENERAL.match(word)]
