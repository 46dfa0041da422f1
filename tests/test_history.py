"""Conversations come back as they were, to their owner alone, and are gone when they are deleted."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from assistant.assistant import Assistant
from assistant.errors import (
    AnswerDamaged,
    AssistantError,
    ConversationInvalid,
    FeedbackInvalid,
    HistoryUnusable,
)
from assistant.history.answers import contract, kept, restored
from assistant.history.conversations import owner_of
from assistant.history.feedback import REASONS, Opinion
from assistant.history.history import History, open_history, state_of
from assistant.rendering import answer_text
from assistant.settings import Settings
from assistant.types import (
    Answer,
    Citation,
    Hit,
    IndexInfo,
    Notice,
    Passage,
    Reference,
    Sentence,
    Side,
)

ADA, BEN = owner_of(user="ada"), owner_of(user="ben")
INDEX = IndexInfo("default", "0d76d83eb707", "0d76d83eb707c1", "2024")


def bee_answer(question: str = "Why smoke?", text: str = "Smoke calms bees.") -> Answer:
    passage = Passage("smoke#1", "smoke", ("Smoke > fire", "Abstract"), f"{text} They rest.", 100)
    sentence = Sentence(text, (Citation(1, passage, 100, 100 + len(text)),))
    return Answer(
        question=question,
        query=question,
        engine="extractive",
        sentences=(sentence,),
        notices=(),
        references=(
            Reference(1, "smoke", "Smoke", ("Wax A",), 2019, None, None, None, None, "x", "y", "z"),
        ),
        hits=(Hit(1, passage, 0.9),),
        index=INDEX,
        timings_ms={"total": 1.5},
    )


# --- an answer as JSON ---

WORDS = st.text(st.characters(codec="utf-8"), max_size=20)
LINES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=40)
MAYBE = st.none() | WORDS
SHARES = st.floats(0, 1)


@st.composite
def citations(draw: st.DrawFn, passages: list[Passage]) -> Citation:
    passage = draw(st.sampled_from(passages))
    start = draw(st.integers(passage.start, passage.end - 1))
    return Citation(
        draw(st.integers(1, 9)), passage, start, draw(st.integers(start + 1, passage.end))
    )


@st.composite
def answers(draw: st.DrawFn) -> Answer:
    """Any answer that can be built, over passages whose ids differ."""
    passages = [
        Passage(f"p{number}", draw(WORDS), tuple(draw(st.lists(WORDS, max_size=3))), text, start)
        for number, (text, start) in enumerate(
            draw(st.lists(st.tuples(LINES, st.integers(0, 9999)), min_size=1, max_size=4))
        )
    ]
    passages[0] = replace(passages[0], rests_on=tuple(p.id for p in passages[1:]))
    cited = st.lists(citations(passages), min_size=1, max_size=3).map(tuple)
    sentences = st.builds(Sentence, LINES, cited, MAYBE, MAYBE, SHARES)
    several = st.lists(sentences, min_size=1, max_size=3).map(tuple)
    sides = st.none() | st.lists(st.builds(Side, WORDS, several), max_size=2).map(tuple)
    notices = st.builds(
        Notice,
        st.sampled_from(["urgent", "disagreement", "scope"]),
        WORDS,
        st.just(()) | cited,
        sides,
    )
    years, authors = st.none() | st.integers(1800, 2100), st.lists(WORDS, max_size=3).map(tuple)
    references = st.builds(
        Reference, st.integers(1, 9), WORDS, WORDS, authors, years, *[MAYBE] * 4, *[WORDS] * 3
    )
    said = draw(st.just(()) | several)
    return Answer(
        question=draw(WORDS),
        query=draw(WORDS),
        engine=draw(WORDS),
        sentences=said,
        notices=tuple(draw(st.lists(notices, max_size=3))),
        references=tuple(draw(st.lists(references, max_size=3))),
        hits=tuple(
            Hit(rank, passage, draw(SHARES)) for rank, passage in enumerate(passages, start=1)
        ),
        index=draw(st.builds(IndexInfo, WORDS, WORDS, WORDS, WORDS)),
        reason=None if said else draw(LINES),
        probability=draw(st.none() | SHARES),
        timings_ms=draw(st.dictionaries(WORDS, st.floats(0, 1e6), max_size=3)),
    )


@given(answers())
def test_any_answer_comes_back_from_json_as_it_was(answer: Answer) -> None:
    again = restored(json.loads(json.dumps(kept(answer))))
    assert again == answer
    assert again.timings_ms == answer.timings_ms  # left out when answers are compared
    assert again.to_dict() == answer.to_dict()


def test_a_real_answer_is_shown_as_before_after_it_was_kept(assistant: Assistant) -> None:
    for question in ("Do bisphosphonates help?", "Who won the football world cup in 1998?"):
        answer = assistant.ask(question)
        again = restored(json.loads(json.dumps(kept(answer))))
        assert again == answer
        assert answer_text(again) == answer_text(answer)


def test_what_is_kept_is_the_contract_and_the_passages(assistant: Assistant) -> None:
    answer = assistant.ask("Do bisphosphonates help?")
    record = kept(answer)
    assert contract(record) == answer.to_dict()
    ids = [passage["id"] for passage in record["passages"]]
    assert len(ids) == len(set(ids)) and {hit.passage.id for hit in answer.hits} <= set(ids)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"schema": 2}, "schema 2"),
        ({"passages": []}, "cannot be read"),
        ({"sentences": []}, "sentences, or else a reason"),
        ({"index": {"name": "x"}}, "cannot be read"),
    ],
)
def test_a_record_that_is_not_whole_is_refused(change: dict[str, object], said: str) -> None:
    with pytest.raises(AnswerDamaged, match=said):
        restored(kept(bee_answer()) | change)


def test_a_quote_that_its_passage_does_not_hold_is_refused() -> None:
    record = kept(bee_answer())
    record["sentences"][0]["citations"][0]["quote"] = "Smoke angers bees"
    with pytest.raises(AnswerDamaged, match="a quote does not stand in its passage smoke#1"):
        restored(record)


# --- databases ---


@pytest.fixture(scope="session")
def postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The URL of a PostgreSQL server of its own; the tests that need one are skipped without."""
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    programs = [shutil.which("initdb"), shutil.which("postgres")]
    programs = [
        found or next(map(str, Path("/usr/lib/postgresql").glob(f"*/bin/{name}")), None)
        for found, name in zip(programs, ("initdb", "postgres"), strict=True)
    ]
    if None in programs:
        pytest.skip("PostgreSQL is not installed")
    initdb, postgres = map(str, programs)
    home = tmp_path_factory.mktemp("postgresql")
    # The server refuses to run as root.
    user: dict[str, object] = {}
    if os.geteuid() == 0:
        import pwd

        try:
            account = pwd.getpwnam("postgres")
        except KeyError:
            pytest.skip("PostgreSQL does not run as root, and there is no account for it")
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        home = Path("/tmp") / f"history-test-{os.getpid()}"  # where that account may look
        home.mkdir(mode=0o700)
        os.chown(home, account.pw_uid, account.pw_gid)
    quiet: dict[str, object] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    data = home / "data"
    subprocess.run(
        [initdb, "-D", data, "-U", "hip", "--auth=trust", "-E", "UTF8", "--no-sync"],
        check=True, cwd="/", **user, **quiet,  # type: ignore[call-overload]
    )  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = subprocess.Popen(
        [postgres, "-D", data, "-p", str(port), "-h", "127.0.0.1", "-k", "", "-F"],
        cwd="/", **user, **quiet,  # type: ignore[call-overload]
    )  # fmt: skip
    url = f"postgresql://hip@127.0.0.1:{port}/postgres"
    try:
        _wait_for(lambda: create_engine(url).connect().close())
        yield url
    finally:
        server.send_signal(2)
        server.wait(20)
        shutil.rmtree(home, ignore_errors=True)


