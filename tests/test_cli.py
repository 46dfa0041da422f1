"""The command line as a user types it: exit codes, one clear sentence for each mistake, nothing lost."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from assistant import Assistant
from assistant.rendering import answer_text
from assistant.terminal import converse
from tests.conftest import free_port


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=120,
        check=False,
    )


def refused(result: subprocess.CompletedProcess[str]) -> str:
    """The message of a run that refused; a traceback or a zero exit is no refusal."""
    assert result.returncode == 2, result
    assert "Traceback" not in result.stderr
    assert result.stdout == ""
    return result.stderr


def test_ask_prints_the_rendered_answer(assistant: Assistant) -> None:
    result = run("ask", "What is it?")
    assert result.returncode == 0
    assert result.stdout == answer_text(assistant.ask("What is it?")) + "\n"


def test_ask_json_prints_the_contract(assistant: Assistant) -> None:
    printed = json.loads(run("ask", "--json", "What is it?").stdout)
    expected = assistant.ask("What is it?").to_dict()
    assert printed | {"timings_ms": {}} == json.loads(json.dumps(expected | {"timings_ms": {}}))


def test_an_abstention_is_an_answer_and_exits_with_0() -> None:
    result = run("ask", "What is the capital of France?")
    assert result.returncode == 0
    assert "The corpus says nothing on “France”" in result.stdout


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("", "The question is empty."),
        ("  \n\t ", "The question is empty."),
        ("hip " * 25_000, "The question has 100,000 characters; at most 2,000 are accepted."),
        ("🦴🦵😀", "The question has no words;"),
        ("Was ist dystrophe Mineralisation der Hüfte?", "does not seem to be in English"),
        ("髋关节营养不良性钙化是什么？", "does not seem to be in English"),
        ("What is\x07 it?", "The question holds the control character U+0007"),
    ],
)
def test_a_question_that_cannot_be_searched_gets_one_sentence(
    assistant: Assistant, question: str, sentence: str
) -> None:
    message = refused(run("ask", question))
    assert sentence in message
    assert len(message.strip().splitlines()) == 1


def test_all_problems_of_a_corpus_are_reported_together(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    (corpus / "half.md").write_text("---\ntitle: Half")
    (corpus / "yaml.md").write_text("---\ntitle: [\n---\n\n- A note.\n")
    (corpus / "twice.md").write_text("---\ntitle: A\ntitle: B\n---\n\n- A note.\n")
    (corpus / "same.md").write_text("A note.\n")
    (corpus / "same.txt").write_text("A note.\n")
    (corpus / "bytes.txt").write_bytes(b"\xff\xfe\x00")
    message = refused(
        run("index", "--corpus", str(corpus), ASSISTANT_INDEXES_DIR=str(tmp_path / "indexes"))
    )
    assert "The corpus has 5 problems:" in message
    for name in ("half.md", "yaml.md", "twice.md", "same.txt", "bytes.txt"):
        assert f"  {name}: " in message
    assert "hip-assistant index" in message.splitlines()[-1]


def test_a_missing_corpus_folder_is_named(tmp_path: Path) -> None:
    message = refused(
        run("index", "--corpus", str(tmp_path / "none"), ASSISTANT_INDEXES_DIR=str(tmp_path))
    )
    assert f"{tmp_path / 'none'}: no such folder" in message


def test_an_index_that_is_not_there_is_named_with_its_command(assistant: Assistant) -> None:
    message = refused(run("ask", "--index", "mine", "What is it?"))
    assert "There is no index 'mine'" in message
    assert "hip-assistant index --index mine" in message


def test_an_index_of_another_model_is_refused(assistant: Assistant) -> None:
    message = refused(run("ask", "What is it?", ASSISTANT_EMBEDDING_MODEL="somebody/model"))
    assert "was built with the model 'all-MiniLM-L6-v2'" in message


@pytest.mark.parametrize(
    ("variable", "value", "sentence"),
    [
        ("ASSISTANT_RETRIEVER", "psychic", "accepted are dense, lexical, hybrid"),
        ("ASSISTANT_ENGINE", "oracle", "accepted are extractive"),
        ("ASSISTANT_THREADS", "many", "threads is 'many'"),
        ("ASSISTANT_INDEX", "../up", "index is '../up'"),
    ],
)
def test_a_setting_that_is_not_accepted_is_named(
    assistant: Assistant, variable: str, value: str, sentence: str
) -> None:
    assert sentence in refused(run("ask", "What is it?", **{variable: value}))


def test_a_taken_port_is_named_with_another_one(assistant: Assistant) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        message = refused(run("web", "--port", str(port)))
    assert f"Port {port} on 127.0.0.1 is taken" in message
    assert "hip-assistant web --port" in message


def can_mount() -> bool:
    try:
        return subprocess.run(["unshare", "-m", "true"], capture_output=True).returncode == 0
    except FileNotFoundError:
        return False


@pytest.mark.skipif(not can_mount(), reason="no right to mount a folder read-only")
def test_a_read_only_folder_answers_but_refuses_a_build(models: Path, tmp_path: Path) -> None:
    corpus, indexes = tmp_path / "corpus", tmp_path / "indexes"
    corpus.mkdir()
    indexes.mkdir()
    (indexes / "models").symlink_to(models)
    (corpus / "bees.md").write_text("- Bees gather nectar from clover.\n")
    places = {"ASSISTANT_INDEXES_DIR": str(indexes), "ASSISTANT_CORPUS_DIR": str(corpus)}
    assert run("index", **places).returncode == 0
    (corpus / "bees.md").write_text("- Bees gather nectar from heather.\n")
    script = (
        f"mount --bind {indexes} {indexes} && mount -o remount,bind,ro {indexes} && "
        f"{{ {sys.executable} -m assistant ask 'What do bees gather from clover?'; "
        f"{sys.executable} -m assistant index; }}"
    )
    result = subprocess.run(
        ["unshare", "-m", "sh", "-c", script],
        capture_output=True,
        text=True,
        env=os.environ | places,
        check=False,
    )
    assert "Bees gather nectar from clover. [1]" in result.stdout
    assert result.returncode == 2
    assert f"The folder for indexes {indexes} cannot be written" in result.stderr
    assert "Traceback" not in result.stderr


def test_doctor_finds_nothing_wrong_with_the_checkout(assistant: Assistant, tmp_path: Path) -> None:
    file = tmp_path / "history.sqlite"
    result = run("doctor", "--json", ASSISTANT_HISTORY_URL=f"sqlite:///{file}")
    findings = {finding["subject"]: finding for finding in json.loads(result.stdout)}
    assert result.returncode == 0
    assert findings["corpus"]["state"].startswith("469 documents in ")
    assert findings["chroma"]["state"] == "holds the index's vectors"
    assert findings["history"]["state"] == f"none yet; the page will make {file}"
    assert findings["uploads"]["state"] == "not allowed"
    assert all(finding["ok"] for finding in findings.values())
    assert not file.exists()


def test_doctor_says_what_mends_a_history_that_cannot_be_used(tmp_path: Path) -> None:
    (tmp_path / "history.sqlite").write_text("no database" * 100)
    result = run("doctor", ASSISTANT_HISTORY_URL=f"sqlite:///{tmp_path}/history.sqlite")
    assert result.returncode == 2
    assert "PROBLEM history: The history in sqlite:///" in result.stdout
    assert "ASSISTANT_HISTORY=off" in result.stdout


def test_web_serves_page_and_api_until_it_is_interrupted(
    assistant: Assistant, tmp_path: Path
) -> None:
    port = free_port()
    command = [sys.executable, "-m", "assistant", "web", "--port", str(port)]
    environment = {"ASSISTANT_HISTORY_URL": f"sqlite:///{tmp_path}/history.sqlite"}
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=os.environ | environment,
    ) as server:  # fmt: skip
        assert server.stdout is not None and server.stderr is not None
        said = server.stdout.readline()
        assert said == f"The page is at http://127.0.0.1:{port}/ (Ctrl-C stops it).\n"
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            assert client.get("/").headers["content-type"].startswith("text/html")
            assert client.get("/v1/health").json()["history"] is True
        server.send_signal(signal.SIGINT)
        assert server.wait(20) == 130
        assert "Traceback" not in server.stderr.read()


def test_doctor_says_what_mends_a_missing_index(tmp_path: Path) -> None:
    result = run("doctor", ASSISTANT_INDEXES_DIR=str(tmp_path))
    assert result.returncode == 2
    assert "PROBLEM index: There is no index 'default'" in result.stdout
    assert "Build it with: hip-assistant index" in result.stdout


def test_a_second_index_run_says_that_nothing_changed(assistant: Assistant) -> None:
    result = run("index")
    assert result.returncode == 0
    assert "Index 'default' is up to date: 469 documents, " in result.stderr


def test_the_terminal_chat_keeps_turns_shows_sources_and_survives_bad_lines(
    assistant: Assistant,
) -> None:
    said: list[str] = []
    converse(
        assistant,
        ["What is heterotopic ossification?", "", "who is at risk?", "/sources", "/nonsense",
         "/history", "/clear", "/sources", "/quit", "never asked"],
        said.append,
    )  # fmt: skip
    _, first, empty, second, sources, unknown, history, cleared, nothing = said
    assert "[1]" in first
    assert empty.startswith("The question is empty.")
    assert "Searched for: who is at risk? (heterotopic ossification)" in second
    assert "risk" in sources
    assert unknown.startswith("There is no command /nonsense.")
    assert history == "1. What is heterotopic ossification?\n2. who is at risk?"
    assert cleared == "A new conversation."
    assert nothing == "There is no answer yet: ask a question first."


def test_corpus_check_finds_no_problem_in_the_shipped_corpus() -> None:
    result = run("corpus", "check")
    assert result.returncode == 0
    assert result.stdout.startswith(
        "0 problems: 469 documents, 2,425 passages (300 resting on others), 60 disag"
    )


def test_corpus_check_reports_all_problems_of_another_folder(tmp_path: Path) -> None:
    (tmp_path / "half.md").write_text("---\ntitle: Half")
    (tmp_path / "empty.txt").write_text("")
    message = refused(run("corpus", "check", "--corpus", str(tmp_path)))
    assert "The corpus has 2 problems:" in message


def test_corpus_list_filters_by_level_topic_year_and_words() -> None:
    result = run(
        "corpus", "list", "--level", "systematic review", "--since", "2016", "bisphosphonate"
    )
    assert [line.split("\t")[:4] for line in result.stdout.splitlines()] == [
        ["gao-2021-bp-fracture", "2021", "systematic review", "abstract"],
        ["yuan-2016", "2016", "systematic review", "abstract"],
    ]
    assert run("corpus", "list", "--topic", "no-such-topic").stdout == ""


def test_an_evidence_level_that_is_not_known_is_named() -> None:
    message = refused(run("corpus", "list", "--level", "gold"))
    assert (
        "There is no evidence level 'gold'; accepted are guideline, systematic review," in message
    )


def test_corpus_add_copies_a_file_with_what_is_given_and_never_overwrites(tmp_path: Path) -> None:
    note, corpus = tmp_path / "smoke.txt", tmp_path / "corpus"
    note.write_text("Smoke calms bees.", encoding="utf-8")
    arguments = (
        "corpus",
        "add",
        str(note),
        "--corpus",
        str(corpus),
        "--title",
        "Smoke",
        "--year",
        "1999",
    )
    result = run(*arguments, "--authors", "Wabe J; Comb B", "--level", "web page")
    assert result.returncode == 0, result.stderr
    assert f"hip-assistant index --corpus {corpus} --index NAME" in result.stdout
    listed = run("corpus", "list", "--corpus", str(corpus)).stdout.strip().split("\t")
    assert listed == ["smoke", "1999", "web page", "full text", "Smoke"]
    before = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    assert "is there already; rename one of them" in refused(run(*arguments))
    assert {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("corpus", "add", "nowhere.pdf"),
            "nowhere.pdf: no such file or folder. Accepted are .bib",
        ),
        (("corpus", "add", "x", "--level", "gold"), "There is no evidence level 'gold'"),
        (("corpus", "fetch", "123"), "Set yours: ASSISTANT_EMAIL=you@example.org"),
        (
            ("corpus", "fetch", "--email", "nobody", "123"),
            "asks whoever fetches for an e-mail address",
        ),
        (("corpus", "export", "--as", "word"), "accepted are bibtex, csl-json, ris"),
        (("corpus", "export", "--output", "/"), "/ is there already"),
        (("corpus", "export", "--output", "/no/such/folder/x"), "cannot be written"),
    ],
)
def test_a_corpus_command_that_cannot_be_done_says_what_mends_it(
    arguments: tuple[str, ...], sentence: str
) -> None:
    assert sentence in refused(run(*arguments))


def test_corpus_export_writes_what_the_filters_leave(tmp_path: Path) -> None:
    target = tmp_path / "refs.json"
    result = run("corpus", "export", "hua-2019", "--as", "csl-json", "--output", str(target))
    assert (result.returncode, result.stdout) == (0, "")
    assert [item["DOI"] for item in json.loads(target.read_text())] == ["10.1186/s13018-019-1359-7"]
