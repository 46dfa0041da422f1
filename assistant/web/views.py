"""A talk -> the HTML of each part of the tab to ask in, over the assistant in use."""

from __future__ import annotations

import logging

from assistant.assistant import Assistant
from assistant.errors import AssistantError
from assistant.followups import FollowUps
from assistant.glossary import Glossary
from assistant.web import strings
from assistant.web.evidence import evidence_html, panel_html
from assistant.web.exchange import Shown, conversation_html, error_html, exchange_html, export_html
from assistant.web.history_panel import history_html
from assistant.web.service import Service
from assistant.web.talk import Arriving, Talk

EXPORTS = "page/export"

log = logging.getLogger(__name__)


class Views:
    """What is shown of talks; an upload may put another assistant into use at any time."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._take(service.assistant)

    def conversation(self, talk: Talk, problem: str = "", stopped: Arriving | None = None) -> str:
        """All exchanges; behind them what was stopped, a problem, and the files of the whole."""
        shown = self.exchanges(talk, len(talk.past))
        if stopped is not None:
            shown.append(self.arriving(talk, stopped, len(talk.past), stopped=True))
        end = error_html(problem) if problem else ""
        if talk.editing:
            end += f'<p class="aside" role="status">{strings.EDITING}</p>'
        if len(talk.past) > 1:
            whole = export_html(f"{EXPORTS}/{talk.key}/all", strings.EXPORT_ALL)
            end += f'<div class="whole">{whole}</div>'
        return conversation_html(shown, end)

    def exchanges(self, talk: Talk, count: int) -> list[str]:
        """The first `count` exchanges, each as it stands."""
        return [self._exchange(talk, place) for place in range(1, count + 1)]

    def arriving(self, talk: Talk, part: Arriving, before: int, *, stopped: bool = False) -> str:
        """As much of an answer as there is, behind `before` others."""
        shown = Shown(
            part.question,
            notices=part.notices,
            sentences=part.sentences,
            stopped=stopped,
            banner=talk.urgent,
        )
        return exchange_html(f"e{before + 1}", shown, self._glossary_now())

    def evidence(self, talk: Talk, place: int) -> str:
        """The panel for an exchange, by its place from 1; the hint where there is none such."""
        if not 1 <= place <= len(talk.past):
            return panel_html("")
        it = talk.past[place - 1]
        works = self._service.assistant.index.documents
        return panel_html(evidence_html(f"e{place}", it.answer, works), it.question)

    def history(
        self, owner: str | None, current: str | None = None, words: str = "", problem: str = ""
    ) -> str:
        """The owner's conversations that hold the words."""
        if not self._service.keeps_history:
            return history_html(None)
        try:
            found = self._service.history.conversations(owner, words or "") if owner else []
        except AssistantError as error:
            log.warning("the history cannot be read: %s", error)
            return history_html([], problem=strings.HISTORY_BROKEN)
        return history_html(found, current=current, searched=bool(words.strip()), problem=problem)

    def follow_ups(self, talk: Talk) -> tuple[str, ...]:
        """Questions that lead on from the newest answer; none where they cannot be found."""
        self._glossary_now()
        try:
            asked = [exchange.question for exchange in talk.past]
            return self._follow_ups.after(talk.past[-1].answer, asked)
        except AssistantError as error:
            log.warning("nothing can be suggested: %s", error)
            return ()

    def _exchange(self, talk: Talk, place: int) -> str:
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
        return exchange_html(f"e{place}", shown, self._glossary_now())

    def _glossary_now(self) -> Glossary:
        """That of the assistant in use."""
        if self._assistant is not self._service.assistant:
            self._take(self._service.assistant)
        return self._glossary

    def _take(self, assistant: Assistant) -> None:
        self._glossary, self._follow_ups = Glossary.of(assistant.index), FollowUps(assistant)
        self._assistant = assistant
