"""Fixtures that tests share: the exported model, the checkout's index, and small indexes at will."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from filelock import FileLock

from assistant.assistant import Assistant
from assistant.history.history import History
from assistant.index.build import build_index
from assistant.onnx_export import exported_default
from assistant.settings import CHECKOUT, Settings
from tests.browsing import reset, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from assistant.web.service import Service

Tiny = Callable[..., Assistant]


@pytest.fixture(scope="session", autouse=True)
def plain_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of the person who runs the tests reaches them: no ASSISTANT_* variable, no history."""
    with pytest.MonkeyPatch.context() as environment:
        for name in [name for name in os.environ if name.upper().startswith("ASSISTANT_")]:
            environment.delenv(name)
        environment.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


def _one_at_a_time() -> FileLock:
    """Tests that run side by side share the checkout's model and index."""
    return FileLock(CHECKOUT / "indexes" / "tests.lock")


@pytest.fixture(scope="session")
def models() -> Path:
    """The checkout's folder of exported models, with the default model in it."""
    folder = CHECKOUT / "indexes" / "models"
    with _one_at_a_time():
        exported_default(folder)
    return folder


@pytest.fixture(scope="session")
def settings(models: Path) -> Settings:
    """The settings of the checkout, its default index built where missing or out of date."""
    settings = Settings.load(corpus_dir=CHECKOUT / "corpus", indexes_dir=models.parent)
    with _one_at_a_time():
        build_index(settings=settings)
    return settings


@pytest.fixture(scope="session")
def assistant(settings: Settings) -> Assistant:
    """Over the checkout's own corpus."""
    return Assistant.open(settings=settings)


@pytest.fixture(scope="session")
def tiny(models: Path, tmp_path_factory: pytest.TempPathFactory) -> Tiny:
    """`tiny({"bees.md": "..."}, retriever="dense")`: an Assistant over a corpus of those files."""

    def opened(files: dict[str, str], **settings: object) -> Assistant:
        home = tmp_path_factory.mktemp("tiny")
        for name, text in files.items():
            path = home / "corpus" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        (home / "indexes").mkdir()
        (home / "indexes" / "models").symlink_to(models, target_is_directory=True)
        chosen = Settings.load(corpus_dir=home / "corpus", indexes_dir=home / "indexes", **settings)
        build_index(settings=chosen)
        return Assistant.open(settings=chosen)

    return opened


@dataclass(frozen=True)
class Served:
    """A server with page, API and MCP server, and the service behind it."""

    url: str
    service: Service


def free_port() -> int:
    """A port of this machine that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def served(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """Over the checkout's own corpus, on loopback, with a history of its own."""
    from assistant.web.server import start
    from assistant.web.service import Service

    file = tmp_path_factory.mktemp("served") / "history.sqlite"
    with History.open(f"sqlite:///{file}") as history:
        service = Service(assistant, history)
        running = start(service, port=free_port())
        yield Served(running.url, service)
        running.close()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Debian's Chromium; the tests that need it are skipped without it.

    One for each module: while it runs, Playwright's event loop keeps others from running.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is not installed: apt-get install chromium")
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with playwright.sync_playwright() as started:
        launched = started.chromium.launch(executable_path=chromium, args=arguments)
        yield launched
        launched.close()


@contextmanager
def opened(browser: Browser, address: str, **options: object) -> Iterator[Page]:
    """The page in a browser of its own; afterwards no request has left loopback, no script has failed."""
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, **options})  # type: ignore[arg-type]
    context.set_default_timeout(20_000)
    tab = context.new_page()
    hosts: set[str | None] = set()
    failures: list[str] = []
    tab.on("request", lambda request: hosts.add(urlsplit(request.url).hostname))
    tab.on("pageerror", lambda error: failures.append(str(error)))
    tab.on(
        "console",
        lambda said: failures.append(said.text) if "js_on_load" in said.text else None,
    )
    visit(tab, address)
    yield tab
    context.close()
    assert hosts - {None} == {"127.0.0.1"}  # None: data: and blob:
    assert failures == []


@pytest.fixture(scope="module")
def shared_tab(browser: Browser, served: Served) -> Iterator[Page]:
    """The page over the checkout's own corpus; loading it anew for each test would take a second each."""
    with opened(browser, served.url) as page:
        yield page


@pytest.fixture
def tab(shared_tab: Page) -> Page:
    """The page with an empty conversation; its visitor may have earlier ones."""
    reset(shared_tab)
    return shared_tab


@pytest.fixture
def visitor(browser: Browser, served: Served) -> Iterator[Page]:
    """The page, opened by somebody who was never here."""
    with opened(browser, served.url) as page:
        yield page
