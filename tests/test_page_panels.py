"""Beside the conversation, in a real browser: evidence, documents, words, history, exports, feedback."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from assistant.assistant import Assistant
from assistant.errors import HistoryUnusable
from assistant.export import FORMATS
from assistant.history.conversations import owner_of
from assistant.history.history import History
from assistant.settings import Settings
from assistant.web import strings
from assistant.web.server import start
from assistant.web.service import Service
from assistant.web.visitors import COOKIE
from tests.browsing import answered, ask, focused, visit
from tests.conftest import Served, Tiny, free_port, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

BISPHOSPHONATES = "Do bisphosphonates help?"
DEFINITION = "What is dystrophic mineralization of the hip?"


# --- 3. evidence ---


def test_every_passage_found_is_listed_and_can_be_filtered(tab: Page, assistant: Assistant) -> None:
    ask(tab, BISPHOSPHONATES)
    hits = assistant.ask(BISPHOSPHONATES).hits
    tab.locator(".found summary").click()
    items = tab.locator(".found li")
    assert items.count() == len(hits)
    for item, hit in zip(items.all(), hits, strict=True):
        assert f"rank {hit.rank} · score {hit.score:.2f}" in item.inner_text()
    used = items.locator(".place.used").count()
    assert 0 < used < len(hits)
    kept = [
        hit
        for hit in hits
        if assistant.index.documents[hit.passage.document_id]["evidence_level"]
        == "systematic review"
    ]
    tab.locator(".found").get_by_label(strings.BY_LEVEL).select_option("systematic review")
    assert 0 < len(kept) == tab.locator(".found li:visible").count()
    assert tab.locator(".found .left").inner_text() == strings.LEFT.format(
        count=len(kept), total=len(hits)
    )
    tab.locator(".found").get_by_label(strings.BY_LEVEL).select_option("")
    tab.locator(".found").get_by_label(strings.SINCE).select_option(index=1)
    newest = tab.locator(".found li:visible")
    assert 0 < newest.count() < len(hits)
    assert {item.get_attribute("data-year") for item in newest.all()} == {
        tab.locator(".found select[name=since]").input_value()
    }


def test_the_whole_document_opens_at_the_passage_with_the_quote_marked(tab: Page) -> None:
    ask(tab, BISPHOSPHONATES)
    card = tab.locator("#evidence .card").first
    quote = card.locator("mark").first.inner_text()
    title = card.locator("cite").inner_text()
    card.get_by_role("button", name=strings.OPEN).click()
    dialog = tab.get_by_role("dialog", name=strings.READER)
    dialog.wait_for()
    assert dialog.locator("h2").inner_text() == title
    assert dialog.locator(".at mark").all_inner_texts() == [quote]
    assert dialog.locator("p").count() > 3
    assert focused(tab, "it.matches('.at')")
    tab.keyboard.press("Escape")
    assert not dialog.is_visible()
    card.get_by_role("button", name=strings.OPEN).click()
    dialog.get_by_role("button", name=strings.CLOSE).click()
    assert not dialog.is_visible()


def test_a_number_of_an_earlier_answer_brings_its_evidence_back(tab: Page) -> None:
    ask(tab, DEFINITION)
    ask(tab, BISPHOSPHONATES)
    tab.locator(".exchange").first.locator(".sentences .cite").first.click()
    tab.locator("#evidence .asked", has_text=DEFINITION).wait_for()
    assert focused(tab, "it.matches('.card.reached')")
    tab.keyboard.press("Escape")
    assert focused(tab, "it.matches('#e1 .cite')")


# --- 4. words, history, exports ---


def test_a_technical_word_explains_itself_on_focus(tab: Page, assistant: Assistant) -> None:
    ask(tab, "Is core decompression effective in osteonecrosis of the femoral head?")
    word = tab.locator(".sentences dfn", has_text="core decompression").first
    word.focus()
    plain = next(t["plain"] for t in assistant.index.glossary if t["term"] == "core decompression")
    assert tab.get_by_role("tooltip").inner_text().strip() == plain
    assert word.get_attribute("aria-description") == plain


def test_a_technical_word_explains_itself_on_touch(browser: Browser, served: Served) -> None:
    phone = {"has_touch": True, "is_mobile": True, "viewport": {"width": 390, "height": 844}}
    with opened(browser, served.url, **phone) as tab:
        ask(tab, "Is core decompression effective in osteonecrosis of the femoral head?")
        tab.locator(".sentences dfn").first.tap()
        tip = tab.get_by_role("tooltip")
        assert tip.is_visible()
        box = tip.bounding_box()
        assert box is not None
        assert box["x"] >= 0 and box["x"] + box["width"] <= 390


def test_an_answer_that_was_asked_again_or_edited_is_kept_once(
    visitor: Page, served: Served
) -> None:
    tab, history = visitor, served.service.history
    ask(tab, DEFINITION)
    cookie = next(it for it in tab.context.cookies() if it["name"] == COOKIE)
    owner = owner_of(browser=cookie["value"])
    [kept] = history.conversations(owner)
    [before] = history.conversation(owner, kept.id).turns
    tab.get_by_role("button", name=strings.AGAIN).click()
    while [turn.id for turn in history.conversation(owner, kept.id).turns] in ([before.id], []):
        tab.wait_for_timeout(20)
    tab.locator(".exchange:not(.arriving) .footing .sure").wait_for()
    tab.get_by_role("button", name=strings.EDIT).click()
    tab.get_by_text(strings.EDITING).wait_for()
    tab.locator("#question textarea").fill(BISPHOSPHONATES)
    tab.keyboard.press("Enter")
    tab.locator(".question", has_text=BISPHOSPHONATES).wait_for()
    answered(tab, 1)
    turns = history.conversation(owner, kept.id).turns
    assert [turn.question for turn in turns] == [BISPHOSPHONATES]


def test_behind_a_proxy_that_asks_for_a_log_in_conversations_are_kept_per_user(
    browser: Browser, settings: Settings, tmp_path: Path
) -> None:
    named = Assistant.open(settings=settings.model_copy(update={"user_header": "X-User"}))
    with History.open(f"sqlite:///{tmp_path / 'history.sqlite'}") as history:
        running = start(Service(named, history), port=free_port())
        for user, titles in (("ann", []), ("bob", []), ("ann", [DEFINITION])):
            with opened(browser, running.url, extra_http_headers={"X-User": user}) as tab:
                if titles:
                    tab.locator("#history .title").first.wait_for()
                assert tab.locator("#history .title").all_inner_texts() == titles
                if user == "ann" and not titles:
                    ask(tab, DEFINITION)
        running.close()


def test_conversations_are_searched_renamed_and_really_deleted(
    visitor: Page, served: Served
) -> None:
    tab = visitor
    ask(tab, BISPHOSPHONATES)
    tab.get_by_role("button", name=strings.NEW).click()
    tab.wait_for_selector(".welcome")
    ask(tab, DEFINITION)
    titles = tab.locator("#history .title")
    assert titles.all_inner_texts() == [DEFINITION, BISPHOSPHONATES]

    search = tab.get_by_label(strings.HISTORY_SEARCH)
    search.press_sequentially("zoledronic")
    tab.wait_for_function("document.querySelectorAll('#history .title').length === 1")
    assert titles.all_inner_texts() == [BISPHOSPHONATES]
    search.press_sequentially(" xylophone")
    tab.get_by_text(strings.HISTORY_NONE_FOUND).wait_for()
    search.press("Control+A")
    search.press("Delete")
    tab.wait_for_function("document.querySelectorAll('#history .title').length === 2")

    tab.get_by_role("button", name=f"{strings.RENAME}: {BISPHOSPHONATES}").click()
    tab.keyboard.type("<b>For the doctor</b>")
    tab.keyboard.press("Enter")
    tab.locator("#history .title", has_text="<b>For the doctor</b>").wait_for()

    tab.get_by_role("button", name=f"{strings.DELETE}: {DEFINITION}").click()
    tab.get_by_role("button", name=strings.CANCEL).last.click()
    assert titles.count() == 2
    kept = served.service.history.count()[0]
    tab.get_by_role("button", name=f"{strings.DELETE}: {DEFINITION}").click()
    tab.locator("#history .deleting:visible .danger").click()
    tab.wait_for_selector(".welcome")  # the one that was open is gone from the page, too
    assert titles.all_inner_texts() == ["<b>For the doctor</b>"]
    assert served.service.history.count()[0] == kept - 1


def test_a_conversation_comes_back_after_a_restart_with_an_index_that_has_moved_on(
    browser: Browser, tiny: Tiny, tmp_path: Path
) -> None:
    def bees(shows: str) -> Assistant:
        note = f"The waggle dance of bees shows {shows}."
        files = {"bees.md": f"---\ntitle: Bees\ntype: review\n---\n\n## Findings\n\n- {note}\n"}
        return tiny(files, accepted_risk=0.5)

    url, port = f"sqlite:///{tmp_path / 'history.sqlite'}", free_port()
    question = "What does the waggle dance of bees show?"
    context = browser.new_context()
    tab = context.new_page()
    for shows in ("where flowers are", "which way the sun stands"):
        with History.open(url) as history:
            running = start(Service(bees(shows), history), port=port)
            visit(tab, running.url)
            if shows == "where flowers are":
                ask(tab, question)
            else:
                tab.locator("#history .title", has_text=question).click()
                answered(tab, 1)
                assert "where flowers are" in tab.locator(".sentences").inner_text()
                tab.locator(".sentences .cite").first.click()
                card = tab.locator(".card.reached")
                assert "where flowers are" in card.locator("mark").inner_text()
                card.get_by_role("button", name=strings.OPEN).click()
                dialog = tab.get_by_role("dialog")
                dialog.get_by_text(strings.MOVED_ON).wait_for()
                assert "where flowers are" in dialog.locator(".at mark").inner_text()
                assert "which way the sun stands" in dialog.inner_text()
            tab.goto("about:blank")
            running.close()
    context.close()


def test_nobody_reaches_the_conversations_of_another_browser(visitor: Page, served: Served) -> None:
    tab = visitor
    ask(tab, DEFINITION)
    cookie = next(it for it in tab.context.cookies() if it["name"] == COOKIE)
    assert cookie["httpOnly"] and cookie["sameSite"] == "Lax" and len(cookie["value"]) >= 32
    assert tab.evaluate("document.cookie") == ""
    number = tab.locator("#history li").get_attribute("data-id")
    assert number is not None
    with opened(tab.context.browser, served.url) as other:  # type: ignore[arg-type]
        assert other.locator("#history li").count() == 0
        assert other.get_by_text(strings.HISTORY_EMPTY).is_visible()
        # Their own list with the other's id in it.
        ask(other, BISPHOSPHONATES)
        other.locator("#history li").evaluate("(it, id) => { it.dataset.id = id; }", number)
        other.locator("#history .title").click()
        other.locator("#conversation .error").wait_for()
        assert "no such conversation" in other.locator("#conversation .error").inner_text()


@pytest.mark.parametrize("form", FORMATS)
def test_an_answer_is_taken_away_in_every_form(
    exported: dict[str, httpx.Response], form: str
) -> None:
    response = exported[form]
    assert response.status_code == 200
    assert response.headers["content-type"].startswith(FORMATS[form].media_type)
    kind = "inline" if form == "print" else "attachment"
    name = f"do-bisphosphonates-help{FORMATS[form].suffix}"
    assert response.headers["content-disposition"] == f'{kind}; filename="{name}"'
    if form in ("json", "csl-json"):
        assert json.loads(response.text)
    assert "34355424" in response.text  # the PMID of a work that it quotes


@pytest.fixture(scope="module")
def exported(browser: Browser, served: Served) -> Iterator[dict[str, httpx.Response]]:
    """What the links of an answer's menu give."""
    with opened(browser, served.url) as tab:
        ask(tab, BISPHOSPHONATES)
        tab.locator(".menu summary").first.click()
        links = tab.locator(".menu li a:visible")
        assert links.all_inner_texts() == [form.label for form in FORMATS.values()]
        addresses = [link.evaluate("it => it.href") for link in links.all()]
        yield {name: httpx.get(address) for name, address in zip(FORMATS, addresses, strict=True)}