def _wait_for(attempt: Callable[[], None]) -> None:
    for _ in range(100):
        try:
            return attempt()
        except Exception:
            time.sleep(0.1)
    return attempt()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/deep/history.sqlite"
    server = str(request.getfixturevalue("postgresql"))
    with create_engine(server).begin() as connection:
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    return server


@pytest.fixture
def history(url: str) -> Iterator[History]:
    opened = History.open(url)
    yield opened
    opened.close()


@pytest.fixture
def sqlite(tmp_path: Path) -> Path:
    return tmp_path / "history.sqlite"


def titles(history: History, owner: str, words: str = "") -> list[str]:
    return [found.title for found in history.conversations(owner, words)]


def test_a_conversation_comes_back_whole_after_a_restart(history: History, url: str) -> None:
    first, second = bee_answer(), bee_answer("Do they sleep?", "Bees sleep at night.")
    chat = history.start(ADA, first.question)
    for answer in (first, second):
        history.add(ADA, chat, answer)
    history.close()
    again = History.open(url).conversation(ADA, chat)
    assert again.title == "Why smoke?"
    assert [turn.answer for turn in again.turns] == [first, second]
    assert [turn.question for turn in again.context] == ["Why smoke?", "Do they sleep?"]
    assert again.context[1].answer == "Bees sleep at night."
    assert again.created.tzinfo is not None and again.created <= again.changed
    assert again.turns[0].answer.sentences[0].citations[0].passage.section[0] == "Smoke > fire"


