"""One application for the page, the API and the MCP server, and the server that listens for it."""

from __future__ import annotations

import errno
import os
import socket
import threading
import time
import webbrowser
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from assistant.errors import ExtraMissing, PortInUse, SettingsInvalid
from assistant.mcp_server import mcp_server
from assistant.web.api import api
from assistant.web.client_api import offer
from assistant.web.exports import route
from assistant.web.page import page
from assistant.web.service import Service
from assistant.web.talk import Talks
from assistant.web.theme import look
from assistant.web.visitors import Known

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

LOOPBACK = ("127.0.0.1", "::1", "localhost")
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Running:
    """A server that listens in a thread, until `close()`."""

    url: str
    _server: uvicorn.Server
    _thread: threading.Thread

    def close(self) -> None:
        """Ends it; answers that are under way get a few seconds."""
        self._server.should_exit = True
        self._thread.join()

    def wait(self) -> None:
        """Until it ends."""
        while self._thread.is_alive():
            self._thread.join(1)  # a join without end would not see Ctrl-C everywhere


def application(service: Service, *, host: str = "127.0.0.1") -> FastAPI:
    """The API with the page at `/` and, where the package mcp is installed, its server at `/mcp`."""
    import gradio as gr

    settings = service.assistant.settings
    app = api(service)
    _add_mcp(app, service, host)
    talks = Talks()
    app.router.routes.append(route(service, talks))
    if service.keeps_history:
        app.add_middleware(Known)
    blocks = page(service, talks)
    with blocks:
        offer(service)
    gr.mount_gradio_app(
        app,
        blocks,
        path="/",
        show_error=False,
        ssr_mode=False,
        mcp_server=False,
        pwa=False,
        run_history=False,
        enable_monitoring=False,
        # The smallest that is accepted where nothing may be uploaded.
        max_file_size=f"{settings.upload_megabytes}mb" if settings.uploads else "1b",
        **look(),
    )
    return app


def start(service: Service, *, host: str = "127.0.0.1", port: int = 7860) -> Running:
    """Page and API, listening in a thread; `close()` of what is returned ends that.

    Raises PortInUse, or SettingsInvalid for an address that this machine cannot listen on.
    """
    require_free(host, port)
    import uvicorn

    config = uvicorn.Config(
        application(service, host=host),
        host=host,
        port=port,
        lifespan="on",  # what fails while starting is not passed over
        log_level="warning",
        access_log=False,  # what people ask is not written anywhere
        timeout_graceful_shutdown=5,
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, name="server", daemon=True)
    thread.start()
    end = time.monotonic() + SECONDS_TO_START
    while not server.started:
        if not thread.is_alive() or time.monotonic() > end:
            raise SettingsInvalid(
                f"The page does not start on {host} port {port}; what uvicorn says of it stands "
                "above. Choose another port: hip-assistant web --port 7861"
            )
        time.sleep(0.01)
    shown = "127.0.0.1" if host in ("0.0.0.0", "") else "[::1]" if host == "::" else host
    return Running(f"http://{shown}:{port}/", server, thread)


def serve(
    service: Service, *, host: str = "127.0.0.1", port: int = 7860, open_browser: bool = False
) -> None:
    """The page in a browser until Ctrl-C; raises what `start` raises."""
    running = start(service, host=host, port=port)
    print(f"The page is at {running.url} (Ctrl-C stops it).", flush=True)
    if open_browser:
        webbrowser.open(running.url)
    try:
        running.wait()
    finally:
        running.close()


def _add_mcp(app: FastAPI, service: Service, host: str) -> None:
    """The MCP server as a route of the application; without its package there is none."""
    try:
        server = mcp_server(partial(service.ask, face="mcp"), service.retrieve)
    except ExtraMissing:
        return
    # On loopback it answers only requests that name loopback: a page elsewhere cannot reach it.
    inner = server.streamable_http_app(stateless_http=True, host=host)
    app.router.routes.extend(inner.routes)
    outer = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(running: Any) -> AsyncIterator[Any]:
        async with outer(running) as state, server.session_manager.run():
            yield state

    app.router.lifespan_context = lifespan


def require_free(host: str, port: int) -> None:
    """Raises PortInUse, or SettingsInvalid for an address that this machine cannot listen on."""
    if not 1 <= port <= 65535:
        raise SettingsInvalid(
            f"There is no port {port}; ports are numbers from 1 to 65535. "
            "Choose one: hip-assistant web --port 7861"
        )
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            # As the server does, so that a port left a moment ago counts as free.
            if os.name == "posix":
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUse(
                f"Port {port} on {host} is taken by another program; any free port will do: "
                f"hip-assistant web --port {port + 1 if port < 65535 else 7860}"
            ) from None
        raise SettingsInvalid(
            f"The page cannot listen on {host} port {port} ({error.strerror or error}); it needs "
            "an address of this machine and, without special rights, a port above 1023: "
            "hip-assistant web --host 127.0.0.1 --port 7861"
        ) from None
