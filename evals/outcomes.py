"""What a system did with a case: `collect` asks each question and keeps all that metrics need.

A system is anything with `ask(question, turns) -> Answer`; one that also has `retrieve(query, k, turns)` is
measured below the hits that its answers carry. Nothing is scored here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.errors import QuestionInvalid, SystemFailed
from assistant.rendering import citations_of
from assistant.types import Answer, Hit, IndexInfo, Turn
from evals.cases import Case
from evals.places import Places

DEPTH = 100


class System(Protocol):
    """What can be evaluated."""

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer: ...


@dataclass(frozen=True)
class FromFunction:
    """A function `(question, turns) -> Answer` as a system; its own name stands in the report, or another."""

    function: Callable[[str, Sequence[Turn]], Answer]
    name: str = ""

    def __post_init__(self) -> None:
        own = getattr(self.function, "__qualname__", type(self.function).__name__)
        object.__setattr__(self, "name", self.name or own)

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        return self.function(question, turns)


def name_of(system: System) -> str:
    """What a system is called in reports and messages."""
    return str(getattr(system, "name", "") or type(system).__name__)


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
    `wordings` those to the other wordings, `earlier` those to the turns before it. `golden` holds, for
    each gold quote, the ids of the passages that say it; `disputed` is the question of the disagreement
    that a good answer shows.
    """

    case: Case
    reply: Reply
    golden: tuple[frozenset[str], ...] = ()
    disputed: str | None = None
    alone: Reply | None = None
    rewritten: Reply | None = None
    wordings: tuple[Reply, ...] = ()
    earlier: tuple[Reply, ...] = ()

    @property
    def replies(self) -> tuple[Reply, ...]:
        """Every reply to the case."""
        more = (self.alone, self.rewritten, *self.wordings, *self.earlier)
        return (self.reply, *(reply for reply in more if reply))

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
    """The outcomes of the cases, in their order."""
    return list(each(cases, system, places, progress))


def each(
    cases: Sequence[Case],
    system: System,
    places: Places,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> Iterator[Outcome]:
    """The outcomes one by one, as the system is asked.

    Raises SystemFailed, which names the case, when the system raises or gives no Answer.
    """
    for number, case in enumerate(cases, start=1):
        yield _outcome(case, system, places)
        progress(number, len(cases))


def _outcome(case: Case, system: System, places: Places) -> Outcome:
    asked = _Asked(case, system)
    turns: list[Turn] = []
    earlier: list[Reply] = []
    for question in case.earlier:
        answer = asked.answer(question, turns)
        earlier.append(Reply(answer, (), _exact(answer, places)))
        turns.append(Turn(question, answer.text))

    def reply(question: str, turns: Sequence[Turn] = ()) -> Reply:
        answer = asked.answer(question, turns)
        return Reply(answer, asked.ranked(answer, turns), _exact(answer, places))

    return Outcome(
        case,
        reply(case.question, turns),
        tuple(places.saying(gold) for gold in case.gold),
        places.disagreements.get(case.kind),
        alone=reply(case.question) if case.rewrite else None,
        rewritten=reply(case.rewrite) if case.rewrite else None,
        wordings=tuple(reply(wording) for wording in case.wordings),
        earlier=tuple(earlier),
    )


class _Asked:
    """A system that is asked for a case; what goes wrong is told with the case's name."""

    def __init__(self, case: Case, system: System) -> None:
        self._case = case
        self._system = system

    def answer(self, question: str, turns: Sequence[Turn]) -> Answer:
        """The answer; a refusal to search is an answer without sentences."""
        try:
            answer: object = self._system.ask(question, tuple(turns))
        except QuestionInvalid as error:
            nowhere = IndexInfo("", "", "", "")
            return Answer(question, question, "", (), (), (), (), nowhere, str(error))
        except Exception as error:
            raise self._failed(error) from error
        if not isinstance(answer, Answer):
            raise SystemFailed(
                f"The system {name_of(self._system)} gave {type(answer).__name__} for the case "
                f"{self._case.id}; accepted is an Answer of assistant.types."
            )
        return answer

    def ranked(self, answer: Answer, turns: Sequence[Turn]) -> tuple[str, ...]:
        """Ids of the passages found, as deep as the system shows them."""
        retrieve = getattr(self._system, "retrieve", None)
        hits: Sequence[Hit] = answer.hits
        if retrieve is not None and hits:
            try:
                hits = retrieve(answer.question, DEPTH, tuple(turns))
            except Exception as error:
                raise self._failed(error) from error
        return tuple(hit.passage.id for hit in hits)

    def _failed(self, error: Exception) -> SystemFailed:
        why = str(error).partition("\n")[0] or "without a message"
        return SystemFailed(
            f"The system {name_of(self._system)} raised {type(error).__name__} at the case "
            f"{self._case.id}: {why}"
        )


def _exact(answer: Answer, places: Places) -> tuple[bool, ...]:
    return tuple(
        places.stands(citation.passage.document_id, citation.start, citation.end, citation.quote)
        for citation in citations_of(answer.sentences, answer.notices)
    )
