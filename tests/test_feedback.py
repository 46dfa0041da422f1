"""From a thumb to a draft case: what feedback knows is filled in, the rest cannot be overlooked."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.assistant import Assistant
from assistant.errors import CasesInvalid, EvaluationFailed
from assistant.history.conversations import owner_of
from assistant.history.feedback import Feedback, Opinion
from assistant.history.history import History
from evals.cases import Case, load_cases
from evals.drafts import chosen, draft, listing, write

QUESTION = "Is core decompression effective in osteonecrosis of the femoral head?"
FOREIGN = "Who won the football world cup in 1998?"
UP, WRONG = Opinion("up"), Opinion("down", "wrong", "It says\n- nothing: of *stage*")
ADA = owner_of(user="ada")


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    with History.open(f"sqlite:///{tmp_path}/history.sqlite") as opened:
        yield opened


@pytest.fixture
def given(history: History, assistant: Assistant) -> Any:
    """`given(opinion, question, *earlier)`: the feedback on a real answer, as it is kept."""

    def kept(opinion: Opinion, question: str, *earlier: str) -> Feedback:
        chat = history.start(ADA, question)
        for asked in (*earlier, question):
            before = history.conversation(ADA, chat).context
            turn = history.add(ADA, chat, assistant.ask(asked, before))
        history.give_feedback(ADA, turn, opinion)
        return history.feedback()[-1]

    return kept


def finished(path: Path, **fields: Any) -> None:
    """Does by program what a person does by hand: replaces what is open."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for entry in content["cases"]:
        for turn in entry.get("turns", [entry])[-1:]:
            turn |= {name: value for name, value in fields.items() if name in turn}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")


def cases(folder: Path, assistant: Assistant) -> tuple[Case, ...]:
    return load_cases(folder, assistant.index)


def test_a_thumb_up_is_a_case_whose_gold_is_what_was_quoted(
    given: Any, assistant: Assistant, tmp_path: Path
) -> None:
    made = draft(given(UP, QUESTION), assistant.index)
    assert made.form == "answerable" and made.entry["question"] == QUESTION
    answer = assistant.ask(QUESTION)
    quoted = {c.quote for sentence in answer.sentences for c in sentence.citations}
    assert {gold["quote"] for gold in made.entry["gold"]} <= quoted
    types = {gold["reference"] for gold in made.entry["gold"]}
    assert all(assistant.index.documents[key]["type"] != "topic page" for key in types)
    (path,) = write([made], tmp_path / "drafts")
    with pytest.raises(CasesInvalid, match=r"no gold quote holds the nugget '\?'") as caught:
        cases(path.parent, assistant)
    assert len(caught.value.problems) == 1
    words = made.entry["gold"][0]["quote"].split()
    finished(path, nuggets=[[next(w for w in words if w.lower() not in QUESTION.lower())]])
    (case,) = cases(path.parent, assistant)
    assert case.part == "answerable" and case.question == QUESTION and case.kind == "feedback"


@pytest.mark.parametrize("reason", ["wrong", "not supported", "missing", "unclear", None])
def test_a_thumb_down_leaves_the_gold_open_and_names_what_was_found(
    given: Any, assistant: Assistant, tmp_path: Path, reason: Any
) -> None:
    made = draft(given(replace(WRONG, reason=reason), QUESTION), assistant.index)
    assert made.form == "answerable"
    assert made.entry["gold"] == [{"reference": "?", "quote": "?"}]
    (path,) = write([made], tmp_path / "drafts")
    with pytest.raises(CasesInvalid, match=r"the corpus has no document '\?'"):
        cases(path.parent, assistant)
    offered = [
        line.strip("# ") for line in path.read_text("utf-8").splitlines() if "quote:" in line
    ]
    candidate = yaml.safe_load(next(line for line in offered if line.startswith("- ")))[0]
    assert candidate["quote"] == assistant.ask(QUESTION).hits[0].passage.text
    finished(path, gold=[candidate], nuggets=[[candidate["quote"].split()[-1].strip(".")]])
    assert len(cases(path.parent, assistant)) == 1


def test_what_was_unsafe_is_a_case_of_safety(
    given: Any, assistant: Assistant, tmp_path: Path
) -> None:
    made = draft(given(Opinion("down", "unsafe"), QUESTION), assistant.index)
    assert (made.form, made.entry["notice"]) == ("safety", "?")
    (path,) = write([made], tmp_path / "drafts")
    with pytest.raises(CasesInvalid, match=r"has '\?' as notice"):
        cases(path.parent, assistant)
    finished(path, notice="urgent")
    (case,) = cases(path.parent, assistant)
    assert (case.part, case.notice) == ("safety", "urgent")


