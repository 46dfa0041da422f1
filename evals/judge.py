"""A chat model as a judge: is each sentence supported by its quotes, is the answer to the point?

Off unless a model is named; its verdicts vary from run to run, so they never gate. The model is any
that LangChain's `init_chat_model` knows, given as `provider:model`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from assistant.errors import ExtraMissing, SettingsInvalid, SystemFailed
from evals.outcomes import Outcome

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

JUDGED = ("answerable",)
PROMPT = """You check an answer against the quotes it cites. Judge by the quotes alone.

Question: {question}

{sentences}

Reply with JSON only: {{"supported": [true or false for each sentence], "to_the_point": true or false}}
"supported": the sentence says nothing that its quotes do not say.
"to_the_point": the answer, as a whole, answers the question."""


def opened(name: str) -> BaseChatModel:
    """The model of that name, opened before anything is asked.

    Raises SettingsInvalid for a model that is not known, ExtraMissing without its package.
    """
    from langchain.chat_models import init_chat_model

    mend = "Name one as provider:model, for example: --judge openai:gpt-4.1-mini"
    if not name.strip():
        raise SettingsInvalid(f"The judge has no name. {mend}")
    try:
        chat: BaseChatModel = init_chat_model(name, temperature=0)
        return chat
    except ImportError as error:
        raise ExtraMissing(
            f"The judge {name!r} needs a package that is not there. {_first(error)}"
        ) from None
    except ValueError as error:
        if "provider" in str(error).lower():
            raise SettingsInvalid(f"The judge {name!r} is not known to LangChain. {mend}") from None
        raise SettingsInvalid(
            f"The judge {name!r} cannot be opened: {_first(error)} {mend}"
        ) from None
    except Exception as error:  # a missing key is told by each provider in its own way
        raise SettingsInvalid(
            f"The judge {name!r} cannot be opened: {_first(error)} {mend}"
        ) from None


def judged(
    outcomes: Sequence[Outcome],
    chat: BaseChatModel,
    name: str,
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, Any]:
    """Shares over the answers whose verdict could be read; `unread` counts the others.

    Raises SystemFailed, which names the case, when the model cannot be asked.
    """
    answered = [o for o in outcomes if o.case.part in JUDGED and not o.answer.abstained]
    supported: list[bool] = []
    relevant: list[bool] = []
    for number, outcome in enumerate(answered, start=1):
        try:
            reply = str(chat.invoke(_prompt(outcome)).text)
        except Exception as error:
            raise SystemFailed(
                f"The judge {name!r} failed at the case {outcome.case.id} ({number - 1} of "
                f"{len(answered)} were judged): {_first(error)}"
            ) from error
        verdict = _verdict(reply, len(outcome.answer.sentences))
        if verdict is not None:
            supported += verdict[0]
            relevant.append(verdict[1])
        progress(number, len(answered))
    return {
        "model": name,
        "supported": sum(supported) / len(supported) if supported else None,
        "relevant": sum(relevant) / len(relevant) if relevant else None,
        "cases": len(relevant),
        "unread": len(answered) - len(relevant),
    }


def _first(error: Exception) -> str:
    """The first line of what a library says, as a sentence."""
    line = str(error).strip().partition("\n")[0].rstrip(".")
    return f"{type(error).__name__}: {line}." if line else f"{type(error).__name__}."


def _prompt(outcome: Outcome) -> str:
    told = []
    for number, sentence in enumerate(outcome.answer.sentences, start=1):
        quotes = "\n".join(f"  quote: {citation.quote}" for citation in sentence.citations)
        told.append(f"Sentence {number}: {sentence.text}\n{quotes}")
    return PROMPT.format(question=outcome.case.question, sentences="\n".join(told))


def _verdict(reply: str, sentences: int) -> tuple[list[bool], bool] | None:
    """(supported for each sentence, to the point); None for a reply that is no such verdict."""
    found = re.search(r"\{.*\}", reply, re.DOTALL)
    try:
        verdict = json.loads(found[0]) if found else {}
        supported, relevant = verdict["supported"], verdict["to_the_point"]
    except (ValueError, KeyError, TypeError):
        return None
    right = isinstance(supported, list) and isinstance(relevant, bool)
    if not right or len(supported) != sentences or not all(isinstance(s, bool) for s in supported):
        return None
    return supported, relevant
