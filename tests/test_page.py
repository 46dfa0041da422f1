"""The chat page in a real browser, over the real corpus; no request may leave this machine."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator, Sequence
from threading import Event
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest

from assistant.errors import PortInUse, SettingsInvalid
from assistant.safety import STANDING
from assistant.types import Answer, Notice, Sentence, Turn
from assistant.web.page import EXAMPLES, FAILED, page
from assistant.web.server import require_free, start
from assistant.web.service import Service
from tests.conftest import free_port

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assistant.assistant import Assistant

pytestmark = pytest.mark.browser

DEFINITION = EXAMPLES[0]
URGENT = "My hip is hot and swollen and I have a fever"
UNANSWERABLE = "Who won the football world cup in 1998?"
UNLUCKY = "What is unlucky?"


class Unhurried(Service):
    """The real assistant, pausing before each sentence for a browser to watch; once unlucky."""

    def __init__(self, assistant: Assistant) -> None:
        super().__init__(assistant)
        self.turns: Sequence[Turn] = ()

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        face: str = "page",
        *,
        engine: str | None = None,
        stop: Event | None = None,
    ) -> Iterator[Notice | Sentence | Answer]:
        self.turns = turns
        if question == UNLUCKY:
            raise RuntimeError("a secret of the inside")
        for part in super().stream(question, turns, face, engine=engine, stop=stop):
            if isinstance(part, Sentence):
                time.sleep(0.15)
            yield part


@pytest.fixture(scope="module")
def unhurried(assistant: Assistant) -> Unhurried:
    return Unhurried(assistant)


@pytest.fixture(scope="module")
def address(unhurried: Unhurried) -> Iterator[str]:
    running = start(unhurried, port=free_port())
    yield running.url
    running.close()


@pytest.fixture
def tab(browser: Browser, address: str) -> Iterator[Page]:
    """The page, opened; afterwards no request has left loopback and no script has failed."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(20_000)
    opened = context.new_page()
    hosts: set[str | None] = set()
    failures: list[str] = []
    opened.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    opened.on("pageerror", lambda error: failures.append(str(error)))
    visit(opened, address)
    yield opened
    context.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data: and blob:
    assert failures == []


def visit(tab: Page, address: str) -> None:
    tab.goto(address)
    tab.wait_for_selector(".welcome")
    # The buttons work once Gradio has given the box the focus.
    tab.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")


def ask(tab: Page, question: str) -> None:
    """Types the question, presses Enter and waits for the whole answer."""
    asked = tab.locator(".exchange").count()
    tab.locator("#question textarea").fill(question)
    tab.keyboard.press("Enter")
    answered(tab, asked + 1)


def answered(tab: Page, count: int) -> None:
    done = ".legend li, .abstained strong"
    tab.wait_for_selector(f".exchange >> nth={count - 1}")
    tab.locator(f".exchange >> nth={count - 1}").locator(done).first.wait_for()


def focused(tab: Page, question: str) -> Any:
    return tab.evaluate(f"(() => {{ const it = document.activeElement; return {question}; }})()")


def test_sentences_arrive_one_by_one(tab: Page) -> None:
    tab.evaluate(
        """() => {
        window.counts = [];
        const count = () => window.counts.push(document.querySelectorAll(".sentence:not(.notice *)").length);
        new MutationObserver(count).observe(document.body, {childList: true, subtree: true});
        }"""
    )
    ask(tab, EXAMPLES[4])
    counts = list(dict.fromkeys(tab.evaluate("window.counts")))
    total = tab.locator(".sentence:not(.notice *)").count()
    assert total > 1
    assert counts == list(range(total + 1))


def test_a_citation_opens_the_passage_with_the_quote_marked(tab: Page) -> None:
    ask(tab, "Is core decompression effective in osteonecrosis of the femoral head?")
    sentence = tab.locator(".sentence").first
    sentence.locator(".cite").first.click()
    card = tab.locator("#evidence .card.reached")
    card.wait_for()
    assert focused(tab, "it.matches('.card.reached')")
    assert card.locator(".number").inner_text() == sentence.locator(".cite").first.inner_text()
    assert sentence.locator(".quoted").inner_text() in card.locator("mark").all_inner_texts()


