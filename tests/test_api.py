"""REST as other programs use it, over a real server on loopback: what it takes, gives and refuses."""

from __future__ import annotations

import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
import pytest
from fastapi.testclient import TestClient

from assistant import types
from assistant.assistant import Assistant
from assistant.history.history import History
from assistant.web import schemas
from assistant.web.api import api
from assistant.web.failures import FAILED, MAX_BODY
from assistant.web.service import Service
from tests.conftest import Served

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

QUESTION = "Do bisphosphonates help?"
FOREIGN = "Who won the football world cup in 1998?"


@pytest.fixture
def client(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=served.url, trust_env=False, timeout=30) as opened:
        yield opened


@pytest.fixture
def alone(assistant: Assistant) -> Iterator[TestClient]:
    """The API without page, history and network."""
    with TestClient(api(Service(assistant)), raise_server_exceptions=False) as opened:
        yield opened


def untimed(answer: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in answer.items() if name != "timings_ms"}


def events(lines: Iterable[str]) -> list[tuple[str, dict[str, Any]]]:
    """The (event, data) of server-sent events, by the rules of their standard."""
    found, event, data = [], "message", ""
    for line in lines:
        name, _, value = line.partition(":")
        if not line and data:
            found.append((event, json.loads(data)))
            event, data = "message", ""
        elif name == "event":
            event = value.strip()
        elif name == "data":
            data += value.removeprefix(" ")
    return found


def error(response: httpx.Response) -> tuple[int, str, str]:
    body = response.json()
    assert set(body) == {"error"} and set(body["error"]) == {"kind", "message"}
    return response.status_code, body["error"]["kind"], body["error"]["message"]


# --- answers ---


@pytest.mark.parametrize("question", [QUESTION, FOREIGN])
def test_ask_gives_the_machine_readable_answer(
    client: httpx.Client, assistant: Assistant, question: str
) -> None:
    answer = client.post("/v1/ask", json={"question": question}).json()
    assert list(answer) == list(assistant.ask(question).to_dict())
    assert untimed(answer) == untimed(assistant.ask(question).to_dict())


def test_a_follow_up_is_understood_with_its_turns(
    client: httpx.Client, assistant: Assistant
) -> None:
    first = assistant.ask("What is heterotopic ossification?")
    turns = [{"question": first.question, "answer": first.text}]
    asked = {"question": "How is it treated?", "turns": turns}
    assert "heterotopic" in client.post("/v1/ask", json=asked).json()["query"].lower()
    hits = [
        client.post("/v1/retrieve", json={"query": "How is it treated?", "turns": given}).json()
        for given in ([], turns)
    ]
    assert hits[0]["hits"] != hits[1]["hits"]


def test_a_stream_is_notices_then_sentences_then_the_answer(
    client: httpx.Client, assistant: Assistant
) -> None:
    with client.stream("POST", "/v1/ask/stream", json={"question": QUESTION}) as response:
        assert response.headers["content-type"] == "text/event-stream; charset=utf-8"
        parts = events(response.iter_lines())
    answer = assistant.ask(QUESTION)
    said = [("notice", notice.to_dict()) for notice in answer.notices]
    said += [("sentence", sentence.to_dict()) for sentence in answer.sentences]
    assert parts[:-1] == said
    assert parts[-1][0] == "answer" and untimed(parts[-1][1]) == untimed(answer.to_dict())


def test_an_answer_that_breaks_off_ends_with_an_error(assistant: Assistant) -> None:
    class Broken(Service):
        def stream(self, *arguments: Any, **named: Any) -> Any:
            yield assistant.ask(QUESTION).notices[0]
            raise RuntimeError("a secret of the inside")

    with TestClient(api(Broken(assistant))) as client:
        response = client.post("/v1/ask/stream", json={"question": QUESTION})
    parts = events(response.text.split("\n"))
    assert [event for event, _ in parts] == ["notice", "error"]
    assert parts[1][1] == {"error": {"kind": "Failure", "message": FAILED}}


def test_retrieve_gives_the_best_passages(client: httpx.Client, assistant: Assistant) -> None:
    found = client.post("/v1/retrieve", json={"query": QUESTION, "k": 3}).json()
    assert found["hits"] == [hit.to_dict() for hit in assistant.retrieve(QUESTION, 3)]
    assert found["index"] == assistant.index.info.to_dict()


