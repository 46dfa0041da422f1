"""Whether what is quoted concerns what was asked: the condition, the joint, people or animals.

Only what words can show is said: that a sentence, or the title of its work, names a thing or does
not. The things are those of a hip corpus; a question that names none of them gets nothing here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache

from assistant.conversation import Query
from assistant.engines import Pick
from assistant.index.reader import Index
from assistant.types import Notice

# Conditions as a reader calls them, and how texts name them.
CONDITIONS = {
    "osteonecrosis": r"osteonecro\w+|(avascular|aseptic|femoral[- ]head) necrosis|AVN|ONFH|necrotic",
    "heterotopic ossification": r"(heterotopic|ectopic|neurogenic|rim|labral) (ossification|bone)|ossific\w+",
    "calcific tendinopathy": r"(calcific|calcifying) tend\w+|tendinopath\w+|tendin?itis|tendonitis|barbotage",
    "dystrophic calcification": r"dystrophic",
    "tumoral calcinosis": r"tumou?ral calcinosis",
    "calcinosis": r"calcinosis",
    "calciphylaxis": r"calciphyla\w+|uraemic arteriolopathy",
    "calcium pyrophosphate disease": r"pyrophosphate (deposition|arthritis|crystal\w*)|CPPD?|pseudogout|"
    r"chondrocalcinosis",
    "gout": r"gout\w*|tophi|tophus",
    "osteoarthritis": r"osteoarthrit\w+|osteoarthros\w+",
    "septic arthritis": r"septic arthritis|septic hip",
    "transient osteoporosis": r"transient osteoporosis",
    "Perthes disease": r"perthes",
    "myositis ossificans": r"myositis ossificans",
    "pseudoxanthoma elasticum": r"pseudoxanthoma|PXE",
}
# Places of the body; a sentence on one of them says nothing of another by itself.
PLACES = {
    "the hip": r"hips?|femoral|femur|acetabul\w+|glute\w+|trochanter\w*|pelvi\w+|groin|labr(al|um)|buttocks?|"
    r"THA|rectus femoris|iliopsoas|proximal hamstring",
    "the shoulder": r"shoulders?|rotator cuff|supraspinatus|humeral",
    "the knee": r"knees?",
    "the elbow": r"elbows?|epicondyl\w+",
    "blood vessels": r"vascular|arter\w+|aort\w+|coronary",
    "the heart": r"cardiac|heart",
    "the breast": r"breast",
}
ANIMALS = r"mice|mouse|murine|rats?|rabbits?|animals?|in vitro|sheep|cultured?"


def mark_of_setting(query: Query, text: str, title: str) -> str | None:
    """What a work is on, where neither the question nor the sentence says so: "on the shoulder".

    Conditions matter where the question names another, places where it names another.
    """
    for things in (CONDITIONS, PLACES):
        asked = _asked(things, query)
        if not asked or _named(things, text):
            continue
        of_work = _named(things, title)
        if of_work and not of_work & asked:
            return f"from a work on {_listed([name for name in things if name in of_work])}"
    animals = _pattern(ANIMALS)
    of_title = animals.search(title)
    if of_title and not animals.search(text) and not animals.search(query.question):
        return f"from a work whose title names {of_title[0].lower()}"
    return None


def extrapolation_notice(query: Query, picks: Sequence[Pick], index: Index) -> Iterator[Notice]:
    """A notice when no quoted sentence, and no title of its work, names the condition or place."""
    quoted = " ".join(
        f"{passage.text} {index.documents[passage.document_id].get('title', '')}"
        for pick in picks
        for passage, _, _ in pick.places
    )
    for things in (CONDITIONS, PLACES):
        asked, named = _asked(things, query), _named(things, quoted)
        if asked and named and not asked & named:
            yield Notice(
                "extrapolation",
                "None of the sentences quoted here, and no title of their works, names "
                f"{_listed([name for name in things if name in asked])}. They name "
                f"{_listed([name for name in things if name in named])}.",
            )


def _asked(things: dict[str, str], query: Query) -> set[str]:
    """The things that the question names; else those of what it leans on."""
    return _named(things, query.question) or _named(things, query.carried)


def _named(things: dict[str, str], text: str) -> set[str]:
    return {name for name, pattern in things.items() if _pattern(pattern).search(text)}


@cache
def _pattern(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})\b", re.IGNORECASE)


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
