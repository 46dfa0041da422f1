"""What concerns another condition, place or species than the one asked about is marked as that."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assistant.assistant import Assistant
from assistant.conversation import Query
from assistant.extrapolation import mark_of_setting


@pytest.mark.parametrize(
    ("question", "text", "title", "mark"),
    [
        (
            "Does massage help osteonecrosis?",
            "Massage eased pain.",
            "Massage in osteoarthritis",
            "from a work on osteoarthritis",
        ),
        (
            "Does massage help the hip?",
            "Massage eased pain.",
            "Massage of the rotator cuff",
            "from a work on the shoulder",
        ),
        (
            "Does massage help?",
            "Massage eased pain.",
            "Massage in mice",
            "from a work whose title names mice",
        ),
        ("Does massage help AVN?", "Massage eased pain.", "Massage in osteonecrosis", None),
        ("Does massage help AVN?", "Massage eased gout.", "Massage in gout", None),
        ("Does massage help?", "Massage eased pain.", "Massage in gout", None),
        ("Does massage help mice?", "Massage eased pain.", "Massage in mice", None),
        ("Does massage help the hip?", "Massage eased hip pain.", "Massage of the knee", None),
        ("Does massage help the hip?", "Massage eased pain.", "Massage", None),
    ],
)
def test_the_mark_names_what_neither_question_nor_sentence_names(
    question: str, text: str, title: str, mark: str | None
) -> None:
    assert mark_of_setting(Query(question), text, title) == mark


def test_a_follow_up_asks_about_what_it_leans_on() -> None:
    query = Query("And does massage help?", carried="osteonecrosis of the hip")
    mark = mark_of_setting(query, "Massage eased pain.", "Massage in gout")
    assert mark == "from a work on gout"


FILES = {
    "massage.md": "# Massage\n\nMassage by a physiotherapist eases pain and stiffness in gout.\n",
    "knees.md": "# Knees\n\nSplints of wood or plastic keep a sore knee at rest in bed.\n",
}


@pytest.mark.parametrize(
    ("question", "notices"),
    [
        (
            "Does massage by a physiotherapist ease pain and stiffness in osteoarthritis?",
            [
                "None of the sentences quoted here, and no title of their works, names "
                "osteoarthritis. They name gout."
            ],
        ),
        (
            "Do splints keep a sore hip at rest?",
            [
                "None of the sentences quoted here, and no title of their works, names the hip. "
                "They name the knee."
            ],
        ),
        ("Does massage ease pain in gout?", []),
        ("Does massage by a physiotherapist ease pain?", []),
    ],
)
def test_an_answer_that_never_names_what_was_asked_about_says_so(
    tiny: Callable[..., Assistant], question: str, notices: list[str]
) -> None:
    answer = tiny(FILES, retriever="hybrid").ask(question)
    assert answer.sentences
    assert [n.text for n in answer.notices if n.kind == "extrapolation"] == notices