def test_citations_stay_whole_when_the_index_moved_on(tiny: Callable[..., Assistant]) -> None:
    assistant = tiny({"bees.md": "# Bees\n\nSmoke calms bees in the hive."})
    answer = assistant.ask("Does smoke calm bees?")
    with History.open(f"sqlite:///{assistant.settings.indexes}/history.sqlite") as history:
        chat = history.start(ADA, answer.question)
        history.add(ADA, chat, answer)
        shutil.rmtree(assistant.settings.indexes / "default")
        again = history.conversation(ADA, chat).turns[0].answer
    quoted = again.sentences[0].citations[0]
    assert quoted.passage.text[: len(quoted.quote)] == quoted.quote == again.sentences[0].text
    assert again == answer


def test_an_owner_sees_no_conversation_of_another(history: History) -> None:
    chat = history.start(ADA, "mine")
    turn = history.add(ADA, chat, bee_answer())
    assert titles(history, BEN) == []
    for attempt in (
        lambda: history.conversation(BEN, chat),
        lambda: history.add(BEN, chat, bee_answer()),
        lambda: history.rename(BEN, chat, "stolen"),
        lambda: history.drop_last(BEN, chat),
        lambda: history.delete(BEN, chat),
        lambda: history.give_feedback(BEN, turn, Opinion("up")),
    ):
        with pytest.raises(ConversationInvalid, match="There is no such conversation"):
            attempt()
    assert titles(history, ADA) == ["mine"]
    assert len(history.conversation(ADA, chat).turns) == 1


def test_conversations_are_listed_by_their_last_turn(history: History) -> None:
    chats = [history.start(ADA, name) for name in ("one", "two", "three")]
    history.add(ADA, chats[0], bee_answer())
    assert titles(history, ADA) == ["one", "three", "two"]
    assert [found.turns for found in history.conversations(ADA)] == [1, 0, 0]
    assert [f.title for f in history.conversations(ADA, limit=1, offset=1)] == ["three"]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("", ["Ötzi & co", "smoke"]),
        ("SMOKE", ["smoke"]),
        ("calms bees", ["smoke"]),
        ("bees calms why", ["smoke"]),
        ("calms ötzi", []),
        ("ÖTZI", ["Ötzi & co"]),
        ("100%", ["Ötzi & co"]),
        ("1__%", []),
        ("100_", []),
        ("straße", ["Ötzi & co"]),
    ],
)
def test_every_word_searched_must_stand_in_title_question_or_answer(
    history: History, words: str, found: list[str]
) -> None:
    smoke = history.start(ADA, "smoke")
    history.add(ADA, smoke, bee_answer())
    other = history.start(ADA, "Ötzi & co")
    history.add(ADA, other, bee_answer("How many?", "100% live in the STRASSE."))
    assert titles(history, ADA, words) == found


