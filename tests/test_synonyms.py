"""Terms that mean the same: how a query is cut into them, and what is put beside it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from assistant import synonyms
from assistant.assistant import Assistant
from assistant.index.lexical import words
from assistant.synonyms import alternatives, expanded, read_groups, spelt_out, unusual

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


# How many passages hold a stemmed word, in a corpus that says most things in one way.
HELD = {
    "osteonecrosi": 60,
    "avn": 2,
    "heterotop": 51,
    "ossif": 50,
    "ho": 0,
    "total": 40,
    "hip": 90,
    "arthroplasti": 30,
    "thr": 0,
    "children": 25,
    "kid": 0,
    "corticosteroid": 20,
    "steroid": 4,
    "ultrasound": 20,
    "sonographi": 3,
}


def frequency(stem: str) -> int:
    return HELD.get(stem, 0)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("AVN in kids", [("osteonecrosi",), ("children",)]),
        ("HO after THR", [("heterotop", "ossif"), ("total", "hip", "arthroplasti")]),
        ("AVN, or dead bone", [("osteonecrosi",)]),
        ("osteonecrosis of the hip", []),
        ("sonography", [("ultrasound",)]),
        ("wax", []),
        ("", []),
    ],
)
def test_a_term_that_the_corpus_hardly_uses_has_a_usual_one(
    query: str, found: list[tuple[str, ...]]
) -> None:
    assert unusual(tuple(words(query)), frequency) == found


def test_a_term_that_is_used_a_fifth_as_often_as_the_usual_one_is_left_alone() -> None:
    assert unusual(("steroid",), frequency) == []


@pytest.mark.parametrize(
    ("query", "stems"),
    [
        ("AVN in kids", ["avn", "kid", "osteonecrosi", "children"]),
        ("hip after THR", ["hip", "after", "thr", "total", "arthroplasti"]),
        ("osteonecrosis pain", ["osteonecrosi", "pain"]),
        ("", []),
    ],
)
def test_a_lexical_query_is_expanded_by_the_usual_terms_each_word_once(
    query: str, stems: list[str]
) -> None:
    assert expanded(tuple(words(query)), frequency) == stems


@pytest.mark.parametrize(
    ("query", "spelt"),
    [
        ("AVN in kids", "AVN in kids (osteonecrosis, children)"),
        ("HO after THR?", "HO after THR? (heterotopic ossification, total hip arthroplasty)"),
        ("What is osteonecrosis?", "What is osteonecrosis?"),
        ("Why does my hip hurt?", "Why does my hip hurt?"),
    ],
)
def test_a_query_is_spelt_out_in_the_usual_terms(query: str, spelt: str) -> None:
    assert spelt_out(query, frequency) == spelt


def test_the_usual_term_of_every_group_is_one_that_the_corpus_uses(assistant: Assistant) -> None:
    frequency = assistant.index.lexical.document_frequency
    usual = [group[0] for group in groups()]
    assert [term for term in usual if not all(map(frequency, words(term)))] == []


@pytest.mark.parametrize(
    ("query", "spelt"),
    [
        ("onfh after SLE", "onfh after SLE (osteonecrosis, systemic lupus erythematosus)"),
        ("brittle bones", "brittle bones (osteoporosis)"),
        ("keyhole surgery", "keyhole surgery (arthroscopy)"),
        ("blood thinners", "blood thinners (anticoagulant)"),
        ("gel jab in the hip", "gel jab in the hip (hyaluronic acid)"),
        ("shockwaves", "shockwaves"),
        ("pain in the ball of the hip", "pain in the ball of the hip (femoral head)"),
        ("clicking hip", "clicking hip (snapping)"),
        ("stone man syndrome", "stone man syndrome (fibrodysplasia ossificans progressiva)"),
        (
            "PXE, FOP and HADD",
            "PXE, FOP and HADD (pseudoxanthoma elasticum, hydroxyapatite deposition disease)",
        ),
        ("BCP after TBI", "BCP after TBI (basic calcium phosphate, brain injury)"),
        ("NSAID after THA in CKD", "NSAID after THA in CKD (total hip arthroplasty)"),
        ("DVT on fosamax", "DVT on fosamax (blood clots, alendronate)"),
    ],
)
def test_abbreviations_lay_words_and_brands_are_spelt_out_where_the_corpus_lacks_them(
    assistant: Assistant, query: str, spelt: str
) -> None:
    assert spelt_out(query, assistant.index.lexical.document_frequency) == spelt


@pytest.mark.parametrize(
    ("query", "spelt"),
    [
        ("AVN in kids", "AVN in kids (osteonecrosis, children)"),
        ("dead bone in the hip", "dead bone in the hip (osteonecrosis)"),
        ("Do bisphosphonates help?", "Do bisphosphonates help?"),
        ("Is an MRI needed?", "Is an MRI needed?"),
    ],
)
def test_in_the_corpus_only_what_it_says_otherwise_is_spelt_out(
    assistant: Assistant, query: str, spelt: str
) -> None:
    assert spelt_out(query, assistant.index.lexical.document_frequency) == spelt
