"""The chat in a terminal: lines in, answers out, with the turns so far and the sources at hand."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from contextlib import suppress

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.rendering import answer_text, sources_text
from assistant.types import Answer, Turn

HELP = (
    "Ask in English; a question may lean on the ones before it.\n"
    "/sources  the passages behind the last answer    /clear  a new conversation\n"
    "/history  the questions so far                   /quit   leave (or Ctrl-D)"
)


def converse(
    assistant: Assistant,
    lines: Iterable[str] | None = None,
    write: Callable[[str], None] = print,
) -> None:
    """Answer line after line until /quit or the end of the input; a bad line ends nothing."""
    turns: list[Turn] = []
    last: Answer | None = None
    write(HELP)
    for line in _prompted() if lines is None else lines:
        said = line.strip()
        if said in ("/quit", "/exit"):
            return
        if said == "/clear":
            turns, last = [], None
            write("A new conversation.")
        elif said == "/sources":
            write(sources_text(last) if last else "There is no answer yet: ask a question first.")
        elif said == "/history":
            write(
                "\n".join(f"{n}. {turn.question}" for n, turn in enumerate(turns, 1))
                or "Nothing yet."
            )
        elif said.startswith("/"):
            write(f"There is no command {said.split()[0]}.\n{HELP}")
        else:
            try:
                last = assistant.ask(line, turns)
            except AssistantError as error:
                write(str(error))
                continue
            turns.append(Turn(last.question, last.text))
            write(answer_text(last))


def _prompted() -> Iterable[str]:
    """Lines from standard input, asked for with a prompt, editable where readline is there."""
    with suppress(ImportError):
        import readline  # noqa: F401  (importing it gives `input` line editing and recall)
    while True:
        try:
            yield input("\n> ")
        except EOFError:
            print(file=sys.stderr)
            return