def test_a_title_is_one_line_and_can_be_changed(history: History) -> None:
    long = "What is dystrophic mineralization of the hip, and how does it differ from all others?"
    chat = history.start(ADA, f" {long}\n{long}\x00")
    assert titles(history, ADA) == [
        "What is dystrophic mineralization of the hip, and how does it differ from all…"
    ]
    history.rename(ADA, chat, " Before\n surgery ")
    assert titles(history, ADA, "surgery") == ["Before surgery"]
    with pytest.raises(ConversationInvalid, match="A title has at least one character"):
        history.rename(ADA, chat, " \x00\n")


def test_the_last_turn_can_be_asked_again(history: History) -> None:
    chat = history.start(ADA, "smoke")
    for question in ("one?", "two?"):
        history.add(ADA, chat, bee_answer(question))
    history.drop_last(ADA, chat)
    history.add(ADA, chat, bee_answer("three?"))
    turns = history.conversation(ADA, chat).turns
    assert [turn.question for turn in turns] == ["one?", "three?"]


def test_a_deleted_conversation_is_gone_with_its_feedback(history: History) -> None:
    chat, other = history.start(ADA, "smoke"), history.start(ADA, "other")
    turn = history.add(ADA, chat, bee_answer())
    history.give_feedback(ADA, turn, Opinion("down", "wrong", "no"))
    history.delete(ADA, chat)
    assert titles(history, ADA) == ["other"]
    assert history.feedback() == [] and history.count() == (1, 0)
    with pytest.raises(ConversationInvalid):
        history.conversation(ADA, chat)
    history.delete(ADA, other)
    with pytest.raises(ConversationInvalid):
        history.delete(ADA, other)


def test_nothing_of_a_deleted_conversation_stays_in_the_files(sqlite: Path) -> None:
    history, secret = History.open(f"sqlite:///{sqlite}"), "zanthoxylum"
    chat = history.start(ADA, secret)
    turn = history.add(ADA, chat, bee_answer(f"{secret}?", f"{secret} calms bees."))
    history.give_feedback(ADA, turn, Opinion("down", "wrong", f"{secret}!"))
    history.rename(ADA, chat, f"{secret} again")
    files = lambda: b"".join(p.read_bytes() for p in sqlite.parent.glob("history.sqlite*"))  # noqa: E731
    assert secret.encode() in files()
    history.delete(ADA, chat)
    assert secret.encode() not in files().lower()
    history.close()
    assert secret.encode() not in files().lower()


# --- feedback ---


def test_feedback_keeps_what_it_is_about(history: History) -> None:
    chat = history.start(ADA, "smoke")
    for question in ("one?", "two?"):
        turn = history.add(ADA, chat, bee_answer(question))
    history.give_feedback(ADA, turn, Opinion("up"))
    history.give_feedback(ADA, turn, Opinion("down", "not supported", " The quote\x00 is off. "))
    (given,) = history.feedback()
    assert given.opinion == Opinion("down", "not supported", "The quote is off.")
    assert (given.question, given.earlier) == ("two?", ("one?",))
    assert given.answer == bee_answer("two?").to_dict()
    first, second = history.conversation(ADA, chat).turns
    assert (first.opinion, second.opinion) == (None, given.opinion)