def test_a_refusal_that_was_right_is_a_case_of_an_unanswerable_question(
    given: Any, assistant: Assistant, tmp_path: Path
) -> None:
    made = draft(given(UP, FOREIGN), assistant.index)
    assert (made.form, made.entry["kind"]) == ("unanswerable", "?")
    (path,) = write([made], tmp_path / "drafts")
    with pytest.raises(CasesInvalid, match=r"has '\?' as kind"):
        cases(path.parent, assistant)
    finished(path, kind="far")
    assert cases(path.parent, assistant)[0].part == "unanswerable"


def test_a_refusal_that_was_wrong_is_a_case_of_a_question_to_be_answered(
    given: Any, assistant: Assistant
) -> None:
    made = draft(given(Opinion("down", "missing"), FOREIGN), assistant.index)
    assert made.form == "answerable" and made.entry["gold"][0]["quote"] == "?"


def test_a_follow_up_is_a_conversation(given: Any, assistant: Assistant, tmp_path: Path) -> None:
    kept = given(UP, "How is it treated?", "What is heterotopic ossification?")
    made = draft(kept, assistant.index)
    first, last = made.entry["turns"]
    assert first == {"question": "What is heterotopic ossification?"}
    assert last["question"] == "How is it treated?"
    assert "heterotopic ossification" in last["rewrite"].lower()
    (path,) = write([made], tmp_path / "drafts")
    assert path.name == "conversations.yaml"
    finished(path, nuggets=[[last["gold"][0]["quote"].split()[0]]])
    (case,) = cases(path.parent, assistant)
    assert case.earlier == ("What is heterotopic ossification?",)


def test_a_longer_conversation_keeps_all_its_turns(given: Any, assistant: Assistant) -> None:
    kept = given(UP, "And in children?", "What is heterotopic ossification?", "How common is it?")
    questions = [turn["question"] for turn in draft(kept, assistant.index).entry["turns"]]
    assert questions == [*kept.earlier, "And in children?"]


def test_feedback_without_an_answer_is_a_draft_too(history: History, assistant: Assistant) -> None:
    history.note_feedback(Opinion("up"), "Why?")
    made = draft(history.feedback()[0], assistant.index)
    assert made.entry["gold"] == [{"reference": "?", "quote": "?"}]


def test_a_quote_that_the_corpus_does_not_hold_is_no_gold(
    given: Any, assistant: Assistant, history: History
) -> None:
    answer = assistant.ask(QUESTION).to_dict()
    citation = answer["sentences"][0]["citations"][0]
    answer["sentences"] = [
        answer["sentences"][0]
        | {"citations": [citation | {"quote": "Made up."}, citation | {"document_id": "nowhere"}]}
    ]
    history.note_feedback(UP, QUESTION, (), answer)
    made = draft(history.feedback()[-1], assistant.index)
    assert made.entry["gold"] == [{"reference": "?", "quote": "?"}]


def test_a_comment_cannot_leave_its_line(given: Any, assistant: Assistant) -> None:
    text = draft(given(WRONG, QUESTION), assistant.index).text
    assert "  # Feedback 1 of " in text and ": It says - nothing: of *stage*\n" in text
    assert len(yaml.safe_load("cases:\n" + text)["cases"]) == 1


def test_drafts_that_are_there_are_not_overwritten(
    given: Any, assistant: Assistant, tmp_path: Path
) -> None:
    made = draft(given(UP, QUESTION), assistant.index)
    write([made], tmp_path / "drafts")
    with pytest.raises(EvaluationFailed, match=r"answerable\.yaml is there already"):
        write([made], tmp_path / "drafts")


def test_a_number_that_is_none_is_refused(given: Any) -> None:
    kept = given(UP, QUESTION)
    assert chosen([kept], [kept.id, kept.id]) == [kept]
    with pytest.raises(EvaluationFailed, match="There is no feedback 7, 9"):
        chosen([kept], [7, kept.id, 9])


def test_the_command_lists_and_makes_drafts(
    given: Any, history: History, tmp_path: Path, assistant: Assistant
) -> None:
    kept = given(WRONG, QUESTION)
    given(UP, FOREIGN)

    def run(*arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = os.environ | {"ASSISTANT_HISTORY_URL": history.name} | settings
        command = [sys.executable, "-m", "assistant", "eval", "from-feedback", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)

    assert run().stdout.strip() == listing(history.feedback()).strip()
    drafts = tmp_path / "drafts"
    done = run("1", "2", "--output", str(drafts))
    assert done.returncode == 0 and f"hip-assistant eval --cases {drafts}" in done.stdout
    assert sorted(path.name for path in drafts.iterdir()) == [
        "answerable.yaml",
        "unanswerable.yaml",
    ]
    assert kept.question in (drafts / "answerable.yaml").read_text("utf-8")
    refused = run("3")
    assert refused.returncode == 2 and "There is no feedback 3" in refused.stderr
    off = run(ASSISTANT_HISTORY="off")
    assert off.returncode == 2 and "ASSISTANT_HISTORY=on" in off.stderr


def test_no_feedback_is_said() -> None:
    assert listing([]) == "There is no feedback yet."
