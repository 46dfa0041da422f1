"""Whether a sentence can stand alone, and what must come with it when it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.index.lexical import words
from assistant.types import Passage

# Openers that point at the sentence before.
BACKWARD = re.compile(
    r"^(It|They|He|She|This|These|Those|Such|Both(?! \S+( \S+)? and \S+ )|Others?|"
    r"The (others?|former|latter|same|rest|remaining)|"
    r"Its|Their|Another|In the same|Of these|Of those|Among them|Two others|However|Conversely|"
    r"Instead|Otherwise|Similarly|Therefore|Thus|Also)\b(?! (are|is) (no|little|some|several) )"
    r"|^(In|Among|Of|After|With|For|By) (this|that|these|those|them|such)\b"
    r"|\bthe (procedure|condition|two|latter|former) (was|were|is|are)\b"
    r"|^(\S+ ){1,4}also\b",
)
# A person whom only the sentence before introduces ("... eliminated her pain").
PERSON = re.compile(r"\b(her|his|she|he)\b", re.IGNORECASE)
INTRODUCED = re.compile(
    r"\b(wom[ae]n|m[ae]n|girl|boy|patient|female|male|year-old)\b", re.IGNORECASE
)
# Bare subjects that only the publication's title explains.
BARE = re.compile(
    r"^((The|All|Most|Some|One|Two|Three|Four|Five|Both|Fifty|\w+teen|\w+ty|\d+) (\w+ )?(review|study|"
    r"studies|trials?|authors?|paper|series|report|findings?|patients?|cases?|hips?|women|men|children|"
    r"participants?|subjects|groups?|cohort|meta-analysis|revision|calcification|deposits?|lesions?|"
    r"procedure|operation|condition|disease|survey|guideline|criteria)\b"
    r"|(Mean|Median|Overall|Results?|Patients?|Reported|Treatments?|Diagnosis|Stage|Type|Grade|Class|"
    r"Success|Recurrence|Common|Symptoms|Risk factors|Frequent|Onset|Surgery|Surgical treatment|"
    r"Radiographs?|Lesions?|Deposits?|Joint involvement|Complications?|Among|Of|Across|Causes|Some key) )"
)
# So many content words in common with the title, and a bare subject is explained by the sentence.
EXPLAINED = 2


def needs_neighbour(text: str) -> bool:
    """True when a sentence points back at the one before it."""
    if person := PERSON.search(text):
        return INTRODUCED.search(text[: person.start()]) is None
    return BACKWARD.search(text) is not None


def needs_title(passage: Passage, text: str, title: str) -> bool:
    """True when only the publication's title says what a sentence is about.

    The corpus says so itself by giving such notes the title as their heading; elsewhere a bare
    subject ("The review ...", "Patients ...") that shares few words with the title says so.
    """
    if title in passage.section[1:]:
        return True
    if needs_neighbour(text):
        return True
    shared = set(words(text)) & set(words(title))
    return BARE.match(text) is not None and len(shared) < EXPLAINED


def title_of(metadata: Mapping[str, Any]) -> str:
    """The lead that names the publication: `In “...”:`; `On ...:` for a title that was not read."""
    title = str(metadata.get("title", "")).strip()
    described = re.fullmatch(r"\((.*?)(?:[;,] (?:exact |guideline )?title not read)?\)", title)
    if described:
        return f"On {described[1]}:"
    return f"In “{title}”:"
