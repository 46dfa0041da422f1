"""Times the page in a real browser: `python -m evals.bench.page`.

From `hip-assistant web` saying that it listens to a page that can be asked; what the page weighs;
from Enter to the first sentence that is seen, over different questions on a warm server. Needs the
extra `test` and Debian's Chromium.
"""

from __future__ import annotations

import argparse
import shutil
import socket
from statistics import median, quantiles
from time import perf_counter
from typing import TYPE_CHECKING

from evals.bench.served import questions, served

if TYPE_CHECKING:
    from playwright.sync_api import Page

ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
# In the page, so that nothing between browser and bench is timed: painted means two frames later.
TIMER = """() => {
  document.querySelector("#question textarea").addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    const start = performance.now();
    window.first = null;
    const watch = new MutationObserver(() => {
      if (!document.querySelector(".exchange .sentences .quoted, .exchange .abstained p")) return;
      watch.disconnect();
      requestAnimationFrame(() => requestAnimationFrame(() => {
        window.first = performance.now() - start;
      }));
    });
    watch.observe(document.querySelector("#conversation"), { childList: true, subtree: true });
  }, { capture: true });
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--questions", type=int, default=30)
    count = parser.parse_args().questions
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        browser = started.chromium.launch(executable_path=shutil.which("chromium"), args=ARGUMENTS)
        with served(port) as address:
            listens = perf_counter()
            tab = browser.new_page()
            weight = _weighed(tab)
            tab.goto(address)
            tab.wait_for_selector(".welcome")
            tab.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
            ready = perf_counter() - listens
            print(f"page ready {ready:.2f} s after the command says that it listens")
            print(
                f"page weight: {weight['bytes'] / 1e6:.2f} MB over the wire in "
                f"{weight['requests']} requests"
            )
            seconds = perf_counter()
            tab.reload()
            tab.wait_for_function("document.activeElement.tagName === 'TEXTAREA'")
            print(f"page ready again, warm: {perf_counter() - seconds:.2f} s")
            times = _asked(tab, questions()[: count + 1])[1:]  # the first opens things
        browser.close()
    p95 = quantiles(times, n=20)[-1]
    print(
        f"first sentence seen after Enter, {len(times)} questions: median {median(times):.0f} ms, "
        f"p95 {p95:.0f} ms"
    )


def _weighed(tab: Page) -> dict[str, int]:
    """Counts requests and the bytes that come over the wire for them."""
    weight = {"bytes": 0, "requests": 0}
    session = tab.context.new_cdp_session(tab)
    session.send("Network.enable")

    def finished(event: dict[str, float]) -> None:
        weight["bytes"] += int(event["encodedDataLength"])
        weight["requests"] += 1

    session.on("Network.loadingFinished", finished)
    return weight


def _asked(tab: Page, asked: list[str]) -> list[float]:
    """Milliseconds from Enter to the first sentence, for each question in a conversation of its own."""
    tab.evaluate(TIMER)
    times = []
    for question in asked:
        tab.locator("#question textarea").fill(question)
        tab.keyboard.press("Enter")
        tab.wait_for_function("window.first !== null && window.first !== undefined")
        times.append(float(tab.evaluate("window.first")))
        tab.locator(".exchange .sure").wait_for()
        tab.wait_for_timeout(
            1_000
        )  # suggestions are checked meanwhile; the next comes to a warm server
        tab.locator("#new").click()
        tab.wait_for_selector(".welcome")
        tab.evaluate("window.first = null")
    return times


if __name__ == "__main__":
    main()