def test_the_page_to_print_gives_a_clean_pdf_of_the_whole_conversation(tab: Page) -> None:
    ask(tab, BISPHOSPHONATES)
    ask(tab, DEFINITION)
    tab.get_by_text(strings.EXPORT_ALL).click()
    with tab.context.expect_page() as printed:
        tab.locator(".whole").get_by_role("link", name="print").click()
    paper = printed.value
    paper.wait_for_load_state()
    assert paper.locator("article").count() == 2
    assert paper.locator("script").count() == 0
    assert paper.pdf().startswith(b"%PDF")
    paper.close()


def test_files_are_given_to_nobody_without_the_key(served: Served) -> None:
    assert httpx.get(f"{served.url}page/export/guess/1?as=json").status_code == 404


def test_where_no_history_is_kept_the_page_says_so_and_sets_no_cookie(
    browser: Browser, assistant: Assistant
) -> None:
    running = start(Service(assistant), port=free_port())
    with opened(browser, running.url) as tab:
        assert tab.get_by_text(strings.HISTORY_OFF).is_visible()
        ask(tab, DEFINITION)
        assert tab.context.cookies() == []
        assert tab.locator(".thumbs, #history li").count() == 0
        assert tab.locator(".menu").count() == 1  # taken away it can be all the same
    running.close()


