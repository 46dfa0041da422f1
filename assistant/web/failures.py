"""Errors of the API: every one is JSON of one form, with a sentence that says what mends it."""

from __future__ import annotations

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.encoders import jsonable_encoder
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from assistant.errors import (
    AssistantError,
    EngineUnknown,
    FeedbackInvalid,
    HistoryOff,
    QuestionInvalid,
)
from assistant.web.schemas import Failure

MAX_BODY = 1_000_000
FAILED = "Something went wrong inside; it was logged. Please ask again."
TOO_LARGE = f"The request is too large; at most {MAX_BODY:,} bytes are accepted. Send fewer turns."
NO_TEXT = "The body cannot be read as JSON in UTF-8. Its form stands in /openapi.json."
STATUSES: dict[type[AssistantError], int] = {
    EngineUnknown: 422,
    QuestionInvalid: 422,
    FeedbackInvalid: 422,
    HistoryOff: 403,
}
MEANINGS = {
    400: "The body is no text in UTF-8.",
    403: "Switched off by the operator.",
    413: "The request is too large.",
    422: "The request, or the question in it, is not accepted.",
    500: "Something went wrong inside.",
    503: "The index or the history cannot be used at the moment.",
}
REF = "#/components/schemas/Failure"
KINDS = {404: "NotFound", 405: "MethodNotAllowed", 413: "RequestTooLarge"}

log = logging.getLogger(__name__)


def failures(*statuses: int, of_stream: bool = False) -> dict[int | str, dict[str, Any]]:
    """The documentation of these statuses; a stream's failures are JSON all the same."""
    form: dict[str, Any] = {"model": Failure}
    if of_stream:
        form = {"content": {"application/json": {"schema": {"$ref": REF}}}}
    return {status: form | {"description": MEANINGS[status]} for status in statuses}


def problem(kind: str, message: str) -> dict[str, Any]:
    """The JSON of an error: its kind for programs, its message for people."""
    return {"error": {"kind": kind, "message": message}}


def add_handlers(app: FastAPI) -> None:
    """Every error of the application leaves it in this form."""
    app.add_exception_handler(AssistantError, _refused)
    app.add_exception_handler(RequestValidationError, _not_accepted)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _failed)


def _refused(request: Request, error: Exception) -> JSONResponse:
    status = next((code for kind, code in STATUSES.items() if isinstance(error, kind)), 503)
    if status == 503:
        log.error("%s", error)
    return JSONResponse(problem(type(error).__name__, str(error)), status)


def _not_accepted(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    told = "; ".join(_told(one) for one in jsonable_encoder(error.errors()))
    message = (
        f"The request is not accepted: {told}. Send JSON (Content-Type: application/json); its "
        "form stands in /openapi.json."
    )
    return JSONResponse(problem("RequestInvalid", message), 422)


def _told(error: dict[str, Any]) -> str:
    place, *field = error["loc"]
    if error["type"] == "json_invalid":
        return f"the body is no JSON from character {field[-1]} on"
    return f"{'.'.join(map(str, field)) or place}: {error['msg'].lower()}"


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    message = {400: NO_TEXT, 413: TOO_LARGE}.get(error.status_code, error.detail)
    kind = KINDS.get(error.status_code, "RequestInvalid")
    return JSONResponse(problem(kind, message), error.status_code, error.headers)


def _failed(request: Request, error: Exception) -> JSONResponse:
    return JSONResponse(problem("Failure", FAILED), 500)
