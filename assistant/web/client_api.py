"""What `gradio_client` may call beside the page: `/ask` and `/retrieve`, as the REST API has them."""

from __future__ import annotations

from typing import Any

from assistant.errors import AssistantError
from assistant.types import Turn
from assistant.web.service import Service

Turns = list[list[str]]


def offer(service: Service) -> None:
    """Adds the two to the page that is being laid out; call it inside `with blocks`."""
    import gradio as gr
    from gradio.events import api

    def ask(question: str, turns: Turns) -> dict[str, Any]:
        """The machine-readable answer; each of `turns` is a question and the text of its answer."""
        try:
            return service.ask(question, _turns(turns), face="gradio_client").to_dict()
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from None

    def retrieve(query: str, k: int) -> list[dict[str, Any]]:
        """The `k` best passages for a query, 1 to 100 of them."""
        try:
            return [hit.to_dict() for hit in service.retrieve(query, max(1, min(k, 100)))]
        except AssistantError as error:
            raise gr.Error(str(error), print_exception=False) from None

    for function in (ask, retrieve):
        api(function, api_name=function.__name__, concurrency_limit=4, concurrency_id="ask")


def _turns(turns: Turns) -> list[Turn]:
    if not all(len(turn) == 2 and all(isinstance(said, str) for said in turn) for turn in turns):
        raise AssistantError(
            "A turn is a list of two texts: a question and the text of its answer. "
            'For example: [["What is it?", "It is ..."]]'
        )
    return [Turn(*turn) for turn in turns]
