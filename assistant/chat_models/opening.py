"""Settings -> a language model of LangChain's and where it is; nothing is sent.

Two providers have clients of our own making, so that nothing takes a detour: no redirect is
followed, and to a model on this machine no proxy is asked. Any other that `init_chat_model` knows is
opened as it comes and counts as being elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.chat_models.asking import Chat
from assistant.errors import ExtraMissing, SettingsInvalid
from assistant.settings import Settings

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

Options = dict[str, Any]

EXAMPLES = (
    "for example --chat-model ollama:llama3.1, --chat-model openai:gpt-4.1-mini, or for a server of "
    "your own --chat-model NAME --chat-base-url http://127.0.0.1:8080/v1"
)
# Sent where an address is set and no key: a key for one host, such as OPENAI_API_KEY, is not for another.
NO_KEY = "none"
# Where clients keep the address that they ask, most telling first.
ADDRESSES = ("base_url", "openai_api_base", "azure_endpoint", "anthropic_api_url", "endpoint_url")
# Ollama sends these on to its own servers although it runs here.
OLLAMA_CLOUD = re.compile(r"[-:]cloud$")


def open_chat(settings: Settings) -> Chat:
    """The model that the settings name, ready to be asked.

    Raises SettingsInvalid without a model, for one that is not known, and for one elsewhere where
    `remote_models` is false; ExtraMissing without its package.
    """
    if not (settings.chat_model or "").strip():
        raise SettingsInvalid(f"The engine llm needs a language model; name one, {EXAMPLES}.")
    provider, name = _named(str(settings.chat_model), settings.chat_base_url)
    model = opened(provider, name, settings)
    host = host_of(model, provider)
    require_allowed(name, host, settings)
    if is_local(host):
        model = opened(provider, name, settings, direct=True)
    return Chat(
        model,
        name=name,
        host=host,
        local=is_local(host),
        seconds=settings.chat_seconds,
        characters=settings.chat_tokens * CHARACTERS_PER_TOKEN,
        retries=settings.chat_retries,
    )


# No token of a usual vocabulary is longer on average: what a server sends beyond that is cut off.
CHARACTERS_PER_TOKEN = 8


def opened(
    provider: str | None, name: str, settings: Settings, *, direct: bool = False
) -> BaseChatModel:
    """LangChain's client; `direct` asks no proxy. Raises SettingsInvalid or ExtraMissing."""
    try:
        from langchain.chat_models import init_chat_model

        options = OPTIONS.get(provider or "", _options)(settings, direct)
        model: BaseChatModel = init_chat_model(name, model_provider=provider, **options)
        return model
    except ImportError as error:
        raise ExtraMissing(
            f"The model {name!r} needs a package that is not there. {_install(provider, error)}"
        ) from None
    except Exception as error:  # an unknown name and a missing key are told in many ways
        if "provider" in str(error).lower():
            raise SettingsInvalid(
                f"The model {name!r} is not known to LangChain's init_chat_model; accepted are "
                f"provider:model, or any name beside an address: {EXAMPLES}."
            ) from None
        # What the provider says is not repeated: it may hold the key.
        raise SettingsInvalid(
            f"The model {name!r} cannot be opened ({type(error).__name__}); most often its key is "
            "missing. Set the key with ASSISTANT_CHAT_API_KEY."
        ) from None


def require_allowed(name: str, host: str, settings: Settings) -> None:
    """Raises SettingsInvalid for a model elsewhere where the settings forbid such."""
    if not settings.remote_models and not is_local(host):
        raise SettingsInvalid(
            f"The model {name!r} is at {host}, and ASSISTANT_REMOTE_MODELS forbids models that are "
            "not on this machine. Accepted is one at 127.0.0.1 or localhost, for example: "
            "--chat-model ollama:llama3.1"
        )


def host_of(model: BaseChatModel, provider: str | None) -> str:
    """The host that gets what is sent, as the client itself has it; else the provider's name."""
    if OLLAMA_CLOUD.search(str(getattr(model, "model", ""))) and provider == "ollama":
        return "ollama.com"
    client = getattr(model, "root_async_client", None)
    ollama = getattr(getattr(model, "_async_client", None), "_client", None)
    for owner in (client, ollama, model):
        for name in ADDRESSES:
            if found := urlsplit(str(getattr(owner, name, "") or "")).hostname:
                return found
    return f"the servers of {provider or type(model).__name__}"


def is_local(host: str) -> bool:
    """True for this machine: what is sent there does not leave it."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _named(name: str, base_url: str | None) -> tuple[str | None, str]:
    """Provider and model; beside an address, a name without a provider is OpenAI-compatible."""
    provider, colon, model = name.strip().partition(":")
    if colon and model and (provider in OPTIONS or not base_url):
        return provider, model
    return ("openai" if base_url else None), name.strip()


def _openai(settings: Settings, direct: bool) -> Options:
    import openai

    options = _options(settings, direct) | {
        "http_async_client": openai.DefaultAsyncHttpxClient(
            follow_redirects=False, trust_env=not direct, timeout=settings.chat_seconds
        )
    }
    if settings.chat_base_url:
        # The Responses API is OpenAI's own; other servers speak chat completions.
        options |= {"use_responses_api": False, "api_key": settings.chat_api_key or NO_KEY}
    return options


def _ollama(settings: Settings, direct: bool) -> Options:
    client: Options = {
        "timeout": settings.chat_seconds,
        "follow_redirects": False,
        "trust_env": not direct,
    }
    if settings.chat_api_key or settings.chat_base_url:
        key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else NO_KEY
        client["headers"] = {"authorization": f"Bearer {key}"}
    return {
        "base_url": settings.chat_base_url,
        "temperature": 0,
        "num_predict": settings.chat_tokens,
        "client_kwargs": client,
    }


def _options(settings: Settings, direct: bool) -> Options:
    """What LangChain's clients have in common; retries are made in `asking`, alike for all."""
    options: Options = {
        "temperature": 0,
        "max_tokens": settings.chat_tokens,
        "timeout": settings.chat_seconds,
        "max_retries": 0,
    }
    if settings.chat_base_url:
        options["base_url"] = settings.chat_base_url
    if settings.chat_api_key:
        options["api_key"] = settings.chat_api_key
    return options


OPTIONS: dict[str, Callable[[Settings, bool], Options]] = {"openai": _openai, "ollama": _ollama}


def _install(provider: str | None, error: ImportError) -> str:
    if provider in OPTIONS or provider is None:
        return "Install it with: pip install 'hip-assistant[llm]'"
    found = re.search(r"pip install [\w-]+", str(error))
    return f"Install it with: {found[0] if found else f'pip install langchain-{provider}'}"
