"""What happens to every request on its way in: it is counted, looked at for its address and size."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from fastapi.responses import JSONResponse
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.web.failures import MAX_BODY, TOO_LARGE, problem


class Limited:
    """Refuses a request to the API that says it is too large, in the form of the API's errors.

    FastAPI does so in words of its own, and itself stops one that says nothing and is.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/v1/"):
            said = Headers(scope=scope).get("content-length", "")
            if said.isdecimal() and int(said) > MAX_BODY:
                refusal = JSONResponse(problem("RequestTooLarge", TOO_LARGE), 413)
                await refusal(scope, receive, send)
                return
        await self._app(scope, receive, send)


class Addressed:
    """Answers for addresses and methods that the API does not have, in the form of its errors.

    The page is mounted at the root and would answer for them in its own way. `methods` are those
    that each address takes.
    """

    def __init__(self, app: ASGIApp, methods: Mapping[str, Sequence[str]]) -> None:
        self._app, self._methods = app, methods

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path, method = scope["path"], scope["method"]
        taken = self._methods.get(path)
        if taken is None and (path == "/v1" or path.startswith("/v1/")):
            message = f"There is no {path}. What there is stands in /openapi.json."
            refusal = JSONResponse(problem("NotFound", message), 404)
            await refusal(scope, receive, send)
        elif taken is not None and method not in taken:
            allowed = ", ".join(taken)
            message = f"{path} takes {allowed}, not {method}."
            refusal = JSONResponse(
                problem("MethodNotAllowed", message), 405, headers={"Allow": allowed}
            )
            await refusal(scope, receive, send)
        else:
            await self._app(scope, receive, send)


class Counted:
    """Tells `counted` the method, route and status of each answer; the page is one route."""

    def __init__(
        self, app: ASGIApp, counted: Callable[[str, str, int], None], known: Collection[str]
    ) -> None:
        self._app, self._counted, self._known = app, counted, known

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def counting(message: Message) -> None:
            if message["type"] == "http.response.start":
                path = scope["path"]
                of_api = "unknown" if path.startswith("/v1/") else "page"
                route = path if path in self._known else of_api
                self._counted(scope["method"], route, message["status"])
            await send(message)

        await self._app(scope, receive, counting)
