"""The tab to ask in, in a real browser, over the real corpus; no request may leave this machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from threading import Event
from typing import TYPE_CHECKING

import httpx
import pytest

from assistant.errors import PortInUse, SettingsInvalid
from assistant.followups import FollowUps
from assistant.rendering import answer_text
from assistant.safety import STANDING
from assistant.types import Answer, Notice, Sentence, Turn
from assistant.web import strings
from assistant.web.page import page
from assistant.web.server import require_free, start
from assistant.web.service import Service
from assistant.web.waiting import Waiting
from tests.browsing import answered, ask, focused, reset, visit
from tests.conftest import Tiny, free_port, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assistant.assistant import Assistant

pytestmark = pytest.mark.browser

DEFINITION, *_, BISPHOSPHONATES, RISK = strings.EXAMPLES
URGENT = "My hip is hot and swollen and I have a fever"
UNANSWERABLE = "Who won the football world cup in 1998?"
UNLUCKY = "What is unlucky?"
HOST = "api.example.org"


class Unhurried(Service):
    """The real assistant without a history, pausing before each sentence; once unlucky."""

    engines = ("extractive", "other")
    disclosure = f"Questions are sent to {HOST}."

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant)
        self.turns: Sequence[Turn] = ()
        self.engine: str | None = None
        self.pause = 0.1

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        face: str = "page",
        *,
        engine: str | None = None,
        stop: Event | None = None,
    ) -> Iterator[Notice | Sentence | Answer]:
        self.turns, self.engine = turns, engine
        if question == UNLUCKY:
            raise RuntimeError("a secret of the inside")
        for part in super().stream(question, turns, face):
            if isinstance(part, Sentence):
                time.sleep(self.pause)
            yield part


@pytest.fixture(scope="module")
def unhurried(assistant: Assistant) -> Unhurried:
    return Unhurried(assistant)


@pytest.fixture(scope="module")
def slow_address(unhurried: Unhurried) -> Iterator[str]:
    running = start(unhurried, port=free_port())
    yield running.url
    running.close()


@pytest.fixture(scope="module")
def slow_tab(browser: Browser, slow_address: str) -> Iterator[Page]:
    with opened(browser, slow_address) as page:
        yield page


@pytest.fixture
def slow(slow_tab: Page, unhurried: Unhurried) -> Page:
    unhurried.pause = 0.1
    reset(slow_tab)
    return slow_tab


# --- 1. chat ---


def test_sentences_arrive_one_by_one(slow: Page) -> None:
    slow.evaluate(
        """() => {
        window.counts = [];
        const count = () => window.counts.push(document.querySelectorAll(".sentence:not(.notice *)").length);
        new MutationObserver(count).observe(document.body, {childList: true, subtree: true});
        }"""
    )
    ask(slow, BISPHOSPHONATES)
    counts = list(dict.fromkeys(slow.evaluate("window.counts")))
    total = slow.locator(".sentence:not(.notice *)").count()
    assert total > 1
    assert counts == list(range(total + 1))


def test_a_citation_opens_the_passage_with_the_quote_marked(tab: Page) -> None:
    ask(tab, "Is core decompression effective in osteonecrosis of the femoral head?")
    sentence = tab.locator(".sentence").first
    cite = sentence.get_by_role("button").first
    cite.click()
    card = tab.locator("#evidence .card.reached")
    card.wait_for()
    assert focused(tab, "it.matches('.card.reached')")
    assert card.locator(".number").inner_text() == cite.inner_text()
    assert sentence.locator(".quoted").inner_text() in card.locator("mark").all_inner_texts()
    assert card.locator(".section").inner_text()


def test_hovering_or_focusing_a_number_previews_the_quote(tab: Page) -> None:
    ask(tab, BISPHOSPHONATES)
    cite, tip = tab.locator(".sentences .cite").first, tab.get_by_role("tooltip")
    quote = tab.locator(".sentences .quoted").first.inner_text()
    cite.hover()
    assert tip.locator("p").first.inner_text() == quote
    tip.hover()
    assert tip.is_visible()
    tab.keyboard.press("Escape")
    assert not tip.is_visible()
    cite.focus()
    assert tip.locator("p").first.inner_text() == quote
    assert cite.get_attribute("aria-describedby") == "tip"
    tab.locator("#question textarea").focus()
    assert not tip.is_visible()


def test_stop_keeps_what_arrived_and_says_that_it_is_not_all(
    slow: Page, unhurried: Unhurried
) -> None:
    unhurried.pause = 0.5
    slow.keyboard.type(BISPHOSPHONATES)
    slow.keyboard.press("Enter")
    slow.locator(".sentences .sentence").first.wait_for()
    slow.get_by_role("button", name=strings.STOP).click()
    slow.get_by_text(strings.STOPPED).wait_for()
    arrived = slow.locator(".sentences .sentence").count()
    slow.wait_for_timeout(1_200)
    assert slow.locator(".sentences .sentence").count() == arrived
    assert slow.locator("#question textarea").input_value() == BISPHOSPHONATES
    unhurried.pause = 0.0
    slow.locator("#question textarea").fill(DEFINITION)
    slow.keyboard.press("Enter")
    answered(slow, 1)
    assert slow.locator(".question").all_inner_texts() == [DEFINITION]
    assert unhurried.turns == []


def test_escape_in_the_box_stops_too(slow: Page, unhurried: Unhurried) -> None:
    unhurried.pause = 0.5
    slow.keyboard.type(BISPHOSPHONATES)
    slow.keyboard.press("Enter")
    slow.locator(".sentences .sentence").first.wait_for()
    slow.keyboard.press("Escape")
    slow.get_by_text(strings.STOPPED).wait_for()


def test_asking_again_takes_the_place_of_the_last_answer(slow: Page, unhurried: Unhurried) -> None:
    ask(slow, DEFINITION)
    ask(slow, "Which imaging shows it?")
    slow.get_by_role("button", name=strings.AGAIN).click()
    slow.wait_for_selector(".arriving")
    answered(slow, 2)
    assert slow.locator(".question").all_inner_texts() == [DEFINITION, "Which imaging shows it?"]
    assert [turn.question for turn in unhurried.turns] == [DEFINITION]


def test_the_last_question_can_be_edited(slow: Page, unhurried: Unhurried) -> None:
    ask(slow, DEFINITION)
    slow.get_by_role("button", name=strings.EDIT).click()
    slow.get_by_text(strings.EDITING).wait_for()
    box = slow.locator("#question textarea")
    assert box.input_value() == DEFINITION
    box.fill(RISK)
    slow.keyboard.press("Enter")
    slow.locator(".question", has_text=RISK).wait_for()
    answered(slow, 1)
    assert slow.locator(".question").all_inner_texts() == [RISK]
    assert unhurried.turns == []


def test_the_answer_is_copied_with_its_references(
    browser: Browser, slow_address: str, unhurried: Unhurried
) -> None:
    allowed = ["clipboard-read", "clipboard-write"]
    with opened(browser, slow_address, permissions=allowed) as tab:
        ask(tab, DEFINITION)
        tab.get_by_role("button", name=strings.COPY).click()
        tab.get_by_text(strings.COPIED).wait_for()
        copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied == answer_text(unhurried.assistant.ask(DEFINITION), 1_000_000)
    assert "References" in copied


def test_the_searched_query_is_shown_where_it_differs(slow: Page, unhurried: Unhurried) -> None:
    ask(slow, "What is heterotopic ossification?")
    assert not slow.locator(".query").last.is_visible()
    ask(slow, "How is it treated?")
    assert [turn.question for turn in unhurried.turns] == ["What is heterotopic ossification?"]
    first = slow.locator(".exchange").first.locator(".sentences .quoted")
    assert unhurried.turns[0].answer == " ".join(first.all_inner_texts())
    assert "heterotopic ossification" in slow.locator(".query").last.inner_text().lower()


def test_follow_ups_are_questions_that_the_corpus_answers(tab: Page, assistant: Assistant) -> None:
    ask(tab, BISPHOSPHONATES)
    tab.locator(".chip").first.wait_for()
    offered = tab.locator(".chip").all_inner_texts()
    assert 1 <= len(offered) <= 3
    for question in offered:
        assert not assistant.ask(question).abstained
    tab.locator(".chip").first.click()
    answered(tab, 2)
    assert tab.locator(".question").last.inner_text() == offered[0]
    assert not tab.locator(".abstained").last.is_visible()


def test_an_example_is_asked_with_one_click(tab: Page) -> None:
    tab.get_by_role("button", name=strings.EXAMPLES[3]).click()
    answered(tab, 1)
    assert tab.locator(".question").inner_text() == strings.EXAMPLES[3]
    assert focused(tab, "it.tagName") == "TEXTAREA"
    assert not tab.locator("#examples").is_visible()


def test_a_new_conversation_ends_an_answer_that_is_still_arriving(slow: Page) -> None:
    slow.keyboard.type(BISPHOSPHONATES)
    slow.keyboard.press("Enter")
    slow.wait_for_selector(".sentence")
    slow.get_by_role("button", name=strings.NEW).click()
    slow.wait_for_selector(".welcome")
    slow.wait_for_timeout(1_000)
    assert slow.locator(".exchange, .card").count() == 0
    assert slow.locator("#examples").is_visible()
    ask(slow, DEFINITION)
    assert slow.locator(".exchange").count() == 1


def test_a_question_asked_while_suggestions_are_still_looked_for_stays(
    slow: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    def late(self: FollowUps, answer: Answer, asked: Sequence[str] = ()) -> tuple[str, ...]:
        time.sleep(1.5 if answer.question == DEFINITION else 0)
        return ()

    monkeypatch.setattr(FollowUps, "after", late)
    ask(slow, DEFINITION)
    ask(slow, RISK)
    slow.wait_for_timeout(2_000)
    assert slow.locator(".question").all_inner_texts() == [DEFINITION, RISK]


def test_two_browsers_have_two_conversations(tab: Page, browser: Browser) -> None:
    ask(tab, DEFINITION)
    with browser.new_context() as other:
        second = other.new_page()
        visit(second, tab.url)
        assert second.locator(".exchange, #history li").count() == 0
        ask(second, RISK)
        assert second.locator(".exchange").count() == 1


def test_whoever_receives_the_question_is_named_and_the_engine_can_be_chosen(
    slow: Page, tab: Page, unhurried: Unhurried
) -> None:
    assert slow.get_by_text(unhurried.disclosure).is_visible()
    slow.get_by_label(strings.ENGINE).click()
    slow.get_by_role("option", name="other").click()
    ask(slow, DEFINITION)
    assert unhurried.engine == "other"
    assert not tab.locator("#engine").is_visible()  # one engine, on this machine


# --- 2. honesty ---


def test_cards_name_publication_evidence_level_and_basis(tab: Page) -> None:
    ask(tab, "Is core decompression effective in osteonecrosis of the femoral head?")
    cards = tab.locator("#evidence .card")
    assert all(cards.locator(".level").all_inner_texts())
    bases = cards.locator(".basis").all_inner_texts()
    assert len(bases) == cards.count()
    assert any("in our words: check the publication" in basis for basis in bases)
    links = cards.locator(".links a")
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    assert any(address.startswith("https://doi.org/10.") for address in addresses)
    assert any(address.startswith("https://pubmed.ncbi.nlm.nih.gov/") for address in addresses)
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer"}
    assert {link.get_attribute("target") for link in links.all()} == {"_blank"}


def test_the_age_of_the_literature_is_said_above_and_in_each_answer(tab: Page) -> None:
    words = tab.locator("#masthead .facts span").first.inner_text()
    assert words.startswith("Literature as of 20")
    ask(tab, DEFINITION)
    sure = tab.locator(".sure").inner_text()
    assert words in sure
    assert "Almost certainly the corpus answers this question (estimated probability " in sure


def test_evidence_levels_explain_themselves(tab: Page) -> None:
    ask(tab, BISPHOSPHONATES)
    legend = tab.get_by_role("list", name=strings.LEVELS_OF_ANSWER)
    numbers = {cite.inner_text() for cite in tab.locator(".exchange .cite").all()}
    assert set(legend.locator("b").all_inner_texts()) == numbers
    tab.get_by_text(strings.LEVELS_EXPLAINED).click()
    assert tab.get_by_text(strings.LEVELS["randomized trial"]).is_visible()


def test_an_urgent_notice_comes_first_and_cannot_be_scrolled_past(tab: Page) -> None:
    ask(tab, URGENT)
    for question in strings.EXAMPLES[:2]:
        ask(tab, question)
    for width in (1440, 390):
        tab.set_viewport_size({"width": width, "height": 844})
        alert = tab.get_by_role("alert").filter(has_text="emergency department")
        assert alert.count() == 1
        tab.locator("#evidence .found summary").scroll_into_view_if_needed()
        tab.mouse.wheel(0, 20_000)
        box = alert.bounding_box()
        assert box is not None
        assert box["y"] >= -1 and box["y"] + box["height"] < 844 / 2
    tab.get_by_role("button", name=strings.NEW).click()
    tab.wait_for_selector(".welcome")
    assert tab.get_by_role("alert").filter(has_text="emergency department").count() == 0


@pytest.mark.parametrize("width", [390, 1440])
def test_the_standing_notice_stays_in_view(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 844})
    for question in strings.EXAMPLES[:2]:
        ask(tab, question)
    tab.locator("#evidence .found summary").scroll_into_view_if_needed()
    standing = tab.get_by_text(STANDING)
    assert standing.count() == 1
    box = standing.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200


def test_an_abstention_looks_different_and_shows_the_nearest_passages_as_such(tab: Page) -> None:
    ask(tab, UNANSWERABLE)
    assert tab.locator(".sentence, .card, .legend").count() == 0
    assert tab.locator(".abstained").inner_text().startswith("No answer in the corpus.")
    assert "probably does not answer" in tab.locator(".sure").inner_text()
    tab.get_by_role("button", name=strings.SHOW_NEAREST).click()
    assert focused(tab, "it.matches('.related')")
    related = tab.locator("#evidence .related")
    assert related.locator("h3").inner_text() == "Related, not an answer"
    assert strings.NEAREST_HINT in related.inner_text()
    assert related.locator("li").count() > 2


def test_a_disagreement_appears_as_two_sides_with_their_evidence(tab: Page) -> None:
    ask(tab, BISPHOSPHONATES)
    sides = tab.get_by_role("group", name=strings.POSITIONS).first.locator(".side")
    assert sides.count() == 2
    for side in sides.all():
        assert side.locator(".position").inner_text()
        side.locator(".cite").first.click()
        assert focused(tab, "it.matches('.card.reached')")
    left, right = (side.bounding_box() for side in sides.all())
    assert left is not None and right is not None
    assert left["y"] == right["y"] and left["x"] < right["x"]


# --- nothing that is written runs ---

HOSTILE = (
    '<img src=x onerror="window.ran=1"><script>window.ran=1</script> [hip](javascript:window.ran=1) '
    "surgery? {{constructor}} ${window.ran=1} \u202eesrever\u202c " + "long" * 120
)


def test_whatever_a_question_holds_is_shown_as_text(tab: Page) -> None:
    ask(tab, HOSTILE)
    shown = tab.locator(".question").inner_text()
    assert shown.replace("\u202e", "").replace("\u202c", "") in HOSTILE.replace(
        "\u202e", ""
    ).replace("\u202c", "")
    assert tab.locator("main script, main img, a[href^='javascript']").count() == 0
    assert tab.evaluate("window.ran") is None
    assert tab.evaluate("document.documentElement.scrollWidth") == 1440


NOTES = """---
title: "<img src=x onerror=window.ran=1> Bees"
url: "javascript:window.ran=1"
type: review
---