def test_many_clients_get_their_own_answers(client: httpx.Client, assistant: Assistant) -> None:
    questions = [QUESTION, FOREIGN, "What is calciphylaxis?", "Which imaging shows it?"]
    expected = [untimed(assistant.ask(question).to_dict()) for question in questions]

    def asked(question: str) -> dict[str, Any]:
        return untimed(client.post("/v1/ask", json={"question": question}).json())

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(asked, questions * 5)) == expected * 5


# --- what there is ---


def test_references_are_the_works_of_the_corpus(client: httpx.Client, assistant: Assistant) -> None:
    whole = client.get("/v1/references", params={"limit": 500}).json()
    assert whole["total"] == len(whole["references"]) == len(assistant.index.documents)
    found = client.get("/v1/references", params={"words": "hua 2019"}).json()
    (work,) = found["references"]
    metadata = assistant.index.documents["hua-2019"]
    assert (work["document_id"], work["title"]) == ("hua-2019", metadata["title"])
    assert (work["year"], work["doi"], work["basis"]) == (2019, metadata["doi"], "abstract")
    assert work["authors"] == metadata["authors"] and work["topics"] == metadata["topics"]


def test_references_are_filtered_and_paged(client: httpx.Client) -> None:
    def keys(**filters: object) -> list[str]:
        found = client.get("/v1/references", params=filters).json()  # type: ignore[arg-type]
        return [work["document_id"] for work in found["references"]]

    wanted = {"evidence_level": "randomized trial", "topic": "bisphosphonates", "since": 2010}
    found = client.get("/v1/references", params=wanted).json()
    assert 0 < found["total"] < 20
    for work in found["references"]:
        assert work["evidence_level"] == "randomized trial" and work["year"] >= 2010
        assert "bisphosphonates" in work["topics"]
    assert keys(limit=3, offset=2) == keys(limit=5)[2:]
    assert keys(offset=9999) == []


def test_health_names_the_index_and_whether_a_history_is_kept(
    client: httpx.Client, alone: TestClient, assistant: Assistant
) -> None:
    health = client.get("/v1/health").json()
    assert health["status"] == "ok" and health["history"] is True
    assert health["index"] == assistant.index.info.to_dict()
    assert health["passages"] == len(assistant.index.passages)
    assert (health["engines"], health["disclosure"]) == (["extractive"], None)
    assert alone.get("/v1/health").json() == health | {"history": False}


# --- feedback ---


def test_feedback_is_kept_with_the_answer(served: Served, client: httpx.Client) -> None:
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    given = {
        "thumb": "down", "reason": "not supported", "comment": "Dose?\x00", "question": QUESTION,
        "earlier": ["What is osteonecrosis?"], "answer": answer,
    }  # fmt: skip
    response = client.post("/v1/feedback", json=given)
    assert response.status_code == 201
    kept = served.service.history.feedback()[-1]
    assert kept.id == response.json()["id"]
    assert (kept.opinion.thumb, kept.opinion.reason) == ("down", "not supported")
    assert (kept.opinion.comment, kept.question) == ("Dose?", QUESTION)
    assert kept.earlier == ("What is osteonecrosis?",) and kept.answer == answer


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"thumb": "sideways"}, "thumb: input should be 'up' or 'down'"),
        ({"reason": "rude"}, "reason: input should be 'wrong', 'not supported'"),
        ({"thumb": "up"}, "goes with a thumb down"),
        ({"comment": "x" * 2001}, "comment: string should have at most 2000 characters"),
        ({"answer": {"schema": 1}}, "answer.question: field required"),
        ({"question": ""}, "question: string should have at least 1 character"),
    ],
)
def test_feedback_that_is_none_is_refused(
    client: httpx.Client, change: dict[str, object], said: str
) -> None:
    given = {"thumb": "down", "reason": "wrong", "question": QUESTION} | change
    status, _, message = error(client.post("/v1/feedback", json=given))
    assert status == 422 and said in message


def test_feedback_is_refused_where_no_history_is_kept(alone: TestClient) -> None:
    refused = alone.post("/v1/feedback", json={"thumb": "up", "question": QUESTION})
    status, kind, message = error(refused)
    assert (status, kind) == (403, "HistoryOff") and "ASSISTANT_HISTORY=on" in message


# --- what is refused ---