class Broken(History):
    """A database that has gone away."""

    def __getattribute__(self, name: str) -> object:
        if name in ("start", "add", "conversations"):
            raise HistoryUnusable("The history cannot be used. Start the database.")
        return super().__getattribute__(name)


def test_an_answer_is_given_though_the_history_is_gone(
    browser: Browser, assistant: Assistant, tmp_path: Path
) -> None:
    with Broken.open(f"sqlite:///{tmp_path / 'history.sqlite'}") as history:
        running = start(Service(assistant, history), port=free_port())
        with opened(browser, running.url) as tab:
            tab.get_by_text(strings.HISTORY_BROKEN).wait_for()
            ask(tab, DEFINITION)
            assert tab.locator(".sentences .quoted").first.is_visible()
            assert "could not be kept" in tab.locator("#conversation .error").inner_text()
        running.close()


# --- 5. feedback ---


def test_thumbs_and_reasons_reach_the_database(tab: Page, served: Served) -> None:
    ask(tab, DEFINITION)
    before = len(served.service.history.feedback())
    tab.get_by_role("button", name=strings.THUMBS["up"]).click()
    tab.get_by_text(strings.THANKS).wait_for()
    up = served.service.history.feedback()[-1]
    assert (up.opinion.thumb, up.question) == ("up", DEFINITION)
    tab.get_by_role("button", name=strings.THUMBS["down"]).click()
    tab.get_by_label(strings.REASON_WORDS["not supported"]).check()
    tab.get_by_label(strings.COMMENT).fill("The quote is on something else. <b>")
    tab.get_by_role("button", name=strings.SEND).click()
    tab.locator("[data-do=thumb-down][aria-pressed=true]").wait_for()
    given = served.service.history.feedback()
    assert len(given) == before + 1  # the newer opinion takes the place of the older
    assert given[-1].opinion.reason == "not supported"
    assert given[-1].opinion.comment == "The quote is on something else. <b>"
    # It is there again when the conversation is opened again.
    tab.get_by_role("button", name=strings.NEW).click()
    tab.wait_for_selector(".welcome")
    tab.locator("#history .title").first.click()
    answered(tab, 1)
    assert tab.locator("[data-do=thumb-down][aria-pressed=true]").count() == 1
