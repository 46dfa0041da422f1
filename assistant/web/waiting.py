"""While an index is built: a page at the address of the page that says so, and how far it is.

It listens from the first step of a build on, so where nothing is built there is none. A browser
that shows it opens the page by itself as soon as the page is there.
"""

from __future__ import annotations

import threading
import time
from html import escape
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from assistant.web import strings
from assistant.web.elements import progress_html
from assistant.web.failures import problem
from assistant.web.working import Step

if TYPE_CHECKING:
    import uvicorn

PROGRESS = "/building.json"
SECONDS = 3
LOOK = Path(__file__).with_name("waiting.html")


class Waiting:
    """A context in which `progress(stage, done, total)` starts the page and moves its bar."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._step = Step(strings.BEGUN, 0, 0)
        self._server: uvicorn.Server | None = None
        self._thread: threading.Thread | None = None

    def progress(self, stage: str, done: int, total: int) -> None:
        self._step = Step(stage, done, total)
        if self._server is None:
            self._start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._server is not None and self._thread is not None:
            self._server.should_exit = True
            self._thread.join()

    def _start(self) -> None:
        import uvicorn

        config = uvicorn.Config(
            self._application(),
            host=self._host,
            port=self._port,
            log_level="error",
            access_log=False,
            lifespan="off",
            timeout_graceful_shutdown=1,
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, name="waiting page", daemon=True)
        self._thread.start()
        # The build goes on whether or not this page is there.
        end = time.monotonic() + SECONDS
        while not self._server.started and self._thread.is_alive() and time.monotonic() < end:
            time.sleep(0.01)

    def _application(self) -> Starlette:
        return Starlette(
            routes=[
                Route(PROGRESS, self._told),
                Route("/v1/{path:path}", self._later, methods=["GET", "POST"]),
                Route("/{path:path}", self._page),
            ]
        )

    def _told(self, request: Request) -> Response:
        return JSONResponse({"html": self._bar()}, headers={"Cache-Control": "no-store"})

    def _later(self, request: Request) -> Response:
        return JSONResponse(
            problem("IndexBusy", strings.BUILDING_NOTE), 503, headers={"Retry-After": str(SECONDS)}
        )

    def _page(self, request: Request) -> Response:
        page = (
            LOOK.read_text("utf-8")
            .replace("{title}", escape(strings.TITLE))
            .replace("{heading}", escape(strings.BUILDING))
            .replace("{note}", escape(strings.BUILDING_NOTE))
            .replace("{bar}", self._bar())
            .replace("{progress}", PROGRESS)
        )
        headers = {"Retry-After": str(SECONDS), "Cache-Control": "no-store"}
        return HTMLResponse(page, 503, headers=headers)

    def _bar(self) -> str:
        return progress_html(self._step.stage, self._step.done, self._step.total)
