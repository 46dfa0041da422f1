"""Fetching against a local server that answers in the services' formats, and in all the wrong ways."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from assistant.errors import FetchFailed, SettingsInvalid
from assistant.fetching.europepmc import query_of
from assistant.fetching.fetch import FetchReport, Services, fetch
from assistant.fetching.http import ATTEMPTS, Service
from assistant.sources import load_corpus
from tests.test_loaders import JATS, PUBMED

RECORD = {
    "id": "777",
    "source": "MED",
    "pmid": "777",
    "doi": "10.1000/h.2",
    "title": "Smoke, a trial.",
    "authorString": "Comb B, Wax A.",
    "pubYear": "2015",
    "isOpenAccess": "N",
    "pubTypeList": {"pubType": ["Journal Article", "randomized controlled trial"]},
}
OPEN = RECORD | {
    "pmid": "123",
    "id": "123",
    "pmcid": "PMC456",
    "isOpenAccess": "Y",
    "license": "cc by",
    "authorString": "Wax AB.",
    "pubYear": "2019",
    "pubTypeList": {"pubType": ["research-article", "review"]},
    "commentCorrectionList": {"commentCorrection": [{"type": "Retraction in", "id": "9"}]},
}

Answer = tuple[int, dict[str, str], bytes]


class Server:
    """Answers each path with the next of its answers, the last one again and again."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer | Callable[[BaseHTTPRequestHandler], None]]] = {}
        self.seen: list[tuple[str, dict[str, list[str]]]] = []
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                parts = urlsplit(self.path)
                server.seen.append((parts.path, parse_qs(parts.query)))
                answers = server.answers[parts.path]
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                if callable(answer):
                    answer(self)
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *args: object) -> None:
                pass

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.http.server_port}"
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def finds(self, *records: dict[str, object]) -> None:
        page = {"hitCount": len(records), "resultList": {"result": list(records)}}
        self.answers["/epmc/search"] = [ok(json.dumps(page).encode())]


def ok(body: bytes) -> Answer:
    return 200, {}, body


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    server.answers["/pubmed/efetch.fcgi"] = [ok(PUBMED)]
    server.answers["/epmc/PMC456/fullTextXML"] = [ok(JATS)]
    yield server
    server.http.shutdown()


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def services(server: Server, waits: list[float]) -> Iterator[Services]:
    services = Services(
        Service("Europe PMC", f"{server.url}/epmc", seconds=0.4, pause=0, sleep=waits.append),
        Service("PubMed", f"{server.url}/pubmed", seconds=0.4, pause=0, sleep=waits.append),
        "ada@example.org",
    )
    yield services
    services.close()


def run(wanted: str, corpus: Path, services: Services) -> FetchReport:
    return fetch([wanted], corpus, services)


def test_the_abstract_is_fetched_where_the_full_text_may_not_be_kept(
    server: Server, services: Services, tmp_path: Path
) -> None:
    server.finds(RECORD)
    report = run("777", tmp_path, services)
    assert [path.name for path in report.written] == ["comb-2015-777.xml"]
    (document,) = load_corpus(tmp_path)
    assert document.metadata["basis"] == "abstract"
    assert document.metadata["evidence_level"] == "randomized trial"
    assert "Bees were calm" in document.page_content
    (_, searched), (_, fetched) = server.seen
    assert searched["query"] == ["EXT_ID:777 AND SRC:MED"]
    assert fetched["email"] == ["ada@example.org"] and fetched["id"] == ["777"]


def test_open_access_is_fetched_whole_with_licence_and_retraction(
    server: Server, services: Services, tmp_path: Path
) -> None:
    server.finds(OPEN)
    assert len(run("PMC456", tmp_path, services).written) == 1
    (document,) = load_corpus(tmp_path)
    wanted = {
        "basis": "full text",
        "licence": "cc by",
        "retracted": True,
        "evidence_level": "narrative review",
        "title": "Smoke and Apis calm",
    }
    assert wanted.items() <= document.metadata.items()


@pytest.mark.parametrize("licence", [None, "", "publisher specific", "cc-nd-like"])
def test_without_an_open_licence_only_the_abstract_is_kept(
    server: Server, services: Services, tmp_path: Path, licence: str | None
) -> None:
    server.finds(OPEN | {"license": licence})
    run("PMC456", tmp_path, services)
    assert not any(path.endswith("fullTextXML") for path, _ in server.seen)


