"""What a question wants spoken of: sides that it compares, parts that it asks in one breath, an outcome.

`wants_of(question)` gives one `Want` for each; most questions that ask one thing have none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.aspects import Aspect, aspects, shows
from assistant.index.lexical import words
from assistant.synonyms import alternatives
from assistant.topics import content_words, topic_words

AUXILIARY = (
    r"(?:is|are|was|were|do|does|did|can|could|will|would|should|may|might|must|has|have|am)"
)
LISTED = (
    r"causes|symptoms|signs|risk factors|risks|options|treatments|therapies|types|kinds|complications|"
    r"side effects|features|conditions|diseases|drugs|medicines|medications|tests|contra-?indications|"
    r"inhibitors|diagnoses|ways|methods|reasons|triggers|indications|criteria|differentials"
)
# A thing is named when more than this share of its terms is.
NAMED = 0.5

# --- sides of a comparison ---

# Where the words of a side begin or end.
_EDGE = (
    r"is|are|was|were|do|does|did|can|could|will|would|should|for|in|at|of|to|after|before|when|with|on|"
    r"by|between|and|how|what|which|who|why|better|best|worse|safer|works?|more|less|the|a|an|compare|"
    r"use|used|take|have|get|cause[sd]?|give[sn]?|last|lasts|prevent\w*|reduc\w*|help|helps"
)
_SIDE = rf"\b(?:(?!(?:{_EDGE})\b)[\w-]+(?: |$)){{1,4}}"
COMPARED = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"\b(?:difference|differences|distinguish|differentiate|tell|compare)\b.*?\b(?:between )?"
        rf"(?P<one>{_SIDE})(?:and|from|with) (?:a |an |the )?(?P<other>{_SIDE})",
        rf"(?P<one>{_SIDE})(?:differ(?:s|ent)?|distinct) from (?:a |an |the )?(?P<other>{_SIDE})",
        rf"(?P<one>{_SIDE})(?:versus|vs\.?|compared (?:to|with)|rather than|instead of) "
        rf"(?:a |an |the )?(?P<other>{_SIDE})",
        rf"(?P<one>{_SIDE})(?:\w+ ){{0,4}}?(?:better|worse|safer|cheaper|fewer|more|less)\b(?: [\w-]+)"
        rf"{{0,3}} than (?:a |an |the )?(?P<other>{_SIDE})",
        rf"(?P<one>{_SIDE})or (?:a |an |the )?(?P<other>{_SIDE})",
    )
)
_PLAIN = re.compile(r"[?!,;:()“”\"]")

# What a yes-or-no question asks whether it comes of something, or may be done: "turn into cancer", "safe to
# fly".
OUTCOME = re.compile(
    rf"\b{AUXILIARY}\b.*?\b(?:turn(?:ing)? into|becom(?:e|ing)|develop into|leads? to|cause|"
    r"(?:raise|increase|lower|reduce)s? the (?:risk|chance)s? of|"
    r"(?:safe|allowed|able|ok|okay|fine|all right)(?: for (?:\w+ )?\w+)? to)"
    r"(?: take| have| use| get| do)? (?:a |an |the )?"
    rf"(?P<outcome>{_SIDE})",
    re.IGNORECASE,
)


def sides_of(question: str) -> tuple[str, str] | None:
    """The two things that a question compares, as it words them; None when it compares nothing."""
    plain = " ".join(_PLAIN.sub(" | ", question).split())
    for pattern in COMPARED:
        if found := pattern.search(plain):
            one, other = found["one"].strip(), found["other"].strip()
            if one.lower() != other.lower():
                return one, other
    return None


# --- parts of a question ---

CLAUSES = re.compile(
    rf",? (?:and|but|or) (?=(?:how|what|why|when|who|where|which|{AUXILIARY})\b)|[?;] +(?=\w)",
    re.IGNORECASE,
)
# A sentence that is told before something is asked: "My gran fell last year. Can she ..."
TOLD = re.compile(r"(?:(?:[^.?!]|\.(?!\s))+(?<!\bvs)\.\s+(?=[^\W\d_]*[A-Z]))*")
_KIND = rf"(?:{LISTED}|treatment|prognosis|diagnosis|prevention|outcome|imaging|definition|cause)"
JOINED = re.compile(
    rf"\b(?P<one>{_KIND})(?P<more>(?:, \w+(?: \w+)?)*),? (?:and|or) (?:its |their |the )?"
    rf"(?P<other>{_KIND})\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Want:
    """One thing that an answer shall speak of: by kind of thing, by words of its own, or both."""

    name: str
    kinds: tuple[Aspect, ...]
    words: str

    def is_met(self, text: str) -> bool:
        """True when a sentence (with its title) speaks of it."""
        kind = not self.kinds or any(shows(aspect, text) for aspect in self.kinds)
        return kind and (not self.words or is_named(self.words, text))


def wants_of(question: str) -> tuple[Want, ...]:
    """What the sentences shall speak of beside the subject; mostly empty for a question of one part."""
    clauses = clauses_of(question)
    if len(clauses) > 1:
        return tuple(
            Want(clause, _kinds(clause), " ".join(_own(clause, clauses))) for clause in clauses
        )
    if joined := JOINED.search(question):
        more = [word for word in joined["more"].split(", ") if word]
        names = [joined["one"], *more, joined["other"]]
        return tuple(Want(name, _kinds(name), "") for name in names if _kinds(name))
    # "It" is no name: which thing it stands for is known from the turns before.
    if sides := sides_of(question):
        return tuple(Want(side, (), side) for side in sides if content_words(side))
    outcome = outcome_of(question)
    return (outcome,) if outcome else ()


def outcome_of(question: str) -> Want | None:
    """What a question of one part asks whether it comes of something, or may be done; None mostly."""
    found = OUTCOME.search(" ".join(_PLAIN.sub(" | ", question).split()))
    if not found or len(clauses_of(question)) > 1 or sides_of(question):
        return None
    outcome = found["outcome"].strip()
    return Want(outcome, (), outcome) if topic_words(outcome) else None


def clauses_of(question: str) -> Sequence[str]:
    """The clauses that each ask something: "what is it and how long does it last" has two.

    What is told before that is none of them.
    """
    asked = question[len(told_in(question)) :]
    clauses = [clause.strip(" ?!.,;") for clause in CLAUSES.split(asked)]
    return [clause for clause in clauses if len(clause.split()) > 1]


def told_in(question: str) -> str:
    """The sentences before the first that asks; empty where it comes first."""
    told = TOLD.match(question)
    return told[0] if told else ""


def is_named(thing: str, text: str) -> bool:
    """True when a text names most of a thing's words, or terms that mean the same."""
    stems = frozenset(words(text))
    terms = list(alternatives(tuple(words(thing))))
    named = [any(stems.issuperset(other) for other in group) for _, group in terms]
    return bool(named) and sum(named) / len(named) > NAMED


def _kinds(clause: str) -> tuple[Aspect, ...]:
    return tuple(aspect for aspect in aspects(clause) if aspect.name != "definition")


def _own(clause: str, clauses: Sequence[str]) -> list[str]:
    """The subject words that a clause does not share with the one before it."""
    earlier = {
        stem
        for other in clauses[: clauses.index(clause)]
        for word in topic_words(other)
        for stem in words(word)
    }
    return [word for word in topic_words(clause) if not earlier.issuperset(words(word))]
