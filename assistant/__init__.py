"""Ask a corpus, get sentences with quotes that really stand in it.

from assistant import Assistant
print(Assistant.open().ask("What is dystrophic mineralization of the hip?").text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.errors import AssistantError
    from assistant.index.build import build_index
    from assistant.retrieval import (
        DenseRetriever,
        HybridRetriever,
        LexicalRetriever,
        RerankedRetriever,
    )
    from assistant.settings import Settings
    from assistant.types import Answer, Citation, Hit, Notice, Passage, Reference, Sentence, Turn

__version__ = "0.1.0"

# Imported when first used: `hip-assistant --help` must not wait for numpy or LangChain.
_HOME = {
    "Assistant": "assistant.assistant",
    "AssistantError": "assistant.errors",
    "build_index": "assistant.index.build",
    "DenseRetriever": "assistant.retrieval",
    "HybridRetriever": "assistant.retrieval",
    "LexicalRetriever": "assistant.retrieval",
    "RerankedRetriever": "assistant.retrieval",
    "Settings": "assistant.settings",
    "Answer": "assistant.types",
    "Citation": "assistant.types",
    "Hit": "assistant.types",
    "Notice": "assistant.types",
    "Passage": "assistant.types",
    "Reference": "assistant.types",
    "Sentence": "assistant.types",
    "Turn": "assistant.types",
}

__all__ = [
    "Answer",
    "Assistant",
    "AssistantError",
    "Citation",
    "DenseRetriever",
    "Hit",
    "HybridRetriever",
    "LexicalRetriever",
    "Notice",
    "Passage",
    "Reference",
    "RerankedRetriever",
    "Sentence",
    "Settings",
    "Turn",
    "build_index",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'assistant' has no attribute {name!r}")
    return getattr(import_module(_HOME[name]), name)
