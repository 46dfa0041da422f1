"""How sentences become one answer: what opens it, in which order they come, and what is said between.

A small corpus about a made-up disease; each document is here for one promise.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from assistant.assistant import Assistant
from assistant.rows import is_label
from assistant.types import Answer


def notes(title: str, level: str, *lines: str, extra: str = "") -> str:
    body = "".join(f"- {line}\n" for line in lines)
    return f"---\ntitle: {title}\nevidence_level: {level}\n{extra}---\n\n## Findings\n\n{body}"


FILES = {
    "massage-review.md": notes(
        "Massage against wing rot",
        "systematic review",
        "Massage against wing rot is described as stroking with two fingers.",
        "Massage did not reduce the spread of wing rot in 9 trials of 400 geese.",
    ),
    "massage-cohort.md": notes(
        "A cohort of geese with massage",
        "cohort or registry",
        "In a cohort of 70 geese, massage reduced the spread of wing rot from the tip to the joint.",
    ),
    "massage-case.md": notes(
        "One goose",
        "case series or report",
        "Massage against wing rot helped one goose of a keeper within a week.",
    ),
    "feathers-one.md": notes(
        "Feather mould in one flock",
        "case series or report",
        "Feather mould spread through a flock of geese after a wet spring.",
    ),
    "feathers-two.md": notes(
        "Feather mould in another flock",
        "case series or report",
        "Dry bedding ended feather mould among 11 geese of another flock.",
    ),
    "bathing-alike.md": notes(
        "Bathing and lice",
        "cohort or registry",
        "Bathing in vinegar water reduced lice on geese in the summer months.",
    ),
    "bathing-other.md": notes(
        "Bathing and lice again",
        "cohort or registry",
        "Bathing in vinegar water did not reduce lice on geese in the summer months.",
    ),
    "stages.md": notes(
        "The Ganter stages of web fever",
        "web page",
        "Ganter stage III web fever means that the goose cannot stand.",
        "Ganter stage I web fever shows red webs.",
        "Ganter stage II web fever shows blisters on the webs.",
        "In Ganter stage II web fever, cream healed the webs of most geese.",
    ),
    "other-stages.md": notes(
        "Outcome of web fever",
        "cohort or registry",
        "Web fever of stage II healed in 60% of geese, and that of stage III in 20%.",
    ),
    "probing-ducks.md": notes(
        "Probing in ducks",
        "systematic review",
        "Probing relieves crop stones better than waiting in 12 trials.",
        extra="setting: ducks\n",
    ),
    "probing-geese.md": notes(
        "Probing in geese",
        "case series or report",
        "Probing relieved crop stones in three birds that came to one clinic.",
    ),
    "oats.md": notes("Oats", "cohort or registry", "Oats raise the weight of geese by a tenth."),
    "barley.md": notes("Barley", "cohort or registry", "Barley left birds as heavy as before."),
    "beak.md": notes(
        "Beak spots",
        "narrative review",
        "Beak spots are seen on geese that are kept indoors.",
        "Risk factors for beak spots include poor light, crowding and a diet of bread.",
        "The risk factors for beak spots are a matter of dispute.",
        "Beak spots last from 3 to 6 weeks.",
        "Beak spots occur in 14% of geese.",
    ),
}


@pytest.fixture(scope="module")
def geese(tiny: Callable[..., Assistant]) -> Assistant:
    return tiny(FILES, retriever="hybrid")  # composition is tested here, not the scorer


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def leads(answer: Answer) -> list[str | None]:
    return [sentence.lead for sentence in answer.sentences]


def notices(answer: Answer, kind: str) -> list[str]:
    return [notice.text for notice in answer.notices if notice.kind == kind]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        (
            "Does massage against wing rot help?",
            "Massage did not reduce the spread of wing rot in 9 trials of 400 geese.",
        ),
        (
            "What are the risk factors for beak spots?",
            "Risk factors for beak spots include poor light, crowding and a diet of bread.",
        ),
        ("How long do beak spots last?", "Beak spots last from 3 to 6 weeks."),
        ("How often do beak spots occur?", "Beak spots occur in 14% of geese."),
    ],
)
def test_the_first_sentence_has_the_form_that_the_question_asks_for(
    geese: Assistant, question: str, first: str
) -> None:
    assert texts(geese.ask(question))[0] == first


def test_weaker_evidence_comes_later_and_is_named_where_it_begins(geese: Assistant) -> None:
    answer = geese.ask("Does massage against wing rot help a goose?")
    assert [(s.lead, s.citations[0].passage.document_id) for s in answer.sentences] == [
        (None, "massage-review"),
        ("From a cohort or registry:", "massage-cohort"),
        ("Weak evidence, a case series or report:", "massage-case"),
    ]


def test_an_answer_that_only_weak_evidence_carries_says_so_once(geese: Assistant) -> None:
    answer = geese.ask("What is known of feather mould in a flock of geese?")
    assert leads(answer)[:2] == ["Only case series or reports are quoted here:", None]


def test_sentences_that_differ_in_a_no_are_both_said_and_never_cited_together(
    geese: Assistant,
) -> None:
    answer = geese.ask("Does bathing in vinegar water reduce lice on geese?")
    said = {s.text: [c.passage.document_id for c in s.citations] for s in answer.sentences}
    assert said["Bathing in vinegar water reduced lice on geese in the summer months."] == [
        "bathing-alike"
    ]
    assert said["Bathing in vinegar water did not reduce lice on geese in the summer months."] == [
        "bathing-other"
    ]


def test_stages_are_a_table_in_their_order_and_hold_nothing_else(geese: Assistant) -> None:
    answer = geese.ask("What are the Ganter stages of web fever?")
    assert [(s.lead, s.text) for s in answer.sentences][:3] == [
        ("Stage I:", "Ganter stage I web fever shows red webs."),
        ("Stage II:", "Ganter stage II web fever shows blisters on the webs."),
        ("Stage II:", "In Ganter stage II web fever, cream healed the webs of most geese."),
    ]
    assert {s.citations[0].passage.document_id for s in answer.sentences} == {"stages"}


def test_of_one_stage_that_is_asked_about_only_its_rows_are_given(geese: Assistant) -> None:
    answer = geese.ask("What does Ganter stage III mean?")
    assert [(s.lead, s.text) for s in answer.sentences] == [
        ("Stage III:", "Ganter stage III web fever means that the goose cannot stand.")
    ]


def test_where_the_subject_is_staged_by_no_system_the_answer_is_prose(geese: Assistant) -> None:
    assert not any(
        (lead or "").startswith("Stage")
        for lead in leads(geese.ask("How are beak spots classified?"))
    )


def test_what_is_of_another_kind_of_patient_does_not_open_the_answer(geese: Assistant) -> None:
    answer = geese.ask("Does probing relieve crop stones?")
    assert [(s.citations[0].passage.document_id, s.mark) for s in answer.sentences][:2] == [
        ("probing-geese", None),
        ("probing-ducks", "ducks: extrapolation"),
    ]


def test_what_is_of_them_opens_where_the_question_names_them(geese: Assistant) -> None:
    answer = geese.ask("Does probing relieve crop stones in ducks?")
    assert answer.sentences[0].citations[0].passage.document_id == "probing-ducks"


def test_both_sides_of_a_comparison_are_spoken_of(geese: Assistant) -> None:
    said = texts(geese.ask("Are oats or barley better for the weight of geese?"))
    assert "Oats raise the weight of geese by a tenth." in said[:2]
    assert "Barley left birds as heavy as before." in said


def test_a_part_that_no_sentence_speaks_of_is_named(geese: Assistant) -> None:
    answer = geese.ask("How long do beak spots last and does vinegar end them?")
    assert texts(answer)[0] == "Beak spots last from 3 to 6 weeks."
    assert notices(answer, "not-covered") == [
        "None of the sentences quoted here speaks of this: “does vinegar end them”."
    ]
    unknown = geese.ask("How long do beak spots last and does homeopathy end them?")
    assert notices(unknown, "not-covered") == ["The corpus does not use the word “homeopathy”."]
    both = geese.ask("How long do beak spots last and how often do they occur?")
    assert notices(both, "not-covered") == []
    assert {"Beak spots last from 3 to 6 weeks.", "Beak spots occur in 14% of geese."} <= set(
        texts(both)
    )


# --- on the hip corpus: its judgements and its conditions ---


def test_the_side_of_a_comparison_that_scores_low_is_spoken_of_all_the_same(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("Shock wave therapy versus surgery for calcific tendinitis")
    assert "shock wave" in answer.text.lower()
    assert re.search(r"surg|operat|excis", answer.text, re.IGNORECASE)


def test_a_condition_without_stages_of_its_own_is_not_given_those_of_another(
    assistant: Assistant,
) -> None:
    other = assistant.ask("What are the grades of hip osteoarthritis on x-ray?")
    assert not any(map(is_label, leads(other)))
    own = assistant.ask("What are the stages of avascular necrosis of the hip in plain words?")
    assert all(map(is_label, leads(own)))


def test_findings_are_said_to_differ_where_the_corpus_records_both_sides(
    assistant: Assistant,
) -> None:
    differing = assistant.ask("Does risk of hip AVN rise with steroid dose?")
    assert (leads(differing)[0] or "").startswith("Findings differ.")
    agreed = assistant.ask("Alendronate or zoledronate for osteonecrosis?")
    assert not any("differ" in (lead or "") for lead in leads(agreed))


def test_no_lead_says_that_findings_differ_without_a_disagreement_of_the_corpus(
    geese: Assistant,
) -> None:
    answer = geese.ask("Does bathing in vinegar water reduce lice on geese?")
    assert not any("differ" in (lead or "") for lead in leads(answer))