@pytest.mark.parametrize("path", ["/v1/ask", "/v1/ask/stream"])
@pytest.mark.parametrize(
    "question", ["", "   ", "12345", "Wo tut die Hüfte weh, wenn sie verkalkt?"]
)
def test_a_question_that_cannot_be_searched_gets_one_sentence(
    client: httpx.Client, path: str, question: str
) -> None:
    status, kind, message = error(client.post(path, json={"question": question}))
    assert (status, kind) == (422, "QuestionInvalid") and message.startswith("The question ")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"{", "the body is no JSON from character 1 on"),
        (b"", "body: field required"),
        (b"[]", "body: input should be a valid dictionary"),
        (b"{}", "question: field required"),
        (b'{"question": "x", "turn": []}', "turn: extra inputs are not permitted"),
        (b'{"question": "\\ud800"}', "question: input should be a valid string"),
        (json.dumps({"question": "x" * 2001}).encode(), "at most 2000 characters"),
        (json.dumps({"question": "x", "turns": [{}] * 51}).encode(), "at most 50 items"),
        (b'{"question": "x", "turns": [{"question": "y"}]}', "turns.0.answer: field required"),
    ],
)
def test_a_request_that_is_not_accepted_is_told_why(
    client: httpx.Client, body: bytes, said: str
) -> None:
    form = {"Content-Type": "application/json"}
    status, kind, message = error(client.post("/v1/ask", content=body, headers=form))
    assert (status, kind) == (422, "RequestInvalid") and said in message
    assert message.endswith("its form stands in /openapi.json.")


def test_a_body_that_is_no_text_is_said(client: httpx.Client) -> None:
    form = {"Content-Type": "application/json"}
    refused = error(client.post("/v1/ask", content=b'{"question": "\xff"}', headers=form))
    assert refused[:2] == (400, "RequestInvalid") and "JSON in UTF-8" in refused[2]


def test_a_request_that_is_too_large_is_not_read(client: httpx.Client) -> None:
    large = b'{"question": "' + b"x" * MAX_BODY + b'"}'
    form = {"Content-Type": "application/json"}
    for content in (large, iter([large[:-9], large[-9:]])):  # the second does not say how large
        refused = client.post("/v1/ask", content=content, headers=form)
        assert error(refused)[:2] == (413, "RequestTooLarge")


def test_a_body_that_never_comes_is_refused_at_once(served: Served) -> None:
    address = urlsplit(served.url)
    with socket.create_connection((address.hostname, address.port), timeout=10) as connection:
        connection.sendall(
            b"POST /v1/ask HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
            b"Content-Length: 99999999999\r\n\r\n"
        )
        assert connection.recv(100).startswith(b"HTTP/1.1 413")


@pytest.mark.parametrize("path", ["/v1/nothing", "/v1", "/v1/", "/v1/ask/", "/v1/ask/stream/more"])
def test_an_unknown_address_is_said_in_the_same_form(client: httpx.Client, path: str) -> None:
    status, kind, message = error(client.get(path))
    assert (status, kind) == (404, "NotFound") and path in message


def test_a_method_that_is_not_taken_is_told_which_are(client: httpx.Client) -> None:
    refused = client.get("/v1/ask")
    assert error(refused) == (405, "MethodNotAllowed", "/v1/ask takes POST, not GET.")
    assert refused.headers["allow"] == "POST"
    for method, path in (("DELETE", "/v1/health"), ("QUERY", "/v1/health"), ("TRACE", "/metrics")):
        assert client.request(method, path).headers["allow"] == "GET"


def test_a_failure_inside_shows_nothing_of_it(assistant: Assistant) -> None:
    class Broken(Service):
        def ask(self, *arguments: Any, **named: Any) -> Any:
            raise RuntimeError("a secret of the inside")

    with TestClient(api(Broken(assistant)), raise_server_exceptions=False) as client:
        refused = client.post("/v1/ask", json={"question": QUESTION})
        assert error(refused) == (500, "Failure", FAILED)  # type: ignore[arg-type]


def test_a_history_that_fails_is_said_and_answers_go_on(
    assistant: Assistant, tmp_path: Path
) -> None:
    history = History.open(f"sqlite:///{tmp_path}/history.sqlite")
    with sqlite3.connect(tmp_path / "history.sqlite") as database:
        database.execute("DROP TABLE feedback")
    with TestClient(api(Service(assistant, history))) as client:
        refused = client.post("/v1/feedback", json={"thumb": "up", "question": QUESTION})
        assert error(refused)[:2] == (503, "HistoryUnusable")  # type: ignore[arg-type]
        assert client.post("/v1/ask", json={"question": QUESTION}).status_code == 200


# --- counters ---


