"""A question and the turns before it -> the query that can be searched on its own.

A question that leans on what was said (a pronoun, an ellipsis, no subject of its own, or nothing
near to it in the corpus) is given the subject of the question before it; a question with its own
subject is left as it is, so that a new topic is not dragged back into the old one. Rules only: no
model.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from assistant.aspects import aspects
from assistant.filters import Filters
from assistant.topics import GENERAL, WORD, content_words, is_asking, topic_words
from assistant.types import Turn

OPENERS = re.compile(
    r"^\W*(and|but|or|so|also|then|ok(ay)?|what about|how about|what if|why|how come|how so|what else|"
    r"anything else|any other|which ones?)\b|\bthen\W*$",
    re.IGNORECASE,
)
# "With what sensitivity?": no verb, no subject.
BARE = re.compile(
    r"^\W*(with|in|by|for|at|to|from|on) (what|which|how) \w+( \w+)?\W*$", re.IGNORECASE
)
# What may be asked of any subject: a question of such words alone has none of its own.
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


# What a question leans on counts as much as the question where this has no subject of its own, and less
# beside one; the answer before it counts least. Set on the unlocked follow-ups of the suite.
CARRIED, CARRIED_BESIDE, SAID = 1.0, 0.3, 0.15
SAID_CHARACTERS = 600


@dataclass(frozen=True, slots=True)
class Query:
    """What is searched: the question as asked, and what it leans on from before.

    `carried` is the subject that it is given, `said` the beginning of the answer before it,
    `filters` what it keeps to.
    """

    question: str
    carried: str = ""
    said: str = ""
    filters: Filters = Filters()  # noqa: RUF009

    @property
    def text(self) -> str:
        """As it is shown: the question, and behind it in brackets what it leans on."""
        return f"{self.question} ({self.carried})" if self.carried else self.question

    @property
    def parts(self) -> tuple[tuple[str, float], ...]:
        """The texts that are searched together, each with its weight."""
        carried = CARRIED_BESIDE if topic_words(self.question) else CARRIED
        weighed = ((self.question, 1.0), (self.carried, carried), (self.said, SAID))
        return tuple((text, weight) for text, weight in weighed if text)


def resolved(
    question: str, turns: Sequence[Turn] = (), subject: str | None = None, *, far: bool = False
) -> Query:
    """The query that can be searched without the turns before it.

    `subject` is what the corpus as a whole is about; it completes a first question such as
    "what is it?". `far` says that nothing in the corpus is near the question alone: then it leans
    on the turns, however it is worded.
    """
    query = Query("", subject or "")
    for turn in turns:
        query = _next(query, turn.question, leans(turn.question))
    query = _next(query, question, leans(question) or (far and bool(turns)))
    if query.carried and turns:
        query = replace(query, said=turns[-1].answer[:SAID_CHARACTERS])
    return query


def _next(before: Query, question: str, leaning: bool) -> Query:
    carried = _subject(before.question, before.carried, question) if leaning else ""
    return Query(question, carried)


def standalone_query(question: str, turns: Sequence[Turn] = (), subject: str | None = None) -> str:
    """The text of `resolved`: the question, with what it leans on in brackets behind it."""
    return resolved(question, turns, subject).text


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


def _has_aspect(question: str) -> bool:
    if aspects(OPENERS.sub("", question)):
        return True
    return any(GENERAL.match(word) and not _population(word) for word in content_words(question))


def _population(word: str) -> bool:
    return (
        re.match(r"(child|adult|elder|old|young|wom[ae]n|m[ae]n$|pregnan)", word, re.I) is not None
    )


def _subject(own: str, carried: str, asked: str) -> str:
    """The subject of a question and of what it carried, for the question asked next."""
    compares = any(aspect.name == "difference" for aspect in aspects(own))
    # "How does it differ from X?" keeps to "it", not to X, in the questions that follow.
    keep = not _has_aspect(asked)
    other_population = any(map(_population, content_words(asked)))
    stretch = (
        ""
        if compares and carried
        else _stretch(own, keep_aspects=keep, keep_population=not other_population)
    )
    return ", ".join(part for part in (stretch, carried) if part)


def _stretch(question: str, *, keep_aspects: bool, keep_population: bool) -> str:
    """From the first word that counts to the last, small words between them included."""
    kept = [
        match
        for match in WORD.finditer(question)
        if not is_asking(match[0])
        and (keep_aspects or not GENERAL.match(match[0]))
        and (keep_population or not _population(match[0]))
    ]
    if not kept:
        return ""
    stretch = question[kept[0].start() : kept[-1].end()]
    return stretch + ")" * (stretch.count("(") - stretch.count(")"))
