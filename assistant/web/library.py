"""The library tab: its layout and events. What it shows is made by `works` and `reader`."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import gradio as gr

from assistant.errors import AssistantError, SourceRefused
from assistant.web import strings
from assistant.web.elements import progress_html
from assistant.web.exchange import error_html
from assistant.web.reader import document_html, reader_html
from assistant.web.working import Done, steps
from assistant.web.works import Query, filters_html, map_html, upload_html, works_html

if TYPE_CHECKING:
    from assistant.web.service import Service

log = logging.getLogger(__name__)


class Library:
    """Its components, and the handlers of their events."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def lay_out(self, html: partial[gr.HTML]) -> None:
        """Inside the tab; `html` makes a component that Gradio's own style leaves alone."""
        index, settings = self._service.assistant.index, self._service.assistant.settings
        self.filters = html(filters_html(index.documents), elem_id="library-filters")
        self.table = html(works_html(index, Query()), elem_id="library")
        self.map = html(map_html(index), elem_id="map")
        self.upload = html(upload_html(settings), elem_id="upload")
        self.report = html("", elem_id="upload-report")
        self.reader = html(reader_html(""), elem_id="library-reader")

    def wire(self, bus: gr.HTML) -> None:
        """Ties events to handlers; `bus` raises those of the buttons inside HTML."""
        quick: dict[str, Any] = {
            "show_progress": "hidden",
            "api_visibility": "private",
            "queue": False,
        }
        bus.find(self._found, None, [self.table], **quick | {"trigger_mode": "always_last"})
        bus.work(self._work, None, [self.reader], **quick)
        changed = [self.report, self.table, self.filters, self.map]
        one = {"queue": True, "concurrency_limit": 1}
        bus.addition(self._added, None, changed, **quick | one)

    def _found(self, event: gr.EventData) -> str:
        return works_html(self._service.assistant.index, Query.of(event._data))

    def _work(self, event: gr.EventData) -> str:
        index, key = self._service.assistant.index, str(event._data["id"])
        return reader_html(document_html(index, key), int(event._data["nonce"]))

    def _added(self, event: gr.EventData) -> Iterator[dict[Any, Any]]:
        asked = event._data
        known = {name: str(asked.get(name) or "") for name in strings.UPLOAD_FIELDS}
        known = {name: words for name, words in known.items() if words.strip()}
        yield {self.report: progress_html(strings.BEGUN, 0, 0)}
        try:
            file = _sent(str(asked["path"]))
            work = partial(self._service.add_source, file, str(asked["name"]), known=known)
            for step in steps(lambda progress: work(progress=progress)):
                if isinstance(step, Done):
                    added = step.result
                else:
                    yield {self.report: progress_html(step.stage, step.done, step.total)}
        except AssistantError as error:
            yield {self.report: error_html(str(error))}
            return
        except Exception:
            log.exception("a source was not added")
            yield {self.report: error_html(strings.FAILED_UPLOAD)}
            return
        index = self._service.assistant.index
        yield {
            self.report: upload_report(added),
            self.table: works_html(index, Query()),
            self.filters: filters_html(index.documents),
            self.map: map_html(index),
        }


def upload_report(added: Any) -> str:
    """What became of the file: the works that were added and those that were passed over."""
    from html import escape

    words = strings.UPLOADED.format(
        name=added.name,
        count=len(added.works),
        s="" if len(added.works) == 1 else "s",
        documents=added.documents,
        passages=added.passages,
    )
    lines = "".join(f"<li>{escape(line)}</li>" for line in (*added.works, *added.left_out))
    return f'<div class="done" role="status"><p>{escape(words)}</p><ul>{lines}</ul></div>'


def _sent(path: str) -> Path:
    """A file that Gradio took in: no other file of this machine can be named."""
    from gradio.utils import get_upload_folder

    folder, file = Path(get_upload_folder()).resolve(), Path(path).resolve()
    if not file.is_relative_to(folder) or not file.is_file():
        raise SourceRefused(strings.UPLOAD_NO_FILE)
    return file
