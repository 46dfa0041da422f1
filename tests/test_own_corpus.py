"""The README's "bring your own corpus", as a user types it: PDFs, JATS files, a third party's texts."""

from __future__ import annotations

import gzip
import json
import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.settings import CHECKOUT
from tests.test_loaders import JATS, pdf

COVIDQA = CHECKOUT.parent / "shared" / "benchmarks" / "covidqa"
HIVES = (
    "Smoke calmed the guard bees of hive {n} within {m} minutes.\nThe lid of hive {n} stayed shut.",
    "Swarming of colony {n} was prevented by giving it {m} frames.\nNo queen was lost.",
)


def run(indexes: Path, *arguments: str, typed: str = "") -> str:
    """The command's output; it must succeed."""
    result = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        input=typed,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"ASSISTANT_INDEXES_DIR": str(indexes)},
    )
    assert result.returncode == 0, result.stderr
    return result.stdout


def asked(indexes: Path, question: str) -> dict[str, Any]:
    answer = json.loads(run(indexes, "ask", "--json", "--index", "mine", question))
    assert isinstance(answer, dict)
    return answer


@pytest.fixture
def indexes(models: Path, tmp_path: Path) -> Path:
    """An empty folder for indexes that has the exported model already."""
    home = tmp_path / "indexes"
    home.mkdir()
    (home / "models").symlink_to(models)
    return home


def test_ten_pdfs_and_ten_jats_files_are_asked_and_quoted(tmp_path: Path, indexes: Path) -> None:
    corpus = tmp_path / "bees"
    corpus.mkdir()
    for n in range(10):
        pages = [text.format(n=n, m=n + 2) for text in HIVES]
        (corpus / f"hive-{n}.pdf").write_bytes(pdf(*pages))
        article = JATS.replace(b"9 of 10 hives", b"%d of 40 hives in spring" % (n + 20))
        (corpus / f"trial-{n}.xml").write_bytes(article)
    run(indexes, "index", "--corpus", str(corpus), "--index", "mine")
    answer = asked(indexes, "How fast did smoke calm the guard bees of hive 7?")
    first = answer["sentences"][0]["citations"][0]
    assert first["quote"] == "Smoke calmed the guard bees of hive 7 within 9 minutes."
    assert first["passage_id"] == "hive-7#page-1/1"
    answer = asked(indexes, "In how many hives did smoke calm the bees in spring?")
    assert any(
        c["document_id"].startswith("trial-") for s in answer["sentences"] for c in s["citations"]
    )
    assert asked(indexes, "What is the capital of Mongolia?")["abstained"]


CASES = """cases:
- {id: number-01, asker: keeper, question: "How long do guard bees need to calm down?",
   gold: [{reference: hives, quote: Smoke calmed the guard bees within 7 minutes.}],
   nuggets: [["7 minutes"]]}
"""


@pytest.mark.slow
def test_chat_page_and_evaluation_take_an_own_corpus(tmp_path: Path, indexes: Path) -> None:
    for name, text in (
        ("bees/hives.txt", "Smoke calmed the guard bees within 7 minutes. The lid stayed shut.\n"),
        ("cases/answerable.yaml", CASES),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    run(indexes, "index", "--corpus", str(tmp_path / "bees"), "--index", "mine")
    question = "How long do guard bees need to calm down?"
    said = run(indexes, "chat", "--index", "mine", typed=f"{question}\n/quit\n")
    assert "Smoke calmed the guard bees within 7 minutes. [1]" in said
    figures = run(indexes, "eval", "--index", "mine", "--cases", str(tmp_path / "cases"))
    assert re.search(r"^nugget recall +1\.000 .* 1 cases?$", figures, re.MULTILINE)
    assert len(list((tmp_path / "reports").glob("*/report.html"))) == 1
    with page(indexes, "--index", "mine") as address:
        assert "Smoke calmed the guard bees within 7 minutes." in answered(address, question)


@contextmanager
def page(indexes: Path, *arguments: str) -> Iterator[str]:
    """The address of the page while the command runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    command = [sys.executable, "-m", "assistant", "web", "--port", port, *arguments]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        env=os.environ | {"ASSISTANT_INDEXES_DIR": str(indexes)},
    ) as process:
        assert process.stdout is not None
        try:
            assert "The page is at" in process.stdout.readline()
            yield f"http://127.0.0.1:{port}/gradio_api/queue"
        finally:
            process.terminate()


def answered(queue: str, question: str) -> str:
    """All that the page's first event, a question asked, sends to the browser."""
    asked = {"fn_index": 0, "session_hash": "a", "data": [question, None, None]}
    httpx.post(f"{queue}/join", json=asked).raise_for_status()
    with httpx.stream("GET", f"{queue}/data?session_hash=a", timeout=60) as events:
        return "".join(events.iter_text())


@pytest.mark.slow
@pytest.mark.skipif(not COVIDQA.is_dir(), reason="a copy of covidqa is not beside the checkout")
def test_a_third_partys_articles_are_asked_as_plain_text(tmp_path: Path, indexes: Path) -> None:
    # Three of the 98 articles: all have 17,519 sentences, whose embedding takes over five minutes.
    corpus = tmp_path / "covid"
    corpus.mkdir()
    with gzip.open(COVIDQA / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line, _ in zip(lines, range(3), strict=False)]
    for article in articles:
        (corpus / f"{article['_id']}.txt").write_text(article["text"], encoding="utf-8")
    run(indexes, "index", "--corpus", str(corpus), "--index", "mine")
    texts = {article["_id"]: article["text"] for article in articles}
    queries = [json.loads(line) for line in (COVIDQA / "queries.jsonl").open(encoding="utf-8")]
    own = [query for query in queries if query["doc_id"] in texts][:3]
    for query in own:
        answer = asked(indexes, query["text"])
        for sentence in answer["sentences"]:
            for citation in sentence["citations"]:
                text = texts[citation["document_id"]]
                assert text[citation["start"] : citation["end"]] == citation["quote"]
