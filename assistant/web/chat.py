"""The tab to ask in: its layout, and what happens when something is asked, stopped, opened or rated."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from html import escape
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.history.feedback import Opinion
from assistant.types import Answer, Notice
from assistant.web import strings
from assistant.web.elements import standing_html
from assistant.web.evidence import panel_html
from assistant.web.exchange import conversation_html
from assistant.web.reader import document_html, reader_html
from assistant.web.talk import Exchange, Talk, Talks
from assistant.web.views import Views
from assistant.web.visitors import owner

if TYPE_CHECKING:
    from assistant.web.service import Service

AT_ONCE = 4

Update = dict[Any, Any]  # component -> its new value

log = logging.getLogger(__name__)


class Chat:
    """Its components, and the handlers of their events."""

    def __init__(self, service: Service, talks: Talks) -> None:
        self._service = service
        self._talks = talks
        self._views = Views(service)

    def lay_out(self, session: gr.State, standing: gr.HTML, html: partial[gr.HTML]) -> None:
        """Inside the tab; `html` makes a component that Gradio's own style leaves alone."""
        button = partial(gr.Button, min_width=0)
        self.session, self.standing = session, standing
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="past", min_width=0):
                self.searched = gr.Textbox(
                    label=strings.HISTORY_SEARCH,
                    placeholder=strings.HISTORY_SEARCH,
                    show_label=False,
                    max_lines=1,
                    elem_id="history-search",
                    visible=self._service.keeps_history,
                )
                self.history = html(self._views.history(None), elem_id="history")
            with gr.Column(elem_id="talk", min_width=0):
                self.conversation = html(conversation_html([]), elem_id="conversation")
                with gr.Row(elem_id="examples") as self.examples:
                    self.offered = [button(text, size="sm") for text in strings.EXAMPLES]
                self._place_of_engine(html)
                with gr.Row(elem_id="composer"):
                    self.question = gr.Textbox(
                        label=strings.QUESTION,
                        show_label=False,
                        placeholder=strings.PLACEHOLDER,
                        max_lines=4,
                        autofocus=True,
                        elem_id="question",
                    )
                    self.ask = button(strings.ASK, variant="primary", elem_id="ask")
                    self.new = button(strings.NEW, elem_id="new")
            self.evidence = html(panel_html(""), elem_id="evidence")
        self.reader = html(reader_html(""), elem_id="reader")

    def wire(self, bus: gr.HTML) -> None:
        """Ties events to handlers; `bus` raises those of the buttons inside HTML."""
        everything = [
            self.standing,
            self.conversation,
            self.evidence,
            self.examples,
            self.question,
            self.history,
        ]
        session, chosen = self.session, self.engine
        quick: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "queue": False,
        }
        asking = quick | {
            "queue": True,
            "concurrency_limit": AT_ONCE,
            "concurrency_id": "ask",
            "trigger_mode": "multiple",
        }
        typed = [self.question, session, chosen]
        gr.on([self.question.submit, self.ask.click], self._asked, typed, everything, **asking)
        for example, text in zip(self.offered, strings.EXAMPLES, strict=True):
            example.click(self._example(text), [session, chosen], everything, **asking)
        bus.suggest(self._suggested, [session, chosen], everything, **asking)
        bus.again(self._again, [session, chosen], everything, **asking)
        bus.stop(self._stopped, [session], everything, **quick)
        bus.edit(self._edited, [session], everything, **quick)
        bus.rate(self._rated, [session], everything, **quick)
        bus.evidence(self._evidence_of, [session], [self.evidence], **quick)
        bus.read(self._read, [session], [self.reader], **quick)
        self.new.click(self._renewed, [session], everything, **quick)
        bus.open(self._opened, [session], everything, **quick)
        renaming = [session, self.searched]
        bus.rename(self._renamed, renaming, everything, **quick)
        bus.delete(self._deleted, renaming, everything, **quick)
        self.searched.change(self._looked_for, renaming, [self.history], **quick)

    def first_seen(self, session: Talk, request: gr.Request) -> Update:
        """The conversations of whoever opens the page."""
        return {self.history: self._views.history(self._owner(request), session.conversation)}

    # --- asking ---

    def _asked(
        self, question: str, talk: Talk, engine: str | None, request: gr.Request
    ) -> Iterator[Update]:
        yield from self._answer(question, talk, engine, request, instead=talk.editing)

    def _example(self, text: str) -> Callable[[Talk, str | None, gr.Request], Iterator[Update]]:
        def asked(talk: Talk, engine: str | None, request: gr.Request) -> Iterator[Update]:
            yield from self._answer(text, talk, engine, request)

        return asked

    def _suggested(
        self, talk: Talk, engine: str | None, event: gr.EventData, request: gr.Request
    ) -> Iterator[Update]:
        yield from self._answer(str(event._data["question"]), talk, engine, request)

    def _again(self, talk: Talk, engine: str | None, request: gr.Request) -> Iterator[Update]:
        if talk.past:
            last = talk.past[-1].question
            yield from self._answer(last, talk, engine, request, instead=True)

    def _answer(
        self,
        asked: str,
        talk: Talk,
        engine: str | None,
        request: gr.Request,
        *,
        instead: bool = False,
    ) -> Iterator[Update]:
        self._talks.register(talk)
        this = talk.begin(asked)
        arriving = talk.arriving
        assert arriving is not None
        before = talk.past[:-1] if instead else talk.past[:]
        shown = self._views.exchanges(talk, len(before))

        def so_far() -> Update:
            now = self._views.arriving(talk, arriving, len(before))
            return {
                self.standing: standing_html(talk.urgent),
                self.conversation: conversation_html([*shown, now]),
            }

        problem = ""
        if asked.strip():
            start: Update = {self.question: "", self.evidence: panel_html("")}
            yield so_far() | start | {self.examples: gr.Row(visible=False)}
        try:
            turns = [turn for turn, _ in zip(talk.turns, before, strict=False)]
            for part in self._service.stream(asked, turns, engine=engine, stop=this):
                if talk.wanted is not this:
                    break
                if isinstance(part, Answer):
                    problem = self._kept(talk, part, request, instead)
                elif isinstance(part, Notice):
                    arriving.notices.append(part)
                    yield so_far()
                else:
                    arriving.sentences.append(part)
                    yield so_far()
        except AssistantError as error:
            problem = str(error)
        except Exception:
            log.exception("no answer to a question on the page")
            problem = strings.FAILED
        if talk.wanted is this:
            answered = len(talk.past) == len(before) + 1 and talk.arriving is None
            talk.arriving = None
            view = self._view(talk, request, problem)
            yield view if answered else view | {self.question: asked}
            if answered and (found := self._views.follow_ups(talk)) and talk.wanted is this:
                talk.past[-1].follow_ups = found
                yield {self.conversation: self._views.conversation(talk, problem)}
        # Gradio sends the last update once more at the end. By then another question may have been
        # asked and answered, which an older state of the page would take away again.
        yield {self.conversation: gr.skip()}

    def _kept(self, talk: Talk, answer: Answer, request: gr.Request, instead: bool) -> str:
        """Puts the answer into the talk and the history; gives what to say where that failed."""
        who, problem, turn = self._owner(request), "", None
        if self._service.keeps_history and who is not None:
            history = self._service.history
            try:
                if talk.conversation is None:
                    talk.conversation = history.start(who, answer.question)
                elif instead:
                    history.drop_last(who, talk.conversation)
                turn = history.add(who, talk.conversation, answer)
            except AssistantError as error:
                log.warning("an answer was not kept: %s", error)
                problem = strings.NOT_KEPT.format(problem=error)
        if instead and talk.past:
            talk.past.pop()
        talk.past.append(Exchange(answer.question, answer, turn))
        talk.arriving, talk.editing = None, False
        talk.title = talk.title or answer.question
        return problem

    def _stopped(self, talk: Talk, request: gr.Request) -> Update:
        part = talk.arriving
        talk.halt()
        talk.arriving = None
        view = self._view(talk, request)
        if part is None:
            return view
        return view | {
            self.conversation: self._views.conversation(talk, stopped=part),
            self.question: part.question,
        }

    def _edited(self, talk: Talk, request: gr.Request) -> Update:
        if not talk.past:
            return self._view(talk, request)
        talk.halt()
        talk.editing = True
        return self._view(talk, request) | {self.question: talk.past[-1].question}

    # --- conversations ---

    def _renewed(self, talk: Talk, request: gr.Request) -> Update:
        talk.renew()
        return self._view(talk, request) | {self.question: ""}

    def _opened(self, talk: Talk, event: gr.EventData, request: gr.Request) -> Update:
        problem = ""
        try:
            who = self._owner(request) or ""
            talk.renew(self._service.history.conversation(who, str(event._data["id"])))
            self._talks.register(talk)
        except AssistantError as error:
            problem = str(error)
        return self._view(talk, request, problem) | {self.question: ""}

    def _renamed(self, talk: Talk, words: str, event: gr.EventData, request: gr.Request) -> Update:
        name, title = str(event._data["id"]), str(event._data["title"])
        try:
            self._service.history.rename(self._owner(request) or "", name, title)
            if talk.conversation == name:
                talk.title = title
        except AssistantError as error:
            return {self.history: self._listed(talk, request, words, str(error))}
        return {self.history: self._listed(talk, request, words)}

    def _deleted(self, talk: Talk, words: str, event: gr.EventData, request: gr.Request) -> Update:
        name = str(event._data["id"])
        try:
            self._service.history.delete(self._owner(request) or "", name)
        except AssistantError as error:
            return {self.history: self._listed(talk, request, words, str(error))}
        if talk.conversation == name:
            talk.renew()
            return self._view(talk, request) | {self.history: self._listed(talk, request, words)}
        return {self.history: self._listed(talk, request, words)}

    def _looked_for(self, talk: Talk, words: str, request: gr.Request) -> str:
        return self._listed(talk, request, words)

    # --- evidence and opinions ---

    def _evidence_of(self, talk: Talk, event: gr.EventData) -> str:
        return self._views.evidence(talk, int(event._data["exchange"]))

    def _read(self, talk: Talk, event: gr.EventData) -> str:
        """The whole document of a passage; each call gives other HTML, so that it opens each time."""
        asked = event._data
        passage = talk.passage(int(asked["exchange"]), str(asked["passage"]))
        index = self._service.assistant.index
        if passage is None:
            return reader_html("")
        spans = [part.split("-") for part in str(asked["places"]).split(",") if part]
        places = [(int(start), int(end)) for start, end in spans]
        content = document_html(index, passage.document_id, passage, places)
        return reader_html(content, int(asked["nonce"]))

    def _rated(self, talk: Talk, event: gr.EventData, request: gr.Request) -> Update:
        asked = event._data
        place = int(asked["exchange"])
        if not 1 <= place <= len(talk.past) or talk.past[place - 1].turn is None:
            return self._view(talk, request)
        exchange = talk.past[place - 1]
        try:
            opinion = Opinion(asked["thumb"], asked.get("reason") or None, asked.get("comment", ""))
            self._service.history.give_feedback(
                self._owner(request) or "", str(exchange.turn), opinion
            )
        except AssistantError as error:
            return {self.conversation: self._views.conversation(talk, str(error))}
        self._service.metrics.opinion(opinion)
        exchange.opinion = opinion
        return {self.conversation: self._views.conversation(talk)}

    # --- what is shown ---

    def _owner(self, request: gr.Request) -> str | None:
        return owner(request, self._service.assistant.settings.user_header)

    def _view(self, talk: Talk, request: gr.Request, problem: str = "") -> Update:
        """The page as the talk stands, with the evidence of its newest answer."""
        return {
            self.standing: standing_html(talk.urgent),
            self.conversation: self._views.conversation(talk, problem),
            self.evidence: self._views.evidence(talk, len(talk.past)),
            self.examples: gr.Row(visible=not talk.past),
            self.history: self._listed(talk, request),
        }

    def _listed(self, talk: Talk, request: gr.Request, words: str = "", problem: str = "") -> str:
        return self._views.history(self._owner(request), talk.conversation, words, problem)

    def _place_of_engine(self, html: partial[gr.HTML]) -> None:
        """The menu of engines and the line on who receives the question, where there is any choice."""
        names, disclosure = self._service.engines, self._service.disclosure
        with gr.Row(elem_id="engine", visible=len(names) > 1 or disclosure is not None):
            self.engine = gr.Dropdown(
                [(strings.ENGINES.get(name, name), name) for name in names],
                value=names[0],
                label=strings.ENGINE,
                visible=len(names) > 1,
                min_width=0,
            )
            if disclosure is not None:
                html(f'<p class="receiver" role="note">{escape(disclosure)}</p>')
