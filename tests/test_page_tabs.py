"""The library and the evaluation, in a real browser: table, works, map, upload; report and run."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from assistant.settings import Settings
from assistant.web import strings
from assistant.web.library import upload_report
from assistant.web.server import start
from assistant.web.service import Service
from assistant.web.working import Done, Step, steps
from assistant.web.works import PAGE, Query
from tests.browsing import ask, focused, open_tab
from tests.conftest import Tiny, free_port, opened

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assistant.assistant import Assistant

pytestmark = pytest.mark.browser

FORM = "---\ntitle: {}\ntype: review\n---\n\n## Findings\n\n- {}\n"
BEES = FORM.format("Bees", "The waggle dance of bees shows where flowers are.")
WASPS = FORM.format("Wasps", "Wasps build nests of paper.")


@pytest.fixture
def library(tab: Page) -> Page:
    open_tab(tab, strings.TABS["library"])
    tab.locator("#library tbody tr").first.wait_for()
    return tab


def told(tab: Page, words: str) -> None:
    tab.locator("#library .left", has_text=words).wait_for()


# --- 6. library ---


def test_the_table_is_searched_filtered_and_paged(library: Page, assistant: Assistant) -> None:
    works = assistant.index.documents
    told(library, f"1 to {PAGE} of {len(works)} works")
    library.get_by_role("button", name=strings.NEXT).click()
    told(library, f"{PAGE + 1} to {2 * PAGE} of {len(works)} works")
    guidelines = [w for w in works.values() if w["evidence_level"] == "guideline"]
    library.locator("#library-filters select[name=level]").select_option("guideline")
    told(library, f"1 to {len(guidelines)} of {len(guidelines)} works")
    assert set(library.locator("#library td.level").all_inner_texts()) == {"guideline"}
    library.locator("#library-filters select[name=level]").select_option("")
    library.get_by_label(strings.LIBRARY_SEARCH).press_sequentially("hua 2019")
    told(library, "1 to 1 of 1 works")
    library.get_by_label(strings.LIBRARY_SEARCH).press_sequentially(" xylophone")
    library.get_by_text(strings.LIBRARY_NONE).wait_for()


def test_the_table_is_sorted_both_ways(library: Page, assistant: Assistant) -> None:
    years = sorted(w["year"] for w in assistant.index.documents.values() if w.get("year"))
    head = library.locator("#library th.year")
    head.get_by_role("button").click()
    library.locator("#library th.year[aria-sort=ascending]").wait_for()
    head.get_by_role("button").click()
    library.locator("#library th.year[aria-sort=descending]").wait_for()
    assert library.locator("#library td.year").first.inner_text() == str(years[-1])
    library.locator("#library th.level").get_by_role("button").click()
    library.locator("#library th.level[aria-sort=ascending]").wait_for()
    assert library.locator("#library td.level").first.inner_text() == "guideline"


def test_a_work_opens_with_its_notes(library: Page, assistant: Assistant) -> None:
    library.get_by_label(strings.LIBRARY_SEARCH).press_sequentially("hua 2019")
    told(library, "1 to 1 of 1 works")
    library.locator("#library .link").click()
    dialog = library.get_by_role("dialog")
    dialog.wait_for()
    work = assistant.index.documents["hua-2019"]
    assert dialog.locator("h2").inner_text() == work["title"]
    assert work["doi"] in dialog.locator(".links").inner_text()
    notes = [p.text for p in assistant.index.passages if p.document_id == "hua-2019"]
    shown = dialog.locator(".text > p:not([class])").all_inner_texts()
    assert shown == notes
    library.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_the_map_leads_to_the_works_behind_a_disc(library: Page, assistant: Assistant) -> None:
    works = [
        w
        for w in assistant.index.documents.values()
        if "shock-waves" in w.get("topics", ()) and w["evidence_level"] == "systematic review"
    ]
    library.get_by_text(strings.MAP, exact=True).click()
    disc = library.locator("[data-topic='shock-waves'][data-level='systematic review']")
    assert f"of {len(works)} works: shock-waves, systematic review" in str(
        disc.get_attribute("aria-label")
    )
    # One stop for the keyboard; the arrow keys walk from disc to disc.
    stops = library.locator(".discs >> nth=0").locator(".disc[tabindex='0']")
    assert stops.count() == 1
    stops.focus()
    first = focused(library, "it.ariaLabel")
    library.keyboard.press("ArrowRight")
    assert focused(library, "it.matches('.disc[tabindex=\"0\"]')")
    assert focused(library, "it.ariaLabel") != first
    disc.click()
    told(library, f"1 to {len(works)} of {len(works)} works")


def test_where_the_operator_does_not_allow_it_nothing_can_be_added(library: Page) -> None:
    assert library.get_by_text(strings.UPLOAD_OFF).is_visible()
    assert library.locator("input[type=file]").count() == 0


def test_a_source_is_added_with_progress_and_quoted_at_once(
    browser: Browser, tiny: Tiny, tmp_path: Path
) -> None:
    (tmp_path / "wasps.md").write_text(WASPS, encoding="utf-8")
    (tmp_path / "wasps.exe").write_bytes(b"MZ")
    service = Service(tiny({"bees.md": BEES}, uploads=True, accepted_risk=0.5))
    running = start(service, port=free_port())
    with opened(browser, running.url) as tab:
        open_tab(tab, strings.TABS["library"])
        told(tab, "1 to 1 of 1 works")
        tab.get_by_label(strings.UPLOAD_FILE).set_input_files(tmp_path / "wasps.exe")
        tab.get_by_role("button", name=strings.UPLOAD_START).click()
        error = tab.locator("#upload-report .error")
        error.wait_for()
        assert "this format is not read" in error.inner_text()
        tab.evaluate(
            """() => {
            window.seen = new Set();
            new MutationObserver(() => {
              if (document.querySelector("#upload-report progress")) window.seen.add("progress");
            }).observe(document.body, {childList: true, subtree: true});
            }"""
        )
        tab.get_by_label(strings.UPLOAD_FILE).set_input_files(tmp_path / "wasps.md")
        tab.get_by_role("button", name=strings.UPLOAD_START).click()
        tab.locator("#upload-report .done").wait_for()
        assert "wasps.md was added: 1 work." in tab.locator("#upload-report").inner_text()
        assert tab.evaluate("[...window.seen]") == ["progress"]
        told(tab, "1 to 2 of 2 works")
        open_tab(tab, strings.TABS["ask"])
        ask(tab, "What do wasps build?")
        assert tab.locator(".sentences .quoted").inner_text() == "Wasps build nests of paper."
        tab.reload()
        tab.locator("#masthead .facts", has_text="2 works").wait_for()
    running.close()


def test_only_a_file_that_was_sent_can_be_added(tmp_path: Path) -> None:
    from assistant.errors import SourceRefused
    from assistant.web.library import _sent

    secret = tmp_path / "secret.md"
    secret.write_text("secret", encoding="utf-8")
    with pytest.raises(SourceRefused):
        _sent(str(secret))


@pytest.mark.parametrize("asked", [{}, {"sort": "nothing", "since": "now", "offset": "-1"}])
def test_what_is_no_query_is_the_plain_one(asked: dict[str, Any]) -> None:
    assert Query.of(asked) == Query()


def test_long_work_tells_its_newest_step_and_raises_what_it_raises() -> None:
    def slow(progress: Callable[[str, int, int], None]) -> str:
        progress("reading", 1, 2)
        progress("reading", 2, 2)
        time.sleep(0.3)
        return "read"

    assert list(steps(slow)) == [Step("reading", 2, 2), Done("read")]
    with pytest.raises(ZeroDivisionError):
        list(steps(lambda progress: 1 / 0))


def test_a_report_on_an_upload_shows_names_as_text() -> None:
    class Added:
        name, works, left_out, documents, passages = "<b>.md", ("<i>",), ("<u>",), 2, 3

    assert "<b>" not in upload_report(Added()) and "<i>" not in upload_report(Added())


# --- 7. evaluation ---


def test_the_suite_runs_with_progress_and_its_report_is_shown(
    browser: Browser,
    assistant: Assistant,
    settings: Settings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import evals.report
    import evals.run

    # Few cases, and reports where those of the checkout are not touched.
    whole = evals.run.run_hip
    monkeypatch.setattr(evals.report, "reports_folder", lambda settings: tmp_path)
    monkeypatch.setattr(
        evals.run,
        "run_hip",
        lambda settings, progress: whole(settings, limit=6, reports=tmp_path, progress=progress),
    )
    running = start(Service(assistant), port=free_port())
    with opened(browser, running.url) as tab:
        open_tab(tab, strings.TABS["evaluation"])
        tab.get_by_text(strings.EVALUATION_NONE).wait_for()
        tab.get_by_role("button", name=strings.EVALUATION_RUN).click()
        tab.locator("#evaluation-progress progress").wait_for()
        tab.locator("#evaluation .plot svg").first.wait_for(timeout=60_000)
        assert tab.locator("#evaluation-progress .error").count() == 0
        report = evals.report.read("latest", tmp_path)
        assert report["run"]["id"] in tab.locator("#evaluation").inner_text()
        assert tab.get_by_role("img", name="Risk and coverage").is_visible()
        tab.locator("#evaluation figure summary").first.click()
        assert tab.locator("#evaluation figure table").first.is_visible()
        assert tab.locator("#evaluation .cases details").count() > 0
        figures = tab.get_by_role("region", name=strings.EVALUATION_FIGURES).locator("tbody tr")
        assert figures.count() == len(report["figures"])
    running.close()
