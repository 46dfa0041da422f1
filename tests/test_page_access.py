"""Accessibility: no violation of WCAG 2.2 A and AA that axe finds, and everything by keyboard alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from assistant.web import strings
from tests.browsing import answered, ask, focused, open_tab, violations
from tests.conftest import Served, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser

BISPHOSPHONATES = "Do bisphosphonates help?"
URGENT = "My hip is hot and swollen and I have a fever"
UNANSWERABLE = "Who won the football world cup in 1998?"


@pytest.mark.parametrize("width", [390, 1440])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_on_any_tab(
    browser: Browser, served: Served, scheme: str, width: int
) -> None:
    size = {"width": width, "height": 900}
    with opened(browser, served.url, color_scheme=scheme, viewport=size) as tab:
        dark = tab.evaluate("document.body.classList.contains('dark')")
        assert dark == (scheme == "dark")
        assert violations(tab) == []  # the first visit
        ask(tab, BISPHOSPHONATES)
        tab.get_by_text(strings.LEVELS_EXPLAINED).click()
        tab.locator(".found summary").click()
        tab.get_by_role("button", name=strings.THUMBS["down"]).click()
        tab.locator(".menu summary").first.click()
        tab.locator(".sentences .cite").first.focus()
        assert violations(tab) == []
        tab.keyboard.press("Escape")
        ask(tab, UNANSWERABLE)
        ask(tab, URGENT)
        tab.locator("#question textarea").fill("🦴")
        tab.keyboard.press("Enter")
        tab.locator("#conversation .error").wait_for()
        if width == 390:
            tab.get_by_role("button", name=strings.HISTORY).click()
        tab.locator("#history [data-do=renaming]").first.click()
        assert violations(tab) == []
        tab.locator("[data-do=read]:visible").first.click()
        tab.get_by_role("dialog").wait_for()
        assert violations(tab) == []
        tab.keyboard.press("Escape")
        open_tab(tab, strings.TABS["library"])
        tab.get_by_text(strings.MAP, exact=True).click()
        assert violations(tab) == []
        open_tab(tab, strings.TABS["evaluation"])
        tab.locator("#evaluation p").first.wait_for()
        assert violations(tab) == []


def reach(tab: Page, wanted: str, key: str = "Tab", most: int = 120) -> None:
    """Presses the key until an element that matches has the focus, which must be seen to be there."""
    for _ in range(most):
        tab.keyboard.press(key)
        if focused(tab, f"it.matches({wanted!r})"):
            outline = focused(tab, "getComputedStyle(it).outlineStyle")
            assert outline == "solid", f"{wanted} has the focus and does not show it"
            return
    raise AssertionError(f"{key} does not lead to {wanted}")


def test_everything_is_done_by_keyboard_alone(visitor: Page, served: Served) -> None:
    tab = visitor
    keys = tab.keyboard
    keys.type(BISPHOSPHONATES)
    keys.press("Enter")
    answered(tab, 1)
    assert focused(tab, "it.tagName") == "TEXTAREA"
    tab.locator(".chip").first.wait_for()

    # Evidence: from a number to its card, back, and to the whole document.
    reach(tab, ".cite", "Shift+Tab")
    card = focused(tab, "it.dataset.card")
    assert tab.get_by_role("tooltip").is_visible()
    keys.press("Enter")
    assert focused(tab, "it.id") == card
    keys.press("Escape")
    assert focused(tab, "it.dataset.card") == card
    keys.press("Enter")
    reach(tab, ".back")
    keys.press("Enter")
    assert focused(tab, "it.dataset.card") == card
    keys.press("Enter")
    reach(tab, "[data-do=read]")
    keys.press("Enter")
    tab.get_by_role("dialog").wait_for()
    assert focused(tab, "it.closest('dialog') !== null")
    keys.press("Escape")
    assert focused(tab, "it.matches('[data-do=read]')")
    reach(tab, ".found summary")
    keys.press("Enter")
    reach(tab, ".found select")
    keys.press("ArrowDown")
    assert tab.locator(".found li:visible").count() < tab.locator(".found li").count()

    # The answer: feedback, a file, a follow-up.
    tab.locator("#question textarea").focus()
    reach(tab, "[data-do=thumb-down]", "Shift+Tab")
    keys.press("Enter")
    assert focused(tab, "it.matches('input[type=radio]')")
    keys.press("Space")
    reach(tab, ".reasons [type=submit]")
    keys.press("Enter")
    tab.get_by_text(strings.THANKS).wait_for()
    assert served.service.history.feedback()[-1].opinion.reason == "wrong"
    assert focused(tab, "it.matches('[data-do=thumb-down]')")
    reach(tab, ".menu summary", "Shift+Tab")
    keys.press("Enter")
    reach(tab, ".menu a")
    keys.press("Tab")
    with tab.expect_download() as file:
        keys.press("Enter")
    assert file.value.suggested_filename.endswith(".json")
    keys.press("Escape")
    assert focused(tab, "it.matches('.menu summary')")
    reach(tab, "dfn", "Shift+Tab")
    tab.get_by_role("tooltip").wait_for()
    reach(tab, ".chip")
    keys.press("Enter")
    answered(tab, 2)

    # Edit, again, a new conversation, and the first one back.
    tab.locator("#question textarea").focus()
    reach(tab, "[data-do=edit]", "Shift+Tab")
    keys.press("Enter")
    tab.get_by_text(strings.EDITING).wait_for()
    assert focused(tab, "it.tagName") == "TEXTAREA"
    keys.press("Enter")
    tab.get_by_text(strings.EDITING).wait_for(state="detached")
    answered(tab, 2)
    reach(tab, "#new")
    keys.press("Enter")
    tab.wait_for_selector(".welcome")
    reach(tab, "#history .title", "Shift+Tab")
    keys.press("Enter")
    answered(tab, 2)
    tab.locator("#history .title").first.focus()
    reach(tab, "[data-do=renaming]")
    keys.press("Enter")
    keys.press("Control+A")
    keys.type("For the doctor")
    keys.press("Enter")
    tab.locator("#history .title", has_text="For the doctor").wait_for()
    assert focused(tab, "it.matches('[data-do=renaming]')")
    reach(tab, "[data-do=deleting]")
    keys.press("Enter")
    assert focused(tab, "it.matches('[data-do=delete]')")
    keys.press("Enter")
    tab.wait_for_selector(".welcome")

    # The library: search, sort, open a work.
    tab.locator("#question textarea").focus()
    reach(tab, "[role=tab]", "Shift+Tab")
    while not focused(tab, f"it.textContent === {strings.TABS['ask']!r}"):
        keys.press("Shift+Tab")
    keys.press("ArrowRight")
    tab.locator("#library tbody tr").first.wait_for()
    reach(tab, "#library-filters input")
    keys.type("hua 2019")
    tab.locator("#library .left", has_text="1 to 1 of 1 works").wait_for()
    reach(tab, "#library .year button")
    keys.press("Enter")
    tab.locator("#library th.year[aria-sort]").wait_for()
    reach(tab, "#library [data-do=work]")
    keys.press("Enter")
    tab.get_by_role("dialog").wait_for()
    keys.press("Escape")
    assert focused(tab, "it.matches('[data-do=work]')")

    # The evaluation.
    tab.locator("#tab-library-button").focus()
    keys.press("ArrowRight")
    reach(tab, "#run-suite")
