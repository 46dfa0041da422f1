"""Evidence levels in their order, and the marks that keep a sentence's setting in sight."""

from __future__ import annotations

import pytest

from assistant.evidence import mark_of, rank_of
from assistant.settings import CHECKOUT
from assistant.sources import load_corpus


@pytest.mark.parametrize(
    ("level", "rank"),
    [
        ("guideline", 0),
        ("systematic review", 1),
        ("randomized trial", 2),
        ("cohort or registry", 3),
        ("case series or report", 4),
        ("narrative review", 5),
        ("laboratory or animal", 6),
        ("web page", 7),
        ("not graded", 8),
    ],
)
def test_stronger_evidence_ranks_before_weaker(level: str, rank: int) -> None:
    assert rank_of({"evidence_level": level}) == rank


def test_a_guideline_read_through_others_ranks_as_the_web_page_that_it_was_read_on() -> None:
    assert rank_of({"evidence_level": "guideline", "basis": "summary by others"}) == 7
    assert rank_of({"evidence_level": "not graded", "basis": "summary by others"}) == 8


@pytest.mark.parametrize("metadata", [{}, {"evidence_level": "hearsay"}, {"evidence_level": None}])
def test_a_document_without_a_known_level_ranks_last(metadata: dict[str, object]) -> None:
    assert rank_of(metadata) == 9


def test_every_document_of_the_corpus_has_a_known_level() -> None:
    unknown = [
        document.id
        for document in load_corpus(CHECKOUT / "corpus")
        if rank_of(document.metadata) > 8
    ]
    assert unknown == []


@pytest.mark.parametrize(
    ("metadata", "mark"),
    [
        ({"evidence_level": "laboratory or animal"}, "laboratory or animal study"),
        ({"setting": "shoulder"}, "shoulder: extrapolation"),
        (
            {"setting": "shoulder", "evidence_level": "laboratory or animal"},
            "shoulder: extrapolation",
        ),
        ({"evidence_level": "guideline"}, None),
        ({}, None),
    ],
)
def test_another_joint_and_the_laboratory_are_marked(
    metadata: dict[str, object], mark: str | None
) -> None:
    assert mark_of(metadata, "Deposits resolve in 4 weeks.") == mark


CITATIONS = {
    "citations": {
        1: {"references": ["lespasio-2019"], "confidence": "probable, high"},
        3: {"references": [], "confidence": "not identified"},
        5: {"references": ["hua-2019", "yue-2020"], "confidence": "close to certain"},
        7: {},
    }
}


@pytest.mark.parametrize(
    ("text", "mark"),
    [
        (
            "As discussed for osteonecrosis of the hip 1.",
            "its citation 1: probable, high (lespasio-2019)",
        ),
        ("The role of matrix vesicles 3, among others.", "its citation 3: not identified"),
        (
            "Vesicles 3, and core decompression 5.",
            "its citation 3: not identified; its citation 5: close to certain (hua-2019, yue-2020)",
        ),
        ("A citation without a word on it 7.", "its citation 7: not identified"),
        ("Deposits resolve in 5 weeks.", None),
        ("A citation nobody listed 9.", None),
        ("Number 11, and number 15.", None),
        ("No citation at all.", None),
    ],
)
def test_the_source_text_s_own_citation_numbers_are_said_to_be_its_own(
    text: str, mark: str | None
) -> None:
    assert mark_of(CITATIONS, text) == mark


def test_citation_numbers_are_found_when_read_back_as_text() -> None:
    read = {"citations": {"1": {"references": ["lespasio-2019"], "confidence": "probable, high"}}}
    assert mark_of(read, "The hip 1.") == "its citation 1: probable, high (lespasio-2019)"
