"""What is meant by a question: capitals that tell abbreviations, and slips in earlier turns."""

from __future__ import annotations

import pytest

from assistant.abbreviations import in_full
from assistant.assistant import Assistant
from assistant.types import Turn


@pytest.mark.parametrize(
    ("question", "full"),
    [
        ("hip ON after steroids", "hip osteonecrosis after steroids"),
        ("THA revision: ON vs OA", "THA revision: osteonecrosis vs OA"),
        ("RT or NSAIDs?", "radiotherapy or NSAIDs?"),
        ("MRI vs US in HO", "MRI vs ultrasound in HO"),
        ("US or MRI first?", "ultrasound or MRI first?"),
        ("US-guided barbotage", "ultrasound-guided barbotage"),
        ("which bloods in the blood bank", "which blood tests in the blood bank"),
    ],
)
def test_abbreviations_that_are_words_too_are_told_by_their_capitals(
    question: str, full: str
) -> None:
    assert in_full(question) == full


@pytest.mark.parametrize(
    "question",
    [
        "What is known on it?",
        "Tell us about it, rt hip",
        "How many in the US get a new hip?",
        "US registry data on THA",
        "WHAT IS GOING ON IN MY HIP",
    ],
)
def test_the_words_themselves_are_left(question: str) -> None:
    assert in_full(question) == question


def test_a_slip_in_an_earlier_question_is_mended_where_it_is_carried(assistant: Assistant) -> None:
    turn = Turn("What is osteonecosis?", "It is ...")
    assert assistant.ask("who gets it?", [turn]).query == "who gets it? (osteonecrosis)"
