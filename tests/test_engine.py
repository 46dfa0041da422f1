"""What the extractive engine makes of a small corpus about keeping bees.

Each document is here for one promise; the questions are those of a beginner.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.conversation import Query
from assistant.searching import Searcher
from assistant.types import Answer, Sentence


def notes(title: str, level: str, *lines: str, extra: str = "") -> str:
    body = "".join(f"- {line}\n" for line in lines)
    return f"---\ntitle: {title}\nevidence_level: {level}\n{extra}---\n\n## Abstract\n\n{body}"


FILES = {
    "smoke-review.md": notes(
        "Smoke in the apiary",
        "systematic review",
        "Smoke calms honey bees because it masks the alarm pheromone that guards release.",
        "Smoke made bees sting 60% less often in 12 trials.",
    ),
    "smoke-trial.md": notes(
        "A trial of hive smokers",
        "randomized trial",
        "Smoke calms honey bees because it hides the alarm pheromone that the guards release.",
        "Smoke made bees sting 25% less often in 12 trials.",
    ),
    "varroa-guideline.md": notes(
        "Guideline on varroa mites",
        "guideline",
        "Varroa mites are treated with oxalic acid in winter when the colony has no brood.",
        "They fall off the bees within three days.",
        "Varroa mites are treated with formic acid in late summer after the harvest.",
        "Varroa mites are treated with thymol when the days are warm.",
        "Varroa mites are treated by cutting out drone brood in spring.",
    ),
    "varroa-lab.md": notes(
        "Varroa mites in the laboratory",
        "laboratory or animal",
        "Varroa mites die when they are kept at 42 degrees for two hours.",
        "Lithium chloride kills varroa mites in caged bees.",
    ),
    "bumblebees.md": notes(
        "Varroa and bumblebees",
        "cohort or registry",
        "Varroa mites do not breed on bumblebees.",
        extra="setting: bumblebees\n",
    ),
    "swarming.md": notes(
        "Why colonies swarm",
        "narrative review",
        "Swarming is prevented by giving the colony more room before the spring flow.",
        "Colonies swarm in spring because the hive is crowded and the queen is old.",
    ),
    "wax-moths.md": notes(
        "Wax moths",
        "case series or report",
        "Wax moths are kept from stored combs by cold.",
        "Wax moths destroy stored combs because the larvae tunnel through the wax.",
        "These wax moths destroy stored combs within weeks in a warm shed.",
    ),
    "foulbrood.md": notes(
        "American foulbrood",
        "case series or report",
        "Foulbrood is a bacterial disease that kills the larvae of honey bees.",
        "It smells of glue.",
    ),
    "honey.md": (
        "# Honey\n\n## Storing\n\nTools for the harvest include:\n\n- an uncapping fork\n"
        "- an extractor\n- a sieve for wax\n\nHoney keeps for years in a closed jar in the dark.\n"
    ),
    "queens.md": notes(
        "Rearing queens",
        "narrative review",
        "New queens are reared from the youngest larvae in a strong colony.",
        "New queens emerge sixteen days after the egg was laid.",
        "Nurse bees build wax cells.",
        "They feed royal jelly to larvae that are reared as queens.",
    ),
}


@pytest.fixture(scope="module")
def bees(tiny: Callable[..., Assistant]) -> Assistant:
    return tiny(FILES, retriever="hybrid")  # engines are tested here, not the scorer


def texts(answer: Answer) -> list[str]:
    return [sentence.text for sentence in answer.sentences]


def cited(sentence: Sentence) -> list[tuple[int, str]]:
    return [(citation.number, citation.passage.document_id) for citation in sentence.citations]


QUESTIONS = [
    "How does smoke calm honey bees?",
    "Does smoke stop bees from stinging?",
    "How are varroa mites treated?",
    "What kills varroa mites?",
    "Why do colonies swarm?",
    "How do wax moths destroy stored combs?",
    "What is foulbrood?",
    "What tools are needed for the harvest?",
    "new queens",
    "varroa mites, honey bees, queens, colonies, combs and larvae",
]


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_sentence_of_an_answer_stands_in_its_file_where_its_citation_says(
    bees: Assistant, question: str
) -> None:
    answer = bees.ask(question)
    assert not answer.abstained
    for sentence in answer.sentences:
        assert sentence.text == sentence.citations[0].quote
        for citation in sentence.citations:
            text = FILES[f"{citation.passage.document_id}.md"]
            assert text[citation.start : citation.end] == citation.quote


@pytest.mark.parametrize(
    ("question", "best"),
    [
        ("How long does honey keep?", "Honey keeps for years in a closed jar in the dark."),
        (
            "What is foulbrood?",
            "Foulbrood is a bacterial disease that kills the larvae of honey bees.",
        ),
        ("When do new queens emerge?", "New queens emerge sixteen days after the egg was laid."),
        ("Do varroa mites breed on bumblebees?", "Varroa mites do not breed on bumblebees."),
        ("What kills varroa mites?", "Lithium chloride kills varroa mites in caged bees."),
        (
            "Why do colonies swarm?",
            "Colonies swarm in spring because the hive is crowded and the queen is old.",
        ),
        (
            "How is swarming prevented?",
            "Swarming is prevented by giving the colony more room before the spring flow.",
        ),
    ],
)
def test_the_sentence_that_answers_best_opens_the_answer(
    bees: Assistant, question: str, best: str
) -> None:
    assert texts(bees.ask(question))[0] == best


def test_what_two_documents_say_in_nearly_the_same_words_is_said_once_and_cited_twice(
    bees: Assistant,
) -> None:
    first = bees.ask("How does smoke calm honey bees?").sentences[0]
    assert first.text == (
        "Smoke calms honey bees because it masks the alarm pheromone that guards release."
    )
    assert cited(first) == [(1, "smoke-review"), (2, "smoke-trial")]
    assert first.citations[1].quote == (
        "Smoke calms honey bees because it hides the alarm pheromone that the guards release."
    )


def test_sentences_that_give_different_numbers_are_both_said(bees: Assistant) -> None:
    said = {s.text: cited(s) for s in bees.ask("Does smoke stop bees from stinging?").sentences}
    review = said["Smoke made bees sting 60% less often in 12 trials."]
    trial = said["Smoke made bees sting 25% less often in 12 trials."]
    assert [document_id for _, document_id in review] == ["smoke-review"]
    assert [document_id for _, document_id in trial] == ["smoke-trial"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_citation_of_other_numbers_is_never_put_behind_a_sentence(
    bees: Assistant, question: str
) -> None:
    for sentence in bees.ask(question).sentences:
        for citation in sentence.citations:
            assert ("60%" in citation.quote) == ("60%" in sentence.text)
            assert ("25%" in citation.quote) == ("25%" in sentence.text)


LEANING = {
    "They fall off the bees within three days.": (
        "Varroa mites are treated with oxalic acid in winter when the colony has no brood."
    ),
    "It smells of glue.": "Foulbrood is a bacterial disease that kills the larvae of honey bees.",
    "These wax moths destroy stored combs within weeks in a warm shed.": (
        "Wax moths destroy stored combs because the larvae tunnel through the wax."
    ),
    "They feed royal jelly to larvae that are reared as queens.": "Nurse bees build wax cells.",
}


@pytest.mark.parametrize(
    ("question", "leaning"),
    [
        ("How does foulbrood smell?", "It smells of glue."),
        (
            "How do wax moths destroy stored combs?",
            "These wax moths destroy stored combs within weeks in a warm shed.",
        ),
        (
            "What do bees feed to the larvae that are reared as queens?",
            "They feed royal jelly to larvae that are reared as queens.",
        ),
    ],
)
def test_a_sentence_that_leans_on_another_comes_right_behind_it(
    bees: Assistant, question: str, leaning: str
) -> None:
    said = texts(bees.ask(question))
    assert leaning in said
    assert said[said.index(leaning) - 1] == LEANING[leaning]


@pytest.mark.parametrize("question", QUESTIONS)
def test_no_answer_opens_with_or_misplaces_a_sentence_that_leans(
    bees: Assistant, question: str
) -> None:
    said = texts(bees.ask(question))
    for before, text in zip(["", *said], said, strict=False):
        if text in LEANING:
            assert before == LEANING[text]


def test_the_publication_is_named_before_a_sentence_that_needs_its_title(bees: Assistant) -> None:
    leads = {s.text: s.lead for s in bees.ask("How does foulbrood smell?").sentences}
    assert leads == {
        "Foulbrood is a bacterial disease that kills the larvae of honey bees.": (
            "Only a case series or report is quoted here:"
        ),
        "It smells of glue.": "In “American foulbrood”:",
    }


def test_an_answer_has_at_most_seven_sentences(bees: Assistant) -> None:
    everything = bees.ask("varroa mites, honey bees, queens, colonies, combs and larvae")
    assert 4 <= len(everything.sentences) <= 7
    lengths = [len(bees.ask(question).sentences) for question in QUESTIONS]
    assert max(lengths) <= 7


def test_an_answer_takes_at_most_three_sentences_from_one_document(bees: Assistant) -> None:
    documents = [cited(s)[0][1] for s in bees.ask("How are varroa mites treated?").sentences]
    assert documents.count("varroa-guideline") == 3


def test_what_a_sentence_leans_on_counts_among_the_three(bees: Assistant) -> None:
    documents = [cited(sentence)[0][1] for sentence in bees.ask("new queens").sentences]
    assert 1 <= documents.count("queens") <= 3


def test_documents_are_numbered_as_they_are_first_cited_and_no_other_is_listed(
    bees: Assistant,
) -> None:
    answer = bees.ask("What kills varroa mites?")
    numbers = [citation.number for s in answer.sentences for citation in s.citations]
    assert list(dict.fromkeys(numbers)) == list(range(1, len(answer.references) + 1))
    assert [reference.number for reference in answer.references] == sorted(set(numbers))
    assert answer.references[0].title == "Varroa mites in the laboratory"


def test_behind_the_best_document_the_stronger_evidence_comes_first(bees: Assistant) -> None:
    levels = [r.evidence_level for r in bees.ask("What kills varroa mites?").references]
    assert levels == ["laboratory or animal", "guideline"]


@pytest.mark.parametrize(
    ("question", "word"),
    [
        ("What is the capital of Mongolia?", "Mongolia"),
        ("How do I repair a carburettor?", "carburettor"),
        ("How is nosema treated?", "nosema"),
        ("How do I knit a cardigan?", "cardigan"),
    ],
)
def test_a_question_on_what_the_corpus_has_no_word_for_is_declined_by_that_word(
    bees: Assistant, question: str, word: str
) -> None:
    answer = bees.ask(question)
    assert answer.abstained
    assert answer.reason == (
        f"The corpus says nothing on “{word}”, so it does not answer this question."
    )
    assert answer.references == ()
    assert answer.text == answer.reason


def test_of_several_unknown_words_three_are_named(bees: Assistant) -> None:
    assert bees.ask("Do kangaroos, wombats or koalas yodel?").reason == (
        "The corpus says nothing on “kangaroos”, “wombats” or “koalas”, "
        "so it does not answer this question."
    )


def test_a_declined_question_still_shows_the_nearest_passages(bees: Assistant) -> None:
    assert len(bees.ask("How is nosema treated?").hits) >= 10


def test_a_list_is_answered_with_its_introduction_and_all_its_items(bees: Assistant) -> None:
    assert texts(bees.ask("What tools are needed for the harvest?"))[0] == (
        "Tools for the harvest include:\n\n- an uncapping fork\n- an extractor\n- a sieve for wax"
    )


def test_laboratory_studies_and_other_settings_are_marked(bees: Assistant) -> None:
    marks = {s.text: s.mark for s in bees.ask("What kills varroa mites?").sentences}
    assert marks["Lithium chloride kills varroa mites in caged bees."] == (
        "laboratory or animal study"
    )
    assert {mark for text, mark in marks.items() if "are treated" in text} == {None}
    (other,) = bees.ask("Do varroa mites breed on bumblebees?").sentences[:1]
    assert other.mark == "bumblebees: extrapolation"


def test_the_same_question_has_the_same_answer_twice(bees: Assistant) -> None:
    for question in QUESTIONS:
        assert bees.ask(question) == bees.ask(question)


def test_what_names_nothing_of_the_subject_does_not_open_the_answer(bees: Assistant) -> None:
    answer = bees.ask("Would varroa keep for years in a closed jar in the dark?")
    assert "varroa" in texts(answer)[0].lower()


def test_sentences_are_judged_by_what_is_asked_and_not_by_what_was_answered_before(
    bees: Assistant,
) -> None:
    searcher = Searcher(bees.index, bees.embeddings, bees.settings)
    asked = [
        searcher.asked(Query("How is it treated?", *more))
        for more in ((), ("varroa mites",), ("varroa mites", "Smoke calms honey bees."))
    ]
    assert np.array_equal(asked[1], asked[2]) and not np.array_equal(asked[0], asked[1])
    subject = searcher.asked(Query("varroa mites"))
    assert asked[0] @ subject < asked[1] @ subject < 1
    assert np.linalg.norm(asked[1]) == pytest.approx(1)


def test_what_authors_think_comes_behind_what_they_found(tiny: Callable[..., Assistant]) -> None:
    thought = "The authors of a hive study conclude that smoke reduced stings."
    found = "Smoke reduced stings by 40% in a dry summer."
    answer = tiny(
        {"smoke.md": notes("Smoke", "cohort or registry", thought, found)}, retriever="hybrid"
    ).ask("Did smoke reduce stings?")
    assert texts(answer)[0] == found
