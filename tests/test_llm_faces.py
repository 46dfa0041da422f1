"""The engine llm on the command line, in the evaluations, in doctor and on the page."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import pytest
from fastapi.testclient import TestClient

from assistant.assistant import Assistant
from assistant.doctor import examine
from assistant.errors import EvaluationFailed, SettingsInvalid
from assistant.glossary import Glossary
from assistant.settings import Settings
from assistant.terminal import converse
from assistant.types import Answer, Notice, Sentence, Turn
from assistant.web import strings
from assistant.web.api import api
from assistant.web.exchange import Shown, exchange_html
from assistant.web.server import start
from assistant.web.service import Service
from evals.gate import accept
from evals.run import run_hip
from tests.conftest import free_port
from tests.model_server import ModelServer, Request, refused, said

if TYPE_CHECKING:
    from playwright.sync_api import Browser

KEY = "sk-do-not-show-me"
QUESTION = "Do bisphosphonates help in osteonecrosis?"
ELSEWHERE = "are sent to 0.0.0.0 (model scripted)."


def quoting(request: Request) -> str:
    """Repeats the first two passages, each with its number; a follow-up as it is."""
    if "last question" in request.prompt:
        return "What?"
    passages = re.findall(r"<<\w+ passage \[(\d+)\][^\n]*\n(.*?)\n\w+>>", request.prompt, re.DOTALL)
    return " ".join(f"{text} [{number}]" for number, text in passages[:2])


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=300,
        check=False,
    )


def model(server: ModelServer, *, elsewhere: bool = False) -> list[str]:
    """The options for that server; at 0.0.0.0 it counts as being on another machine."""
    address = server.address.replace("127.0.0.1", "0.0.0.0") if elsewhere else server.address
    return ["--engine", "llm", "--chat-model", "scripted", "--chat-base-url", f"{address}/v1"]


def test_ask_with_a_model_on_this_machine_warns_of_nothing(assistant: Assistant) -> None:
    with ModelServer(said(quoting)) as server:
        result = run("ask", "--json", QUESTION, *model(server), ASSISTANT_CHAT_API_KEY=KEY)
    answer = json.loads(result.stdout)
    assert (result.returncode, answer["engine"], len(answer["sentences"])) == (0, "llm", 2)
    assert {"text", "lead", "mark", "citations", "support"} == set(answer["sentences"][0])
    assert "sent to" not in result.stderr and KEY not in result.stdout + result.stderr
    assert server.requests[0].headers["authorization"] == f"Bearer {KEY}"


def test_ask_with_a_model_elsewhere_says_first_who_receives_what(assistant: Assistant) -> None:
    with ModelServer(said(quoting)) as server:
        result = run("ask", QUESTION, *model(server, elsewhere=True))
    assert result.returncode == 0 and ELSEWHERE in result.stderr
    assert "Phrased by a language model" in result.stdout


def test_a_forbidden_model_elsewhere_is_refused_before_anything_is_sent() -> None:
    with ModelServer(said(quoting)) as server:
        options = model(server, elsewhere=True)
        result = run("ask", QUESTION, *options, ASSISTANT_REMOTE_MODELS="false")
        assert server.requests == []
    assert result.returncode == 2 and "ASSISTANT_REMOTE_MODELS forbids" in result.stderr
    assert "Traceback" not in result.stderr


def test_ask_shows_what_no_passage_carries_only_when_asked(assistant: Assistant) -> None:
    invented = "Bisphosphonates cured 77% of all hips in Norway. [1]"
    with ModelServer(said(lambda r: f"{quoting(r)} {invented}")) as server:
        plain = run("ask", QUESTION, *model(server))
        shown = run("ask", QUESTION, *model(server), "--show-unsupported")
    assert "Norway" not in plain.stdout and "Not supported" in plain.stdout
    assert "Not carried by any passage" in " ".join(shown.stdout.split())
    assert "Norway" in shown.stdout


@pytest.mark.parametrize("command", [["ask", "q"], ["chat"], ["eval"]])
def test_options_that_would_do_nothing_are_refused(command: list[str]) -> None:
    result = run(*command, "--chat-model", "ollama:bee")
    assert result.returncode == 2
    assert "--chat-model would do nothing for the engine extractive. Add: --engine llm" in (
        result.stderr
    )


def test_a_model_is_needed_for_the_engine() -> None:
    result = run("ask", "q", "--engine", "llm")
    assert result.returncode == 2
    assert "The engine llm needs a language model; name one, for example" in result.stderr


def test_the_chat_in_the_terminal_asks_the_model(settings: Settings) -> None:
    written: list[str] = []
    with ModelServer(said(quoting)) as server:
        chosen = settings.model_copy(
            update={
                "engine": "llm",
                "chat_model": "scripted",
                "chat_base_url": f"{server.address}/v1",
            }
        )
        with Assistant.open(settings=chosen) as assistant:
            converse(assistant, [QUESTION, "and in children?"], written.append)
    assert "Phrased by a language model" in " ".join(written[1].split())
    assert ["last question" in request.prompt for request in server.requests][:2] == [False, True]


# --- evaluations ---

CASES = """cases:
  - id: steroid
    asker: doctor
    question: Do bisphosphonates help in osteonecrosis?
    nuggets: [[collapse]]
    gold: [{reference: REFERENCE, quote: "QUOTE"}]
