"""The files of a talk that is open on a page: `/page/export/KEY/2?as=ris` is its second answer.

The key is a secret of that page; nobody else can name it. Outside the described API.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from assistant.errors import AssistantError
from assistant.export import FORMATS, Taken, export, file_name
from assistant.web import strings
from assistant.web.service import Service
from assistant.web.talk import Talk, Talks

PATH = "/page/export/{key}/{which}"


def route(service: Service, talks: Talks) -> Route:
    """The route, for the application."""

    def give(request: Request) -> Response:
        talk = talks.find(request.path_params["key"])
        taken = _taken(talk, request.path_params["which"], service) if talk else None
        if taken is None:
            return PlainTextResponse(strings.GONE_FROM_PAGE, 404)
        try:
            name = request.query_params.get("as", "")
            text = export(taken, name)
        except AssistantError as error:
            return PlainTextResponse(str(error), 400)
        return Response(
            text,
            media_type=FORMATS[name].media_type,
            headers={
                "Content-Disposition": _disposition(file_name(taken, name), name),
                "Cache-Control": "no-store",
                "X-Content-Type-Options": "nosniff",
                "Referrer-Policy": "no-referrer",
            },
        )

    endpoint: Callable[[Request], Response] = give
    return Route(PATH, endpoint, methods=["GET"], include_in_schema=False)


def _taken(talk: Talk, which: str, service: Service) -> Taken | None:
    works, today = service.assistant.index.documents, date.today()
    if which == "all" and talk.past:
        answers = [exchange.answer for exchange in talk.past]
        return Taken(answers, talk.title or answers[0].question, works, today)
    if which.isascii() and which.isdecimal() and 1 <= int(which) <= len(talk.past):
        return Taken([talk.past[int(which) - 1].answer], None, works, today)
    return None


def _disposition(name: str, form: str) -> str:
    # A page to print opens in the browser; everything else is saved.
    return f'{"inline" if form == "print" else "attachment"}; filename="{quote(name)}"'
