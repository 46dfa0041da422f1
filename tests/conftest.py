"""Fixtures that tests share: the exported model, the checkout's index, and small indexes at will."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from assistant.assistant import Assistant
from assistant.history.history import History
from assistant.index.build import build_index
from assistant.onnx_export import exported_default
from assistant.settings import CHECKOUT, Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser

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


@pytest.fixture(scope="session")
def models() -> Path:
    """The checkout's folder of exported models, with the default model in it."""
    folder = CHECKOUT / "indexes" / "models"
    exported_default(folder)
    return folder


@pytest.fixture(scope="session")
def settings(models: Path) -> Settings:
    """The settings of the checkout, its default index built where missing or out of date."""
    settings = Settings.load(corpus_dir=CHECKOUT / "corpus", indexes_dir=models.parent)
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
