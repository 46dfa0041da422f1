"""REST under /v1, /metrics and /docs, as a FastAPI application: parse, ask the service, give JSON.

Nothing that it serves loads anything from elsewhere, and it sends nothing anywhere.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi.responses import PlainTextResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from fastapi_offline import FastAPIOffline

import assistant
from assistant.catalogue import Work, chosen
from assistant.errors import AssistantError
from assistant.history.feedback import Opinion
from assistant.types import Answer, Notice, Sentence, Turn
from assistant.web import metrics, schemas
from assistant.web.failures import FAILED, MAX_BODY, add_handlers, failures, problem
from assistant.web.requests import Addressed, Counted, Limited
from assistant.web.service import Service

DESCRIPTION = (
    "Answers questions about dystrophic mineralization of the hip and what surrounds it. Every "
    "sentence of an answer is a quote that stands in the corpus at the offsets given; what the "
    "corpus cannot answer is said to be so. Information from publications, not medical advice: "
    "show the notices of an answer, an urgent one before anything else."
)

log = logging.getLogger(__name__)


def api(service: Service) -> FastAPI:
    """The application, without the page. `app.state.service` is the service."""
    app = FastAPIOffline(
        title="hip-assistant",
        version=assistant.__version__,
        description=DESCRIPTION,
        redoc_url=None,
        openapi_url="/openapi.json",
        swagger_ui_parameters={"tryItOutEnabled": True},
        # FastAPI would send traces where the environment asks for it.
        telemetry={"auto_configure": False},
    )
    app.state.service = service
    app.include_router(v1)
    app.add_api_route(
        "/metrics",
        metrics_text,
        response_class=PlainTextResponse,
        tags=["operation"],
    )
    add_handlers(app)
    methods = _methods(app)
    app.add_middleware(Limited)
    app.add_middleware(Addressed, methods=methods)
    app.add_middleware(Counted, counted=service.metrics.request, known=methods)
    return app


def _service(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


Shared = Annotated[Service, Depends(_service)]
v1 = APIRouter(prefix="/v1", max_body_size=MAX_BODY)
ASKED = (400, 413, 422, 500, 503)


@v1.post("/ask", response_model=schemas.Answer, responses=failures(*ASKED), tags=["answers"])
def ask(service: Shared, asked: schemas.Ask) -> dict[str, Any]:
    """What the corpus says: cited sentences, or the reason why there are none."""
    return service.ask(asked.question, _turns(asked.turns), engine=asked.engine).to_dict()


def _begun(service: Shared, asked: schemas.Ask) -> Iterator[Notice | Sentence | Answer]:
    """The parts of an answer; what is wrong with a question is said before anything is sent."""
    parts = service.stream(asked.question, _turns(asked.turns), "api", engine=asked.engine)
    return chain([next(parts)], parts)


@v1.post(
    "/ask/stream",
    response_class=EventSourceResponse,
    responses=failures(*ASKED, of_stream=True),
    tags=["answers"],
)
def ask_stream(
    parts: Annotated[Iterator[Notice | Sentence | Answer], Depends(_begun)],
) -> Iterable[ServerSentEvent]:
    """The same as server-sent events: `notice` and `sentence` for each of these, last `answer`.

    The data of an event is the JSON of a Notice, Sentence or Answer. Should anything go wrong on
    the way, the last event is `error`, with the JSON of a Failure.
    """
    try:
        for part in parts:
            kind = type(part).__name__.lower()
            yield ServerSentEvent(event=kind, data=part.to_dict())
    except AssistantError as error:
        yield ServerSentEvent(event="error", data=problem(type(error).__name__, str(error)))
    except Exception:
        log.exception("an answer broke off")
        yield ServerSentEvent(event="error", data=problem("Failure", FAILED))


@v1.post(
    "/retrieve", response_model=schemas.Retrieved, responses=failures(*ASKED), tags=["answers"]
)
def retrieve(service: Shared, wanted: schemas.Retrieve) -> dict[str, Any]:
    """The best passages for a query, as an answer would be made of them."""
    hits = service.retrieve(wanted.query, wanted.k, _turns(wanted.turns))
    info = service.assistant.index.info
    return {"hits": [hit.to_dict() for hit in hits], "index": info.to_dict()}


@v1.post(
    "/feedback",
    response_model=schemas.Noted,
    status_code=201,
    responses=failures(403, *ASKED),
    tags=["answers"],
)
def feedback(service: Shared, given: schemas.GivenFeedback) -> dict[str, int]:
    """Keeps what a reader thought of an answer, for those who improve the service."""
    opinion = Opinion(given.thumb, given.reason, given.comment)
    answer = given.answer.model_dump(by_alias=True) if given.answer else None
    number = service.history.note_feedback(opinion, given.question, tuple(given.earlier), answer)
    service.metrics.opinion(opinion)
    return {"id": number}


@v1.get("/references", response_model=schemas.Works, responses=failures(422, 500), tags=["corpus"])
def references(
    service: Shared,
    words: Annotated[
        str, Query(max_length=200, description="Words in key, title, authors or journal.")
    ] = "",
    evidence_level: Annotated[str | None, Query(max_length=100)] = None,
    topic: Annotated[str | None, Query(max_length=100)] = None,
    since: Annotated[int | None, Query(ge=0, le=9999, description="From this year on.")] = None,
    limit: Annotated[int, Query(ge=1, le=schemas.MAX_PAGE)] = 100,
    offset: Annotated[int, Query(ge=0, le=1_000_000)] = 0,
) -> dict[str, Any]:
    """The works of the corpus, in the order of their ids."""
    found = list(
        chosen(
            service.assistant.index.documents.items(),
            evidence_level=evidence_level,
            topic=topic,
            since=since,
            words=words.split(),
        )
    )
    shown = [_work(work) for work in found[offset : offset + limit]]
    return {"total": len(found), "references": shown}


@v1.get("/health", response_model=schemas.Health, responses=failures(500), tags=["operation"])
def health(service: Shared) -> dict[str, Any]:
    """That the service answers, and from which index."""
    index = service.assistant.index
    return {
        "status": "ok",
        "version": assistant.__version__,
        "index": index.info.to_dict(),
        "documents": len(index.documents),
        "passages": len(index.passages),
        "history": service.keeps_history,
        "engines": list(service.engines),
        "disclosure": service.disclosure,
    }


def metrics_text(service: Shared) -> Response:
    """Counters in the text format of Prometheus; no word of any question is in them."""
    return Response(service.metrics.text(), headers={"Content-Type": metrics.CONTENT_TYPE})


def _methods(app: FastAPI) -> dict[str, list[str]]:
    """The addresses of the application, each with the methods that it takes."""
    described = {
        path: sorted(method.upper() for method in methods)
        for path, methods in app.openapi()["paths"].items()
    }
    return described | {"/docs": ["GET"], "/openapi.json": ["GET"]}


def _turns(turns: Iterable[schemas.Turn]) -> list[Turn]:
    return [Turn(turn.question, turn.answer) for turn in turns]


def _work(work: Work) -> dict[str, Any]:
    told = {
        name: None if work.metadata.get(name) is None else str(work.metadata[name])
        for name in ("journal", "doi", "pmid", "url")
    }
    return told | {
        "document_id": work.key,
        "title": work.title,
        "authors": list(work.metadata.get("authors", ())),
        "year": work.year,
        "type": work.type,
        "evidence_level": work.evidence_level,
        "basis": work.basis,
        "topics": list(work.topics),
    }
