"""Disagreements between publications and the review of the source text's claims, as answers show them."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant import Assistant
from assistant.errors import CorpusInvalid
from assistant.judgements import sides_near
from assistant.sources import load_corpus
from assistant.sources.judgements import load_judgements
from assistant.splitting import split

CORPUS = Path(__file__).parents[1] / "corpus"

BEES = {
    "smoker-2001.md": "---\ntitle: Smoke\n---\n\n## Findings\n\n- Smoke calmed the bees of every hive.\n",
    "smoker-2002.md": "---\ntitle: More smoke\n---\n\n## Findings\n\n- Smoke did not calm the bees at all.\n",
    "essay.md": "---\ntitle: An essay on bees\n---\n\nBees are calmed by smoke, and they love music.\n",
    "disagreements.yaml": """
disagreements:
- id: smoke
  question: Does smoke calm bees?
  reading: One study saw calm bees and the other did not.
  weight: balanced
  sides:
  - position: It does.
    facts:
    - {key: smoker-2001, text: Smoke calmed the bees of every hive.}
  - position: It does not.
    facts:
    - {key: smoker-2002, text: Smoke did not calm the bees at all.}
""",
    "claims.yaml": """
document: essay
claims:
- id: music
  claim: they love music
  status: not-found
  reading: No study played music to bees.
  evidence:
  - {key: smoker-2002, text: Smoke did not calm the bees at all., stance: limits}
""",
}


def test_every_note_and_claim_that_the_corpus_judges_is_found_word_for_word() -> None:
    documents = load_corpus(CORPUS)
    passages = [passage for document in documents for passage in split(document)]
    judgements, problems = load_judgements(CORPUS, passages)
    assert problems == []
    assert (len(judgements["disagreements"]), len(judgements["claims"])) == (60, 37)
    texts = {document.id: document.page_content for document in documents}
    for claim in judgements["claims"]:
        _, start, end = claim["place"]
        assert texts["dystrophic-mineralization-of-the-hip"][start:end] == claim["claim"]


def test_an_answer_that_touches_a_disagreement_shows_both_sides_cited(tiny: object) -> None:
    answer = tiny(BEES).ask("Does smoke calm the bees?")  # type: ignore[operator]
    (notice,) = [notice for notice in answer.notices if notice.kind == "disagreement"]
    assert notice.text == (
        "Sources disagree. Does smoke calm bees? One study saw calm bees and the other did not."
    )
    assert [(side.position, [s.text for s in side.sentences]) for side in notice.sides or ()] == [
        ("It does.", ["Smoke calmed the bees of every hive."]),
        ("It does not.", ["Smoke did not calm the bees at all."]),
    ]
    cited = {c.passage.document_id for side in notice.sides or () for s in side.sentences
             for c in s.citations}  # fmt: skip
    assert cited <= {reference.document_id for reference in answer.references}


def test_a_question_is_near_the_sides_of_what_it_asks_about_only(tiny: object) -> None:
    bees = tiny(BEES)  # type: ignore[operator]

    def near(question: str) -> frozenset[str]:
        return sides_near(bees.index, bees.search(question)[1])

    assert near("Did smoke calm the bees?") == {"smoker-2001#findings/1", "smoker-2002#findings/1"}
    assert near("Do bees love music?") == frozenset()


def test_a_quoted_claim_that_no_reference_carries_says_so(tiny: object) -> None:
    answer = tiny(BEES).ask("Do bees love music?")  # type: ignore[operator]
    assert "they love music" in answer.text
    (notice,) = [notice for notice in answer.notices if notice.kind == "source-claim"]
    assert notice.text == (
        "The source text's “they love music” is not found in the references. "
        "No study played music to bees."
    )
    assert notice.citations[0].quote == "Smoke did not calm the bees at all."


def test_a_question_on_something_else_shows_neither(tiny: object) -> None:
    answer = tiny(BEES | {"wax.md": "- Beeswax melts at 63 degrees.\n"}).ask(  # type: ignore[operator]
        "At how many degrees does beeswax melt?"
    )
    assert "63 degrees" in answer.text
    assert {notice.kind for notice in answer.notices} == {"not-medical-advice"}


def test_a_judgement_on_a_note_that_is_not_there_is_a_problem_of_the_corpus(tiny: object) -> None:
    changed = BEES | {"smoker-2001.md": BEES["smoker-2001.md"].replace("every hive", "one hive")}
    with pytest.raises(CorpusInvalid) as caught:
        tiny(changed)  # type: ignore[operator]
    assert caught.value.problems == (
        "disagreements.yaml: smoke: 'Smoke calmed the bees of every hive.' "
        "does not stand in smoker-2001",
    )


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("disagreements.yaml", "disagreements: [", "disagreements.yaml is not YAML (line 1)"),
        ("claims.yaml", "claim: 1", "claims.yaml: is not YAML with a list called claims"),
        ("disagreements.yaml", "disagreements: [{id: x}]", "disagreements.yaml: x: lacks 'sides'"),
        (
            "claims.yaml",
            "document: essay\nclaims: [{id: x, status: true}]",
            "claims.yaml: x: status True is none of supported, partly-supported",
        ),
        (
            "claims.yaml",
            BEES["claims.yaml"].replace("stance: limits", "stance: [limits]"),
            "claims.yaml: music: stance ['limits'] is none of supports",
        ),
        ("claims.yaml", "claims: " + "[" * 5000, "claims.yaml is nested too deep"),
        ("topics.yaml", "smoke: &x what smoke does\nbees: *x", "topics.yaml has an alias"),
    ],
)
def test_a_malformed_file_of_judgements_is_a_problem_of_the_corpus(
    tiny: object, name: str, text: str, problem: str
) -> None:
    with pytest.raises(CorpusInvalid) as caught:
        tiny(BEES | {name: text})  # type: ignore[operator]
    assert problem in caught.value.problems[0]


def test_bisphosphonates_in_osteonecrosis_are_shown_as_disputed(assistant: Assistant) -> None:
    answer = assistant.ask("Do bisphosphonates help in osteonecrosis of the femoral head?")
    notice = next(notice for notice in answer.notices if notice.kind == "disagreement")
    sides = [
        {s.citations[0].passage.document_id for s in side.sentences} for side in notice.sides or ()
    ]
    assert sides == [{"lai-2005-alendronate"}, {"chen-2012-alendronate", "lee-2015-zoledronate"}]


@pytest.mark.parametrize(
    ("record", "mark"),
    [("retracted: true", "retracted"), ("superseded_by: dance-2020", "superseded")],
)
def test_a_withdrawn_work_comes_last_and_is_quoted_only_where_nothing_else_answers(
    tiny: object, record: str, mark: str
) -> None:
    bees = tiny(  # type: ignore[operator]
        {
            "kept.md": "---\ntitle: Dance\n---\n\n- Dancing bees tell where the nectar is.\n",
            "gone.md": f"---\ntitle: Waggle\n{record}\n---\n\n"
            "- A waggle of dancing bees tells how far off the nectar is.\n",
            "far.md": "- Beeswax melts at 63 degrees.\n",
        }
    )
    answer = bees.ask("What do dancing bees tell of the nectar?")
    assert [hit.passage.document_id for hit in answer.hits[:2]] == ["kept", "gone"]
    assert {reference.document_id for reference in answer.references} == {"kept"}

    answer = bees.ask("What does a waggle tell?")
    assert (answer.sentences[0].mark, answer.references[0].document_id) == (mark, "gone")
    (notice,) = [notice for notice in answer.notices if notice.kind == "retracted"]
    assert [citation.quote for citation in notice.citations] == [answer.sentences[0].text]
