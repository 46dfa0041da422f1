"""Looks whether everything that answering needs is there and readable, and says what mends it."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import Any

from assistant.errors import AssistantError
from assistant.settings import Settings

PACKAGES = (
    "hip-assistant",
    "langchain-core",
    "chromadb",
    "bm25s",
    "onnxruntime",
    "sentence-transformers",
    "torch",
    "gradio",
    "fastapi",
    "SQLAlchemy",
)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `state` says what was found and, if not ok, what to do."""

    subject: str
    ok: bool
    state: str

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)


def examine(settings: Settings) -> list[Finding]:
    """Every finding, also when some of them are problems; changes nothing."""
    return [
        *_packages(),
        _tried("model weights", lambda: _weights(settings)),
        _tried("corpus", lambda: _corpus(settings)),
        *_index(settings),
        _tried("engine", lambda: _engine(settings)),
        _tried("history", lambda: _history(settings)),
        _uploads(settings),
        _mcp(),
    ]


def _packages() -> Iterator[Finding]:
    yield Finding("python", True, platform.python_version())
    for name in PACKAGES:
        try:
            yield Finding(name, True, metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, False, f"not installed; run: pip install {name}")


def _tried(subject: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(subject, True, look())
    except AssistantError as error:
        return Finding(subject, False, str(error))


def _weights(settings: Settings) -> str:
    from assistant.embeddings import DEFAULT_MODEL
    from assistant.onnx_export import weights_folder

    if settings.embedding_model != DEFAULT_MODEL:
        return f"{settings.embedding_model}, loaded by sentence-transformers"
    weights_folder()
    return f"{DEFAULT_MODEL}, as published"


def _corpus(settings: Settings) -> str:
    from assistant.sources import load_corpus

    return f"{len(load_corpus(settings.corpus)):,} documents in {settings.corpus}"


def _engine(settings: Settings) -> str:
    """The engine; of a language model where it is, without asking it anything."""
    if settings.engine != "llm":
        return settings.engine
    from assistant.chat_models.opening import open_chat

    chat = open_chat(settings)
    place = "on this machine" if chat.local else "elsewhere: it receives questions and passages"
    return f"llm, the model {chat.name} at {chat.host}, {place}"


def _index(settings: Settings) -> Iterator[Finding]:
    from assistant.assistant import Assistant
    from assistant.index.layout import damaged_files

    try:
        # Whatever engine is set: a model that cannot be opened is a finding of its own.
        assistant = Assistant.open(settings=settings.model_copy(update={"engine": "extractive"}))
    except AssistantError as error:
        yield Finding("index", False, str(error))
        return
    index = assistant.index
    remedy = f"Build it again with: hip-assistant index --index {index.name} --force"
    damaged = damaged_files(index.folder, index.manifest)
    if damaged:
        yield Finding("index", False, f"damaged: {', '.join(damaged)}. {remedy}")
        return
    counts = f"{len(index.documents):,} documents, {len(index.passages):,} passages"
    yield Finding("index", True, f"{counts} in {index.folder}")
    found = assistant.retrieve("calcification", k=1)
    yield Finding("search", bool(found), f"answers from generation {index.manifest.generation}")
    if index.store is None:
        # Answers are the same without it, so this is no problem.
        state = f"cannot be opened; exact search is used instead. {remedy}"
    else:
        state = "holds the index's vectors"
    yield Finding("chroma", True, state)


def _history(settings: Settings) -> str:
    from assistant.history.history import state_of

    return state_of(settings)


def _uploads(settings: Settings) -> Finding:
    allowed = f"allowed, up to {settings.upload_megabytes} MB a file"
    return Finding("uploads", True, allowed if settings.uploads else "not allowed")


def _mcp() -> Finding:
    try:
        return Finding("mcp", True, metadata.version("mcp"))
    except metadata.PackageNotFoundError:
        # Nothing else needs it.
        state = "not installed, so there is no MCP server; pip install 'hip-assistant[mcp]'"
        return Finding("mcp", True, state)
