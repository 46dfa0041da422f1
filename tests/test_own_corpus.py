"""The README's "bring your own corpus", as a user types it: PDFs, JATS files, a third party's texts."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from assistant.settings import CHECKOUT
from tests.test_loaders import JATS, pdf

COVIDQA = CHECKOUT.parent / "shared" / "benchmarks" / "covidqa"
HIVES = (
    "Smoke calmed the guard bees of hive {n} within {m} minutes.\nThe lid of hive {n} stayed shut.",
    "Swarming of colony {n} was prevented by giving it {m} frames.\nNo queen was lost.",
)


def run(indexes: Path, *arguments: str) -> str:
    """The command's output; it must succeed."""
    result = subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
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


@pytest.mark.slow
@pytest.mark.skipif(not COVIDQA.is_dir(), reason="a copy of covidqa is not beside the checkout")
def test_a_third_partys_articles_are_asked_as_plain_text(tmp_path: Path, indexes: Path) -> None:
    corpus = tmp_path / "covid"
    corpus.mkdir()
    with gzip.open(COVIDQA / "corpus.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line, _ in zip(lines, range(6), strict=False)]
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
