"""Terms that mean the same: how a query is cut into them, and what is put beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant import synonyms
from assistant.index.lexical import words
from assistant.synonyms import alternatives, expansion, read_groups, spelt_out

FILE = Path(synonyms.__file__).with_name("synonyms.txt")


def groups() -> list[list[str]]:
    return read_groups(FILE.read_text(encoding="utf-8").splitlines())


def terms(query: str) -> list[str]:
    """The terms a query is cut into, their stems joined."""
    return [" ".join(term) for term, _ in alternatives(tuple(words(query)))]


def test_the_file_has_no_term_in_two_groups_even_once_stemmed() -> None:
    stemmed = [{tuple(words(term)) for term in group} for group in groups()]
    counts = Counter(term for group in stemmed for term in group)
    assert [term for term, count in counts.items() if count > 1] == []


def test_every_term_of_the_file_has_a_word_to_search_for() -> None:
    assert [term for group in groups() for term in group if not words(term)] == []


def test_every_group_of_the_file_has_something_to_choose_from() -> None:
    assert [group for group in groups() if len(group) < 2] == []


def test_a_term_that_stands_twice_is_named_with_all_others_that_do() -> None:
    lines = ["# comment, comment", "", "comb, frame", "bee, comb, worker", "hive, bee", "skep"]
    with pytest.raises(ValueError, match=r"^synonyms stand twice: bee, comb$"):
        read_groups(lines)


def test_groups_are_the_lines_without_comments_and_blanks() -> None:
    lines = ["# bees", "honey bee, apis mellifera", "   ", "hive,skep , box"]
    assert read_groups(lines) == [["honey bee", "apis mellifera"], ["hive", "skep", "box"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("avascular necrosis pain", ["avascular necrosi", "pain"]),
        ("total hip replacement", ["total hip replac"]),
        ("hip replacement pain", ["hip replac", "pain"]),
        ("hip pain", ["hip", "pain"]),
        ("osteonecrosis of the femoral head", ["osteonecrosi femor head"]),
        ("removal of heterotopic bone", ["remov heterotop bone"]),
        ("heterotopic bone removal", ["heterotop bone", "remov"]),
        ("", []),
    ],
)
def test_the_longest_term_wins(query: str, found: list[str]) -> None:
    assert terms(query) == found


def test_a_term_comes_with_its_whole_group_and_any_other_word_with_itself() -> None:
    lupus = (("system", "lupus", "erythematosus"), ("lupus",), ("sle",))
    assert list(alternatives(("sle", "pain"))) == [(("sle",), lupus), (("pain",), (("pain",),))]


@pytest.mark.parametrize(
    ("query", "added"),
    [
        ("AVN", ["osteonecrosi"]),
        ("dead bone", ["osteonecrosi"]),
        ("HO after THR", ["heterotop", "ossif", "total", "hip", "arthroplasti"]),
        ("new hip", ["total", "arthroplasti"]),
        ("AVN and avascular necrosis", ["osteonecrosi"]),
        ("kids", ["children"]),
        ("osteonecrosis", []),
        ("hip pain", []),
        ("", []),
    ],
)
def test_a_lexical_query_is_expanded_by_the_usual_term_for_what_it_says_otherwise(
    query: str, added: list[str]
) -> None:
    assert expansion(tuple(words(query))) == added


@pytest.mark.parametrize(
    ("query", "spelt"),
    [
        ("AVN in kids", "AVN in kids (osteonecrosis, children)"),
        ("HO after THR?", "HO after THR? (heterotopic ossification, total hip arthroplasty)"),
        ("Is AVN avascular necrosis?", "Is AVN avascular necrosis? (osteonecrosis)"),
        ("What is osteonecrosis?", "What is osteonecrosis?"),
        ("Why does my hip hurt?", "Why does my hip hurt?"),
        ("Do bisphosphonates help?", "Do bisphosphonates help?"),
        ("Do diphosphonates help?", "Do diphosphonates help? (bisphosphonate)"),
    ],
)
def test_a_query_is_spelt_out_in_the_terms_that_the_corpus_uses(query: str, spelt: str) -> None:
    assert spelt_out(query) == spelt
