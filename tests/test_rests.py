"""Sentences of one's own words name the notes that they rest on; what is wrong with any is reported."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.errors import CorpusInvalid
from assistant.settings import CHECKOUT
from assistant.sources import load_corpus
from assistant.sources.check import checked_corpus
from assistant.sources.rests import TOPIC_PAGE, numbers
from assistant.splitting import sentences, split

NOTES = """---
title: Smoke in the apiary
evidence_level: randomized trial
---

## Findings

- Smoke made guard bees sting 60% less often in twenty-two trials.
- Cool smoke calmed guard bees within 2 minutes of the first puff.
"""
HEAD = "---\ntitle: Calm bees\ntype: topic page\n---\n\n## Smoke\n\n"


def corpus(folder: Path, page: str) -> Path:
    (folder / "smoke.md").write_text(NOTES, encoding="utf-8")
    (folder / "calm.md").write_text(HEAD + page, encoding="utf-8")
    return folder


def test_a_keyed_sentence_is_a_passage_without_its_keys(tmp_path: Path) -> None:
    page = (
        "Smoke makes bees sting 60% less often. [smoke#findings/1]\n"
        "Guard bees calm down within 2 minutes\nof the first puff. "
        "[smoke#findings/2; smoke#findings/1]\n\n"
        "- Bees calm down when they are smoked. [smoke#findings/2]\n"
    )
    documents, passages, _ = checked_corpus(corpus(tmp_path, page))
    text = next(d.page_content for d in documents if d.id == "calm")
    found = [p for p in passages if p.document_id == "calm"]
    assert [(p.id, p.text, p.rests_on) for p in found] == [
        ("calm#smoke/1", "Smoke makes bees sting 60% less often.", ("smoke#findings/1",)),
        (
            "calm#smoke/2",
            "Guard bees calm down within 2 minutes\nof the first puff.",
            ("smoke#findings/2", "smoke#findings/1"),
        ),
        ("calm#smoke/3", "Bees calm down when they are smoked.", ("smoke#findings/2",)),
    ]
    assert all(text[p.start : p.end] == p.text for p in found)


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        ("Smoke calms bees.\n", "'Smoke calms bees.' names no note that it rests on"),
        (
            "Smoke calms bees. It is cool. [smoke#findings/1]\n",
            "is not one sentence; each needs its own ids behind its full stop",
        ),
        ("Smoke calms bees. [smoke#findings/9]\n", "smoke#findings/9, which does not exist"),
        ("Smoke calms bees. [calm#smoke/1]\n", "calm#smoke/1, which is itself a sentence"),
        ("Smoke calms 70% of bees. [smoke#findings/1]\n", "none of its notes has: 70"),
        ("Smoke was tried three times. [smoke#findings/1]\n", "none of its notes has: 3"),
        ("Smoke calms bees. [smoke#findings/1]\nTrailing words.\n", "names no note"),
    ],
)
def test_a_sentence_that_does_not_rest_on_its_notes_is_a_problem(
    tmp_path: Path, page: str, problem: str
) -> None:
    with pytest.raises(CorpusInvalid) as caught:
        checked_corpus(corpus(tmp_path, page))
    assert any(problem in line and line.startswith("calm.md: ") for line in caught.value.problems)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Twenty-two of 1,025 hips (2.1%)", {"22", "1025", "2.1"}),
        ("between 10,000 and 20,000", {"10000", "20000"}),
        ("one of them", set()),
        ("95% CI 0.41-1.24, forty", {"95", "0.41", "1.24", "40"}),
    ],
)
def test_numbers_are_read_in_figures_and_in_words(text: str, found: set[str]) -> None:
    assert numbers(text) == found


def test_an_answer_from_a_topic_page_cites_the_page_first_and_the_notes_behind_it(
    tiny: Callable[..., Assistant],
) -> None:
    page = "Smoke makes guard bees sting 60% less often. [smoke#findings/1]\n"
    answer = tiny({"smoke.md": NOTES, "calm.md": HEAD + page}).ask("Does smoke calm guard bees?")
    keyed = next(s for s in answer.sentences if s.citations[0].passage.document_id == "calm")
    assert [c.passage.id for c in keyed.citations] == ["calm#smoke/1", "smoke#findings/1"]
    assert keyed.citations[1].quote.startswith("Smoke made guard bees sting 60% less often in")
    said = [s.citations[0].passage.id for s in answer.sentences]
    assert len(said) == len(set(said))
    assert not {"calm#smoke/1", "smoke#findings/1"} <= set(said), "the note is not said twice"


CHAPTERS = {
    "trial.md": NOTES,
    "review.md": "---\ntitle: Smoke, a review\nsame_data_as:\n  findings/1: trial#findings/1\n---\n\n"
    "## Findings\n\n- In twenty-two trials guard bees that met smoke stung 60% less often.\n"
    "- Smoke harms no guard bees.\n",
}


def test_of_two_notes_on_the_same_data_an_answer_quotes_one(tiny: Callable[..., Assistant]) -> None:
    question = "How much less often do guard bees sting after smoke?"
    both = CHAPTERS | {
        "review.md": CHAPTERS["review.md"].replace(
            "same_data_as:\n  findings/1: trial#findings/1\n", ""
        )
    }

    def quoted(files: dict[str, str]) -> set[str]:
        sentences = tiny(files, retriever="hybrid").ask(question).sentences
        return {c.passage.id for s in sentences for c in s.citations}

    pair = {"trial#findings/1", "review#findings/1"}
    assert pair <= quoted(both)
    assert len(pair & quoted(CHAPTERS)) == 1


SIDES = """disagreements:
- {id: smoke, question: Smoke calms bees, reading: Both say so., weight: balanced, sides: [
  {position: It does., facts: [
    {key: trial, text: Smoke made guard bees sting 60% less often in twenty-two trials.},
    {key: review, text: In twenty-two trials guard bees that met smoke stung 60% less often.}]},
  {position: It may., facts: []}]}
