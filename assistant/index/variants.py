"""British spellings -> the American ones, so that "haematoma" finds "hematoma" and the other way round.

Applied to every word that is indexed or searched, never to a word that is shown.
"""

from __future__ import annotations

import re
from functools import lru_cache

# (a part of a word, what stands for it); each is safe inside any English word.
PARTS = (
    (r"aem(?=[aeiory])", "em"),  # haematoma, anaemia, ischaemic, haemorrhage
    (r"aesth", "esth"),
    (r"aetiol", "etiol"),
    (r"paed(?=[io])", "ped"),
    (r"oedem", "edem"),
    (r"oesoph", "esoph"),
    (r"oestr", "estr"),
    (r"coeli", "celi"),
    (r"foet", "fet"),
    (r"noea\b", "nea"),  # dyspnoea
    (r"rrhoea", "rrhea"),
    (r"gynaec", "gynec"),
    (r"\b(?:caec|faec)", lambda match: match[0].replace("ae", "e")),
    (r"manoeuv", "maneuv"),
    (r"leuco", "leuko"),
    (r"sulph", "sulf"),
    (r"\b(tum|col|fav|lab|behavi|hum|od|rig|vap|neighb)our", r"\1or"),
    (r"\b(cent|fib|lit|met|calib|tit|millimet|centimet|kilomet)re(?=s?\b)", r"\1er"),
    (r"\bgrey", "gray"),
    (r"lys(?=(?:e|ed|er|ers|ing)\b)", "lyz"),  # analyse, paralysed; "analyses" is a noun, too
    (r"is(?=ations?\b)", "iz"),
    (r"(?<=\w{3})is(?=(?:e|ed|es|er|ers|ing)\b)", "iz"),
)
# Words in -ise that Americans write so too.
ALWAYS_ISE = re.compile(
    r"(?:un|pre|re|over|non)?(?:exerc|prec|exc|inc|conc|adv|dev|rev|superv|improv|telev|prom|comprom|prem|surpr|compr|"
    r"enterpr|repr|otherw|likew|contrariw|franch|merchand|expert|disgu|parad|treat|dem|desp|chast|"
    r"circumc|ra|pra|appra|bru|cru|no|po|ar|mo|tort|porpo|turquo|rel|parap)is(?:e|ed|es|er|ers|ing)"
)


@lru_cache(maxsize=50_000)
def american(word: str) -> str:
    """The American spelling of a lower-case word; the word itself where the two agree."""
    ise = ALWAYS_ISE.fullmatch(word)
    for pattern, other in PARTS[:-1] if ise else PARTS:
        word = re.sub(pattern, other, word)
    return word
