"""What is searched when a question leans on the ones before it, and when it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.conversation import resolved, standalone_query
from assistant.leaning import leans
from assistant.types import Turn

SUBJECT = "dystrophic mineralization of the hip"
HO = "What are the symptoms of heterotopic ossification?"


def query(*questions: str, subject: str | None = None) -> str:
    """The query for the last of some questions asked one after the other."""
    *earlier, last = questions
    turns = [
        Turn(question, "An answer about wolves, which counts for nothing.") for question in earlier
    ]
    return standalone_query(last, turns, subject)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("How is it treated?", "How is it treated? (heterotopic ossification)"),
        ("Is it painful?", "Is it painful? (heterotopic ossification)"),
        ("What causes it?", "What causes it? (heterotopic ossification)"),
        ("Who gets it?", "Who gets it? (heterotopic ossification)"),
        ("Is that dangerous?", "Is that dangerous? (heterotopic ossification)"),
        ("Can they be removed?", "Can they be removed? (heterotopic ossification)"),
        ("Are those normal?", "Are those normal? (heterotopic ossification)"),
        ("What are its complications?", "What are its complications? (heterotopic ossification)"),
        (
            "Does radiotherapy prevent that?",
            "Does radiotherapy prevent that? (heterotopic ossification)",
        ),
        (
            "Is there evidence that NSAIDs prevent it?",
            "Is there evidence that NSAIDs prevent it? (heterotopic ossification)",
        ),
        (
            "Is radiotherapy better than indomethacin for this?",
            "Is radiotherapy better than indomethacin for this? "
            "(symptoms of heterotopic ossification)",
        ),
    ],
)
def test_a_pronoun_is_given_what_it_stands_for(question: str, expected: str) -> None:
    assert query(HO, question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("why?", "why? (symptoms of heterotopic ossification)"),
        ("what about children?", "what about children? (symptoms of heterotopic ossification)"),
        ("And in men?", "And in men? (symptoms of heterotopic ossification)"),
        (
            "what about radiotherapy?",
            "what about radiotherapy? (symptoms of heterotopic ossification)",
        ),
        ("What else?", "What else? (symptoms of heterotopic ossification)"),
        ("Tell me more", "Tell me more (symptoms of heterotopic ossification)"),
    ],
)
def test_an_ellipsis_is_given_what_was_asked_and_of_what(question: str, expected: str) -> None:
    assert query(HO, question) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is the treatment?", "What is the treatment? (heterotopic ossification)"),
        ("Any side effects?", "Any side effects? (heterotopic ossification)"),
        ("How common?", "How common? (heterotopic ossification)"),
        ("Which drugs?", "Which drugs? (heterotopic ossification)"),
        ("and after surgery?", "and after surgery? (heterotopic ossification)"),
        ("what's the dose?", "what's the dose? (heterotopic ossification)"),
    ],
)
def test_a_question_that_asks_something_else_is_given_the_subject_alone(
    question: str, expected: str
) -> None:
    assert query(HO, question) == expected


NEW_TOPICS = [
    "What is calcific tendinopathy?",
    "Does core decompression work for osteonecrosis?",
    "What are the side effects of bisphosphonates?",
    "How long does indomethacin have to be taken?",
]


@pytest.mark.parametrize("question", NEW_TOPICS)
def test_a_new_topic_is_not_dragged_back_into_the_old_one(question: str) -> None:
    assert query(HO, question) == question


@pytest.mark.parametrize(
    "question",
    [
        "Is it true that bisphosphonates help osteonecrosis?",
        "Is it possible to walk with osteonecrosis?",
        "Is it safe to inject cortisone for bursitis?",
        "Is there a guideline on osteonecrosis?",
        "Are there risks of radiotherapy?",
        "Is osteonecrosis one of the causes of arthritis?",
    ],
)
def test_it_and_there_that_stand_for_nothing_do_not_lean(question: str) -> None:
    assert query(HO, question) == question


@pytest.mark.parametrize(
    "question",
    [
        "Does osteonecrosis lose its blood supply?",
        "Do calcium crystals lose their sharp edges?",
        "If calcium deposits hurt, should they be removed?",
        "Can osteonecrosis of the hip heal before it collapses?",
        "When osteonecrosis is found early, can it be stopped?",
    ],
)
def test_a_pronoun_that_the_question_explains_itself_does_not_lean(question: str) -> None:
    assert query(HO, question) == question


CHAINS = [
    (
        ("What is osteonecrosis?", "How is it treated?", "and in children?"),
        "and in children? (treated, osteonecrosis)",
    ),
    (("What is osteonecrosis?", "Is it painful?", "why?"), "why? (painful, osteonecrosis)"),
    (
        ("What is osteonecrosis?", "What is calcific tendinopathy?", "How is it treated?"),
        "How is it treated? (calcific tendinopathy)",
    ),
    (
        (
            "What is osteonecrosis?",
            "How does it differ from septic arthritis?",
            "How is it treated?",
        ),
        "How is it treated? (osteonecrosis)",
    ),
    (
        ("What is osteonecrosis?", "How is it treated?", "What are the complications?"),
        "What are the complications? (osteonecrosis)",
    ),
    (
        ("What are the symptoms of osteonecrosis?", "what about children?", "And in adults?"),
        "And in adults? (symptoms of osteonecrosis)",
    ),
    (
        ("What is osteonecrosis?", "How is it treated?", "What is gout?", "What causes it?"),
        "What causes it? (gout)",
    ),
]


@pytest.mark.parametrize(("questions", "expected"), CHAINS)
def test_a_subject_is_carried_over_several_turns_until_a_new_one_is_named(
    questions: tuple[str, ...], expected: str
) -> None:
    assert query(*questions) == expected


def test_brackets_in_an_earlier_question_belong_to_it() -> None:
    asked = "What is heterotopic ossification (HO) after hip replacement?"
    assert query(asked, "How is it treated?") == (
        "How is it treated? (heterotopic ossification (HO) after hip replacement)"
    )


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("What is it?", f"What is it? ({SUBJECT})"),
        ("How is it treated?", f"How is it treated? ({SUBJECT})"),
        ("What are the symptoms?", f"What are the symptoms? ({SUBJECT})"),
        ("why?", f"why? ({SUBJECT})"),
        ("What is osteonecrosis?", "What is osteonecrosis?"),
        ("Is it true that osteonecrosis heals?", "Is it true that osteonecrosis heals?"),
    ],
)
def test_a_first_question_without_a_subject_is_about_the_corpus_s_own(
    question: str, expected: str
) -> None:
    assert query(question, subject=SUBJECT) == expected


def test_the_corpus_s_subject_is_carried_until_another_is_named() -> None:
    assert query("What is it?", "How is it treated?", subject=SUBJECT) == (
        f"How is it treated? ({SUBJECT})"
    )
    assert query("What is it?", "What is gout?", "What causes it?", subject=SUBJECT) == (
        "What causes it? (gout)"
    )


@pytest.mark.parametrize("question", ["What is it?", "why?", "and in children?", HO])
def test_without_turns_and_subject_a_question_is_left_as_it_is(question: str) -> None:
    assert query(question) == question


def test_what_was_answered_changes_nothing() -> None:
    answers = ["Wolves hunt in packs.", "", "Osteonecrosis, gout and it."]
    assert {standalone_query("why?", [Turn(HO, answer)]) for answer in answers} == {
        "why? (symptoms of heterotopic ossification)"
    }


@pytest.mark.parametrize(
    ("question", "claim"),
    [
        ("How is it treated?", True),
        ("what about children?", True),
        ("What are the symptoms?", True),
        ("What is osteonecrosis?", False),
        ("So does osteonecrosis of the femoral head always collapse within years?", False),
        ("Is it true that osteonecrosis heals?", False),
        ("Are there other drugs I could try?", True),
        ("With what sensitivity?", True),
        ("How many die within a year?", True),
        ("When must it not be done?", True),
        ("What is the gold standard test then?", True),
        ("At what age does FOP start?", False),
        ("How accurate is MRI for osteonecrosis?", False),
        ("What else helps?", True),
        ("Which is the second?", True),
        ("What are the other causes of gout?", False),
        ("Is anything other than pain a sign of osteonecrosis?", False),
        ("What is the first line of treatment for gout?", False),
    ],
)
def test_leans_tells_which_questions_need_what_was_said_before(question: str, claim: bool) -> None:
    assert leans(question) is claim


def test_what_is_carried_counts_less_beside_a_subject_of_the_question_s_own() -> None:
    turns = [Turn(HO, "Pain and stiffness.")]
    alone, beside = (resolved(asked, turns) for asked in ("How is it treated?", "And morphine?"))
    assert alone.carried and beside.carried and alone.said == beside.said
    weights = [dict(query.parts) for query in (alone, beside)]
    assert weights[0][alone.carried] > weights[1][beside.carried] > weights[1][beside.said] > 0


SUBJECTS = ["osteonecrosis", "heterotopic ossification", "calcific tendinopathy", "gout", "AVN"]
CLEAR = [
    "What is {}?",
    "What are the symptoms of {}?",
    "How is {} treated in children?",
    "Does {} run in families?",
    "Is it true that {} heals?",
    "Is there a cure for {}?",
    "{} prognosis",
]
TURNS = st.lists(
    st.builds(
        Turn,
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(["why?", "What is it?", HO, "How is gout (podagra) treated?", "("]),
        ),
        st.text(max_size=40),
    ),
    max_size=5,
)


@hypothesis_settings(max_examples=150, deadline=None)
@given(
    question=st.builds(str.format, st.sampled_from(CLEAR), st.sampled_from(SUBJECTS)),
    turns=TURNS,
    subject=st.sampled_from([None, SUBJECT]),
)
def test_a_question_with_a_subject_of_its_own_is_left_as_it_is_whatever_was_said_before(
    question: str, turns: list[Turn], subject: str | None
) -> None:
    assert standalone_query(question, turns, subject) == question


@hypothesis_settings(max_examples=100, deadline=None)
@given(question=st.text(max_size=60), turns=TURNS)
def test_a_query_always_begins_with_the_question_as_it_was_asked(
    question: str, turns: list[Turn]
) -> None:
    assert standalone_query(question, turns).startswith(question)
