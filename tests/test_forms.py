"""What form of answer a question calls for, and which sentences have it."""

from __future__ import annotations

import pytest

from assistant.forms import asks, direction, form_of
from assistant.layout import groups_of
from assistant.rows import is_label, label_of, stages_in


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("Does smoke calm bees?", "yes or no"),
        ("Shock waves for a sore hip, do they help?", "yes or no"),
        ("How often does it come back?", "figure"),
        ("How long does a swarm stay?", "figure"),
        ("What is the rate of complications?", "figure"),
        ("What is the incidence of foulbrood?", "figure"),
        ("What are the causes of swarming?", "list"),
        ("Who is at risk of stings?", "list"),
        ("What can cause a limp?", "list"),
        ("List the drugs against mites", "list"),
        ("Oxalic acid or formic acid for mites?", "comparison"),
        ("What is the difference between a wasp and a bee?", "comparison"),
        ("Is smoke better than water?", "comparison"),
        ("What are the Ficat stages?", "stages"),
        ("How is it classified?", "stages"),
        ("What does Ficat stage II mean?", "stages"),
        ("Does drilling help in stage II?", "yes or no"),
        ("How are early stages treated?", "open"),
        ("What is foulbrood?", "definition"),
        ("What is foulbrood and how long does it last?", "definition"),
        ("How is foulbrood treated?", "open"),
    ],
)
def test_a_question_calls_for_this_form_of_answer(question: str, form: str) -> None:
    assert form_of(question).name == form


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Does smoke calm bees?", True),
        ("does smoke calm bees", True),
        ("Explain how smoke calms bees.", True),
        ("I was stung. What helps?", True),
        ("Smoke calms bees.", False),
        ("Smoke is what calms bees", False),
        ("smoke and bees", False),
        ("", False),
    ],
)
def test_a_question_is_told_from_claims_and_keywords(text: str, question: bool) -> None:
    assert asks(text) is question


@pytest.mark.parametrize(
    ("question", "better", "worse"),
    [
        ("Does smoke calm bees?", "Smoke did not calm bees.", "Smoke is described as a signal."),
        ("Does smoke calm bees?", "Smoke reduced stings.", "A trial of smoke included 40 hives."),
        ("How often do bees sting?", "Bees stung 12% of visitors.", "Bees sting when disturbed."),
        ("How long does it last?", "It lasts 2 to 3 weeks.", "It lasted longer at 12 months."),
        ("How many mg of it are given?", "They gave 25 mg a day.", "They gave it for 25 days."),
        ("How large are the cells?", "Cells measure 5 mm.", "Cells are built in 5 days."),
        ("What are the causes?", "It is caused by cold, damp or hunger.", "It is caused by cold."),
        ("What are the causes?", "Cold, damp or hunger cause it.", "It took 5%, 6% or 7%."),
        ("Wasps or bees?", "Wasps and bees both sting.", "Wasps sting."),
        ("Wasps or bees?", "Wasps sting more than bees.", "Wasps and bees both sting."),
        ("Wasps or bees?", "Of wasps 5% stung, of bees 3%.", "Wasps and bees both sting."),
        (
            "Naproxen or honey?",
            "NSAIDs did no better than honey.",
            "Naproxen and honey were given.",
        ),
        (
            "What are the causes?",
            "It is caused by cold.",
            "Cold, damp and hunger did not cause it.",
        ),
        ("What is a drone?", "A drone is a male bee.", "Workers feed a drone."),
    ],
)
def test_one_sentence_has_the_form_more_than_another(
    question: str, better: str, worse: str
) -> None:
    fit = form_of(question).fit
    assert fit(better) > fit(worse)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Smoke reduced stings by 60%.", "effect"),
        ("Smoking was associated with collapse (OR 1.6).", "effect"),
        ("Smoke did not significantly reduce stings.", "no effect"),
        ("No significant difference was found between smoke and water.", "no effect"),
        ("Smoke neither calmed bees nor reduced stings.", "no effect"),
        ("Smoke failed to prevent swarming.", "no effect"),
        ("Smoke reduced stings but not swarming.", "mixed"),
        ("The evidence on smoke is conflicting.", "mixed"),
        ("Smoke is made with burlap.", None),
    ],
)
def test_a_finding_has_a_direction_and_a_description_has_none(text: str, found: str | None) -> None:
    assert direction(text) == found


@pytest.mark.parametrize(
    ("text", "label", "places"),
    [
        ("In Ficat stage 0 the radiograph is normal.", "Stage 0:", (0,)),
        ("Brooker class IV encases the hip.", "Class IV:", (4,)),
        ("Brooker class II means spurs, and class III more.", "Classes II and III:", (2, 3)),
        (
            "Stage IV flattens, stage V narrows and stage VI ends.",
            "Stages IV, V and VI:",
            (4, 5, 6),
        ),
        ("Stages I and II are graded A, B or C.", "Stages I and II:", (1, 2)),
        ("Brooker grade 1 is islands of bone, grade 2 spurs.", "Grades 1 and 2:", (1, 2)),
    ],
)
def test_the_label_of_a_row_is_made_of_the_sentence_s_own_words(
    text: str, label: str, places: tuple[int, ...]
) -> None:
    assert label_of(text) == label
    assert stages_in(text) == places
    assert is_label(label)


def test_other_leads_are_no_labels() -> None:
    assert not any(map(is_label, [None, "From a guideline:", "In “Stage”:", "Stage fright:"]))


def test_no_sentences_have_no_layout() -> None:
    assert groups_of("What are the causes?", ()) == []
