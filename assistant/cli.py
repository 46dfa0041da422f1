"""The command line: parse, call the library, render. Heavy imports wait inside the commands.

Exit codes: 0 done, 2 something that the user can mend (one message on standard error), 130 Ctrl-C.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant import corpus_cli, eval_cli
from assistant.errors import AssistantError
from assistant.model_options import BaseUrl, ChatModel, EngineName, ShowUnsupported, refuse_idle

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings

app = typer.Typer(
    name="hip-assistant",
    help="Ask a corpus about dystrophic mineralization of the hip; every sentence is a quote.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(corpus_cli.app, name="corpus")
app.add_typer(eval_cli.app, name="eval")

IndexName = Annotated[
    str | None, typer.Option("--index", metavar="NAME", help="Which index; default: default.")
]


def main() -> None:
    """The entry point, with the one `except AssistantError` of this face."""
    try:
        app()
    except AssistantError as error:
        print(f"hip-assistant: {error}", file=sys.stderr)
        sys.exit(2)
    except KeyboardInterrupt:
        sys.exit(130)
    except BrokenPipeError:
        # The reader, such as `head`, has seen enough.
        sys.stderr.close()
        sys.exit(0)


@app.command()
def index(
    corpus: Annotated[
        Path | None, typer.Option("--corpus", metavar="DIR", help="Folder of files to index.")
    ] = None,
    name: IndexName = None,
    force: Annotated[bool, typer.Option("--force", help="Build even if nothing changed.")] = False,
) -> None:
    """Build the index of a corpus, or bring it up to date."""
    from assistant.opening import build
    from assistant.settings import Settings

    build(Settings.load(index=name), corpus, force=force)


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="The question, in English.")],
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the whole answer as JSON.")
    ] = False,
    name: IndexName = None,
    engine: EngineName = None,
    chat_model: ChatModel = None,
    chat_base_url: BaseUrl = None,
    show_unsupported: ShowUnsupported = None,
) -> None:
    """Answer one question."""
    assistant = _opened(name, engine, chat_model, chat_base_url, show_unsupported)
    answer = assistant.ask(question)
    if as_json:
        print(json.dumps(answer.to_dict(), ensure_ascii=False, indent=2))
        return
    from assistant.rendering import answer_text

    print(answer_text(answer))


@app.command()
def chat(
    name: IndexName = None,
    engine: EngineName = None,
    chat_model: ChatModel = None,
    chat_base_url: BaseUrl = None,
    show_unsupported: ShowUnsupported = None,
) -> None:
    """Converse in the terminal."""
    from assistant.terminal import converse

    converse(_opened(name, engine, chat_model, chat_base_url, show_unsupported))


@app.command()
def web(
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port to listen on.")] = 7860,
    open_browser: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in a browser.")
    ] = False,
    name: IndexName = None,
    engine: EngineName = None,
    chat_model: ChatModel = None,
    chat_base_url: BaseUrl = None,
    show_unsupported: ShowUnsupported = None,
) -> None:
    """Open the chat page; the API is served beside it. With a language model both engines are offered."""
    from assistant.history.history import open_history
    from assistant.opening import open_assistant
    from assistant.web.server import require_free, serve
    from assistant.web.service import Service
    from assistant.web.waiting import Waiting

    settings = _settings(name, engine, chat_model, chat_base_url, show_unsupported)
    require_free(host, port)
    with Waiting(host, port) as waiting:
        assistant = open_assistant(settings, waiting.progress)
    service = Service(assistant, open_history(assistant.settings))
    serve(service, host=host, port=port, open_browser=open_browser)


@app.command()
def mcp(name: IndexName = None) -> None:
    """Serve the tools `ask` and `retrieve` to a program that speaks MCP, on standard input and output."""
    from assistant.mcp_server import mcp_server

    assistant = _opened(name)
    mcp_server(assistant.ask, assistant.retrieve).run("stdio")


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON.")] = False,
    name: IndexName = None,
) -> None:
    """Check what is installed and whether corpus, model and index are readable."""
    from assistant.doctor import examine
    from assistant.settings import Settings

    findings = examine(Settings.load(index=name))
    if as_json:
        print(json.dumps([finding.to_dict() for finding in findings], ensure_ascii=False, indent=2))
    else:
        for finding in findings:
            print(f"{'ok' if finding.ok else 'PROBLEM':8}{finding.subject}: {finding.state}")
    if not all(finding.ok for finding in findings):
        sys.exit(2)


def _settings(
    name: str | None,
    engine: str | None,
    chat_model: str | None,
    chat_base_url: str | None,
    show_unsupported: bool | None,
) -> Settings:
    from assistant.settings import Settings

    return Settings.load(
        index=name,
        engine=engine,
        chat_model=chat_model,
        chat_base_url=chat_base_url,
        show_unsupported=show_unsupported,
    )


def _opened(
    name: str | None,
    engine: str | None = None,
    chat_model: str | None = None,
    chat_base_url: str | None = None,
    show_unsupported: bool | None = None,
) -> Assistant:
    from assistant.opening import open_assistant

    settings = _settings(name, engine, chat_model, chat_base_url, show_unsupported)
    refuse_idle(settings, chat_model, chat_base_url, show_unsupported)
    return open_assistant(settings)


if __name__ == "__main__":
    main()
