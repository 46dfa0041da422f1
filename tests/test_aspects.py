"""What kind of thing a question asks for, how a sentence shows it, and which words are its subject."""

from __future__ import annotations

import pytest

from assistant.aspects import ASPECTS, aspects
from assistant.topics import content_words, topic_words

BY_NAME = {aspect.name: aspect for aspect in ASPECTS}


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("What is heterotopic ossification?", ["definition"]),
        ("What are the symptoms?", ["symptom"]),
        ("Which imaging shows it?", ["imaging"]),
        ("How does it differ from calcinosis?", ["difference"]),
        ("Who is at risk after surgery?", ["risk", "surgery"]),
        ("How common is it?", ["frequency"]),
        ("How many weeks of indomethacin?", ["timing", "quantity"]),
        ("Does it go away?", ["prognosis"]),
        ("Is ibuprofen safe?", ["safety"]),
        ("Where is the pain felt?", ["site"]),
        ("brittle hip", []),
    ],
)
def test_a_question_asks_for_these_kinds_of_thing(question: str, names: list[str]) -> None:
    assert [aspect.name for aspect in aspects(question)] == names


@pytest.mark.parametrize(
    ("name", "sentence", "shown"),
    [
        ("definition", "Osteonecrosis is a painful disorder of the hip.", True),
        ("definition", "Osteonecrosis is crucial for managing the hip.", False),
        ("symptom", "Patients have hip pain and stiffness.", True),
        ("symptom", "Pain medications were given.", False),
        ("frequency", "It followed 1,939 of 6,468 operations.", True),
        ("frequency", "The odds ratio was 1.48 (95% CI 1.00-2.17).", False),
        ("quantity", "Ficat stage II and Kerboul grade 3 predicted failure.", False),
        ("quantity", "The dose was 75 mg a day.", True),
        ("risk", "Male sex raised the risk.", True),
        ("risk", "It occurs particularly when risk factors are present.", False),
        ("outcome", "Preventive surgery may be considered.", False),
        ("outcome", "Indomethacin prevented it.", True),
        ("difference", "Deposits changed little over 3 months while pain resolved.", False),
        ("difference", "Unlike tendinitis, it hurts at rest.", True),
        ("difference", "It followed 5% of operations and 9% of falls.", True),
        ("difference", "It followed 5% of operations.", False),
        ("site", "Pain is felt mostly in the groin.", True),
        ("site", "Pain eases with rest.", False),
    ],
)
def test_a_sentence_shows_an_aspect_or_does_not(name: str, sentence: str, shown: bool) -> None:
    assert bool(BY_NAME[name].in_sentence.search(sentence)) is shown


def test_words_of_asking_and_contractions_are_no_content() -> None:
    assert content_words("Doesn't my mother's hip need an X-ray?") == ["hip", "X-ray"]
    assert content_words("what is it?") == []


def test_words_that_name_an_aspect_are_no_topic() -> None:
    assert topic_words("What are the risks of surgery in children?") == []
    assert topic_words("first-line treatment of calcinosis") == ["calcinosis"]
