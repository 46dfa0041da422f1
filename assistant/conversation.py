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
from assistant.leaning import OPENERS, leans
from assistant.topics import GENERAL, WORD, content_words, is_asking, topic_words
from assistant.types import Turn

# What a question leans on counts as much as the question where this has no subject of its own, and less
# beside one; the answer before it counts least. Set on the unlocked follow-ups of the suite and the turns of
# CAsT (`hip-assistant eval --suite multi-turn`).
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