## <b>Dance</b>

- The waggle dance of bees shows <script>window.ran=1</script> where flowers are {{it}} ${window.ran=1}.
- A round dance of bees [shows](javascript:window.ran=1) \u202enothing\u202c more than that flowers are near.
"""


def test_whatever_the_corpus_holds_is_shown_as_text(browser: Browser, tiny: Tiny) -> None:
    running = start(Service(tiny({"bees.md": NOTES}, accepted_risk=0.5)), port=free_port())
    try:
        with opened(browser, running.url) as tab:
            ask(tab, "What does the waggle dance of bees show?")
            said = tab.locator(".sentences, #evidence .panel").all_inner_texts()
            assert all("<script>window.ran=1</script> where flowers" in words for words in said)
            tab.locator("[data-do=read]").first.click()
            tab.locator("dialog[open] mark").first.wait_for()
            assert "<img src=x" in tab.locator("dialog[open] h2").inner_text()
            assert "[shows](javascript:window.ran=1)" in tab.locator("dialog[open]").inner_text()
            tab.keyboard.press("Escape")
            tab.get_by_role("tab", name=strings.TABS["library"]).click()
            assert "<img" in tab.locator("#library .link").inner_text()
            assert tab.locator("main script, main img, a[href^='javascript']").count() == 0
            assert tab.evaluate("window.ran") is None
    finally:
        running.close()


# --- 9. states ---


@pytest.mark.parametrize("question", ["", "   ", "🦴🦴"])
def test_an_invalid_question_gets_one_sentence_and_keeps_the_conversation(
    tab: Page, question: str
) -> None:
    ask(tab, DEFINITION)
    cards = tab.locator("#evidence .card").count()
    tab.locator("#question textarea").fill(question)
    tab.keyboard.press("Enter")
    error = tab.locator("#conversation .error")
    error.wait_for()
    assert "question" in error.inner_text().lower()
    assert error.get_attribute("role") == "alert"
    assert tab.locator(".exchange").count() == 1
    assert tab.locator("#evidence .card").count() == cards
    assert tab.locator("#question textarea").input_value() == question
    ask(tab, RISK)
    assert tab.locator(".error").count() == 0


def test_a_failure_inside_shows_no_traceback(slow: Page) -> None:
    slow.locator("#question textarea").fill(UNLUCKY)
    slow.keyboard.press("Enter")
    slow.locator(".error").wait_for()
    assert slow.locator(".error").inner_text() == strings.FAILED
    assert "secret" not in slow.content()
    ask(slow, DEFINITION)


def test_a_server_that_cannot_be_reached_is_said_to_be_so(
    browser: Browser, slow_address: str
) -> None:
    with browser.new_context() as context:
        tab = context.new_page()
        visit(tab, slow_address)
        ask(tab, DEFINITION)
        context.set_offline(True)
        tab.get_by_text(strings.OFFLINE).wait_for()
        assert tab.locator(".exchange").count() == 1
        context.set_offline(False)
        tab.get_by_text(strings.OFFLINE).wait_for(state="hidden")


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_runs_over_the_edge(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 844})
    ask(tab, RISK)
    tab.locator(".found summary").click()
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    talk, evidence = (tab.locator(name).bounding_box() for name in ("#talk", "#evidence"))
    assert talk is not None and evidence is not None
    beside = evidence["x"] >= talk["x"] + talk["width"] - 1
    assert beside == (width == 1440)
    for name in (strings.TABS["library"], strings.TABS["evaluation"]):
        tab.get_by_role("tab", name=name).click()
        assert tab.evaluate("document.documentElement.scrollWidth") == width


# --- the server ---


def test_a_taken_port_is_an_error_that_names_the_way_out() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(PortInUse) as caught:
            require_free("127.0.0.1", port)
    assert str(caught.value) == (
        f"Port {port} on 127.0.0.1 is taken by another program; any free port will do: "
        f"hip-assistant web --port {port + 1}"
    )


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 0), ("127.0.0.1", 70000), ("", 7860)])
def test_an_address_that_cannot_be_is_a_setting_that_is_not_accepted(host: str, port: int) -> None:
    with pytest.raises(SettingsInvalid, match="hip-assistant web"):
        require_free(host or "203.0.113.1", port)


def test_the_page_offers_no_api_and_sends_no_analytics(assistant: Assistant) -> None:
    blocks = page(Service(assistant))
    assert blocks.analytics_enabled is False
    assert {event.api_visibility for event in blocks.fns.values()} == {"private"}


def test_while_the_index_is_built_a_page_says_so_and_the_page_follows(
    browser: Browser, assistant: Assistant
) -> None:
    port = free_port()
    context = browser.new_context()
    tab = context.new_page()
    with Waiting("127.0.0.1", port) as waiting:
        waiting.progress("embedding <b>", 3, 10)
        response = tab.goto(f"http://127.0.0.1:{port}/")
        assert response is not None and response.status == 503
        assert tab.get_by_role("heading", name=strings.BUILDING).is_visible()
        assert tab.get_by_label("embedding <b>: 3 of 10").is_visible()
        assert httpx.get(f"http://127.0.0.1:{port}/v1/health").status_code == 503
        waiting.progress("embedding", 7, 10)
        tab.get_by_label("embedding: 7 of 10").wait_for()
    running = start(Service(assistant), port=port)
    tab.wait_for_selector(".welcome")
    context.close()
    running.close()


def test_where_nothing_is_built_no_page_of_that_kind_listens() -> None:
    port = free_port()
    with Waiting("127.0.0.1", port), pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/")
