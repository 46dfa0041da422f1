"""What a system did with a case: `collect` asks each question and keeps all that metrics need.

A system is anything with `ask(question, turns) -> Answer`; one that also has `retrieve(query, k, turns)` is
measured below the hits that its answers carry. Nothing is scored here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import QuestionInvalid
from assistant.rendering import citations_of
from assistant.types import Answer, Hit, IndexInfo, Turn
from evals.cases import Case
from evals.places import Places

DEPTH = 100


class System(Protocol):
    """What can be evaluated."""

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer: ...


@dataclass(frozen=True, slots=True)
class FromFunction:
    """A function `(question, turns) -> Answer` as a system."""

    function: Callable[[str, Sequence[Turn]], Answer]

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        return self.function(question, turns)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with the ids of the passages found for it, best first.

    `exact` says of each citation that is shown whether its quote stands in the document at its offsets.
    """

    answer: Answer
    ranked: tuple[str, ...]
    exact: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """A case with the replies to it.

    `alone` is the reply to a follow-up without the turns before it, `rewritten` the one to its rewrite,
    `wordings` those to the other wordings. `golden` holds, for each gold quote, the ids of the passages
    that say it; `disputed` is the question of the disagreement that a good answer shows.
    """

    case: Case
    reply: Reply
    golden: tuple[frozenset[str], ...] = ()
    disputed: str | None = None
    alone: Reply | None = None
    rewritten: Reply | None = None
    wordings: tuple[Reply, ...] = ()

    @property
    def answer(self) -> Answer:
        return self.reply.answer

    @property
    def relevant(self) -> frozenset[str]:
        """The ids of all passages that say a gold quote."""
        return frozenset().union(*self.golden)


def collect(
    cases: Sequence[Case],
    system: System,
    places: Places,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> list[Outcome]:
    """The outcomes of the cases, in their order; the system is asked one question at a time."""
    outcomes = []
    for number, case in enumerate(cases, start=1):
        outcomes.append(_outcome(case, system, places))
        progress(number, len(cases))
    return outcomes


def _outcome(case: Case, system: System, places: Places) -> Outcome:
    turns: list[Turn] = []
    for question in case.earlier:
        turns.append(Turn(question, _ask(system, question, turns).text))

    def reply(question: str, turns: Sequence[Turn] = ()) -> Reply:
        answer = _ask(system, question, turns)
        return Reply(answer, _ranked(system, answer, turns), _exact(answer, places))

    return Outcome(
        case,
        reply(case.question, turns),
        tuple(places.saying(gold) for gold in case.gold),
        places.disagreements.get(case.kind),
        alone=reply(case.question) if case.rewrite else None,
        rewritten=reply(case.rewrite) if case.rewrite else None,
        wordings=tuple(reply(wording) for wording in case.wordings),
    )


def _ask(system: System, question: str, turns: Sequence[Turn]) -> Answer:
    """The answer; a refusal to search is an answer without sentences."""
    try:
        return system.ask(question, tuple(turns))
    except QuestionInvalid as error:
        return Answer(question, question, "", (), (), (), (), IndexInfo("", "", "", ""), str(error))


def _ranked(system: System, answer: Answer, turns: Sequence[Turn]) -> tuple[str, ...]:
    retrieve = getattr(system, "retrieve", None)
    hits: Sequence[Hit] = answer.hits
    if retrieve is not None and hits:
        hits = retrieve(answer.question, DEPTH, tuple(turns))
    return tuple(hit.passage.id for hit in hits)


def _exact(answer: Answer, places: Places) -> tuple[bool, ...]:
    return tuple(
        places.stands(citation.passage.document_id, citation.start, citation.end, citation.quote)
        for citation in citations_of(answer.sentences, answer.notices)
    )