"""


@pytest.fixture
def cases(assistant: Assistant, tmp_path: Path) -> Path:
    """A folder with one case, its gold from the corpus."""
    sentence = assistant.ask(QUESTION).sentences[0]
    place = sentence.citations[-1]
    text = CASES.replace("REFERENCE", place.passage.document_id).replace("QUOTE", place.quote)
    folder = tmp_path / "cases"
    folder.mkdir()
    (folder / "answerable.yaml").write_text(text, encoding="utf-8")
    return folder


def test_a_model_is_evaluated_and_its_key_is_in_no_file(
    settings: Settings, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_CHAT_API_KEY", KEY)
    with ModelServer(said(quoting)) as server:
        chosen = Settings.load(
            indexes_dir=settings.indexes_dir,
            engine="llm",
            chat_model="scripted",
            chat_base_url=f"{server.address}/v1",
        )
        done = run_hip(chosen, cases=cases, reports=tmp_path / "reports")
        assert server.requests
    assert done.report["system"]["engine"] == "llm"
    assert done.report["system"]["chat_model"] == "scripted"
    figures = {figure["name"]: figure["value"] for figure in done.report["figures"]}
    assert figures["quote exactness"] == 1 and figures["citation recall"] == 1
    for file in done.folder.rglob("*"):
        if file.is_file():
            assert KEY not in file.read_text(encoding="utf-8")
    with pytest.raises(EvaluationFailed, match="is one of a language model"):
        accept(done.report, "because", tmp_path / "baseline.json")


def test_the_command_evaluates_a_model_and_says_how_often_quotes_stood_in(
    assistant: Assistant, cases: Path, tmp_path: Path
) -> None:
    with ModelServer(refused(400)) as server:
        options = ["--cases", str(cases), *model(server)]
        result = run("eval", *options)
    folder = Path(result.stdout.strip().splitlines()[-1].removeprefix("Report: ")).parent
    assert result.returncode == 0, result.stderr
    told = "In 1 of 1 cases the language model failed, or in part, and quotes stood in."
    assert told in result.stdout
    assert told in (folder / "report.md").read_text("utf-8")
    assert told in (folder / "report.html").read_text("utf-8")
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()


def test_the_gate_is_not_asked_of_a_model() -> None:
    with ModelServer(said(quoting)) as server:
        result = run("eval", "--check", *model(server))
        assert server.requests == []
    assert result.returncode == 2 and "--check compares answers that are the same" in result.stderr


def test_a_judge_elsewhere_is_forbidden_too(
    settings: Settings, cases: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    chosen = settings.model_copy(update={"remote_models": False})
    with pytest.raises(SettingsInvalid, match=r"is at api\.openai\.com, and ASSISTANT_REMOTE_MOD"):
        run_hip(chosen, cases=cases, judge="openai:gpt-4.1", reports=tmp_path)


# --- doctor ---


def state_of(settings: Settings) -> tuple[bool, str]:
    (finding,) = [found for found in examine(settings) if found.subject == "engine"]
    return finding.ok, finding.state


def test_doctor_reports_the_engine_without_asking_the_model(settings: Settings) -> None:
    assert state_of(settings) == (True, "extractive")
    with ModelServer(said(quoting)) as server:
        chosen = {
            "engine": "llm",
            "chat_model": "scripted",
            "chat_base_url": f"{server.address}/v1",
        }
        ok, state = state_of(settings.model_copy(update=chosen))
        assert server.requests == []
    assert (ok, state) == (True, "llm, the model scripted at 127.0.0.1, on this machine")
    far = chosen | {"chat_base_url": "https://models.example/v1"}
    assert state_of(settings.model_copy(update=far))[1] == (
        "llm, the model scripted at models.example, elsewhere: it receives questions and passages"
    )
    ok, state = state_of(settings.model_copy(update={"engine": "llm"}))
    assert not ok and state.startswith("The engine llm needs a language model")


# --- the API ---


def test_the_api_takes_the_engine_and_tells_who_receives_what(settings: Settings) -> None:
    with ModelServer(said(quoting)) as server:
        chosen = {"chat_model": "scripted", "chat_base_url": model(server, elsewhere=True)[-1]}
        with Assistant.open(settings=settings.model_copy(update=chosen)) as assistant:
            client = TestClient(api(Service(assistant)))
            health = client.get("/v1/health").json()
            assert health["engines"] == ["extractive", "llm"] and ELSEWHERE in health["disclosure"]
            answer = client.post("/v1/ask", json={"question": QUESTION, "engine": "llm"}).json()
            assert (answer["engine"], len(answer["sentences"])) == ("llm", 2)
            events = client.post("/v1/ask/stream", json={"question": QUESTION, "engine": "llm"})
            assert events.text.count("event: sentence") == 2
            asked = len(server.requests)
            usual = client.post("/v1/ask", json={"question": QUESTION}).json()
            assert usual["engine"] == "extractive" and len(server.requests) == asked
            refusal = client.post("/v1/ask", json={"question": QUESTION, "engine": "nope"})
    assert refusal.status_code == 422
    assert refusal.json()["error"]["kind"] == "EngineUnknown"


# --- the page ---


class Told(Service):
    """Its model is elsewhere, and thinks over the first question until it is stopped."""

    engines = ("llm", "extractive")
    disclosure = "Your questions are sent to models.example & co."

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant)
        self.asked: list[str | None] = []
        self.stops: list[Event | None] = []

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        face: str = "page",
        *,
        engine: str | None = None,
        stop: Event | None = None,
    ) -> Iterator[Notice | Sentence | Answer]:
        self.asked.append(engine)
        self.stops.append(stop)
        if len(self.asked) == 1:
            assert stop is not None and stop.wait(20)
            return
        yield from super().stream(question, turns, face, engine="extractive")


@pytest.mark.browser
def test_the_page_says_who_receives_what_before_the_first_question(
    browser: Browser, assistant: Assistant
) -> None:
    told = Told(assistant)
    running = start(told, port=free_port())
    try:
        with browser.new_context() as context:
            tab = context.new_page()
            tab.goto(running.url)
            tab.wait_for_selector(".welcome")
            tab.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
            assert tab.locator(".receiver").inner_text().strip() == Told.disclosure
            assert tab.locator(".receiver").is_visible()
            tab.locator("#question textarea").fill("hip?")
            tab.keyboard.press("Enter")
            tab.wait_for_selector(".exchange")
            tab.get_by_role(
                "button", name=strings.NEW, exact=True
            ).click()  # a model that thinks is stopped
            tab.wait_for_selector(".welcome")
            tab.locator("#engine input").click()
            tab.get_by_role("option", name=strings.ENGINES["extractive"]).click()
            tab.locator("#question textarea").fill(QUESTION)
            tab.keyboard.press("Enter")
            tab.wait_for_selector(".legend li")
    finally:
        running.close()
    assert told.asked == ["llm", "extractive"]
    assert told.stops[0] is not None and told.stops[0].is_set()


@pytest.mark.browser
def test_the_page_of_quotes_has_no_menu_and_nothing_to_disclose(
    browser: Browser, assistant: Assistant
) -> None:
    running = start(Service(assistant), port=free_port())
    try:
        with browser.new_context() as context:
            tab = context.new_page()
            tab.goto(running.url)
            tab.wait_for_selector(".welcome")
            assert tab.locator(".receiver").count() == 0
            assert not tab.locator("#engine").is_visible()
    finally:
        running.close()


def test_what_a_model_phrased_is_not_set_as_a_quote(settings: Settings) -> None:
    phrased: Callable[[Request], str] = lambda r: quoting(r).replace("did not", "didn't", 1)  # noqa: E731
    with ModelServer(said(phrased)) as server:
        chosen = {
            "engine": "llm",
            "chat_model": "scripted",
            "chat_base_url": f"{server.address}/v1",
        }
        with Assistant.open(settings=settings.model_copy(update=chosen)) as assistant:
            answer = assistant.ask(QUESTION)
            glossary = Glossary.of(assistant.index)
    shown = exchange_html("e1", Shown(QUESTION, answer), glossary)
    assert shown.count('class="phrased"') == 1
    assert "Phrased by a language model" in shown