"""


@pytest.mark.parametrize(
    ("files", "problem"),
    [
        (
            {"calm.md": HEAD + "Smoke calms. [trial#findings/1; review#findings/1]\n"},
            "the sentence calm#smoke/1 rests on trial#findings/1 and review#findings/1, "
            "which report the same data; name one",
        ),
        (
            {"disagreements.yaml": SIDES},
            "disagreements.yaml: smoke, a side of it, 'It does.' rests on trial#findings/1 and "
            "review#findings/1, which report the same data; name one",
        ),
        (
            {"review.md": CHAPTERS["review.md"].replace("trial#findings/1", "trial#findings/9")},
            "review.md: same_data_as names trial#findings/9, which does not exist",
        ),
        (
            {"review.md": CHAPTERS["review.md"].replace("\n  findings/1: ", " ")},
            "review.md: same_data_as is not a mapping of notes to ids of notes",
        ),
    ],
)
def test_the_same_data_counted_as_two_sources_is_a_problem(
    tmp_path: Path, files: dict[str, str], problem: str
) -> None:
    for name, text in (CHAPTERS | files).items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(CorpusInvalid) as caught:
        checked_corpus(tmp_path)
    assert caught.value.problems == (problem,)


def test_every_sentence_of_the_shipped_topic_pages_is_keyed() -> None:
    documents = load_corpus(CHECKOUT / "corpus")
    pages = [d for d in documents if d.metadata.get("type") == TOPIC_PAGE]
    passages = [passage for page in pages for passage in split(page)]
    assert 15 <= len(pages) <= 25
    assert all(p.rests_on and len(sentences(p.text)) == 1 for p in passages)
    assert all(len([p for p in passages if p.document_id == page.id]) >= 8 for page in pages)