def test_what_is_there_is_not_fetched_again(
    server: Server, services: Services, tmp_path: Path
) -> None:
    server.finds(RECORD, OPEN)
    server.answers["/epmc/PMC456/fullTextXML"] = [(404, {}, b"gone")]
    first = run("smoke AND bees", tmp_path, services)
    assert (len(first.written), len(first.failed)) == (1, 1)
    assert "PMC456: Europe PMC answered 404" in first.failed[0]
    server.answers["/epmc/PMC456/fullTextXML"] = [ok(JATS)]
    server.seen.clear()
    again = run("smoke AND bees", tmp_path, services)
    assert (len(again.written), len(again.there), again.failed) == (1, 1, [])
    assert "/pubmed/efetch.fcgi" not in [path for path, _ in server.seen]


def test_a_query_is_read_page_by_page_up_to_the_limit(
    server: Server, services: Services, tmp_path: Path
) -> None:
    def page(records: list[dict[str, object]], cursor: str) -> Answer:
        return ok(
            json.dumps({"nextCursorMark": cursor, "resultList": {"result": records}}).encode()
        )

    records = [RECORD | {"pmid": str(n), "id": str(n)} for n in range(1, 6)]
    server.answers["/epmc/search"] = [page(records[:3], "B"), page(records[3:], "C"), page([], "C")]
    report = fetch(["bees"], tmp_path, services, limit=4)
    assert len(report.written) == 4
    cursors = [query["cursorMark"] for path, query in server.seen if path == "/epmc/search"]
    assert cursors == [["*"], ["B"]]


def test_a_busy_or_broken_service_is_tried_again_after_the_wait_that_it_names(
    server: Server, services: Services, tmp_path: Path, waits: list[float]
) -> None:
    server.finds(RECORD)
    server.answers["/pubmed/efetch.fcgi"] = [
        (429, {"Retry-After": "7"}, b"slow down"),
        (500, {}, b"oops"),
        ok(PUBMED[:400]),  # truncated
        ok(PUBMED),
    ]
    assert len(run("777", tmp_path, services).written) == 1
    assert waits[0] == 7.0 and waits == sorted(waits[:1], reverse=True) + waits[1:]
    assert all(wait <= 60 for wait in waits)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ((500, {}, b""), "answered 500"),
        ((429, {"Retry-After": "9999"}, b""), "answered 429"),
        (ok(PUBMED[:400]), "sent what cannot be read"),
        (ok(b"<html>maintenance<br></html>"), "sent what cannot be read"),
        ((200, {"Content-Length": "99999"}, PUBMED), "could not be reached"),
        ((302, {"Location": "http://evil.example/x"}, b""), "redirects to http://evil.example"),
        ((302, {"Location": "https://127.0.0.1/x"}, b""), "redirects to https://127.0.0.1"),
        (ok(b"<PubmedArticleSet></PubmedArticleSet>"), "holds no <PubmedArticle>"),
        (ok(PUBMED.replace(b"AbstractText", b"OtherText")), "has no abstract"),
    ],
)
def test_what_does_not_arrive_is_said_and_leaves_nothing(
    server: Server,
    services: Services,
    tmp_path: Path,
    waits: list[float],
    answer: Answer,
    reason: str,
) -> None:
    server.finds(RECORD)
    server.answers["/pubmed/efetch.fcgi"] = [answer]
    report = run("777", tmp_path, services)
    assert len(report.failed) == 1 and reason in report.failed[0]
    assert not list((tmp_path / "fetched").iterdir())
    assert all(wait <= 60 for wait in waits)
    tries = [path for path, _ in server.seen].count("/pubmed/efetch.fcgi")
    assert tries == (ATTEMPTS if "tries" in report.failed[0] else 1)


def test_a_redirect_within_the_service_is_followed_and_a_circle_is_not(
    server: Server, services: Services, tmp_path: Path
) -> None:
    server.finds(RECORD)
    server.answers["/pubmed/efetch.fcgi"] = [(302, {"Location": "/pubmed/there"}, b"")]
    server.answers["/pubmed/there"] = [ok(PUBMED)]
    assert len(run("777", tmp_path, services).written) == 1
    (tmp_path / "fetched/comb-2015-777.xml").unlink()
    server.answers["/pubmed/there"] = [(302, {"Location": "/pubmed/there"}, b"")]
    assert "redirected more than" in run("777", tmp_path, services).failed[0]


@pytest.mark.parametrize(
    ("head", "drop"),
    [(b"HTTP/1.0 200 OK\r\nContent-Length: 1000\r\n\r\n", b"<"), (b"HTTP/1.0 200 OK\r\nX: ", b"y")],
    ids=["body", "headers"],
)
def test_a_trickle_is_given_up_after_its_time(
    server: Server, services: Services, tmp_path: Path, head: bytes, drop: bytes
) -> None:
    def trickle(handler: BaseHTTPRequestHandler) -> None:
        try:
            handler.wfile.write(head)
            for _ in range(100):
                handler.wfile.write(drop)
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass  # the client hung up, as it should

    server.finds(RECORD)
    server.answers["/pubmed/efetch.fcgi"] = [trickle]
    started = time.monotonic()
    assert "was slower than 0.4 s" in run("777", tmp_path, services).failed[0]
    assert time.monotonic() - started < ATTEMPTS * 0.4 + 2


