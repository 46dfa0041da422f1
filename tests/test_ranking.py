"""How hits are ranked: by meaning, by words, by both; the same bytes on every run."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.index.reader import Index
from assistant.ranking import RANKERS, best_rows, fused
from assistant.types import Hit

FILES = {
    "smoke.md": "# Smoke\n\n- Smoke calms honey bees.\n- A smoker burns dry grass.\n",
    "varroa.md": "# Varroa\n\n- Varroa mites are treated with oxalic acid.\n- Mites weaken bees.\n",
    "swarms.md": "# Swarms\n\n- Colonies swarm in spring.\n- Swarms hang in trees.\n",
    # Two documents with the same words: nothing but their ids can order them.
    "twin-b.md": "# Wax\n\n- Wax melts at 64 degrees.\n",
    "twin-a.md": "# Wax\n\n- Wax melts at 64 degrees.\n",
    "x-ray.md": "# Pictures\n\n- A radiograph shows the brood.\n",
}
QUERIES = ["How are mites treated?", "smoke", "wax melting", "Why do bees leave the hive in May?"]


@pytest.fixture(scope="module")
def bees(tiny: Callable[..., Assistant]) -> Assistant:
    return tiny(FILES)


@pytest.fixture
def exact(bees: Assistant) -> Index:
    """The same generation, as it is searched where Chroma's folder cannot be used."""
    index = Index("exact", bees.index.folder)
    index.__dict__["store"] = None
    return index


def vector(bees: Assistant, query: str) -> NDArray[np.float32]:
    return np.asarray(bees.embeddings.embed_query(query), dtype=np.float32)


def ranked(bees: Assistant, ranker: str, query: str, k: int = 10) -> list[Hit]:
    return RANKERS[ranker](bees.index, [(query, 1.0)], vector(bees, query), k)


def ids(hits: list[Hit]) -> list[str]:
    return [hit.passage.id for hit in hits]


@pytest.mark.parametrize("ranker", ["dense", "lexical", "hybrid"])
@pytest.mark.parametrize("query", QUERIES)
def test_hits_are_sorted_numbered_from_one_and_scored_from_0_to_1_with_4_decimals(
    bees: Assistant, ranker: str, query: str
) -> None:
    hits = ranked(bees, ranker, query)
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    assert [(-hit.score, hit.passage.id) for hit in hits] == sorted(
        (-hit.score, hit.passage.id) for hit in hits
    )
    for hit in hits:
        assert 0 <= hit.score <= 1
        assert hit.score == round(hit.score, 4)
    assert len(set(ids(hits))) == len(hits)


@pytest.mark.parametrize("ranker", ["dense", "lexical", "hybrid"])
@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("How are mites treated?", "varroa#varroa/1"),
        ("what is burnt in a smoker", "smoke#smoke/2"),
        ("Where do swarms hang?", "swarms#swarms/2"),
    ],
)
def test_every_ranker_puts_the_passage_that_answers_first(
    bees: Assistant, ranker: str, query: str, first: str
) -> None:
    assert ranked(bees, ranker, query)[0].passage.id == first


def test_meaning_finds_what_shares_no_word_with_the_query(bees: Assistant) -> None:
    query = "insects leaving the nest together"
    assert ranked(bees, "lexical", query) == []
    assert ranked(bees, "dense", query)[0].passage.document_id == "swarms"
    assert ranked(bees, "hybrid", query)[0].passage.document_id == "swarms"


def test_words_leave_out_passages_that_have_none_of_them(bees: Assistant) -> None:
    assert {hit.passage.document_id for hit in ranked(bees, "lexical", "oxalic smoker")} == {
        "varroa",
        "smoke",
    }


def test_the_best_passage_by_words_has_the_score_1(bees: Assistant) -> None:
    assert ranked(bees, "lexical", "oxalic acid")[0].score == 1.0


def test_words_find_what_the_corpus_calls_by_its_usual_name(bees: Assistant) -> None:
    assert ids(ranked(bees, "lexical", "xray")) == ["x-ray#pictures/1"]