def test_cards_name_publication_evidence_level_and_basis(tab: Page) -> None:
    ask(tab, "Is core decompression effective in osteonecrosis of the femoral head?")
    cards = tab.locator("#evidence .card")
    assert all(cards.locator(".level").all_inner_texts())
    assert any("in our words" in basis for basis in cards.locator(".basis").all_inner_texts())
    links = cards.locator(".links a")
    addresses = [link.get_attribute("href") or "" for link in links.all()]
    assert any(address.startswith("https://doi.org/10.") for address in addresses)
    assert any(address.startswith("https://pubmed.ncbi.nlm.nih.gov/") for address in addresses)
    assert {link.get_attribute("rel") for link in links.all()} == {"noopener noreferrer"}
    assert {link.get_attribute("target") for link in links.all()} == {"_blank"}


def test_the_keyboard_alone_reaches_the_passage_and_comes_back(tab: Page) -> None:
    tab.keyboard.type(DEFINITION)
    tab.keyboard.press("Enter")
    answered(tab, 1)
    assert focused(tab, "it.tagName") == "TEXTAREA"
    tab.keyboard.press("Shift+Tab")
    assert focused(tab, "it.matches('.cite')")
    assert focused(tab, "getComputedStyle(it).outlineStyle") == "solid"
    place = focused(tab, "it.getAttribute('href')")
    tab.keyboard.press("Enter")
    assert focused(tab, "'#' + it.id") == place
    assert focused(tab, "it.querySelector('mark') !== null")
    tab.keyboard.press("Escape")
    assert focused(tab, "it.getAttribute('href')") == place
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    assert focused(tab, "it.getAttribute('aria-label')") == "Back to the answer"
    tab.keyboard.press("Enter")
    assert focused(tab, "it.getAttribute('href')") == place


def test_clear_empties_the_conversation_and_offers_examples_again(
    tab: Page, unhurried: Unhurried
) -> None:
    ask(tab, DEFINITION)
    assert not tab.locator("#examples").is_visible()
    tab.get_by_role("button", name="Clear").click()
    tab.wait_for_selector(".welcome")
    assert tab.locator(".exchange, .card").count() == 0
    assert tab.locator("#examples").is_visible()
    assert focused(tab, "it.tagName") == "TEXTAREA"
    ask(tab, DEFINITION)
    assert unhurried.turns == []


def test_clear_ends_an_answer_that_is_still_arriving(tab: Page) -> None:
    tab.keyboard.type(EXAMPLES[4])
    tab.keyboard.press("Enter")
    tab.wait_for_selector(".sentence")
    tab.get_by_role("button", name="Clear").click()
    tab.wait_for_selector(".welcome")
    tab.wait_for_timeout(1_000)
    assert tab.locator(".exchange").count() == 0
    ask(tab, EXAMPLES[2])
    assert tab.locator(".exchange").count() == 1


def test_an_example_is_asked_with_one_click(tab: Page) -> None:
    tab.get_by_role("button", name=EXAMPLES[3]).click()
    answered(tab, 1)
    assert tab.locator(".question").inner_text() == EXAMPLES[3]
    assert focused(tab, "it.tagName") == "TEXTAREA"


def test_an_urgent_sign_is_answered_with_an_alert_before_anything_else(tab: Page) -> None:
    ask(tab, URGENT)
    alert = tab.get_by_role("alert")
    assert "emergency department now" in alert.inner_text()
    top = alert.bounding_box()
    assert top is not None
    for other in tab.locator(".exchange .sentence, .exchange .notice:not(.urgent)").all():
        box = other.bounding_box()
        assert box is not None
        assert box["y"] > top["y"]


@pytest.mark.parametrize("width", [390, 1440])
def test_the_standing_notice_stays_in_view(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 844})
    for question in EXAMPLES[:3]:
        ask(tab, question)
    tab.locator("#evidence summary").scroll_into_view_if_needed()
    standing = tab.get_by_text(STANDING)
    assert standing.count() == 1
    box = standing.bounding_box()
    assert box is not None
    assert 0 <= box["y"] < 200


