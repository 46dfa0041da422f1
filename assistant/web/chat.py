"""The tab to ask in: its layout, and what happens when something is asked, stopped, opened or rated."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.followups import FollowUps
from assistant.glossary import Glossary
from assistant.history.feedback import Opinion
from assistant.types import Answer, Notice
from assistant.web import strings
from assistant.web.elements import standing_html
from assistant.web.evidence import evidence_html, panel_html
from assistant.web.exchange import Shown, conversation_html, error_html, exchange_html, export_html
from assistant.web.history_panel import history_html
from assistant.web.reader import document_html, reader_html
from assistant.web.talk import Exchange, Talk, Talks
from assistant.web.visitors import owner

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.web.service import Service

AT_ONCE = 4
EXPORTS = "page/export"

Update = dict[Any, Any]  # component -> its new value

log = logging.getLogger(__name__)


class Over:
    """What the page makes of one assistant: its glossary and its suggestions."""

    def __init__(self, assistant: Assistant) -> None:
        self.assistant = assistant
        self.glossary = Glossary.of(assistant.index)
        self.follow_ups = FollowUps(assistant)


class Chat:
    """Its components, and the handlers of their events."""

    def __init__(self, service: Service, talks: Talks) -> None:
        self._service = service
        self._talks = talks
        self._over = Over(service.assistant)

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
                self.history = html(self._history(None, None), elem_id="history")
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
        return {self.history: self._history(session, request)}

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
        before = talk.past[:-1] if instead else talk.past[:]
        over = self._current
        shown = [self._exchange(n, talk, over) for n in range(1, len(before) + 1)]

        def so_far() -> Update:
            part = talk.arriving
            newest = Shown(asked, banner=talk.urgent)
            if part is not None:
                newest = Shown(asked, None, part.notices, part.sentences, banner=talk.urgent)
            anchor = f"e{len(before) + 1}"
            now = exchange_html(anchor, newest, over.glossary)
            return {
                self.standing: standing_html(talk.urgent),
                self.conversation: conversation_html([*shown, now]),
            }

        problem = ""
        arriving = talk.arriving
        assert arriving is not None
        if asked.strip():
            start: Update = {self.question: "", self.evidence: panel_html("")}
            yield so_far() | start | {self.examples: gr.Row(visible=False)}
        try:
            turns = [turn for turn, _ in zip(talk.turns, before, strict=False)]
            for part in self._service.stream(
                asked, turns, **({"engine": engine} if engine else {})
            ):
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
        if talk.wanted is not this:
            # Gradio sends the last update once more at the end: it must not be a part of this.
            yield {self.conversation: gr.skip()}
            return
        answered = bool(talk.past) and len(talk.past) == len(before) + 1 and talk.arriving is None
        talk.arriving = None
        view = self._view(talk, request, problem)
        yield view if answered else view | {self.question: asked}
        if answered and (found := self._suggestions(talk, over)) and talk.wanted is this:
            talk.past[-1].follow_ups = found
            yield {self.conversation: self._conversation(talk, problem)}

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

    def _suggestions(self, talk: Talk, over: Over) -> tuple[str, ...]:
        try:
            asked = [exchange.question for exchange in talk.past]
            return over.follow_ups.after(talk.past[-1].answer, asked)
        except AssistantError:
            return ()

    def _stopped(self, talk: Talk, request: gr.Request) -> Update:
        part = talk.arriving
        talk.halt()
        talk.arriving = None
        view = self._view(talk, request)
        if part is None:
            return view
        anchor = f"e{len(talk.past) + 1}"
        newest = Shown(part.question, None, part.notices, part.sentences, stopped=True)
        shown = [self._exchange(n, talk, self._current) for n in range(1, len(talk.past) + 1)]
        now = exchange_html(anchor, newest, self._current.glossary)
        return view | {
            self.conversation: conversation_html([*shown, now]),
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
            return {self.history: self._history(talk, request, words, str(error))}
        return {self.history: self._history(talk, request, words)}

    def _deleted(self, talk: Talk, words: str, event: gr.EventData, request: gr.Request) -> Update:
        name = str(event._data["id"])
        try:
            self._service.history.delete(self._owner(request) or "", name)
        except AssistantError as error:
            return {self.history: self._history(talk, request, words, str(error))}
        if talk.conversation == name:
            talk.renew()
            return self._view(talk, request) | {self.history: self._history(talk, request, words)}
        return {self.history: self._history(talk, request, words)}

    def _looked_for(self, talk: Talk, words: str, request: gr.Request) -> str:
        return self._history(talk, request, words)

    # --- evidence and opinions ---

    def _evidence_of(self, talk: Talk, event: gr.EventData) -> str:
        place = int(event._data["exchange"])
        return self._evidence(talk, place) if 1 <= place <= len(talk.past) else panel_html("")

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
            return {self.conversation: self._conversation(talk, str(error))}
        self._service.metrics.opinion(opinion)
        exchange.opinion = opinion
        return {self.conversation: self._conversation(talk)}

    # --- what is shown ---

    def _owner(self, request: gr.Request) -> str | None:
        return owner(request, self._service.assistant.settings.user_header)

    @property
    def _current(self) -> Over:
        """Of the assistant in use, which an upload may have replaced."""
        if self._over.assistant is not self._service.assistant:
            self._over = Over(self._service.assistant)
        return self._over

    def _view(self, talk: Talk, request: gr.Request, problem: str = "") -> Update:
        """The page as the talk stands, with the evidence of its newest answer."""
        newest = self._evidence(talk, len(talk.past)) if talk.past else panel_html("")
        return {
            self.standing: standing_html(talk.urgent),
            self.conversation: self._conversation(talk, problem),
            self.evidence: newest,
            self.examples: gr.Row(visible=not talk.past),
            self.history: self._history(talk, request),
        }

    def _conversation(self, talk: Talk, problem: str = "") -> str:
        shown = [self._exchange(n, talk, self._current) for n in range(1, len(talk.past) + 1)]
        end = error_html(problem) if problem else ""
        if talk.editing:
            end += f'<p class="aside" role="status">{strings.EDITING}</p>'
        if len(talk.past) > 1:
            whole = f"{EXPORTS}/{talk.key}/all"
            end += f'<div class="whole">{export_html(whole, strings.EXPORT_ALL)}</div>'
        return conversation_html(shown, end)

    def _exchange(self, place: int, talk: Talk, over: Over) -> str:
        it = talk.past[place - 1]
        last = place == len(talk.past)
        shown = Shown(
            it.question,
            it.answer,
            last=last,
            address=f"{EXPORTS}/{talk.key}/{place}",
            rated=it.turn is not None,
            opinion=it.opinion,
            follow_ups=it.follow_ups if last else (),
            banner=talk.urgent,
        )
        return exchange_html(f"e{place}", shown, over.glossary)

    def _evidence(self, talk: Talk, place: int) -> str:
        it = talk.past[place - 1]
        works = self._service.assistant.index.documents
        return panel_html(evidence_html(f"e{place}", it.answer, works), it.question)

    def _history(
        self, talk: Talk | None, request: gr.Request | None, words: str = "", problem: str = ""
    ) -> str:
        if not self._service.keeps_history:
            return history_html(None)
        who = self._owner(request) if request is not None else None
        try:
            found = self._service.history.conversations(who, words or "") if who else []
        except AssistantError as error:
            log.warning("the history cannot be read: %s", error)
            return history_html([], problem=strings.HISTORY_BROKEN)
        current = talk.conversation if talk else None
        return history_html(found, current=current, searched=bool(words.strip()), problem=problem)

    def _place_of_engine(self, html: partial[gr.HTML]) -> None:
        """The menu of engines and the line on who receives the question, where there is any choice."""
        names = list(getattr(self._service, "engines", ()))
        receiver = getattr(self._service, "receiver", None)
        with gr.Row(elem_id="engine", visible=len(names) > 1 or receiver is not None):
            self.engine = gr.Dropdown(
                names or None, label=strings.ENGINE, visible=len(names) > 1, min_width=0
            )
            if receiver is not None:
                html(f'<p class="receiver">{strings.RECEIVER.format(host=receiver)}</p>')
