"""The evaluation tab: the newest report, and a run of the hip suite with its progress."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError
from assistant.web import strings
from assistant.web.elements import progress_html
from assistant.web.exchange import error_html
from assistant.web.measured import report_html
from assistant.web.working import Done, Progress, steps

if TYPE_CHECKING:
    from assistant.web.service import Service

log = logging.getLogger(__name__)


class Evaluation:
    """Its components, and the handlers of their events."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._running = threading.Lock()

    def lay_out(self, html: partial[gr.HTML]) -> None:
        """Inside the tab; `html` makes a component that Gradio's own style leaves alone."""
        html(f'<p class="aside">{strings.EVALUATION_INTRO}</p>', elem_id="evaluation-intro")
        with gr.Row(elem_id="evaluation-run"):
            self.run = gr.Button(strings.EVALUATION_RUN, min_width=0, elem_id="run-suite")
            html(f'<p class="aside">{strings.EVALUATION_HINT}</p>')
        self.progress = html("", elem_id="evaluation-progress")
        self.report = html("", elem_id="evaluation")

    def wire(self, tab: gr.Tab) -> None:
        """Ties events to handlers; the report is read when the tab is opened."""
        quick: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
        tab.select(self._latest, None, [self.report], queue=False, **quick)
        self.run.click(self._run, None, [self.progress, self.report], concurrency_limit=4, **quick)

    def _latest(self) -> str:
        from evals.report import read, reports_folder
        from evals.run import check_extra

        try:
            check_extra()
            return report_html(read("latest", reports_folder(self._service.assistant.settings)))
        except AssistantError as error:
            log.info("no report to show: %s", error)
            return f'<p class="aside">{strings.EVALUATION_NONE}</p>'

    def _run(self) -> Iterator[dict[Any, Any]]:
        if not self._running.acquire(blocking=False):
            yield {self.progress: error_html(strings.EVALUATION_BUSY)}
            return
        # The lock is the work's: a reader who leaves does not end the run.
        yield {self.progress: progress_html(strings.BEGUN, 0, 0)}
        try:
            for step in steps(self._suite):
                if isinstance(step, Done):
                    yield {self.progress: "", self.report: report_html(step.result)}
                else:
                    yield {self.progress: progress_html(step.stage, step.done, step.total)}
        except AssistantError as error:
            yield {self.progress: error_html(str(error))}
        except Exception:
            log.exception("a run of the suite broke off")
            yield {self.progress: error_html(strings.EVALUATION_FAILED)}

    def _suite(self, progress: Progress) -> dict[str, Any]:
        from evals.run import run_hip

        try:
            return run_hip(self._service.assistant.settings, progress=progress).report
        finally:
            self._running.release()
