"""The HTML of the page, made by pure functions: what stands where, and that nothing foreign becomes HTML."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.evidence import LEVELS
from assistant.glossary import Glossary, Term
from assistant.history.feedback import REASONS, THUMBS
from assistant.safety import STANDING
from assistant.types import Answer, Citation, Hit, Notice, Passage, Sentence, Side
from assistant.web import strings
from assistant.web.elements import masthead_html, standing_html
from assistant.web.evidence import evidence_html, marked_html, panel_html
from assistant.web.exchange import Shown, error_html, exchange_html, sure_of
from assistant.web.talk import Talk
from tests.test_rendering import ABSTAINED, AGE, ANSWERED, MALE, STAGED, ZHU

NONE = Glossary([])
WORKS = {"sun-2018": {"title": "Rates", "type": "review", "year": 2018}}


def html_of(answer: Answer) -> str:
    return exchange_html("e1", Shown(answer.question, answer), NONE)


def test_the_page_sets_stages_as_rows_with_a_head_each() -> None:
    html = exchange_html("e1", Shown("Stages?", sentences=STAGED.sentences), NONE)
    assert '<tr class="sentence" id="e1-s2"><th class="lead" scope="row">Stage III</th>' in html
    assert html.index("</table>") < html.index('<p class="sentence" id="e1-s3">')


def test_the_answer_to_a_question_for_a_list_is_a_list() -> None:
    assert '<ul class="listed"><li class="sentence" id="e1-s1">' in html_of(ANSWERED)
    assert "<li class=" not in html_of(replace(ANSWERED, question="Does age raise the risk?"))


@pytest.mark.parametrize("question", ["Who is at risk?", "Does it?"])
def test_sentences_that_arrive_one_by_one_only_add_to_the_html(question: str) -> None:
    one = exchange_html("e1", Shown(question, sentences=(MALE,)), NONE)
    two = exchange_html("e1", Shown(question, sentences=(MALE, AGE)), NONE)
    start = next(n for n, (a, b) in enumerate(zip(one, two, strict=False)) if a != b)
    assert two.endswith(one[start:])


def test_nothing_that_people_or_the_corpus_wrote_becomes_html() -> None:
    evil = "<script>alert(1)</script>\"'&"
    passage = Passage(f"p{evil}", f"d{evil}", (evil,), evil, 0)
    sentence = Sentence(evil, (Citation(1, passage, 0, len(evil)),), lead=evil, mark=evil)
    reference = replace(ZHU, title=evil, authors=(evil,), journal=evil, type=evil, basis=evil)
    answer = replace(
        ANSWERED,
        question=evil,
        query=evil + evil,
        sentences=(sentence,),
        notices=(Notice("scope", evil, (), (Side(evil, (sentence,)),)),),
        references=(replace(reference, doi=f"10.1000/{evil}", evidence_level=evil),),
        hits=(Hit(1, replace(passage, id=f"other{evil}"), 1.0),),
    )
    works = {f"d{evil}": {"title": evil, "type": evil, "evidence_level": evil, "year": evil}}
    shown = Shown(evil, answer, last=True, address=evil, rated=True, follow_ups=(evil,))
    glossary = Glossary([Term("alert", (), evil, ())])
    said = (
        exchange_html("e1", shown, glossary)
        + html_of(replace(answer, sentences=(), reason=evil))
        + evidence_html("e1", answer, works)
        + error_html(evil)
        + panel_html("", evil)
        + masthead_html(evil, evil, [evil])
        + standing_html(Notice("urgent", evil))
    )
    assert "<script" not in said
    assert said.count("&lt;script&gt;") > 25


def test_a_passage_shows_its_quotes_marked_and_overlapping_quotes_as_one() -> None:
    passage = Passage("p", "d", (), "one & two three four", 10)
    quotes = [
        Citation(1, passage, 16, 25),
        Citation(1, passage, 10, 19),
        Citation(1, passage, 26, 30),
    ]
    assert marked_html(passage, quotes) == "<mark>one &amp; two three</mark> <mark>four</mark>"


def test_a_citation_leads_to_the_card_of_its_passage() -> None:
    html = html_of(ANSWERED)
    assert 'data-card="e1-1-zhu-2015_2f_abstract_2f_1"' in html
    assert 'id="e1-1-zhu-2015_2f_abstract_2f_1"' in evidence_html("e1", ANSWERED, WORKS)
    assert 'aria-label="Source 1, systematic review: show the passage"' in html


def test_the_card_of_a_passage_has_both_quotes_the_publication_and_its_evidence_level() -> None:
    card = evidence_html("e1", ANSWERED, WORKS).split("</article>")[0]
    for shown in (
        "<mark>Male sex raised the risk (OR 2.11).</mark> <mark>Age did not.</mark></blockquote>",
        '<span class="number">1</span>',
        '<span class="level">systematic review · 2015</span>',
        "Zhu Y, Zhang F, Chen W, et al. Arch Orthop Trauma Surg, 2015",
        '<a href="https://doi.org/10.1007/s00402-015-2277-8" target="_blank" '
        'rel="noopener noreferrer">DOI 10.1007/s00402-015-2277-8</a>',
        "note on the abstract, in our words: check the publication",
        '<p class="section">Abstract</p>',
        'data-passage="zhu-2015/abstract/1"',
    ):
        assert shown in card


def test_every_passage_is_listed_with_rank_score_and_whether_it_is_quoted() -> None:
    found = evidence_html("e1", ANSWERED, WORKS).split("<details")[1]
    assert f"<summary>All {len(ANSWERED.hits)} passages found</summary>" in found
    assert '<p class="place used">rank 1 · score' in found
    assert '<p class="place">rank 3 · score 0.50 · not quoted</p>' in found
    assert 'data-type="review" data-level="" data-year="2018"' in found


def test_an_abstention_says_so_and_calls_its_passages_related() -> None:
    html = html_of(ABSTAINED)
    assert "<strong>No answer in the corpus.</strong> No passage answers this." in html
    assert strings.SHOW_NEAREST in html
    assert "<h3>Related, not an answer</h3>" in evidence_html("e1", ABSTAINED, WORKS)


def test_notices_stand_in_their_order_the_urgent_one_above_the_page_alone() -> None:
    def kinds(html: str) -> list[str]:
        return [part.split('"')[0] for part in html.split('<div class="notice ')[1:]]

    assert kinds(html_of(ANSWERED)) == ["urgent", "disagreement", "extrapolation"]
    urgent = next(n for n in ANSWERED.notices if n.kind == "urgent")
    shown = Shown("Who?", ANSWERED, banner=urgent)
    html = exchange_html("e1", shown, NONE)
    assert kinds(html) == ["disagreement", "extrapolation"]
    assert html.count(STANDING) == 1  # in what is copied; the page shows it at all times
    bar = standing_html(urgent)
    assert bar.index('role="alert"') < bar.index(urgent.text) < bar.index(STANDING)


def test_a_technical_word_is_explained_where_it_first_stands() -> None:
    glossary = Glossary([Term("risk", (), "How likely something is.", ())])
    twice = replace(ANSWERED, sentences=(MALE, MALE))
    html = exchange_html("e1", Shown("Who?", twice), glossary)
    assert html.count('data-tip="How likely something is."') == 1
    assert ">risk</dfn>" in html


@pytest.mark.parametrize(
    ("probability", "words"),
    [
        (0.98, "Almost certainly the corpus answers this question (estimated probability 98 %)."),
        (0.5, "It is open whether the corpus answers this question (estimated probability 50 %)."),
        (
            0.0,
            "The corpus probably does not answer this question (estimated probability less than 1 %).",
        ),
    ],
)
def test_a_probability_is_said_in_words(probability: float, words: str) -> None:
    assert sure_of(probability) == words


def test_every_level_reason_and_thumb_has_its_words() -> None:
    assert tuple(strings.LEVELS) == LEVELS
    assert tuple(strings.REASON_WORDS) == REASONS
    assert tuple(strings.THUMBS) == THUMBS


def test_a_stopped_answer_is_no_part_of_the_talk() -> None:
    talk = Talk()
    token = talk.begin("Who?")
    talk.halt()
    assert talk.wanted is not token
    assert talk.turns == []