def test_by_meaning_the_score_is_the_cosine(bees: Assistant) -> None:
    query = vector(bees, "How are mites treated?")
    for hit in ranked(bees, "dense", "How are mites treated?"):
        stored = bees.index.vectors[bees.index.row_of[hit.passage.id]]
        cosine = float(query @ stored / np.linalg.norm(query) / np.linalg.norm(stored))
        assert hit.score == pytest.approx(max(cosine, 0.0), abs=0.0001)


@pytest.mark.parametrize("ranker", ["dense", "lexical", "hybrid"])
def test_ties_go_by_passage_id(bees: Assistant, ranker: str) -> None:
    first, second = ranked(bees, ranker, "wax melts", k=2)
    assert first.score == second.score
    assert ids([first, second]) == ["twin-a#wax/1", "twin-b#wax/1"]


@pytest.mark.parametrize("ranker", ["dense", "lexical", "hybrid"])
@pytest.mark.parametrize("k", [1, 3, 100])
def test_no_more_hits_than_asked_for_and_the_same_ones_first(
    bees: Assistant, ranker: str, k: int
) -> None:
    every = ranked(bees, ranker, "mites weaken bees", k=1000)
    assert ranked(bees, ranker, "mites weaken bees", k=k) == every[:k]


@pytest.mark.parametrize("ranker", ["dense", "hybrid"])
@pytest.mark.parametrize("query", QUERIES)
@pytest.mark.parametrize("k", [2, 9])
def test_exact_search_answers_as_chroma_does(
    bees: Assistant, exact: Index, ranker: str, query: str, k: int
) -> None:
    assert bees.index.store is not None
    assert RANKERS[ranker](exact, [(query, 1.0)], vector(bees, query), k) == ranked(
        bees, ranker, query, k
    )


def test_by_meaning_every_passage_is_a_hit_when_enough_are_asked_for(
    bees: Assistant, exact: Index
) -> None:
    query = "How are mites treated?"
    everything = sorted(passage.id for passage in bees.index.passages)
    assert sorted(ids(ranked(bees, "dense", query))) == everything
    assert (
        sorted(ids(RANKERS["dense"](exact, [(query, 1.0)], vector(bees, query), 10))) == everything
    )


def test_a_query_of_unknown_words_has_no_hit_by_words(bees: Assistant) -> None:
    assert ranked(bees, "lexical", "kangaroo") == []


def test_the_best_rows_come_in_row_order_and_above_nought() -> None:
    scores = np.array([0.2, 0.0, 0.9, -1.0, 0.5], dtype=np.float32)
    assert best_rows(scores, 2).tolist() == [2, 4]
    assert best_rows(scores, 9).tolist() == [0, 2, 4]
    assert best_rows(np.zeros(3, dtype=np.float32), 2).tolist() == []


def test_both_sides_count_alike_each_scaled_over_its_own_candidates() -> None:
    cosine = np.array([0.9, 0.5, 0.1, 0.7], dtype=np.float32)
    bm25 = np.array([0.0, 4.0, 8.0, 2.0], dtype=np.float32)
    near = np.array([True, True, False, True])
    # Cosine from 0.5, the lowest near one: 1, 0, 0, 0.5; BM25 from 0: 0, 0.5, 1, 0.25.
    assert fused(cosine, bm25, near).tolist() == pytest.approx([0.5, 0.25, 0.5, 0.375])
    assert fused(cosine, bm25, near, weight=1.0).tolist() == pytest.approx([1, 0, 0, 0.5])


def test_without_a_word_in_common_meaning_alone_orders_the_hits() -> None:
    cosine = np.array([0.9, 0.5, 0.7], dtype=np.float32)
    nothing = np.zeros(3, dtype=np.float32)
    near = np.array([True, True, True])
    assert fused(cosine, nothing, near).tolist() == pytest.approx([0.5, 0, 0.25])
