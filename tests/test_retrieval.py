"""The rankers as LangChain retrievers: drop them into a chain, get Documents out."""

from __future__ import annotations

import asyncio
import json
import os
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import RunnableLambda
from pydantic import ValidationError

from assistant.assistant import Assistant
from assistant.errors import IndexMissing
from assistant.retrieval import (
    RETRIEVERS,
    DenseRetriever,
    HybridRetriever,
    IndexRetriever,
    LexicalRetriever,
    RerankedRetriever,
)

FILES = {
    "smoke.md": (
        "---\ntitle: Smoke in the apiary\nyear: 2019\nevidence_level: guideline\n---\n\n"
        "# Calming\n\n## When\n\n- Smoke calms honey bees.\n- A smoker burns dry grass.\n"
    ),
    "varroa.md": "# Varroa\n\n- Varroa mites are treated with oxalic acid.\n- Mites weaken bees.\n",
    "swarms.md": "# Swarms\n\n- Colonies swarm in spring.\n- Swarms hang in trees.\n",
    "brood.md": "# Brood\n\n- A radiograph shows the young.\n- Nurse bees feed the larvae.\n",
}
NAMES = ["dense", "lexical", "hybrid"]
QUERY = "How are varroa mites treated?"


@pytest.fixture(scope="module")
def bees(tiny: Callable[..., Assistant]) -> Assistant:
    return tiny(FILES)


def retriever(bees: Assistant, name: str, k: int = 3) -> IndexRetriever:
    return RETRIEVERS[name](index=bees.index, embeddings=bees.embeddings, k=k)


def ids(documents: list[Document]) -> list[str | None]:
    return [document.id for document in documents]


def test_the_retrievers_are_chosen_by_name() -> None:
    assert list(RETRIEVERS.items()) == [
        ("dense", DenseRetriever),
        ("lexical", LexicalRetriever),
        ("hybrid", HybridRetriever),
        ("reranked", RerankedRetriever),
    ]
    assert all(issubclass(kind, BaseRetriever) for kind in RETRIEVERS.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_query_gives_documents_best_first(bees: Assistant, name: str) -> None:
    documents = retriever(bees, name).invoke(QUERY)
    assert documents[0].id == "varroa#varroa/1"
    assert documents[0].page_content == "Varroa mites are treated with oxalic acid."
    assert [document.metadata["rank"] for document in documents] == [1, 2, 3][: len(documents)]
    scores = [document.metadata["score"] for document in documents]
    assert scores == sorted(scores, reverse=True)


def test_a_document_carries_its_publication_and_its_place(bees: Assistant) -> None:
    (document,) = retriever(bees, "lexical", k=1).invoke("calms")
    assert document == Document(
        id="smoke#when/1",
        page_content="Smoke calms honey bees.",
        metadata={
            "title": "Smoke in the apiary",
            "year": 2019,
            "evidence_level": "guideline",
            "body_start": 72,
            "markup": "markdown",
            "source": "smoke.md",
            "rank": 1,
            "passage_id": "smoke#when/1",
            "document_id": "smoke",
            "section": "Calming > When",
            "score": 1.0,
            "start": 95,
            "end": 118,
        },
    )
    assert FILES["smoke.md"][95:118] == document.page_content
    assert json.loads(json.dumps(document.metadata)) == document.metadata


@pytest.mark.parametrize("name", NAMES)
def test_what_a_caller_does_to_a_document_does_not_reach_the_next(
    bees: Assistant, name: str
) -> None:
    searched = retriever(bees, name, k=1)
    searched.invoke(QUERY)[0].metadata["title"] = "changed"
    assert searched.invoke(QUERY)[0].metadata["title"] == "Varroa"


@pytest.mark.parametrize("k", [1, 2, 5])
def test_k_says_how_many_documents_come(bees: Assistant, k: int) -> None:
    assert len(retriever(bees, "dense", k=k).invoke(QUERY)) == k


def test_k_must_be_one_or_more(bees: Assistant) -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        retriever(bees, "dense", k=0)


@pytest.mark.parametrize("name", NAMES)
def test_a_retriever_is_a_link_of_a_chain(bees: Assistant, name: str) -> None:
    chain = retriever(bees, name, k=1) | (lambda documents: documents[0].page_content.upper())
    assert chain.invoke(QUERY) == "VARROA MITES ARE TREATED WITH OXALIC ACID."


@pytest.mark.parametrize("name", NAMES)
def test_many_queries_at_once_and_waiting_ones_give_what_one_gives(
    bees: Assistant, name: str
) -> None:
    searched = retriever(bees, name)
    queries = [QUERY, "What does smoke do to bees?", "When do colonies swarm?"]
    one_by_one = [searched.invoke(query) for query in queries]
    assert [documents[0].id for documents in one_by_one] == [
        "varroa#varroa/1",
        "smoke#when/1",
        "swarms#swarms/1",
    ]
    assert searched.batch(queries) == one_by_one
    assert asyncio.run(searched.ainvoke(QUERY)) == one_by_one[0]
    assert asyncio.run(searched.abatch(queries)) == one_by_one


@pytest.mark.parametrize("query", [QUERY, "What does an xray show?", "irradiation of kids"])
def test_the_reranked_retriever_finds_what_the_assistant_finds(bees: Assistant, query: str) -> None:
    found = [(d.id, d.metadata["score"]) for d in retriever(bees, "reranked").invoke(query)]
    assert found == [(hit.passage.id, hit.score) for hit in bees.retrieve(query, 3)]


def test_a_retriever_opens_an_index_by_its_name(
    bees: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEXES_DIR", str(bees.settings.indexes))
    opened = HybridRetriever.open(k=2)
    assert ids(opened.invoke(QUERY)) == ids(retriever(bees, "hybrid", k=2).invoke(QUERY))
    with pytest.raises(IndexMissing, match="hip-assistant index --index wasps"):
        HybridRetriever.open("wasps")


@pytest.fixture(scope="module")
def traced() -> Iterator[list[str]]:
    """What a server on this machine is asked for, once LangSmith's variables point at it."""
    from langchain_core.tracers.langchain import wait_for_all_tracers
    from langsmith.utils import get_env_var

    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()

        do_GET = do_POST = do_PATCH = answer

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.startswith(("LANGSMITH_", "LANGCHAIN_"))]:
            environment.delenv(name)
        environment.setenv("LANGSMITH_TRACING", "true")
        environment.setenv("LANGSMITH_API_KEY", "none")
        environment.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        get_env_var.cache_clear()
        # Without this a test could pass because nothing is ever traced.
        RunnableLambda(str.upper).invoke("traced")
        wait_for_all_tracers()
        assert "/runs/multipart" in asked
        yield asked
    get_env_var.cache_clear()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("way", ["invoke", "batch", "ainvoke", "abatch"])
def test_no_query_leaves_the_machine_even_where_tracing_is_switched_on(
    bees: Assistant, traced: list[str], way: str
) -> None:
    from langchain_core.tracers.langchain import wait_for_all_tracers

    searched = retriever(bees, "lexical")
    calls: dict[str, Callable[[], object]] = {
        "invoke": lambda: searched.invoke(QUERY),
        "batch": lambda: searched.batch([QUERY]),
        "ainvoke": lambda: asyncio.run(searched.ainvoke(QUERY)),
        "abatch": lambda: asyncio.run(searched.abatch([QUERY])),
    }
    traced.clear()
    calls[way]()
    wait_for_all_tracers()
    assert traced == []
