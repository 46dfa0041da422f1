"""The options of the command line that choose a language model, alike for every command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from assistant.errors import SettingsInvalid

if TYPE_CHECKING:
    from assistant.settings import Settings

EngineName = Annotated[
    str | None,
    typer.Option("--engine", metavar="NAME", help="extractive (quotes) or llm (a language model)."),
]
ChatModel = Annotated[
    str | None,
    typer.Option(
        "--chat-model",
        metavar="MODEL",
        help="The model of the engine llm, such as ollama:llama3.1.",
    ),
]
BaseUrl = Annotated[
    str | None,
    typer.Option("--chat-base-url", metavar="URL", help="An OpenAI-compatible address of it."),
]
ShowUnsupported = Annotated[
    bool | None,
    typer.Option(
        "--show-unsupported", help="Also show, marked, what the model wrote and no passage carries."
    ),
]


def refuse_idle(
    settings: Settings,
    chat_model: str | None,
    chat_base_url: str | None,
    show_unsupported: bool | None,
) -> None:
    """Raises SettingsInvalid for options of the engine llm beside another engine."""
    given = {
        "--chat-model": chat_model,
        "--chat-base-url": chat_base_url,
        "--show-unsupported": show_unsupported,
    }
    idle = [name for name, value in given.items() if value is not None]
    if idle and settings.engine != "llm":
        raise SettingsInvalid(
            f"{', '.join(idle)} would do nothing for the engine {settings.engine}. "
            "Add: --engine llm"
        )
