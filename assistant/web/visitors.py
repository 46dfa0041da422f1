"""Who asks: a user that logged in, else a browser, which a cookie with a random name knows again."""

from __future__ import annotations

import secrets
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.errors import ConversationInvalid
from assistant.history.conversations import owner_of

if TYPE_CHECKING:
    import gradio

COOKIE = "hip_assistant_browser"
SECONDS = 400 * 24 * 3600  # the longest that browsers keep one


class Known:
    """Gives a browser that opens the page its cookie, which no script and no other site can read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/" or COOKIE in _cookies(scope):
            await self._app(scope, receive, send)
            return

        async def naming(message: Message) -> None:
            if message["type"] == "http.response.start":
                secure = "; Secure" if scope["scheme"] == "https" else ""
                MutableHeaders(scope=message).append(
                    "Set-Cookie",
                    f"{COOKIE}={secrets.token_urlsafe(24)}; Path=/; Max-Age={SECONDS}; HttpOnly; "
                    f"SameSite=Lax{secure}",
                )
            await send(message)

        await self._app(scope, receive, naming)


def owner(request: gradio.Request, header: str | None = None) -> str | None:
    """The owner of what this request keeps; None for a browser that takes no cookies.

    `header` is the one in which a proxy that asks for a log-in names the user.
    """
    named = request.headers.get(header) if header else None
    try:
        return owner_of(user=named or request.username, browser=request.cookies.get(COOKIE))
    except ConversationInvalid:
        return None


def _cookies(scope: Scope) -> SimpleCookie:
    try:
        return SimpleCookie(Headers(scope=scope).get("cookie", ""))
    except CookieError:
        return SimpleCookie()