def test_an_abstention_looks_different_and_shows_the_nearest_passages_as_related(
    tab: Page,
) -> None:
    ask(tab, UNANSWERABLE)
    assert tab.locator(".sentence, .card").count() == 0
    assert tab.locator(".abstained").inner_text().startswith("No answer in the corpus.")
    tab.get_by_role("link", name="Show the nearest passages").click()
    assert focused(tab, "it.matches('.related')")
    related = tab.locator("#evidence .related")
    assert related.locator("h3").inner_text() == "Related, not an answer"
    assert related.locator("li").count() > 2


def test_html_in_a_question_is_shown_as_text(tab: Page) -> None:
    question = '<img src=x onerror="window.ran=1"><script>window.ran=1</script> hip surgery?'
    ask(tab, question)
    assert tab.locator(".question").inner_text() == question
    assert tab.locator(".exchange img, .exchange script").count() == 0
    assert tab.evaluate("window.ran") is None


@pytest.mark.parametrize("question", ["", "   ", "🦴🦴"])
def test_an_invalid_question_gets_one_sentence_and_keeps_the_conversation(
    tab: Page, question: str
) -> None:
    ask(tab, DEFINITION)
    cards = tab.locator("#evidence .card").count()
    tab.locator("#question textarea").fill(question)
    tab.keyboard.press("Enter")
    error = tab.locator(".error")
    error.wait_for()
    assert "question" in error.inner_text().lower()
    assert error.get_attribute("role") == "alert"
    assert tab.locator(".exchange").count() == 1
    assert tab.locator("#evidence .card").count() == cards
    assert tab.locator("#question textarea").input_value() == question
    ask(tab, EXAMPLES[2])
    assert tab.locator(".error").count() == 0


def test_a_failure_inside_shows_no_traceback(tab: Page) -> None:
    tab.locator("#question textarea").fill(UNLUCKY)
    tab.keyboard.press("Enter")
    tab.locator(".error").wait_for()
    assert tab.locator(".error").inner_text() == FAILED
    assert "secret" not in tab.content()
    ask(tab, DEFINITION)


def test_a_follow_up_is_searched_with_the_earlier_turns(tab: Page, unhurried: Unhurried) -> None:
    ask(tab, "What is heterotopic ossification?")
    ask(tab, "How is it treated?")
    assert [turn.question for turn in unhurried.turns] == ["What is heterotopic ossification?"]
    first = tab.locator(".exchange").first.locator(".sentences .quoted")
    assert unhurried.turns[0].answer == " ".join(first.all_inner_texts())
    assert "heterotopic ossification" in tab.locator(".query").last.inner_text().lower()


def test_an_earlier_answer_keeps_its_evidence_in_a_fold(tab: Page) -> None:
    ask(tab, DEFINITION)
    ask(tab, EXAMPLES[2])
    first = tab.locator(".exchange").first
    assert not first.locator(".card").first.is_visible()
    first.locator(".sentence .cite").first.click()
    assert first.locator(".card.reached mark").first.is_visible()


def test_two_browsers_have_two_conversations(tab: Page, browser: Browser, address: str) -> None:
    ask(tab, DEFINITION)
    with browser.new_context() as other:
        second = other.new_page()
        visit(second, address)
        assert second.locator(".exchange").count() == 0
        ask(second, EXAMPLES[2])
        assert second.locator(".exchange").count() == 1


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_nothing_runs_over_the_edge(tab: Page, width: int) -> None:
    tab.set_viewport_size({"width": width, "height": 844})
    ask(tab, EXAMPLES[5])
    tab.locator(".others summary").click()
    assert tab.evaluate("document.documentElement.scrollWidth") == width
    talk, evidence = (tab.locator(name).bounding_box() for name in ("#talk", "#evidence"))
    assert talk is not None and evidence is not None
    beside = evidence["x"] >= talk["x"] + talk["width"] - 1
    assert beside == (width == 1440)


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


def test_the_page_offers_no_api_and_sends_no_analytics() -> None:
    blocks = page(Nothing())
    assert blocks.analytics_enabled is False
    assert {event.api_visibility for event in blocks.fns.values()} == {"private"}


class Nothing:
    """An assistant that is never asked."""

    engines = ("extractive",)
    disclosure = None

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        *,
        engine: str | None = None,
        stop: Event | None = None,
    ) -> Iterator[Notice | Sentence | Answer]:
        raise NotImplementedError
