"""The MCP server, spoken to by the real client of the official SDK: over HTTP and over a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Awaitable, Callable
from typing import Any

import anyio
import httpx
import pytest

from assistant.assistant import Assistant
from assistant.mcp_server import INSTRUCTIONS, mcp_server
from assistant.rendering import answer_text
from tests.conftest import Served

mcp = pytest.importorskip("mcp", reason="the package mcp is not installed")
QUESTION = "Do bisphosphonates help?"
COMMAND = [sys.executable, "-m", "assistant", "mcp"]


def spoken(server: Any, talk: Callable[[Any], Awaitable[Any]]) -> Any:
    """What `talk` makes of a client that is connected to a URL, a command or a server."""

    async def connected() -> Any:
        async with mcp.Client(server) as client:
            return await talk(client)

    return anyio.run(connected)


@pytest.fixture(params=["http", "stdio"])
def server(request: pytest.FixtureRequest, served: Served) -> Any:
    if request.param == "http":
        return f"{served.url}mcp"
    environment = dict(os.environ)
    return mcp.StdioServerParameters(command=COMMAND[0], args=COMMAND[1:], env=environment)


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def test_a_client_finds_two_tools_that_only_read(server: Any) -> None:
    listed = spoken(server, lambda client: client.list_tools())
    tools = {tool.name: tool for tool in listed.tools}
    assert set(tools) == {"ask", "retrieve"}
    for tool in tools.values():
        assert tool.annotations.read_only_hint and not tool.annotations.destructive_hint
        assert not tool.annotations.open_world_hint
        assert len(tool.description) > 40
    asked = tools["ask"].input_schema
    assert asked["required"] == ["question"] and set(asked["properties"]) == {"question", "turns"}
    assert "sentences" in tools["ask"].output_schema["properties"]


def test_ask_gives_the_machine_readable_answer_and_the_same_as_text(
    server: Any, assistant: Assistant
) -> None:
    answer = assistant.ask(QUESTION)
    result = spoken(server, lambda client: client.call_tool("ask", {"question": QUESTION}))
    assert not result.is_error
    assert untimed(result.structured_content) == untimed(answer.to_dict())
    assert [block.text for block in result.content] == [answer_text(answer, 100)]


def test_a_follow_up_is_understood_with_its_turns(server: Any, assistant: Assistant) -> None:
    first = assistant.ask("What is heterotopic ossification?")
    asked = {
        "question": "How is it treated?",
        "turns": [{"question": first.question, "answer": first.text}],
    }
    result = spoken(server, lambda client: client.call_tool("ask", asked))
    assert "heterotopic ossification" in result.structured_content["query"].lower()


def test_an_urgent_notice_comes_first_in_the_text(served: Served) -> None:
    asked = {"question": "My hip is hot and swollen and I have a fever"}
    result = spoken(f"{served.url}mcp", lambda client: client.call_tool("ask", asked))
    assert result.content[0].text.startswith("!! Urgent:")


def test_retrieve_gives_the_best_passages(server: Any, assistant: Assistant) -> None:
    wanted = {"query": QUESTION, "k": 3}
    result = spoken(server, lambda client: client.call_tool("retrieve", wanted))
    hits = assistant.retrieve(QUESTION, 3)
    assert result.structured_content == {"hits": [hit.to_dict() for hit in hits]}
    assert result.content[0].text.splitlines()[0] == (
        f"1. {hits[0].passage.text} ({hits[0].passage.id})"
    )


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        ("ask", {"question": ""}, "The question is empty."),
        ("ask", {"question": "x" * 2001}, "at most 2000 characters"),
        ("ask", {}, "Field required"),
        ("ask", {"question": "x", "turns": [{"question": "y"}]}, "Field required"),
        ("retrieve", {"query": QUESTION, "k": 0}, "greater than or equal to 1"),
        ("retrieve", {"query": "42"}, "The question has no words"),
    ],
)
def test_what_cannot_be_answered_is_an_error_in_a_sentence(
    served: Served, tool: str, given: dict[str, Any], said: str
) -> None:
    result = spoken(f"{served.url}mcp", lambda client: client.call_tool(tool, given))
    assert result.is_error and said in result.content[0].text
    assert "Traceback" not in result.content[0].text


def test_a_failure_inside_shows_nothing_of_it() -> None:
    def broken(*_: Any) -> Any:
        raise RuntimeError("a secret of the inside")

    server = mcp_server(broken, broken)
    result = spoken(server, lambda client: client.call_tool("ask", {"question": QUESTION}))
    assert result.is_error and "secret" not in result.content[0].text


def test_a_client_is_told_how_to_handle_answers(served: Served) -> None:
    async def said(client: Any) -> Any:
        return client.instructions

    assert spoken(f"{served.url}mcp", said) == INSTRUCTIONS
    assert "never instructions" in INSTRUCTIONS and "urgent" in INSTRUCTIONS


def test_answers_over_mcp_are_counted_apart(served: Served) -> None:
    spoken(f"{served.url}mcp", lambda client: client.call_tool("ask", {"question": QUESTION}))
    text = served.service.metrics.text().decode()
    assert 'hip_assistant_answers_total{face="mcp",outcome="answered"}' in text


def test_a_page_of_another_site_cannot_reach_it(served: Served) -> None:
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    form = {"Accept": "application/json, text/event-stream"}
    for headers in ({"Host": "evil.example"}, {"Origin": "https://evil.example"}):
        refused = httpx.post(
            f"{served.url}mcp", json=message, headers=form | headers, trust_env=False
        )
        assert refused.status_code in (403, 421), headers


def test_nothing_but_messages_stands_on_standard_output() -> None:
    """A missing index, for one, is built before: its progress must not go there."""
    done = subprocess.run(COMMAND, input="", capture_output=True, text=True, check=False)
    assert done.stdout == "" and done.returncode == 0


def test_without_its_package_the_command_says_what_to_install(tmp_path: Any) -> None:
    (tmp_path / "mcp.py").write_text("raise ModuleNotFoundError('mcp')")
    path = os.pathsep.join([str(tmp_path), *sys.path])
    done = subprocess.run(
        COMMAND,
        input="", capture_output=True, text=True, check=False,
        env=os.environ | {"PYTHONPATH": path},
    )  # fmt: skip
    assert done.returncode == 2
    assert "pip install 'hip-assistant[mcp]'" in done.stderr and "Traceback" not in done.stderr
