"""Filters are read where a question names them, nowhere else, and what does not pass is not quoted."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.dependence import needs_neighbour
from assistant.evidence import LEVELS
from assistant.filters import OTHER_PEOPLE, UNWANTED, Filters, read
from assistant.types import Answer, Turn

NOW = 2026


def kept(question: str) -> tuple[str, str]:
    """What a question keeps to, in words ("" for all), and what is left of it."""
    filters, rest = read(question, NOW)
    return (filters.described if filters.hard else "", rest)


LEVEL = [
    ("What prevents ossification? Only guidelines.", "guidelines", "What prevents ossification?"),
    ("Only guidelines: how is CPPD treated?", "guidelines", "how is CPPD treated?"),
    (
        "Is CPPD treated with colchicine, guidelines only",
        "guidelines",
        "Is CPPD treated with colchicine",
    ),
    ("According to guidelines, what helps?", "guidelines", "what helps?"),
    (
        "What should be done for CPPD according to clinical guidelines?",
        "guidelines",
        "What should be done for CPPD?",
    ),
    ("limit the answer to guidelines: hip OA exercise", "guidelines", "hip OA exercise"),
    ("Do NSAIDs prevent HO, from randomized trials?", "randomized trials", "Do NSAIDs prevent HO?"),
    (
        "What is known from randomised controlled trials about shock waves?",
        "randomized trials",
        "What is known about shock waves?",
    ),
    ("I only want guidelines on septic arthritis", "guidelines", "septic arthritis"),
    (
        "what is known on HO, but only from systematic reviews?",
        "systematic reviews",
        "what is known on HO",
    ),
    ("Is ESWT effective, RCTs only?", "randomized trials", "Is ESWT effective?"),
    ("Systematic reviews only, please: does ESWT help?", "systematic reviews", "does ESWT help?"),
    ("Does drilling work? (systematic reviews only)", "systematic reviews", "Does drilling work?"),
    (
        "Based on meta-analyses, is radiotherapy better?",
        "systematic reviews",
        "is radiotherapy better?",
    ),
    (
        "use only systematic reviews and guidelines for calcinosis",
        "guidelines and systematic reviews",
        "for calcinosis",
    ),
    (
        "Only the best evidence: bisphosphonates for osteonecrosis",
        "guidelines, systematic reviews and randomized trials",
        "bisphosphonates for osteonecrosis",
    ),
    (
        "Treatment of calcinosis excluding case reports",
        "works other than case series and reports",
        "Treatment of calcinosis",
    ),
    (
        "Does barbotage work? Not from case reports.",
        "works other than case series and reports",
        "Does barbotage work?",
    ),
    (
        "Does etidronate work? no animal studies please",
        "works other than laboratory and animal studies",
        "Does etidronate work?",
    ),
    (
        "Does BMP block HO? human studies only",
        "works other than laboratory and animal studies",
        "Does BMP block HO?",
    ),
]
YEAR = [
    ("Treatment of calcinosis since 2015", "published since 2015", "Treatment of calcinosis"),
    ("Papers after 2015 on ESWT", "published since 2016", "Papers on ESWT"),
    ("Evidence before 2010 on etidronate", "published until 2009", "Evidence on etidronate"),
    ("Evidence up to 2010 on etidronate", "published until 2010", "Evidence on etidronate"),
    (
        "Studies from 2010 to 2020 on barbotage",
        "published from 2010 to 2020",
        "Studies on barbotage",
    ),
    ("guidance on CPPD published in 2019", "published in 2019", "guidance on CPPD"),
    ("ESWT, 2015 or later", "published since 2015", "ESWT"),
    (
        "What is new in osteonecrosis in the last 5 years?",
        "published since 2021",
        "What is new in osteonecrosis?",
    ),
    (
        "What was learned in the past decade of HO prevention?",
        "published since 2016",
        "What was learned of HO prevention?",
    ),
    (
        "What has been published since 2020 on palovarotene?",
        "published since 2020",
        "What has been published on palovarotene?",
    ),
    (
        "Show me studies since 2020 on collapse",
        "published since 2020",
        "Show me studies on collapse",
    ),
]


@pytest.mark.parametrize(("question", "described", "rest"), LEVEL)
def test_levels_are_kept_to_where_a_question_says_so(
    question: str, described: str, rest: str
) -> None:
    assert kept(question) == (described, rest)


@pytest.mark.parametrize(("question", "described", "rest"), YEAR)
def test_years_are_kept_to_where_a_question_says_so(
    question: str, described: str, rest: str
) -> None:
    assert kept(question) == (f"works {described}", rest)


def test_levels_and_years_go_together() -> None:
    assert kept("RCTs only, since 2018: celecoxib after THA") == (
        "randomized trials published since 2018",
        "celecoxib after THA",
    )


@pytest.mark.parametrize(
    "question",
    ["only guidelines", "And only guidelines?", "What about since 2020?", "Just RCTs please"],
)
def test_nothing_is_left_of_a_question_that_only_filters(question: str) -> None:
    filters, rest = read(question, NOW)
    assert filters.hard
    assert rest == ""


@pytest.mark.parametrize(
    "question",
    [
        # works as the subject
        "guidelines on septic arthritis",
        "What do guidelines say about NSAIDs after THA?",
        "Are there guidelines that recommend radiotherapy?",
        "Do guidelines only recommend surgery for HO?",
        "How do recommendations differ from guidelines?",
        "Are there only case reports on palovarotene?",
        "Is it known only from case reports?",
        "Was it described in case reports only?",
        "What was the only randomized trial of etidronate?",
        "Which randomized trial tested alendronate?",
        "What did randomized trials find about ESWT?",
        "Were patients on dialysis excluded from trials?",
        "Are randomized trials better than cohort studies?",
        "Is there no guideline?",
        "only case reports exist, right?",
        "LEAP trial: exercise or injection?",
        # the asker's own years
        "What has helped since my operation in 2020?",
        "I have had hip pain since 2015, what helps?",
        "hip pain since 2015 calcification on x ray",
        "My daughter was operated before 2020, is it ok?",
        "Has my hip got worse in the last 5 years?",
        "Did hips implanted before 2010 fail more?",
        "Is a hip replacement done before 2005 metal?",
        "Was the HIT trial published in 2022?",
        "Who published in 2019 the ARCO criteria?",
        "What is the incidence of HO before 2010 versus after 2010?",
        "How has survival of THA changed since 1990?",
        "How has mortality declined over past decades?",
        "Has the incidence in women decreased since 1979?",
        # no years at all
        "What happens after 6 weeks of indomethacin?",
        "Can you drive before 6 weeks?",
        "What is the 2019 ARCO classification?",
        "Is prednisolone harmful after 2000 mg?",
        "What is the survival after 25 years?",
    ],
)
def test_what_may_mean_something_else_is_no_filter(question: str) -> None:
    assert kept(question) == ("", question)


@pytest.mark.parametrize(
    ("question", "without", "rest"),
    [
        ("How is calcific tendinitis treated without surgery?", ("surgery",), None),
        ("non-surgical treatment of osteonecrosis", ("surgery",), None),
        ("treating osteonecrosis conservatively", ("surgery",), None),
        ("How can I avoid an operation for calcium deposits?", ("surgery",), None),
        ("What helps against calcific deposits, no drugs please", ("medicines",), None),
        ("What helps hip pain without taking steroids?", ("corticosteroids",), None),
        ("What helps without anti-inflammatory drugs?", ("NSAIDs",), None),
        ("What can prevent HO other than NSAIDs?", ("NSAIDs",), "What can prevent HO?"),
        ("Treatments besides surgery for AVN", ("surgery",), "Treatments for AVN"),
        ("What stops HO apart from radiotherapy?", ("radiotherapy",), "What stops HO?"),
        (
            "Apart from NSAIDs and radiotherapy, what prevents HO?",
            ("NSAIDs", "radiotherapy"),
            "what prevents HO?",
        ),
        ("options other than hip replacement", ("surgery",), None),
    ],
)
def test_treatments_to_do_without_are_read(
    question: str, without: tuple[str, ...], rest: str | None
) -> None:
    filters, left = read(question, NOW)
    assert (filters.without, left) == (without, rest or question)
    assert not filters.hard


@pytest.mark.parametrize(
    "question",
    [
        "Is surgery better than conservative treatment?",
        "Operative versus non-operative treatment of Perthes",
        "Do non-steroidal anti-inflammatory drugs prevent HO?",
        "Are there no drugs against HO?",
        "Does pain come without trauma?",
        "MRI after 3 months without contrast",
        "HO after acetabular fracture without prophylaxis",
        "Is hip resurfacing an alternative to surgery without drugs that thin drugs?",
    ],
)
def test_a_comparison_does_without_nothing(question: str) -> None:
    assert read(question, NOW) == (Filters(populations=()), question)


@pytest.mark.parametrize(
    ("sentence", "weight"),
    [
        ("Surgical excision removed the deposit.", UNWANTED),
        ("Hip replacement followed in 24%.", UNWANTED),
        ("Non-operative care settled most deposits.", 1.0),
        ("Surgery or shock waves followed in 24%.", 1.0),
        ("Deposits often resorb.", 1.0),
        ("Surgery was no better than corticosteroid injection.", 1.0),
    ],
)
def test_without_surgery_only_sentences_on_nothing_but_surgery_weigh_less(
    sentence: str, weight: float
) -> None:
    assert Filters(without=("surgery",)).weight(sentence, "Hip") == weight


def test_sentences_that_name_the_people_asked_of_weigh_more() -> None:
    filters, _ = read("Is septic arthritis dangerous in kids on dialysis?", NOW)
    assert filters.populations == ("children", "kidney failure or dialysis")
    assert filters.weight("Infants recover.", "Hip") == 1.0
    assert filters.weight("Most recover.", "Arthritis in children") == 1.0
    assert filters.weight("Most recover.", "Hip") == OTHER_PEOPLE


def test_a_work_of_unknown_year_or_level_does_not_pass_a_filter_on_it() -> None:
    since = Filters(since=2020)
    assert [since.passes({"year": year}) for year in (2019, 2020, "2021", None)] == [
        False,
        True,
        True,
        False,
    ]
    assert not Filters(levels=frozenset({"guideline"})).passes({})
    assert Filters().passes({})
    assert Filters(since=2010, until=2012).passes({"year": 2012})


def test_the_last_years_count_from_the_corpus_never_from_today() -> None:
    question = "news of the last 5 years"
    assert read(question, 2015)[0].since == 2010
    assert read(question, None) == (Filters(), question)


def works(assistant: Assistant, answer: Answer) -> list[dict[str, object]]:
    """The publications behind everything that an answer quotes; a topic page stands for its notes."""
    documents = assistant.index.documents
    places = [c for s in answer.sentences for c in s.citations]
    for notice in answer.notices:
        places += notice.citations
        places += [c for side in notice.sides or () for s in side.sentences for c in s.citations]
    notes = [c.passage for c in places if not c.passage.rests_on]
    rested = {key.partition("#")[0] for c in places for key in c.passage.rests_on}
    return [documents[key] for key in sorted({p.document_id for p in notes} | rested)]


@pytest.mark.parametrize(
    ("question", "levels", "since"),
    [
        ("How is calcium pyrophosphate arthritis treated? Only guidelines", {"guideline"}, 0),
        ("Do NSAIDs prevent HO? systematic reviews only", {"systematic review"}, 0),
        ("What is known from randomized trials about alendronate?", {"randomized trial"}, 0),
        ("Does shock wave therapy help osteonecrosis? Since 2020", set(LEVELS), 2020),
        ("prevention of heterotopic ossification in the last 5 years", set(LEVELS), 2021),
    ],
)
def test_nothing_that_does_not_pass_is_quoted_anywhere_in_an_answer(
    assistant: Assistant, question: str, levels: set[str], since: int
) -> None:
    answer = assistant.ask(question)
    assert answer.sentences
    for work in works(assistant, answer):
        assert work["evidence_level"] in levels
        assert int(str(work.get("year") or 0)) >= since
    assert "scope" in [notice.kind for notice in answer.notices]
    assert len(answer.hits) == 20


def test_no_sentence_of_a_topic_page_brings_another_along_that_may_not_pass(
    assistant: Assistant,
) -> None:
    resting = [passage.text for passage in assistant.index.passages if passage.rests_on]
    assert resting
    assert [text for text in resting if needs_neighbour(text)] == []


def test_the_scope_is_said(assistant: Assistant) -> None:
    answer = assistant.ask("Do NSAIDs prevent heterotopic ossification? Only guidelines since 2010")
    assert [n.text for n in answer.notices if n.kind == "scope"] == [
        "As asked, only guidelines published since 2010 are quoted."
    ]
    assert answer.query == "Do NSAIDs prevent heterotopic ossification?"


def test_when_nothing_passes_the_reason_names_the_filter(assistant: Assistant) -> None:
    answer = assistant.ask("Does barbotage help? only randomized trials before 1980")
    assert answer.reason == "The corpus has no randomized trials published until 1979."
    assert len(answer.hits) == 20


def test_when_what_passes_does_not_answer_the_reason_names_the_filter(tiny: object) -> None:
    head = "---\ntitle: {}\nyear: {}\nevidence_level: {}\n---\n"
    bees = tiny(  # type: ignore[operator]
        {
            "old.md": head.format("Bees", 1999, "guideline")
            + "- Bees dance to show the way to clover.\n",
            "new.md": head.format("Wax", 2021, "cohort or registry")
            + "- Candles are made of wax.\n",
        },
        retriever="hybrid",  # filters are tested here, not the scorer
    )
    assert bees.ask("Why do bees dance?").sentences
    assert bees.ask("Why do bees dance? Since 2020").reason == (
        "The corpus has no passage that answers this question. "
        "As asked, only works published since 2020 were searched."
    )


def test_a_corpus_without_years_and_levels_takes_their_words_for_words(tiny: object) -> None:
    bees = tiny({"bees.md": "- Bees dance since 2020 from randomized trials.\n"})  # type: ignore[operator]
    answer = bees.ask("Do bees dance since 2020, from randomized trials?")
    assert answer.sentences
    assert answer.query == answer.question


FIRST = Turn("Does radiotherapy prevent heterotopic ossification?", "It does.")


def test_a_follow_up_that_only_filters_asks_the_question_before_it_again(
    assistant: Assistant,
) -> None:
    answer = assistant.ask("Only systematic reviews?", [FIRST])
    assert answer.query == FIRST.question
    assert answer.text == assistant.ask(FIRST.question + " Only systematic reviews").text


def test_a_follow_up_that_leans_keeps_the_filter_and_a_new_subject_drops_it(
    assistant: Assistant,
) -> None:
    filtered = Turn(FIRST.question + " Only systematic reviews", "It does.")

    def scope(question: str) -> list[str]:
        return [n.text for n in assistant.ask(question, [filtered]).notices if n.kind == "scope"]

    said = "As asked, only systematic reviews are quoted."
    assert scope("and how does it compare with NSAIDs?") == [said]
    assert scope("What are the symptoms of septic arthritis of the hip?") == []
