"""Whether a sentence can stand alone, and what must come with it when it cannot."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assistant.types import Passage

# Openers that point at the sentence before.
BACKWARD = re.compile(
    r"^(It|They|He|She|This|These|Those|Such|Both|Others?|The (others?|former|latter|same|rest|remaining)|"
    r"Its|Their|Another|In the same|Of these|Of those|Among them|Two others|However|Conversely|"
    r"Instead|Otherwise|Similarly|Therefore|Thus|Also)\b(?! (are|is) (no|little|some|several) )"
    r"|^(In|Among|Of|After|With|For|By) (this|these|those|them|such)\b"
    r"|\bthe (procedure|condition|two|latter|former) (was|were|is|are)\b",
)
# Bare subjects that only the publication's title explains.
BARE = re.compile(
    r"^(The|All|Most|Some|One|Two|Three|Four|Five|\d+|Mean|Median|Overall|Results?|Patients?|Reported|"
    r"Treatments?|Diagnosis|Stage|Type|Grade|Class|Class \w+|Success|Recurrence|Common|Symptoms|"
    r"Risk factors|Frequent|Onset|Early|Late|Surgery|Surgical treatment|Radiographs?|Lesions?|"
    r"Deposits?|Joint involvement|Complications?)\b"
    r"(?=( (review|study|studies|trial|authors?|paper|series|report|findings?|patients?|cases?|hips?|"
    r"women|men|children|participants?|subjects|group|groups|case|cohort|meta-analysis|revision|"
    r"calcification|deposits?|lesions?|success|rate|survival|follow-up|age|causes|sites?|treatments?))"
    r"|\W| )",
)


def needs_neighbour(text: str) -> bool:
    """True when a sentence points back at the one before it."""
    return BACKWARD.match(text) is not None


def needs_title(passage: Passage, text: str) -> bool:
    """True when only the publication's title says what a sentence is about.

    The corpus says so itself by giving such notes the title as their heading; a bare subject
    ("The review ...", "Patients ...") says so as well.
    """
    under_title = len(passage.section) > 1 or not passage.section
    return (under_title and _titled(passage)) or BARE.match(text) is not None or needs_neighbour(text)


def _titled(passage: Passage) -> bool:
    # A note is one line under a heading; a heading of six words or more is a title.
    return bool(passage.section) and len(passage.section[-1].split()) >= 6


def title_of(metadata: Mapping[str, Any]) -> str:
    """The lead that names the publication: `In “...”:`; `On ...:` for a title that was not read."""
    title = str(metadata.get("title", "")).strip()
    described = re.fullmatch(r"\((.*?)(?:[;,] (?:exact |guideline )?title not read)?\)", title)
    if described:
        return f"On {described[1]}:"
    return f"In “{title}”:"
