"""What a word names: an intervention, a condition, people (or animals and places), or another name.

It only puts a name to what a passage lacks: whether it lacks it is decided on the words alone. The lists
are those of the rest of the project, and endings of medical words.
"""

from __future__ import annotations

import re
from functools import cache

from assistant.extrapolation import ANIMALS, CONDITIONS, PLACES
from assistant.people import POPULATIONS
from assistant.treatments import TREATMENTS

_PEOPLE = (
    r"adults?|wom[ae]n|m[ae]n|females?|males?|girls?|boys?|humans?|cells?|soldiers?|veterans?|donors?|"
    r"survivors?|"
    r"users?|smokers?|recipients?|volunteers?|infan\w+|elderly|aged|native|general population|"
    r"japan\w*|chin\w*|"
    r"korea\w*|french|france|german\w*|british|american|asia\w*|europe\w*|africa\w*|india\w*|"
    r"taiwan\w*|australia\w*"
)
_INTERVENTIONS = (
    r"\w+(?:dronates?|dronic|coxibs?|profens?|statins?|mabs?|nibs?|cepts?|xabans?|parins?|olols?|"
    r"prils?|sartans?|"
    r"mycins?|cyclines?|cillins?|azoles?|sones?|solones?|caines?|formins?|oxacins?|tides?|triptans?|"
    r"thiazides?|"
    r"ium|ides?|onates?|phates?|trates?|amines?|cins?|kinases?|globins?|ectom(?:y|ies)|otom(?:y|ies)|"
    r"plast(?:y|ies)|scop(?:y|ies)|desis|therap(?:y|ies)|graphy|grafts?|grafting)|"
    r"drugs?|medic\w+|tablets?|surgery|operat\w+|inject\w+|infus\w+|radiat\w+|laser|acupuncture|"
    r"massage|exercis\w+|"
    r"vitamin|supplements?|vaccin\w+|antibiotics?|opioids?|aspirin|warfarin|heparin|insulin|MRI|CT|"
    r"PET|ultraso\w+|"
    r"implants?|screws?|rods?|braces?|canes?|crutches|diet\w*|foods?|coffee|tea|wine|beer|tobacco|"
    r"yoga|swimming|running|sleep|scans?|"
    r"creams?|ointments?|casts?|splints?|needles?|gels?|oils?|herbs?|chemo\w*|cryo\w*|gene|genes|"
    r"hormones?|stem|toxins?|botulinum|"
    r"cholesterol|lipids?|glucose|sugar|salt|proteins?|collagen|enzymes?|antibod(?:y|ies)|minerals?|"
    r"calcium|sodium|potassium|"
    r"magnesium|iron|zinc|copper|oxygen|ozone|uric acid|urates?|oxalates?|cobalt|chromium|titanium|"
    r"ceramic|plastic"
)
_CONDITIONS = (
    r"\w{2,}(?:itis|osis|oses|asis|omas?|opath(?:y|ies)|[ae]mia|uria|algia|plasia|malacia|penia|"
    r"trophy|plegia|rrh(?:o)?ea)|"
    r"\w*fractur\w*|disease|syndrome|disorder|infect\w+|cancer|tumou?rs?|pain|swelling|bleed\w*|"
    r"stroke|diabet\w+|"
    r"obes\w+|gout|rash|headache|fever|lupus|HIV|kidneys?|renal|liver|lungs?|chronic|acute|death|"
    r"injur\w+|burns?|wounds?|bites?|allerg\w+|asthma|epilepsy|depress\w+|anxiety|virus\w*|bacteri\w+|"
    r"necro\w+|ossif\w+|calcif\w+"
)


# They end like a drug and are none.
_PLAIN = (
    r"(?:in|out|be|a|along)?sides?|decides?|guides?|provides?|divides?|coincides?|"
    r"(?:world|nation)?wide|cultures?"
)


def kind_of(word: str) -> str:
    """ "population", "intervention", "condition", "name" for a capitalised word, else "meaning"."""
    if _matches(_PLAIN, word):
        return "meaning"
    if (
        _matches(_alternatives(POPULATIONS), word)
        or _matches(_PEOPLE, word)
        or _matches(ANIMALS, word)
    ):
        return "population"
    if any(_matches(shown, word, anywhere=True) for _, shown in TREATMENTS.values()):
        return "intervention"
    if _matches(_INTERVENTIONS, word):
        return "intervention"
    if _matches("|".join(CONDITIONS.values()), word) or _matches(_CONDITIONS, word):
        return "condition"
    if _matches("|".join(PLACES.values()), word):
        return "population"
    return "name" if word[:1].isupper() or re.search(r"\d", word) else "meaning"


def places_in(text: str) -> frozenset[str]:
    """The parts of the body that a text names."""
    return frozenset(name for name, shown in PLACES.items() if _regex(shown).search(text))


def _alternatives(table: dict[str, str]) -> str:
    return "|".join(table.values())


def _matches(pattern: str, word: str, *, anywhere: bool = False) -> bool:
    found = _regex(pattern)
    return bool(found.search(word) if anywhere else found.fullmatch(word))


@cache
def _regex(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)
