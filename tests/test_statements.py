"""A text that asks nothing is taken to ask what the condition is that it names."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.glossary import Glossary, Term
from assistant.statements import question_of, with_synonyms
from assistant.types import Turn

GLOSSARY = with_synonyms(
    Glossary(
        [
            Term("osteonecrosis", ("avascular necrosis",), "Dead bone.", ("a#b/1",)),
            Term("calcification", (), "Calcium.", ("a#b/2",)),
        ]
    )
)


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("I have been told I have AVN", "What is osteonecrosis?"),
        ("My mum was diagnosed with avascular necrosis last week.", "What is osteonecrosis?"),
        (
            "The doctor says that the scan shows osteonecrosis of both hips",
            "What is osteonecrosis?",
        ),
        ("AVN", "What is osteonecrosis?"),
        ("what is avn of the hip", "What is osteonecrosis?"),
    ],
)
def test_a_condition_that_is_only_told_of_is_explained(text: str, question: str) -> None:
    assert question_of(text, GLOSSARY) == question


@pytest.mark.parametrize(
    "text",
    [
        "AVN treatment",
        "What is new in AVN?",
        "What is AVN caused by?",
        "AVN?",
        "I have AVN and my groin hurts",
        "I have AVN, should I rest",
        "Can I have AVN",
        "I have AVN and calcification",
        "My hip clicks when I walk",
        "how I got AVN",
    ],
)
def test_what_asks_or_tells_more_is_left(text: str) -> None:
    assert question_of(text, GLOSSARY) == text


def test_it_is_shown_what_was_searched_for(assistant: Assistant) -> None:
    answer = assistant.ask("I was diagnosed with heterotopic ossification last week")
    assert answer.question == "I was diagnosed with heterotopic ossification last week"
    assert answer.query == "What is heterotopic ossification?"
    assert "heterotopic ossification" in answer.sentences[0].text.lower()


def test_after_other_questions_a_bare_term_leans_on_them(assistant: Assistant) -> None:
    turn = Turn("Does indomethacin prevent bone formation?", "It ...")
    assert not assistant.ask("heterotopic ossification", [turn]).query.startswith("What is")