def test_metrics_count_answers_by_face_and_what_came_of_them(assistant: Assistant) -> None:
    service = Service(assistant)

    def count(name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", service.metrics.text().decode(), re.M)
        return float(found[1]) if found else 0.0

    with TestClient(api(service)) as client:
        for question in (QUESTION, QUESTION, FOREIGN, ""):
            client.post("/v1/ask", json={"question": question})
        client.get("/v1/nothing/at/all")
        text = client.get("/metrics")
    answers = "hip_assistant_answers_total"
    assert count(answers + '{face="api",outcome="answered"}') == 2
    assert count(answers + '{face="api",outcome="abstained"}') == 1
    assert count(answers + '{face="api",outcome="refused"}') == 1
    assert count('hip_assistant_answer_seconds_count{face="api"}') == 3
    assert count('hip_assistant_stage_seconds_count{stage="retrieval"}') == 3
    assert count('hip_assistant_notices_total{kind="disagreement"}') == 2
    requests = 'hip_assistant_http_requests_total{method="%s",route="%s",status="%d"}'
    assert count(requests % ("POST", "/v1/ask", 200)) == 3
    assert count(requests % ("GET", "unknown", 404)) == 1
    assert count("hip_assistant_passages") == len(assistant.index.passages)
    assert text.headers["content-type"].startswith("text/plain; version=")
    assert "bisphosphonates" not in text.text.lower() and "football" not in text.text


def test_another_assistant_can_be_put_into_use(assistant: Assistant, tiny: Any) -> None:
    service, bees = Service(assistant), tiny({"bees.md": "# Bees\n\nSmoke calms bees."})
    service.assistant = bees
    assert service.ask("Does smoke calm bees?").sentences[0].text == "Smoke calms bees."
    text = service.metrics.text().decode()
    assert f'generation="{bees.index.manifest.generation}"' in text
    assert f'generation="{assistant.index.manifest.generation}"' not in text


# --- its description ---


def test_the_forms_of_an_answer_are_those_of_the_nouns() -> None:
    for name in ("Citation", "Sentence", "Side", "Notice", "Reference", "Hit"):
        assert getattr(schemas, name).model_fields, name
    assert set(schemas.Reference.model_fields) == {f.name for f in fields(types.Reference)}
    assert set(schemas.Index.model_fields) == {f.name for f in fields(types.IndexInfo)}


def test_the_description_names_every_address(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert {
        f"{method.upper()} {path}"
        for path, methods in described["paths"].items()
        for method in methods
    } == {
        "POST /v1/ask", "POST /v1/ask/stream", "POST /v1/retrieve", "POST /v1/feedback",
        "GET /v1/references", "GET /v1/health", "GET /metrics",
    }  # fmt: skip


CHECKS = """
[checks.positive_data_acceptance]
enabled = false  # a question that fits its form may still be none in English
[checks.negative_data_rejection]
expected-statuses = [400, 404, 405, 413, 422]
"""


def test_whatever_is_sent_gets_a_documented_answer(served: Served, tmp_path: Path) -> None:
    """Schemathesis's plugin does not know pytest 9, so it runs as its own command."""
    (tmp_path / "schemathesis.toml").write_text(CHECKS, encoding="utf-8")
    command = [
        sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml",
        "run", f"{served.url}openapi.json", "--seed", "1", "--max-examples", "20", "--no-color",
        "--phases", "coverage,fuzzing", "--generation-database", ":memory:",
    ]  # fmt: skip
    environment = {name: value for name, value in os.environ.items() if "PROXY" not in name.upper()}
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=tmp_path, env=environment
    )
    said = "\n".join(line[:300] for line in done.stdout.splitlines()[-200:])
    assert done.returncode == 0, said + done.stderr[-2000:]
    assert "Tested: 7" in said
    generated = re.search(r"([\d,]+) generated", said)
    assert generated and int(generated[1].replace(",", "")) > 300, said


@pytest.mark.browser
def test_its_documentation_loads_nothing_from_elsewhere(browser: Browser, served: Served) -> None:
    """Seen from another host than loopback, which some pages treat in another way."""
    elsewhere: list[str] = []

    def through(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.hostname != "hip.test":
            elsewhere.append(route.request.url)
            return route.abort()
        got = httpx.get(f"{served.url}{parts.path.lstrip('/')}", trust_env=False)
        kind = got.headers.get("content-type", "")
        return route.fulfill(status=got.status_code, body=got.content, content_type=kind)

    with browser.new_context() as context:
        tab = context.new_page()
        failures: list[str] = []
        tab.on("pageerror", lambda failure: failures.append(str(failure)))
        tab.route("**/*", through)
        tab.goto("http://hip.test/docs")
        tab.get_by_role("button", name="post /v1/ask", exact=False).first.wait_for()
        tab.wait_for_load_state("networkidle")
        assert "Answers questions about dystrophic" in tab.content()
    assert elsewhere == [] and failures == []