def test_feedback_without_a_conversation_is_kept_as_well(history: History) -> None:
    answer = bee_answer().to_dict()
    number = history.note_feedback(Opinion("down", "unsafe"), "Why smoke?", ("one?",), answer)
    history.note_feedback(Opinion("up"), "Why?\x00")
    first, second = history.feedback()
    assert (first.id, first.earlier, first.answer) == (number, ("one?",), answer)
    assert (second.question, second.answer) == ("Why?", None)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        (("sideways",), "'sideways' is none of up, down"),
        (("down", "rude"), "'rude' is none of wrong, not supported, missing, unclear, unsafe"),
        (("up", "wrong"), "goes with a thumb down"),
        (("down", None, "x" * 2001), "2,001 characters; at most 2,000"),
    ],
)
def test_an_opinion_that_is_none_is_refused(fields: tuple[str, ...], said: str) -> None:
    with pytest.raises(FeedbackInvalid, match=said):
        Opinion(*fields)  # type: ignore[arg-type]


@pytest.mark.parametrize("reason", [None, *REASONS])
def test_every_reason_is_kept(history: History, reason: None) -> None:
    history.note_feedback(Opinion("down", reason), "Why?")
    assert history.feedback()[0].opinion.reason == reason


# --- at the same time, and when it goes wrong ---


def test_many_threads_write_and_read_at_once(history: History) -> None:
    owners = [owner_of(user=f"u{number}") for number in range(8)]
    shared = history.start(ADA, "shared")

    def work(owner: str) -> list[str]:
        for number in range(5):
            chat = history.start(owner, f"{owner} {number}")
            history.add(owner, chat, bee_answer(f"{owner} asks {number}"))
            history.add(ADA, shared, bee_answer(f"{owner} {number}"))
        return titles(history, owner)

    with ThreadPoolExecutor(8) as threads:
        listed = list(threads.map(work, owners))
    for owner, found in zip(owners, listed, strict=True):
        assert found == [f"{owner} {number}" for number in reversed(range(5))]
    questions = [turn.question for turn in history.conversation(ADA, shared).turns]
    assert sorted(questions) == sorted(f"{o} {n}" for o in owners for n in range(5))


