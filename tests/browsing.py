"""What every test of the page in a browser does: open it, ask, wait for the answer, look at the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from assistant.web import strings

if TYPE_CHECKING:
    from playwright.sync_api import Page

# The whole answer is there: its footing, or the reason for having none.
DONE = ".footing .sure"
# WCAG 2.2 A and AA, by axe's tags.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa"]


def visit(tab: Page, address: str) -> None:
    """Opens the page; it works once Gradio has given the box the focus."""
    tab.goto(address)
    tab.wait_for_selector(".welcome")
    tab.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")


def reset(tab: Page) -> None:
    """An empty conversation on the first tab of a wide page, with the focus in the box."""
    tab.bring_to_front()  # in the background everything takes seconds
    tab.set_viewport_size({"width": 1440, "height": 900})
    tab.keyboard.press("Escape")
    if not tab.locator("#new").is_visible():
        open_tab(tab, strings.TABS["ask"])
    # On an empty page nothing would tell when the click has been answered, which empties the box.
    if tab.locator(".exchange, .error").count():
        tab.locator("#new").click()
        tab.wait_for_selector(".welcome")
    tab.locator("#question textarea").fill("")
    tab.locator("#question textarea").focus()


def ask(tab: Page, question: str) -> None:
    """Types the question, presses Enter and waits for the whole answer."""
    asked = tab.locator(".exchange").count()
    tab.locator("#question textarea").fill(question)
    tab.keyboard.press("Enter")
    answered(tab, asked + 1)


def answered(tab: Page, count: int) -> None:
    """Waits until there are `count` exchanges and the last is whole."""
    tab.locator(f".exchange >> nth={count - 1}").locator(DONE).wait_for()


def focused(tab: Page, question: str) -> Any:
    """Evaluates JavaScript about `it`, the element that has the focus."""
    return tab.evaluate(f"(() => {{ const it = document.activeElement; return {question}; }})()")


def open_tab(tab: Page, name: str) -> None:
    """Chooses one of the page's tabs."""
    tab.get_by_role("tab", name=name).click()


def violations(tab: Page) -> list[str]:
    """What axe finds on the page as it stands, a line for each element."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe is missing")
    # Colours are judged where nothing is on its way to another one.
    tab.wait_for_timeout(250)
    results = axe.Axe().run(
        tab, options={"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    )
    return [
        f"{found['id']}: {node['html'][:200]} {node['failureSummary'][:300]}"
        for found in results.response["violations"]
        for node in found["nodes"]
    ]
