"""What is counted for Prometheus: answers and their seconds, notices, feedback, requests; no words."""

from __future__ import annotations

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST

from assistant.history.feedback import Opinion
from assistant.index.reader import Index
from assistant.types import Answer

CONTENT_TYPE = CONTENT_TYPE_LATEST
METHODS = ("GET", "POST", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE")
SECONDS = (0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1.0, 2.5, 5.0, 10.0)


class Metrics:
    """The counters of one service, in a registry of their own."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        PlatformCollector(registry=registry)
        ProcessCollector(registry=registry)
        self._answers = Counter(
            "hip_assistant_answers",
            "Questions, by face and by what came of them: answered, abstained, refused, failed.",
            ("face", "outcome"),
            registry=registry,
        )
        self._seconds = Histogram(
            "hip_assistant_answer_seconds",
            "From question to answer.",
            ("face",),
            buckets=SECONDS,
            registry=registry,
        )
        self._stages = Histogram(
            "hip_assistant_stage_seconds",
            "Of each stage of an answer.",
            ("stage",),
            buckets=(0.001, *SECONDS),
            registry=registry,
        )
        self._notices = Counter(
            "hip_assistant_notices", "Notices shown, by kind.", ("kind",), registry=registry
        )
        self._feedback = Counter(
            "hip_assistant_feedback", "Opinions given.", ("thumb", "reason"), registry=registry
        )
        self._requests = Counter(
            "hip_assistant_http_requests",
            "Requests, by route of the API (all others are the page).",
            ("method", "route", "status"),
            registry=registry,
        )
        self._index = Gauge(
            "hip_assistant_index_info",
            "1 for the index in use.",
            ("name", "generation", "literature_as_of"),
            registry=registry,
        )
        self._passages = Gauge(
            "hip_assistant_passages", "Passages in the index in use.", registry=registry
        )
        self._documents = Gauge(
            "hip_assistant_documents", "Documents in the index in use.", registry=registry
        )

    def answered(self, face: str, answer: Answer) -> None:
        self._answers.labels(face, "abstained" if answer.abstained else "answered").inc()
        for stage, milliseconds in answer.timings_ms.items():
            if stage == "total":
                self._seconds.labels(face).observe(milliseconds / 1000)
            else:
                self._stages.labels(stage).observe(milliseconds / 1000)
        for notice in answer.notices:
            self._notices.labels(notice.kind).inc()

    def unanswered(self, face: str, *, refused: bool) -> None:
        """A question that cannot be searched was refused; anything else failed."""
        self._answers.labels(face, "refused" if refused else "failed").inc()

    def opinion(self, opinion: Opinion) -> None:
        self._feedback.labels(opinion.thumb, opinion.reason or "none").inc()

    def request(self, method: str, route: str, status: int) -> None:
        known = method if method in METHODS else "other"
        self._requests.labels(known, route, status).inc()

    def opened(self, index: Index) -> None:
        """The index in use; the one before it is forgotten."""
        info = index.info
        self._index.clear()
        self._index.labels(info.name, info.generation, info.literature_as_of).set(1)
        self._passages.set(len(index.passages))
        self._documents.set(len(index.documents))

    def text(self) -> bytes:
        """In the text format of Prometheus."""
        return generate_latest(self._registry)
