"""The page: three tabs under one masthead; layout and wiring only.

What is shown is made by pure functions (`exchange`, `evidence`, `works` ...); which event shows it
is the business of `chat`, `library` and `evaluation`.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from assistant.web import strings
from assistant.web.elements import masthead_html, standing_html
from assistant.web.service import Service
from assistant.web.talk import Talk, Talks
from assistant.web.theme import script

if TYPE_CHECKING:
    import gradio

STATE_SECONDS = 24 * 3600


def page(service: Service, talks: Talks | None = None) -> gradio.Blocks:
    """The page; `launch` or mount it with `look()`. `talks` is where its open talks are found."""
    import gradio as gr

    from assistant.web.chat import Chat
    from assistant.web.evaluation import Evaluation
    from assistant.web.library import Library

    html = partial(gr.HTML, apply_default_css=False, js_on_load=None)
    chat, library, evaluation = (
        Chat(service, talks or Talks()),
        Library(service),
        Evaluation(service),
    )
    blocks = gr.Blocks(title=strings.TITLE, analytics_enabled=False, fill_width=True)
    with blocks:
        # Gradio copies this once for each browser session and then hands out that copy.
        session = gr.State(Talk(), time_to_live=STATE_SECONDS)
        # Its script serves the whole page, and raises the events of the buttons inside HTML.
        bus = gr.HTML(
            _masthead(service),
            apply_default_css=False,
            js_on_load=script(),
            elem_id="masthead",
        )
        standing = html(standing_html(), elem_id="standing")
        with gr.Tabs(elem_id="tabs"):
            with gr.Tab(strings.TABS["ask"], elem_id="tab-ask"):
                chat.lay_out(session, standing, html)
            with gr.Tab(strings.TABS["library"], elem_id="tab-library"):
                library.lay_out(html)
            with gr.Tab(strings.TABS["evaluation"], elem_id="tab-evaluation") as measured:
                evaluation.lay_out(html)
        chat.wire(bus)
        library.wire(bus)
        evaluation.wire(measured)
        blocks.load(
            chat.first_seen,
            [session],
            [chat.history],
            show_progress="hidden",
            api_visibility="private",
            queue=False,
        )
        # A source that was added since the page was made counts, too.
        blocks.load(
            lambda: _masthead(service),
            None,
            [bus],
            show_progress="hidden",
            api_visibility="private",
            queue=False,
        )
    return blocks


def _masthead(service: Service) -> str:
    index = service.assistant.index
    facts = (
        strings.AS_OF.format(year=index.info.literature_as_of),
        strings.WORKS.format(works=len(index.documents), passages=len(index.passages)),
    )
    return masthead_html(strings.TITLE, strings.ABOUT, facts)
