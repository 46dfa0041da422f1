"""The chat page: layout and wiring only.

In goes anything with the `stream` of an Assistant, out comes a Gradio page. What is shown is made
by `rendering`; this module knows which component shows it and when.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import AssistantError
from assistant.types import Answer, Notice, Sentence, Turn
from assistant.web.cards import (
    conversation_html,
    disclosure_html,
    error_html,
    evidence_html,
    exchange_html,
    masthead_html,
    panel_html,
    standing_html,
)

if TYPE_CHECKING:
    import gradio

HERE = Path(__file__).resolve().parent
TITLE = "Dystrophic mineralization of the hip"
ABOUT = "Ask the literature: every sentence of an answer is a quote that you can open."
HINT = "The passages behind an answer appear here, with their publications."
FAILED = "Something went wrong while answering; the conversation is kept. Please ask again."
EXAMPLES = (
    "What is dystrophic mineralization of the hip?",
    "How does it differ from metastatic calcification?",
    "Which imaging shows it?",
    "When is surgery considered?",
    "Do bisphosphonates help?",
    "Who is at risk of heterotopic ossification after a hip replacement?",
)
ENGINE_LABELS = {"extractive": "Quotes", "llm": "Language model"}
STATE_SECONDS = 24 * 3600
AT_ONCE = 4

Update = dict[Any, Any]  # component -> its new value

log = logging.getLogger(__name__)


@dataclass
class Talk:
    """The conversation of one browser session: questions, each with its answer.

    `wanted` names the question whose answer may still be shown; another question or Clear changes
    it and stops the model. (Gradio's own way to cancel lets late parts of an answer through.)
    """

    past: list[tuple[str, Answer]] = field(default_factory=list)
    wanted: Event | None = None

    def want(self, wanted: Event | None) -> None:
        if self.wanted is not None:
            self.wanted.set()
        self.wanted = wanted


class Streams(Protocol):
    """What the page needs of an Assistant."""

    @property
    def engines(self) -> tuple[str, ...]: ...

    @property
    def disclosure(self) -> str | None: ...

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        *,
        engine: str | None = None,
        stop: Event | None = None,
    ) -> Iterable[Notice | Sentence | Answer]: ...


def page(assistant: Streams) -> gradio.Blocks:
    """The page; `launch` or mount it with `look()`, which holds its theme and its CSS."""
    import gradio as gr

    html = partial(gr.HTML, apply_default_css=False)
    button = partial(gr.Button, min_width=0)
    blocks = gr.Blocks(title=TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        # Gradio copies this once for each browser session and then hands out that copy.
        session = gr.State(Talk(), time_to_live=STATE_SECONDS)
        html(masthead_html(TITLE, ABOUT), elem_id="masthead")
        html(standing_html(), elem_id="standing")
        if said := assistant.disclosure:
            html(disclosure_html(said), elem_id="disclosure")
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                conversation = html(
                    conversation_html([]),
                    elem_id="conversation",
                    js_on_load=(HERE / "page.js").read_text("utf-8"),
                )
                with gr.Row(elem_id="examples") as examples:
                    offered = [button(text, size="sm") for text in EXAMPLES]
                with gr.Row(elem_id="composer"):
                    question = gr.Textbox(
                        label="Your question",
                        show_label=False,
                        placeholder="Ask a question",
                        max_lines=4,
                        autofocus=True,
                        elem_id="question",
                    )
                    engine = gr.Dropdown(
                        [(ENGINE_LABELS.get(name, name), name) for name in assistant.engines],
                        value=assistant.engines[0],
                        label="Answers",
                        visible=len(assistant.engines) > 1,
                        interactive=True,
                        min_width=120,
                        scale=0,
                        elem_id="engine",
                    )
                    ask = button("Ask", variant="primary", elem_id="ask")
                    clear = button("Clear", elem_id="clear")
            evidence = html(panel_html("", HINT), elem_id="evidence")

        def answered(asked: str, talk: Talk, chosen: str | None = None) -> Iterator[Update]:
            this = Event()
            talk.want(this)
            anchor = f"e{len(talk.past) + 1}"
            earlier = [exchange_html(f"e{n}", *it, fold=True) for n, it in enumerate(talk.past, 1)]
            notices: list[Notice] = []
            sentences: list[Sentence] = []

            def so_far() -> str:
                newest = exchange_html(anchor, asked, notices=notices, sentences=sentences)
                return conversation_html([*earlier, newest])

            problem = ""
            if asked.strip():
                yield {
                    question: "",
                    conversation: so_far(),
                    evidence: panel_html("", HINT),
                    examples: gr.Row(visible=False),
                }
            try:
                turns = [Turn(said, given.text) for said, given in talk.past]
                for part in assistant.stream(asked, turns, engine=chosen, stop=this):
                    if talk.wanted is not this:
                        break
                    if isinstance(part, Answer):
                        talk.past.append((asked, part))
                    elif isinstance(part, Notice):
                        notices.append(part)
                        yield {conversation: so_far()}
                    else:
                        sentences.append(part)
                        yield {conversation: so_far()}
            except AssistantError as error:
                problem = str(error)
            except Exception:
                log.exception("no answer to a question on the page")
                problem = FAILED
            if talk.wanted is this:
                yield after(talk, problem) | ({question: asked} if problem else {})
            else:
                # Gradio sends the last update once more at the end: it must not be a part of this.
                yield {conversation: gr.skip()}

        def after(talk: Talk, problem: str = "") -> Update:
            """The page as the talk stands, with the evidence of its newest answer."""
            anchors = [f"e{n}" for n in range(1, len(talk.past) + 1)]
            exchanges = [
                exchange_html(anchor, *it, fold=anchor != anchors[-1])
                for anchor, it in zip(anchors, talk.past, strict=True)
            ]
            newest = evidence_html(anchors[-1], talk.past[-1][1]) if talk.past else ""
            return {
                conversation: conversation_html(exchanges, error_html(problem) if problem else ""),
                evidence: panel_html(newest, HINT),
                examples: gr.Row(visible=not talk.past),
            }

        def cleared(talk: Talk) -> Update:
            talk.want(None)
            talk.past.clear()
            return after(talk) | {question: ""}

        outputs = [conversation, evidence, examples, question]
        wiring: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        asking = wiring | {"concurrency_limit": AT_ONCE, "concurrency_id": "ask"}
        choice = [engine] if len(assistant.engines) > 1 else []
        inputs = [question, session, *choice]
        gr.on([question.submit, ask.click], answered, inputs, outputs, **asking)
        for example, text in zip(offered, EXAMPLES, strict=True):
            example.click(partial(answered, text), [session, *choice], outputs, **asking)
        clear.click(cleared, [session], outputs, **wiring)
    return blocks


def look() -> dict[str, Any]:
    """What `launch` and `mount_gradio_app` need beside the page: system fonts and our CSS."""
    import gradio as gr

    theme = gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    return {"theme": theme, "css_paths": HERE / "page.css", "footer_links": []}
