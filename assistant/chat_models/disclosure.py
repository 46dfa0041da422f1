"""What a person is told before the first question: who gets what they write."""

from __future__ import annotations

from assistant.chat_models.asking import Chat


def disclosure(chat: Chat | None) -> str | None:
    """Which host receives what; None where nothing leaves this machine."""
    if chat is None or chat.local:
        return None
    return (
        f"A language model elsewhere phrases the answers: your questions, with those before them in a "
        f"conversation and the passages found for them, are sent to {chat.host} (model {chat.name})."
    )