def test_two_processes_may_open_a_new_history_at_once(url: str) -> None:
    code = (
        "import sys; from assistant.history.history import History\n"
        "print(len(History.open(sys.argv[1]).start('user:x', 'y')))"
    )
    started = [
        subprocess.Popen([sys.executable, "-c", code, url], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [process.communicate(timeout=60)[0].strip() for process in started] == ["32"] * 3
    assert History.open(url).count() == (3, 0)


def test_a_reader_does_not_wait_for_a_writer(sqlite: Path) -> None:
    history = History.open(f"sqlite:///{sqlite}")
    history.start(ADA, "smoke")
    writer = sqlite3.connect(sqlite, isolation_level=None)
    writer.execute("BEGIN IMMEDIATE")
    read = threading.Thread(target=titles, args=(history, ADA))
    read.start()
    read.join(2)
    assert not read.is_alive()
    writer.execute("ROLLBACK")


def test_what_was_kept_survives_a_kill(sqlite: Path) -> None:
    code = (
        "import sys; from tests.test_history import *; h = History.open(sys.argv[1])\n"
        "chat = h.start(ADA, 'smoke'); h.add(ADA, chat, bee_answer()); print(chat, flush=True)\n"
        "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    )
    url = f"sqlite:///{sqlite}"
    done = subprocess.run(
        [sys.executable, "-c", code, url],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[1],
    )  # fmt: skip
    assert done.returncode == -9
    again = History.open(url).conversation(ADA, done.stdout.strip())
    assert [turn.answer for turn in again.turns] == [bee_answer()]


def test_a_history_of_another_version_is_refused_and_left_alone(url: str) -> None:
    History.open(url).start(ADA, "smoke")
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE schema_version SET version = 9"))
    with pytest.raises(HistoryUnusable, match="has version 9; this hip-assistant reads and writes"):
        History.open(url)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE schema_version"))
    with pytest.raises(HistoryUnusable, match="has no version"):
        History.open(url)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT count(*) FROM conversations")) == 1


@pytest.mark.parametrize(
    "url", ["", "history.sqlite", "sqlite://", "mysql://x/y", "sqlite:///:memory:", "://"]
)
def test_a_url_that_is_none_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(HistoryUnusable, match="ASSISTANT_HISTORY_URL=sqlite"):
        History.open(url)


def test_a_database_that_cannot_be_opened_is_said_without_its_password(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(HistoryUnusable, match="cannot be used"):
        History.open(f"sqlite:///{tmp_path}/file/history.sqlite")
    (tmp_path / "other.sqlite").write_bytes(b"not a database" * 100)
    with pytest.raises(HistoryUnusable, match="file is not a database"):
        History.open(f"sqlite:///{tmp_path}/other.sqlite")
    pytest.importorskip("psycopg", reason="psycopg is not installed")
    with pytest.raises(HistoryUnusable) as caught:
        History.open("postgresql://hip:geheim@127.0.0.1:1/none?connect_timeout=2")
    assert "127.0.0.1:1" in str(caught.value) and "geheim" not in str(caught.value)


def test_only_its_user_can_read_the_file(sqlite: Path) -> None:
    History.open(f"sqlite:///{sqlite.parent}/deep/{sqlite.name}").start(ADA, "smoke")
    folder = sqlite.parent / "deep"
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}


# --- owners and settings ---


def test_a_user_and_a_browser_of_the_same_name_are_two_owners() -> None:
    name = "abcdefghijklmnopqrstuv"
    assert owner_of(user=name) != owner_of(browser=name)
    assert owner_of(user="ada", browser=name) == owner_of(user="ada")


@pytest.mark.parametrize("browser", [None, "", "short", "a" * 101, "a" * 21 + "\n", "ä" * 22])
def test_a_browser_that_could_be_guessed_is_no_owner(browser: str | None) -> None:
    with pytest.raises(ConversationInvalid, match="22 to 100 random letters"):
        owner_of(browser=browser)


def test_a_history_that_is_switched_off_writes_nothing(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/deep/history.sqlite"
    settings = Settings.load(history=False, history_url=url)
    assert open_history(settings) is None
    assert state_of(settings) == "switched off: nothing is kept"
    assert list(tmp_path.iterdir()) == []


def test_looking_at_a_history_makes_none(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "history.sqlite"
    settings = Settings.load(history_url=f"sqlite:///{file}")
    assert state_of(settings) == f"none yet; the page will make {file}"
    assert not file.parent.exists()
    opened = open_history(settings)
    assert opened is not None
    opened.start(ADA, "smoke")
    assert state_of(settings) == f"sqlite:///{file}; conversations: 1, opinions: 0"


def test_looking_at_a_database_without_tables_makes_none(url: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir(exist_ok=True)
    (tmp_path / "deep" / "history.sqlite").touch()
    settings = Settings.load(history_url=url)
    for _ in range(2):
        assert state_of(settings).startswith("none yet; the page will make its tables in ")
    History.open(url).close()
    assert state_of(settings).endswith("; conversations: 0, opinions: 0")


def test_by_default_a_history_is_a_file_of_the_users_data(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    expected = "/data/hip-assistant/history.sqlite" if sys.platform == "linux" else "history.sqlite"
    assert Settings.load().history_database.endswith(expected)
    assert Settings.load(history_url="sqlite:////x/y").history_database == "sqlite:////x/y"


def test_every_error_of_a_history_is_one_that_the_faces_print() -> None:
    for kind in (AnswerDamaged, ConversationInvalid, FeedbackInvalid, HistoryUnusable):
        assert issubclass(kind, AssistantError)
