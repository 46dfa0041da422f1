"""What a question wants spoken of: sides that it compares, parts that it asks in one breath."""

from __future__ import annotations

import pytest

from assistant.parts import sides_of, wants_of


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("Is radiotherapy or ibuprofen better against it?", ("radiotherapy", "ibuprofen")),
        ("CT or MRI for a hidden fracture?", ("CT", "MRI")),
        ("How does gout differ from pseudogout?", ("gout", "pseudogout")),
        ("Difference between a wasp and a honey bee?", ("wasp", "honey bee")),
        ("Hip replacement versus resurfacing in the young", ("Hip replacement", "resurfacing")),
        ("Is lavage better than shock wave therapy?", ("lavage", "shock wave therapy")),
        (
            "Does celecoxib cause fewer side effects than indomethacin?",
            ("celecoxib", "indomethacin"),
        ),
        ("Compare exercise with injection for the tendon", ("exercise", "injection")),
        ("What is gout?", None),
    ],
)
def test_a_comparison_has_two_sides(question: str, sides: tuple[str, str] | None) -> None:
    assert sides_of(question) == sides


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What are the symptoms and treatment of gout?", ["symptoms", "treatment"]),
        ("What causes gout and how is it treated?", ["What causes gout", "how is it treated"]),
        ("What is gout? Does it recur?", ["What is gout", "Does it recur"]),
        ("Alendronate or zoledronate for bone?", ["Alendronate", "zoledronate"]),
        (
            "My gran fell in May and broke a hip. Is it gout, and how is it treated?",
            ["Is it gout", "how is it treated"],
        ),
        ("CT vs. MRI. Which is cheaper?", []),
        ("Can gout turn into cancer?", ["cancer"]),
        ("Is it safe for my gran to drive after it?", ["drive"]),
        ("Does radiation cause infertility?", ["infertility"]),
        ("How is gout of the hip and knee treated?", []),
        ("What is gout?", []),
    ],
)
def test_a_question_wants_its_parts_and_what_it_asks_the_outcome_of(
    question: str, names: list[str]
) -> None:
    assert [want.name for want in wants_of(question)] == names


def test_a_part_is_met_by_its_kind_of_thing_and_by_its_own_words() -> None:
    causes, treatment = wants_of("What causes gout and how is it treated?")
    assert causes.is_met("Gout is caused by crystals of urate.")
    assert not causes.is_met("Sarcoma is caused by mutations.")
    assert treatment.is_met("Colchicine relieves an attack.")
    assert not treatment.is_met("Gout is caused by crystals of urate.")


def test_a_side_is_named_by_what_means_the_same() -> None:
    _, radiograph = wants_of("MRI or x-ray for the hip?")
    assert radiograph.is_met("Radiographs come first.")
