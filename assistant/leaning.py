"""Whether a question leans on what was said before it: a pronoun, an ellipsis, no subject of its own.

This module knows English, not the corpus.
"""

from __future__ import annotations

import re

from assistant.topics import content_words, topic_words

OPENERS = re.compile(
    r"^\W*(and|but|or|so|also|then|ok(ay)?|what about|how about|what if|why|how come|how so|what else|"
    r"anything else|any other|which ones?)\b|\bthen\W*$",
    re.IGNORECASE,
)
# "With what sensitivity?": no verb, no subject.
BARE = re.compile(
    r"^\W*(with|in|by|for|at|to|from|on) (what|which|how) \w+( \w+)?\W*$", re.IGNORECASE
)
# What may be asked of any subject: a question of such words alone has none of its own. In topics.GENERAL
# they would count for less where sentences are chosen, too, and there they tell one from another.
_OF_ANY = """
    accurate accuracy avoid avoided bad begin big checked cost costs cycle cycling deaths die died dies
    disappear disappears dissolve dissolves drive driving during dying everything examined exercise exercises
    fast fly flying gold grow grows heal healed healing heals high improve improved improves job jog jogging
    large low mortality must nothing ought permanent quick quickly reliable remove removed run running
    sensitivity shall shrink shrinks sleep sleeping slow small something specificity sport sports spread
    spreads standard start started stop stopped survive survived swim swimming till until wait walk walking
    within worse worth
"""
OF_ANY = frozenset(_OF_ANY.split())
ANAPHORS = re.compile(
    r"\b(it|its|they|them|their|theirs|this|these|those|he|she|his|her|the (same(?! as)|former|latter|"
    r"others)|such|one|ones|that(?=\W*$|[?.,;]| (is|was|does|did|can|could|will|would|mean|happen|condition|"
    r"disease|disorder|procedure|operation|drug|treatment|therapy|case|one)\b)|there)\b",
    re.IGNORECASE,
)
# "Are there other causes?", "which is the second?": other than what was said, in its order.
FURTHER = re.compile(
    r"\b((an)?other\b|else\b|the (first|second|third|last|latter)(?=\W*$| (is|are|was|were|"
    r"one|of (these|those|them))\b))",
    re.IGNORECASE,
)
# Behind these a question says itself of what: "other causes of gout".
OF_WHAT = re.compile(r"\b(of|for|in|with|to|against|from|after|before|than)\b", re.IGNORECASE)
# "Is it true that ...": this `it` stands for nothing that was said before.
EXPLETIVE = re.compile(
    r"\b(is|was|will|would|can|could) it (be )?(true|possible|safe|common|normal|necessary|ok|okay|"
    r"worth|better|likely|advisable|recommended|known|dangerous|rare|useful)\b(?= (that|to|for|if)\b)|"
    r"\b(is|are|was|were) there\b|\bthere (is|are|was|were)\b|\b(one|ones) (of|or|in)\b|\bhow long does it "
    r"take\b|\b(this|these|those) (kind|sort|type)s? of\b",
    re.IGNORECASE,
)
# A question this short that opens like an ellipsis may carry a word of its own ("and children?").
ELLIPSIS_WORDS = 3
# So many words of a subject before a pronoun, or a clause, and the pronoun stands for them.
TOPIC_WORDS = 3
CLAUSE = re.compile(r"[,;:]| [-–—] |\b(and|or|but|if|when|because|after)\b", re.IGNORECASE)


def leans(question: str) -> bool:
    """True when the question cannot be understood without what was said before it."""
    if not _own(question) or BARE.search(question):
        return True
    if OPENERS.search(question) and len(content_words(question)) <= ELLIPSIS_WORDS:
        return True
    if (further := FURTHER.search(question)) and not _says_of_what(question[further.end() :]):
        return True
    plain = EXPLETIVE.sub(" ", question)
    return any(not _explained_within(plain, match) for match in ANAPHORS.finditer(plain))


def _own(question: str) -> list[str]:
    """The words of the question's own subject."""
    return [word for word in topic_words(question) if word.lower() not in OF_ANY]


def _says_of_what(text: str) -> bool:
    of_what = OF_WHAT.search(text)
    return of_what is not None and bool(topic_words(text[of_what.end() :]))


def _explained_within(question: str, anaphor: re.Match[str]) -> bool:
    """True when the question itself names, before the pronoun, what the pronoun stands for."""
    before = question[: anaphor.start()]
    named = len(topic_words(before))
    if named == 0:
        return False
    possessive = anaphor[0].lower() in ("its", "their", "theirs", "his", "her")
    return possessive or named >= TOPIC_WORDS or CLAUSE.search(before) is not None
