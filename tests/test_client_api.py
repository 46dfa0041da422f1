"""`gradio_client` asks the page's server as the REST API is asked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

from assistant.assistant import Assistant
from tests.conftest import Served

QUESTION = "Do bisphosphonates help?"


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("NO_PROXY", "127.0.0.1")
        yield Client(served.url, verbose=False, analytics_enabled=False)


def test_it_is_offered_two_functions_and_nothing_else(client: Client) -> None:
    offered = client.view_api(return_format="dict")
    assert set(offered["named_endpoints"]) == {"/ask", "/retrieve"}
    assert offered["unnamed_endpoints"] == {}


def test_ask_gives_the_machine_readable_answer(client: Client, assistant: Assistant) -> None:
    answer: dict[str, Any] = client.predict(QUESTION, [], api_name="/ask")
    assert answer | {"timings_ms": {}} == assistant.ask(QUESTION).to_dict() | {"timings_ms": {}}
    first = assistant.ask("What is heterotopic ossification?")
    turns = [[first.question, first.text]]
    followed = client.predict("How is it treated?", turns, api_name="/ask")
    assert "heterotopic ossification" in followed["query"].lower()


def test_retrieve_gives_the_best_passages(client: Client, assistant: Assistant) -> None:
    hits = client.predict(QUESTION, 3, api_name="/retrieve")
    assert hits == [hit.to_dict() for hit in assistant.retrieve(QUESTION, 3)]


@pytest.mark.parametrize(
    ("given", "said"),
    [(("", []), "The question is empty"), ((QUESTION, [["one"]]), "A turn is a list of two texts")],
)
def test_what_cannot_be_answered_is_an_error_in_a_sentence(
    client: Client, given: tuple[Any, ...], said: str
) -> None:
    with pytest.raises(AppError, match=said):
        client.predict(*given, api_name="/ask")


def test_its_answers_are_counted_apart(client: Client, served: Served) -> None:
    client.predict(QUESTION, [], api_name="/ask")
    text = served.service.metrics.text().decode()
    assert 'hip_assistant_answers_total{face="gradio_client",outcome="answered"}' in text