def test_it_fetches_where_an_event_loop_runs_already(
    server: Server, services: Services, tmp_path: Path
) -> None:
    async def in_a_notebook() -> FetchReport:
        return run("777", tmp_path, services)

    server.finds(RECORD)
    assert len(asyncio.run(in_a_notebook()).written) == 1


def test_a_service_that_is_not_there_and_an_empty_search_are_said(
    server: Server, services: Services, tmp_path: Path
) -> None:
    server.finds()
    assert run("777", tmp_path, services).failed == ["777: Europe PMC has no such publication"]
    server.http.shutdown()
    server.http.server_close()
    assert "could not be reached" in run("777", tmp_path, services).failed[0]


@pytest.mark.parametrize(
    "body",
    [
        b"[]",
        b"{}",
        b"<html>",
        b"",
        b'{"resultList": []}',
        b'{"resultList": null}',
        b'{"resultList": {"result": 3}}',
        b'{"resultList": {"result": [3]}}',
        b'{"resultList": {"result": [{"commentCorrectionList": {"commentCorrection": [null]}}]}}',
        b'{"resultList": {"result": [{"pubTypeList": 3}]}}',
        b'{"resultList": {"result": [{"isOpenAccess": "Y", "pmcid": "PMC1", "license": 3}]}}',
        b"[" * 100_000,
    ],
    ids=lambda body: body[:80].decode(),
)
def test_a_search_that_is_answered_in_another_form_is_a_failure(
    server: Server, services: Services, tmp_path: Path, body: bytes
) -> None:
    server.answers["/epmc/search"] = [ok(body)]
    assert "sent what cannot be read" in run("777", tmp_path, services).failed[0]


@pytest.mark.parametrize(
    ("wanted", "query"),
    [
        ("123", ("EXT_ID:123 AND SRC:MED", True)),
        ("PMID: 123", ("EXT_ID:123 AND SRC:MED", True)),
        ("pmc456", ("PMCID:PMC456", True)),
        ("10.1000/h.2", ('DOI:"10.1000/h.2"', True)),
        ("https://doi.org/10.1000/h.2", ('DOI:"10.1000/h.2"', True)),
        ("hip AND calcification", ("hip AND calcification", False)),
        ("10 hips", ("10 hips", False)),
    ],
)
def test_an_identifier_is_told_from_a_query(wanted: str, query: tuple[str, bool]) -> None:
    assert query_of(wanted) == query


def test_an_address_is_asked_for_before_anything_is_sent() -> None:
    with pytest.raises(SettingsInvalid, match="ASSISTANT_EMAIL="):
        Services.open(None, "http://127.0.0.1:9", "http://127.0.0.1:9")


def test_a_response_that_is_too_large_is_not_taken(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.fetching.http.MAX_BYTES", 1000)
    server.answers["/big"] = [ok(b"x" * 5000)]
    service = Service("It", server.url, pause=0)
    with pytest.raises(FetchFailed, match="hip-assistant corpus add"):
        service.get("big", {}, bytes)


def command(server: Server, corpus: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    variables = {
        "ASSISTANT_EUROPEPMC_URL": f"{server.url}/epmc",
        "ASSISTANT_PUBMED_URL": f"{server.url}/pubmed",
        "ASSISTANT_EMAIL": "ada@example.org",
    }
    return subprocess.run(
        [sys.executable, "-m", "assistant", "corpus", "fetch", "--corpus", str(corpus), *arguments],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | variables,
    )


def test_the_command_fetches_says_what_it_did_and_goes_on_where_it_stopped(
    server: Server, tmp_path: Path
) -> None:
    server.finds(RECORD, OPEN)
    server.answers["/epmc/PMC456/fullTextXML"] = [(404, {}, b"")]
    first = command(server, tmp_path, "bees AND smoke")
    assert first.returncode == 2
    assert "1 fetched, 0 were there already, 1 failed." in first.stdout
    assert "hip-assistant: Not fetched:\n  PMC456: Europe PMC answered 404" in first.stderr
    assert "fetching" in first.stderr  # the progress bar
    server.answers["/epmc/PMC456/fullTextXML"] = [ok(JATS)]
    second = command(server, tmp_path, "bees AND smoke")
    assert (second.returncode, second.stdout.splitlines()[0]) == (
        0,
        "1 fetched, 1 were there already, 0 failed.",
    )
    assert f"hip-assistant index --corpus {tmp_path} --index NAME" in second.stdout
