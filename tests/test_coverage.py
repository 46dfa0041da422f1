"""An answer says what it leaves open: unknown words, and people of whom no sentence speaks."""

from __future__ import annotations

import pytest

from assistant import Assistant
from assistant.types import Turn


def open_ends(assistant: Assistant, question: str, *turns: Turn) -> list[str]:
    answer = assistant.ask(question, turns)
    assert answer.sentences
    return [notice.text for notice in answer.notices if notice.kind == "not-covered"]


def test_a_follow_up_on_children_says_when_no_sentence_speaks_of_them(assistant: Assistant) -> None:
    turn = Turn("What is calcific tendinitis of the hip?", "It is ...")
    assert open_ends(assistant, "and in children?", turn) == [
        "None of the sentences quoted here speaks of children."
    ]


def test_people_on_dialysis_are_people_too(assistant: Assistant) -> None:
    assert open_ends(
        assistant, "Does radiotherapy prevent heterotopic ossification on dialysis?"
    ) == ["None of the sentences quoted here speaks of kidney failure or dialysis."]


@pytest.mark.parametrize(
    "question",
    [
        "How is septic arthritis of the hip recognised in children?",
        "Does pregnancy raise the risk of osteonecrosis of the hip?",
        "Are NSAIDs dangerous for older people?",
        "What is heterotopic ossification?",
    ],
)
def test_people_whom_the_sentences_speak_of_need_no_notice(
    assistant: Assistant, question: str
) -> None:
    assert open_ends(assistant, question) == []


def test_a_word_that_the_corpus_does_not_use_is_named(tiny: object) -> None:
    bees = tiny({"bees.md": "- Bees gather nectar and pollen from clover in the meadow.\n"})  # type: ignore[operator]
    assert open_ends(bees, "Do bees gather nectar from clover in meadows of Mongolia?") == [
        "The corpus does not use the word “Mongolia”."
    ]


def test_what_a_question_names_and_no_quoted_sentence_speaks_of_is_named(
    assistant: Assistant,
) -> None:
    assert open_ends(
        assistant, "Does denosumab prevent heterotopic ossification after hip replacement?"
    ) == ["None of the sentences quoted here speaks of “denosumab”."]


@pytest.mark.parametrize(
    "question",
    [
        "Does etidronate prevent HO?",  # spoken of as heterotopic ossification
        "What are the commonest causes of calcified lumps at the hip?",  # everyday words, inflected
    ],
)
def test_other_names_and_everyday_words_are_not_missed(assistant: Assistant, question: str) -> None:
    assert open_ends(assistant, question) == []


def test_a_follow_up_is_refused_whose_own_words_no_quoted_sentence_speaks_of(
    assistant: Assistant,
) -> None:
    before = [Turn("they want me to take indomethacin for six weeks after my hip replacement", "")]
    refused = assistant.ask("who invented it?", before)
    assert refused.reason == "No passage was found that says something on “invented” here."
    assert assistant.ask("do many people have to stop it?", before).sentences


def test_a_question_is_refused_whose_outcome_no_quoted_sentence_speaks_of(
    assistant: Assistant,
) -> None:
    refused = assistant.ask("Can heterotopic ossification turn into cancer?")
    assert refused.reason == "No passage was found that says something on “cancer” here."
    assert assistant.ask("Can heterotopic ossification cause stiffness?").sentences
