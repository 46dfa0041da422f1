"""The settings, all in one place: an argument wins over an ASSISTANT_* variable, that over the default."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import SettingsInvalid

PACKAGE = Path(__file__).resolve().parent
CHECKOUT = PACKAGE.parent
# What may hold a key is not repeated when it is refused.
SECRET = ("chat_api_key", "chat_base_url")


class Settings(BaseSettings):
    """Where things lie and how to search; `Settings.load()` reads the environment."""

    model_config = SettingsConfigDict(env_prefix="ASSISTANT_", extra="forbid", frozen=True)

    index: str = Field("default", pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$")
    indexes_dir: Path | None = None
    corpus_dir: Path | None = None
    embedding_model: str = "all-MiniLM-L6-v2"
    retriever: str = "reranked"
    accepted_risk: float = Field(0.05, ge=0.01, le=0.5)
    engine: str = "extractive"
    emergency_number: str = "your local emergency number"
    threads: int = Field(1, ge=1, le=64)
    history: bool = True
    history_url: str | None = None
    user_header: str | None = Field(None, pattern=r"^[A-Za-z0-9-]+$")
    uploads: bool = False
    upload_megabytes: int = Field(20, ge=1, le=300)
    email: str | None = None
    europepmc_url: str = "https://www.ebi.ac.uk/europepmc/webservices/rest"
    pubmed_url: str = "https://eutils.ncbi.nlm.nih.gov/entrez/eutils"
    chat_model: str | None = None
    chat_base_url: str | None = None
    chat_api_key: SecretStr | None = None
    chat_seconds: float = Field(120, gt=0, le=3600)
    chat_tokens: int = Field(800, ge=16, le=32_000)
    chat_retries: int = Field(2, ge=0, le=10)
    remote_models: bool = True
    show_unsupported: bool = False

    @field_validator("chat_base_url")
    @classmethod
    def _is_plain_address(cls, value: str | None) -> str | None:
        """Keys have their own setting: an address is shown to people."""
        if value is not None and not re.fullmatch(r"https?://[^\s/?#@]+(/[^\s?#@]*)?", value):
            raise ValueError("not an http(s) address without a name, a key or a query in it")
        return value

    @classmethod
    def load(cls, **arguments: object) -> Settings:
        """The settings with `arguments` (those that are not None) over the environment.

        Raises SettingsInvalid naming every value that is not accepted.
        """
        try:
            return cls(**{name: value for name, value in arguments.items() if value is not None})  # type: ignore[arg-type]
        except ValidationError as error:
            wrong = "; ".join(
                f"{'.'.join(map(str, e['loc']))} is {_shown(e['loc'], e['input'])}: {e['msg'].lower()}"
                for e in error.errors()
            )
            raise SettingsInvalid(
                f"Settings not accepted: {wrong}. "
                "Correct the option, or the ASSISTANT_* variable of that name."
            ) from None

    @property
    def corpus(self) -> Path:
        """The corpus folder: the one set, the checkout's, else the one inside the wheel."""
        if self.corpus_dir is not None:
            return self.corpus_dir
        return CHECKOUT / "corpus" if in_checkout() else PACKAGE / "_corpus"

    @property
    def indexes(self) -> Path:
        """The folder of indexes: the one set, the checkout's, else the user's data folder."""
        if self.indexes_dir is not None:
            return self.indexes_dir
        if in_checkout():
            return CHECKOUT / "indexes"
        return _user_data() / "indexes"

    @property
    def history_database(self) -> str:
        """The URL of the database of conversations: the one set, else a file of the user's data.

        Never in a checkout: what people ask is not derived, and outlives what is built.
        """
        return self.history_url or f"sqlite:///{_user_data() / 'history.sqlite'}"


def _shown(place: tuple[int | str, ...], value: object) -> str:
    return "not shown here" if set(place) & set(SECRET) else repr(value)


def in_checkout() -> bool:
    """True when the package is imported from a checkout, as an editable install does."""
    return (CHECKOUT / "pyproject.toml").is_file() and (CHECKOUT / "corpus").is_dir()


def _user_data() -> Path:
    from platformdirs import user_data_path

    return user_data_path("hip-assistant", appauthor=False)
