"""Settings: an argument wins over the environment, that over the default; wrong values are named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.errors import SettingsInvalid
from assistant.settings import CHECKOUT, Settings


def test_the_defaults_are_the_documented_ones() -> None:
    assert Settings.load().model_dump() == {
        "index": "default",
        "indexes_dir": None,
        "corpus_dir": None,
        "embedding_model": "all-MiniLM-L6-v2",
        "retriever": "reranked",
        "accepted_risk": 0.05,
        "engine": "extractive",
        "emergency_number": "your local emergency number",
        "threads": 1,
        "history": True,
        "history_url": None,
        "user_header": None,
        "uploads": False,
        "upload_megabytes": 20,
        "email": None,
        "europepmc_url": "https://www.ebi.ac.uk/europepmc/webservices/rest",
        "pubmed_url": "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        "chat_model": None,
        "chat_base_url": None,
        "chat_api_key": None,
        "chat_seconds": 120,
        "chat_tokens": 800,
        "chat_retries": 2,
        "remote_models": True,
        "show_unsupported": False,
    }


def test_a_variable_wins_over_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_RETRIEVER", "dense")
    monkeypatch.setenv("ASSISTANT_THREADS", "4")
    settings = Settings.load()
    assert (settings.retriever, settings.threads) == ("dense", 4)


def test_an_argument_wins_over_a_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_RETRIEVER", "dense")
    assert Settings.load(retriever="lexical").retriever == "lexical"


def test_an_argument_of_none_leaves_the_variable_and_the_default(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX", "bees")
    settings = Settings.load(index=None, engine=None)
    assert (settings.index, settings.engine) == ("bees", "extractive")


def test_every_value_that_is_not_accepted_is_named_in_one_message() -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load(index="../up", threads=0)
    message = str(caught.value)
    assert "index is '../up': string should match pattern" in message
    assert "threads is 0: input should be greater than or equal to 1" in message
    assert message.endswith("Correct the option, or the ASSISTANT_* variable of that name.")


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "-option", "a b", "a" * 65, "a\n"])
def test_an_index_name_that_could_leave_the_folder_is_not_accepted(name: str) -> None:
    with pytest.raises(SettingsInvalid, match="Settings not accepted: index is "):
        Settings.load(index=name)


@pytest.mark.parametrize("name", ["default", "bees-2024", "A_b", "7", "a" * 64])
def test_an_index_name_is_letters_digits_hyphens_and_underscores(name: str) -> None:
    assert Settings.load(index=name).index == name


@pytest.mark.parametrize("threads", ["0", "65", "many", "1.5"])
def test_a_variable_that_is_not_accepted_is_an_error_of_ours(
    monkeypatch: pytest.MonkeyPatch, threads: str
) -> None:
    monkeypatch.setenv("ASSISTANT_THREADS", threads)
    with pytest.raises(SettingsInvalid, match=f"threads is '{threads}'"):
        Settings.load()


def test_a_misspelt_setting_is_not_passed_over() -> None:
    with pytest.raises(
        SettingsInvalid, match="retriver is 'dense': extra inputs are not permitted"
    ):
        Settings.load(retriver="dense")


KEY = "sk-do-not-show-me"


def test_a_key_is_in_no_text_of_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ASSISTANT_CHAT_API_KEY", KEY)
    settings = Settings.load()
    assert settings.chat_api_key is not None
    assert settings.chat_api_key.get_secret_value() == KEY
    for text in (repr(settings), str(settings), settings.model_dump_json()):
        assert KEY not in text


@pytest.mark.parametrize(
    "address",
    [
        f"https://me:{KEY}@models.example/v1",
        f"https://models.example/v1?key={KEY}",
        f"https://models.example/v1#{KEY}",
        f"{KEY}.models.example",
        f"file:///{KEY}",
        f"https://models.example/{KEY} /v1",
    ],
)
def test_an_address_with_a_key_in_it_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(SettingsInvalid, match="chat_base_url is not shown here: ") as caught:
        Settings.load(chat_base_url=address)
    assert KEY not in str(caught.value)


def test_a_key_of_the_wrong_type_is_not_repeated() -> None:
    with pytest.raises(SettingsInvalid) as caught:
        Settings.load(chat_api_key=[KEY])
    assert KEY not in str(caught.value)


def test_settings_cannot_be_changed_once_loaded() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings.load().index = "other"


def test_a_checkout_keeps_corpus_and_indexes_beside_the_package() -> None:
    settings = Settings.load()
    assert settings.corpus == CHECKOUT / "corpus"
    assert settings.indexes == CHECKOUT / "indexes"


def test_folders_that_are_set_are_used_as_they_are(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEXES_DIR", str(tmp_path / "built"))
    settings = Settings.load(corpus_dir=tmp_path / "notes")
    assert settings.corpus == tmp_path / "notes"
    assert settings.indexes == tmp_path / "built"
