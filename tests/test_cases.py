"""The cases hold what the suite promises, and a break of any of them stops a run with a list."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from assistant.assistant import Assistant
from assistant.errors import CasesInvalid
from evals.cases import CASES, Case, load_cases, locks, read_cases
from evals.places import Gold, Places
from tests.conftest import Tiny

BEES = "# Bees\n\n- Smoke calms 12 of 20 bees.\n- A hive holds one queen.\n"
ONE = """cases:
  - id: number-01
    asker: patient
    question: "how many bees does smoke calm?"
    gold:
      - {reference: bees, quote: "Smoke calms 12 of 20 bees."}
    nuggets: [["12 of 20"]]
"""


@pytest.fixture(scope="module")
def bees(tiny: Tiny) -> Assistant:
    return tiny({"bees.md": BEES})


def written(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return folder


def test_the_suite_holds_as_many_cases_as_it_says(assistant: Assistant) -> None:
    cases = load_cases(CASES, assistant.index)
    parts = Counter(case.part for case in cases)
    assert parts["answerable"] >= 150
    assert Counter(c.kind for c in cases if c.part == "unanswerable")["near"] >= 50
    assert parts["unanswerable"] >= 70
    assert len({case.id.split("/")[0] for case in cases if case.part == "conversation"}) >= 40
    safety = [case for case in cases if case.part == "safety"]
    assert len(safety) >= 40
    assert sum(case.notice is None for case in safety) * 2 == len(safety)
    assert parts["disagreement"] >= 25
    assert parts["paraphrase"] >= 40
    assert {c.asker for c in cases} >= {"patient", "carer", "doctor", "physio", "radiologist"}


def test_about_half_of_the_cases_are_locked_and_unchanged(assistant: Assistant) -> None:
    cases = load_cases(CASES, assistant.index)
    locked = {case.id for case in cases if case.locked}
    assert locked == set(locks(cases))
    assert 0.4 < len(locked) / len(cases) < 0.6


def test_no_reported_question_is_one_that_answers_were_fitted_on() -> None:
    fitted = yaml.safe_load((CASES / "development.yaml").read_text("utf-8"))["questions"]
    asked = {question["question"].strip().lower() for question in fitted}
    assert not [case.id for case in read_cases(CASES) if case.question.strip().lower() in asked]


def test_gold_is_found_however_the_text_was_split(bees: Assistant) -> None:
    places = Places(bees.index)
    across = Gold("bees", "12 of 20 bees.\n- A hive")
    assert places.holding(across) == tuple(passage.id for passage in bees.index.passages)
    assert places.stands("bees", 8 + 2, 8 + 2 + 5, "Smoke")
    assert not places.stands("bees", 8 + 3, 8 + 3 + 5, "Smoke")
    assert not places.stands("wasps", 0, 1, "#")


def test_a_passage_that_rests_on_gold_says_it_too(tiny: Tiny) -> None:
    page = "---\ntitle: Page\ntype: topic page\n---\n\n## Calm\n\nSmoke calms 12 of 20. [bees#bees/1]\n"
    places = Places(tiny({"bees.md": BEES, "page.md": page}).index)
    assert places.saying(Gold("bees", "calms 12 of 20")) == {"bees#bees/1", "page#calm/1"}


def test_one_case_is_read_as_it_stands(bees: Assistant, tmp_path: Path) -> None:
    (case,) = load_cases(written(tmp_path, answerable=ONE), bees.index)
    assert case == Case(
        id="number-01",
        part="answerable",
        kind="number",
        question="how many bees does smoke calm?",
        asker="patient",
        gold=(Gold("bees", "Smoke calms 12 of 20 bees."),),
        nuggets=(("12 of 20",),),
    )


def test_every_break_of_every_file_is_listed_at_once(bees: Assistant, tmp_path: Path) -> None:
    broken = (
        ONE
        + ONE.split("\n", 1)[1]
        + ONE.split("\n", 1)[1].replace("number-01", "a-2").replace("calms 12 of", "calms 13 of")
        + ONE.split("\n", 1)[1]
        .replace("number-01", "a-3")
        .replace("reference: bees", "reference: wasps")
        + ONE.split("\n", 1)[1].replace("number-01", "a-4").replace('[["12 of 20"]]', '[["99"]]')
    )
    dispute = 'cases:\n  - {id: no-such, asker: doctor, question: "q?"}\n'
    unanswerable = "cases:\n  - {id: near-01, kind: near, asker: doctor}\n"
    written(tmp_path, answerable=broken, disagreements=dispute, unanswerable=unanswerable)
    (tmp_path / "safety.yaml").write_bytes(b"cases: [\xff")
    with pytest.raises(CasesInvalid) as caught:
        load_cases(tmp_path, bees.index)
    assert caught.value.problems == (
        "unanswerable.yaml: case 1 (near-01) lacks question",
        "safety.yaml: cannot be read as YAML with a list `cases` (UnicodeDecodeError)",
        "the id number-01 is used 2 times",
        "a-2: bees does not hold the quote “Smoke calms 13 of 20 bees.”",
        "a-2: no gold quote holds the nugget '12 of 20'",
        "a-3: the corpus has no document 'wasps'",
        "a-4: no gold quote holds the nugget '99'",
        "disagreement-no-such: the corpus has no disagreement 'no-such'",
    )
    assert "--cases DIR" in str(caught.value)


ENTRY: dict[str, Any] = yaml.safe_load(ONE)["cases"][0]
TURNS = [
    {"question": "What does smoke do?"},
    {
        "question": "To how many?",
        "rewrite": "How many bees does smoke calm?",
        "gold": ENTRY["gold"],
        "nuggets": ENTRY["nuggets"],
    },
]


def less(field: str) -> dict[str, Any]:
    return {name: value for name, value in ENTRY.items() if name != field}


@pytest.mark.parametrize(
    ("name", "entries", "told"),
    [
        ("answerable", "hello", ["answerable.yaml: cannot be read as YAML with a list `cases`"]),
        ("answerable", ["hello"], ["answerable.yaml: case 1 input should be a valid dictionary"]),
        ("answerable", [less("asker") | {"aksed": "x"}], [
            "answerable.yaml: case 1 (number-01) lacks asker",
            "answerable.yaml: case 1 (number-01) has the field aksed, which is not known",
        ]),
        ("answerable", [ENTRY | {"question": 12}], ["has '12' as question: input should be a valid"]),
        ("answerable", [ENTRY | {"question": "  "}], ["case 1 (number-01) has an empty question"]),
        ("answerable", [ENTRY | {"gold": []}], ["has '[]' as gold: list should have at least 1 item"]),
        ("answerable", [ENTRY | {"nuggets": []}], ["has '[]' as nuggets: list should have at least 1"]),
        ("answerable", [ENTRY | {"nuggets": [[]]}], ["has '[]' as nuggets.0: list should have at least"]),
        ("answerable", [ENTRY | {"nuggets": [[12]]}], ["has '12' as nuggets.0.0: input should be a"]),
        ("unanswerable", [{"id": "x", "kind": "middling", "asker": "doctor", "question": "q?"}], [
            "unanswerable.yaml: case 1 (x) has 'middling' as kind: input should be 'near' or 'far'"
        ]),
        ("safety", [{"id": "x", "notice": "urgnt", "question": "q?"}], ["has 'urgnt' as notice: input"]),
        ("safety", [{"id": "x", "forbidden": "", "question": "q?"}], ["case 1 (x) has an empty forbidden"]),
        ("safety", [{"id": "x", "forbidden": None, "question": "q?"}], ["case 1 (x) forbidden is empty"]),
        ("safety", [{"id": "x", "question": "q?"}], ["case 1 (x) holds either notice (urgent, no-pers"]),
        ("conversations", [{"id": "c", "asker": "doctor", "turns": TURNS[:1]}], [
            "conversations.yaml: case 1 (c) has '[]' as follow_ups: list should have at least 1 item"
        ]),
        ("conversations", [{"id": "c", "asker": "doctor", "turns": [TURNS[1], TURNS[0]]}], [
            "case 1 (c) has the field opening.rewrite, which is not known",
            "case 1 (c) lacks follow_ups.0.rewrite",
        ]),
        ("conversations", [{"id": "c", "asker": "doctor"}], ["case 1 (c) lacks a list `turns`"]),
        ("paraphrases", [{"base": "nope", "wordings": ["x"]}], [
            "paraphrases.yaml: no answerable case is called 'nope'"
        ]),
        ("paraphrases", [{"base": "nope", "wordings": []}], ["case 1 (nope) has '[]' as wordings: list"]),
    ],
)  # fmt: skip
def test_a_field_that_is_missing_unknown_or_of_another_type_is_named(
    bees: Assistant, tmp_path: Path, name: str, entries: Any, told: list[str]
) -> None:
    written(tmp_path, **{name: yaml.safe_dump({"cases": entries})})
    with pytest.raises(CasesInvalid) as caught:
        load_cases(tmp_path, bees.index)
    for part in told:
        assert part in "\n".join(caught.value.problems)


@pytest.mark.parametrize(
    ("quote", "nuggets", "told"),
    [
        (
            "Smoke calms 12 of 20 bees.",
            [["smoke"], ["bees"]],
            "every nugget stands in the question",
        ),
        ("A dose is 4 mg/dL of smoke.", [["4 mg", "dL"]], "is met by the bare unit 'dL'"),
        ("A dose is 4 mg/dL of smoke.", [["4 mg", "dL"]], "cuts '4 mg/dL' in two: write it as one"),
        ("Of bees 51/66 were calm.", [["51", "66"]], "cuts '51/66' in two: write it as one"),
    ],
)
def test_a_nugget_that_would_be_met_by_chance_is_refused(
    tiny: Tiny, tmp_path: Path, quote: str, nuggets: list[list[str]], told: str
) -> None:
    entry = ENTRY | {"gold": [{"reference": "bees", "quote": quote}], "nuggets": nuggets}
    corpus = tiny({"bees.md": f"# Bees\n\n- {quote}\n"})
    with pytest.raises(CasesInvalid) as caught:
        load_cases(written(tmp_path, answerable=yaml.safe_dump({"cases": [entry]})), corpus.index)
    assert told in str(caught.value)


def test_a_quote_that_stands_in_no_passage_is_refused(bees: Assistant, tmp_path: Path) -> None:
    """A heading is part of the text, but nothing that retrieval could find."""
    entry = ENTRY | {"gold": [{"reference": "bees", "quote": "# Bees"}], "nuggets": [["bees"]]}
    entry |= {"question": "which insects?"}
    with pytest.raises(CasesInvalid, match="no passage of bees holds the quote “# Bees”"):
        load_cases(written(tmp_path, answerable=yaml.safe_dump({"cases": [entry]})), bees.index)


def test_a_list_of_locked_cases_that_is_none_is_refused(bees: Assistant, tmp_path: Path) -> None:
    (tmp_path / "locked.json").write_text('{"cases": []}', encoding="utf-8")
    with pytest.raises(CasesInvalid, match=r"locked\.json: cannot be read \(TypeError\)"):
        load_cases(written(tmp_path, answerable=ONE), bees.index)


def test_a_locked_case_that_was_changed_is_named(assistant: Assistant, tmp_path: Path) -> None:
    folder = tmp_path / "cases"
    shutil.copytree(CASES, folder)
    path = folder / "safety.yaml"
    path.write_text(
        path.read_text("utf-8").replace("can't move the leg", "can move the leg"), "utf-8"
    )
    name = "urgent-03"
    assert name in json.loads((folder / "locked.json").read_text("utf-8"))["cases"]
    with pytest.raises(CasesInvalid, match=f"the locked case {name} was changed or is gone"):
        load_cases(folder, assistant.index)


def test_a_folder_without_cases_is_refused(bees: Assistant, tmp_path: Path) -> None:
    with pytest.raises(CasesInvalid, match="there is no folder /no/such"):
        load_cases(Path("/no/such"), bees.index)
    with pytest.raises(CasesInvalid, match="holds no cases"):
        load_cases(tmp_path, bees.index)
