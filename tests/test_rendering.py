"""What people see of an answer, in each form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant import rendering
from assistant.safety import STANDING
from assistant.types import (
    Answer,
    Citation,
    Hit,
    IndexInfo,
    Notice,
    Passage,
    Reference,
    Sentence,
    Side,
)

RISKS = Passage(
    "zhu-2015/abstract/1",
    "zhu-2015",
    ("Abstract",),
    "Male sex raised the risk (OR 2.11). Age did not.",
    100,
)
RATE = Passage("sun-2018/2", "sun-2018", ("Introduction",), "It follows about 53% of cases.", 40)

ZHU = Reference(
    1,
    "zhu-2015",
    "Heterotopic ossification after total hip arthroplasty",
    ("Zhu Y", "Zhang F", "Chen W", "Zhang Q", "Liu S"),
    2015,
    "Arch Orthop Trauma Surg",
    "10.1007/s00402-015-2277-8",
    "26117152",
    None,
    "systematic-review",
    "systematic review",
    "abstract",
)
SUN = Reference(
    2,
    "sun-2018",
    "Bone in the wrong place?",
    (),
    None,
    None,
    None,
    None,
    "https://example.org/ho",
    "review",
    "narrative review",
    "excerpt",
)


def quoting(passage: Passage, quote: str, number: int) -> Citation:
    start = passage.start + passage.text.index(quote)
    return Citation(number, passage, start, start + len(quote))


def saying(
    passage: Passage, quote: str, number: int, lead: str | None = None, mark: str | None = None
) -> Sentence:
    return Sentence(quote, (quoting(passage, quote, number),), lead, mark)


MALE = saying(RISKS, "Male sex raised the risk (OR 2.11).", 1)
AGE = saying(RISKS, "Age did not.", 1, lead="As for age:", mark="another joint: extrapolation")
OFTEN = saying(RATE, "It follows about 53% of cases.", 2)
ANSWERED = Answer(
    question="Who is at risk?",
    query="Who is at risk of heterotopic ossification?",
    engine="extractive",
    sentences=(MALE, AGE),
    notices=(
        Notice("not-medical-advice", STANDING),
        Notice("extrapolation", "The evidence concerns the shoulder."),
        Notice(
            "disagreement",
            "Sources disagree on how often it happens.",
            sides=(Side("About half", (OFTEN,)),),
        ),
        Notice("urgent", "Go to an emergency department now."),
    ),
    references=(ZHU, SUN),
    hits=(Hit(1, RISKS, 0.91), Hit(2, RATE, 0.8), Hit(3, replace(RATE, id="sun-2018/3"), 0.5)),
    index=IndexInfo("default", "g", "f", "2025-01"),
)
ABSTAINED = replace(
    ANSWERED,
    query=ANSWERED.question,
    sentences=(),
    notices=(),
    references=(),
    reason="No passage answers this.",
)


def test_text_puts_the_urgent_notice_first_and_the_references_last() -> None:
    assert (
        rendering.answer_text(ANSWERED, width=76)
        == """\
Searched for: Who is at risk of heterotopic ossification?

!! Urgent: Go to an emergency department now.

* Sources disagree on how often it happens.
  - About half
      It follows about 53% of cases. [2]

  - Male sex raised the risk (OR 2.11). [1]
  - As for age: Age did not. [1] (another joint: extrapolation)

* Extrapolation: The evidence concerns the shoulder.

* This is information from publications, not medical advice. It cannot
  examine you or replace a doctor, pharmacist or physiotherapist.

References
[1] Zhu Y, Zhang F, Chen W, et al. Heterotopic ossification after total hip
    arthroplasty. Arch Orthop Trauma Surg. 2015.
    systematic review · 2015 · DOI 10.1007/s00402-015-2277-8 · PMID 26117152
    · note on the abstract, in our words: check the publication
[2] Bone in the wrong place?
    narrative review · Web page · note on an excerpt, in our words: check
    the publication; authors and year not read
"""
    )


def test_text_of_an_abstention_calls_the_nearest_passages_related_not_an_answer() -> None:
    assert (
        rendering.answer_text(ABSTAINED)
        == """\
No answer in the corpus. No passage answers this.

Related, not an answer
  Male sex raised the risk (OR 2.11). Age did not. (zhu-2015)
  It follows about 53% of cases. (sun-2018)
  It follows about 53% of cases. (sun-2018)
"""
    )


def test_text_cannot_drive_a_terminal() -> None:
    question = "Who?\x1b[2J\x9b31m\u202e"
    text = rendering.answer_text(replace(ABSTAINED, reason=question))
    assert text.startswith("No answer in the corpus. Who?[2J31m\n")


def test_markdown_sets_leads_marks_and_links_apart() -> None:
    markdown = rendering.answer_markdown(ANSWERED)
    assert markdown.startswith("## Who is at risk?\n\nSearched for: Who is at risk of")
    assert "> **Urgent:** Go to an emergency department now." in markdown
    assert "> - About half\n>   - It follows about 53% of cases. \\[2\\]" in markdown
    assert "*As for age:* Age did not. \\[1\\] *(another joint: extrapolation)*" in markdown
    assert "[PMID 26117152](<https://pubmed.ncbi.nlm.nih.gov/26117152/>)" in markdown


FIRST = saying(RISKS, "Male sex raised the risk (OR 2.11).", 1, lead="Stages I and II:")
SECOND = saying(RISKS, "Age did not.", 1, lead="Stage III:", mark="laboratory or animal study")
STAGED = replace(
    ABSTAINED, question="Stages?", query="Stages?", sentences=(FIRST, SECOND, OFTEN), reason=None
)


def test_text_sets_stages_as_a_table_with_what_follows_below_it() -> None:
    assert rendering.answer_text(STAGED, width=50) == (
        """\
  Stages I and II  Male sex raised the risk (OR
                   2.11). [1]
  Stage III        Age did not. [1] (laboratory or
                   animal study)

  It follows about 53% of cases. [2]
"""
    )


def test_markdown_sets_stages_as_a_table_with_a_head() -> None:
    assert rendering.answer_markdown(STAGED) == (
        "## Stages?\n\n"
        "| Stage | In the words of the corpus |\n"
        "| --- | --- |\n"
        "| Stages I and II | Male sex raised the risk (OR 2.11). \\[1\\] |\n"
        "| Stage III | Age did not. \\[1\\] *(laboratory or animal study)* |\n\n"
        "It follows about 53% of cases. \\[2\\]\n"
    )


def test_the_answer_to_a_question_for_a_list_is_a_list_in_text_and_markdown() -> None:
    assert "\n  - Male sex raised the risk" in rendering.answer_text(ANSWERED)
    assert "\n- Male sex raised the risk" in rendering.answer_markdown(ANSWERED)


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("<b>*bold*</b>", r"\<b\>\*bold\*\</b\>"),
        ("# 1 [x](javascript:1)", r"\# 1 \[x\](javascript:1)"),
        ("- no list", r"\- no list"),
        ("12. no list", r"12\. no list"),
        ("a\n\n> b &amp; c", r"a \> b \&amp; c"),
    ],
)
def test_markdown_shows_foreign_words_as_they_are(words: str, shown: str) -> None:
    markdown = rendering.answer_markdown(replace(ANSWERED, question=words))
    assert markdown.splitlines()[0] == f"## {shown}"


@pytest.mark.parametrize(
    ("doi", "pmid", "url", "addresses"),
    [
        ("10.1000/a(b)<c>", None, None, ["https://doi.org/10.1000/a(b)%3Cc%3E"]),
        (None, "123", "https://x.org/", ["https://pubmed.ncbi.nlm.nih.gov/123/"]),
        (None, None, "https://x.org/y", ["https://x.org/y"]),
        ("not a doi", "12a", "javascript:alert(1)", []),
    ],
)
def test_links_lead_to_publications_alone(
    doi: str | None, pmid: str | None, url: str | None, addresses: list[str]
) -> None:
    reference = replace(ZHU, doi=doi, pmid=pmid, url=url)
    assert [address for _, address in rendering.links_of(reference)] == addresses


@pytest.mark.parametrize(
    ("kind", "basis", "said"),
    [
        ("review", "abstract", "note on the abstract, in our words: check the publication"),
        ("review", "excerpt", "note on an excerpt, in our words: check the publication"),
        (
            "guideline",
            "summary by others",
            "note on what others say of it, in our words: check the publication",
        ),
        ("review", "full text", "full text"),
        (
            "source text",
            "full text",
            "the source text itself; its claims may not be carried by its references",
        ),
    ],
)
def test_the_basis_says_whose_words_are_quoted(kind: str, basis: str, said: str) -> None:
    assert rendering.basis_of(replace(ZHU, type=kind, basis=basis)) == said


def test_every_kind_of_notice_has_its_place() -> None:
    from typing import get_args

    from assistant.types import NoticeKind

    assert set(rendering.NOTICE_LABELS) == set(get_args(NoticeKind))


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({}, "note on the abstract, in our words: check the publication"),
        ({"authors": ()}, "; authors not read"),
        ({"authors": (), "year": None}, "; authors and year not read"),
        ({"type": "topic page", "authors": (), "year": None}, "cited with each sentence"),
    ],
)
def test_what_of_a_publication_was_not_read_is_said(fields: dict[str, object], said: str) -> None:
    whole = Reference(
        1,
        "sun-2018",
        "Sun",
        ("Sun Y",),
        2018,
        None,
        None,
        None,
        None,
        "trial",
        "web page",
        "abstract",
    )
    assert rendering.basis_of(replace(whole, **fields)).endswith(said)  # type: ignore[arg-type]
