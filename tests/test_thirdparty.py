"""Third-party sets: the four forms are read, measured beside their baselines, refused in a sentence."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import DataInvalid
from assistant.index.lexical import LexicalIndex, words
from assistant.settings import CHECKOUT, Settings
from evals.thirdparty import run_third_party
from evals.thirdparty.abstention import Foreign
from evals.thirdparty.multiturn import _overlap
from evals.thirdparty.pool import PoolIndex, Units, Workshop, assistant_over, fused
from evals.thirdparty.retrieval import figures
from evals.thirdparty.sets import (
    Text,
    abstention_set,
    faithfulness_set,
    forms,
    retrieval_set,
    turn_set,
)

SHARED = CHECKOUT.parent / "shared" / "benchmarks"
BEES = {
    "smoke": Text("Smoke", "Smoke calms bees. Beekeepers use it before they open a hive."),
    "queen": Text("Queen", "A hive holds one queen. She lays all the eggs of the colony."),
    "sting": Text("Sting", "A worker bee dies after a sting. Wasps sting more than once."),
}


def lines(path: Path, rows: list[dict[str, Any]]) -> None:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(text.encode()))
    else:
        path.write_text(text, encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """One folder that is a set of all four forms."""
    home = tmp_path / "bees"
    (home / "qrels").mkdir(parents=True)
    lines(
        home / "corpus.jsonl.gz",
        [{"_id": key, "title": text.title, "text": text.text} for key, text in BEES.items()],
    )
    lines(
        home / "queries.jsonl",
        [
            {"_id": "q1", "text": "What calms bees?", "answers": [{"start": 0, "text": "Smoke"}]},
            {"_id": "q2", "text": "How many queens does a hive hold?"},
            {"_id": "q3", "text": "a query of the training part"},
        ],
    )
    (home / "qrels" / "test.tsv").write_text(
        "query-id\tcorpus-id\tscore\nq1\tsmoke\t1\nq2\tqueen\t1\nq2\tsting\t0\n", encoding="utf-8"
    )
    asked = [
        {"id": "a", "question": "What calms bees?", "context": "", "answerable": True},
        {"id": "b", "question": "Who won the cup in 1998?", "context": "", "answerable": False},
    ]
    lines(home / "abstention.jsonl", asked)
    history = [
        {"role": "user", "text": "What calms bees?"},
        {"role": "assistant", "text": BEES["smoke"].text},
    ]
    lines(
        home / "turns.jsonl",
        [
            {
                "id": "t1",
                "history": [],
                "question": "What calms bees?",
                "rewrite": None,
                "relevant": ["smoke"],
            },
            {
                "id": "t2",
                "history": history,
                "question": "And how do they sting?",
                "rewrite": "How do bees sting?",
                "relevant": ["sting"],
            },
        ],
    )
    claims = [
        ("Smoke calms bees.", "supported"),
        ("Smoke angers 9 wasps.", "hallucinated"),
    ]
    lines(
        home / "faithfulness.jsonl",
        [
            {"id": str(n), "context": BEES["smoke"].text, "sentence": claim, "label": label}
            for n, (claim, label) in enumerate(claims)
        ],
    )
    return home


@pytest.fixture
def workshop(settings: Settings, tmp_path: Path) -> Workshop:
    (tmp_path / "indexes").mkdir()
    (tmp_path / "indexes" / "models").symlink_to(settings.indexes / "models")
    own = Settings.load(indexes_dir=tmp_path / "indexes")
    return Workshop.open(own, lambda stage, done, total: None)


# --- reading ---


def test_every_form_of_a_folder_is_seen(folder: Path) -> None:
    assert forms(folder) == ("beir", "abstention", "multi-turn", "faithfulness")


def test_a_beir_folder_is_read_by_its_judged_queries(folder: Path) -> None:
    data = retrieval_set(folder)
    assert (data.name, data.split) == ("bees", "test")
    assert data.documents == BEES
    assert data.queries == {"q1": "What calms bees?", "q2": "How many queens does a hive hold?"}
    assert data.qrels == {"q1": {"smoke": 1}, "q2": {"queen": 1}}
    assert data.answers == {"q1": [(0, "Smoke")]}


def test_turns_are_pairs_with_what_was_shown(folder: Path) -> None:
    data = turn_set(folder)
    (turn,) = data.turns
    assert turn.history == (("What calms bees?", BEES["smoke"].text),)
    assert turn.shown == (BEES["smoke"].text,)
    assert data.openings == ("What calms bees?",)


def test_contexts_are_the_documents_of_a_set_without_a_corpus(folder: Path) -> None:
    (folder / "corpus.jsonl.gz").unlink()
    rows = [
        {"id": "a", "question": "q?", "context": "One.", "context_id": "1", "answerable": True},
        {"id": "b", "question": "r?", "context": "One.", "context_id": "1", "answerable": False},
    ]
    lines(folder / "abstention.jsonl", rows)
    data = abstention_set(folder)
    assert data.documents == {"1": Text("", "One.")}
    assert [(asked.answerable, asked.label) for asked in data.questions] == [
        (True, "ANSWERABLE"),
        (False, "UNANSWERABLE"),
    ]


def test_labels_are_read_as_supported_or_not(folder: Path) -> None:
    assert [row.supported for row in faithfulness_set(folder).rows] == [True, False]


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("queries.jsonl", '{"_id": "q1"}\n', "queries.jsonl, line 1: lacks text"),
        ("queries.jsonl", "nonsense\n", "queries.jsonl, line 1: is not a JSON object"),
        ("queries.jsonl", "[1]\n", "queries.jsonl, line 1: is not a JSON object"),
        ("qrels/test.tsv", "a\tb\n1\t2\n", "line 2: not `query-id corpus-id score`"),
        (
            "qrels/test.tsv",
            "query-id\tcorpus-id\tscore\nq1\tnone-such\t1\n",
            "names what is not there: none-such",
        ),
    ],
)
def test_a_damaged_file_is_named_with_its_line(
    folder: Path, name: str, text: str, told: str
) -> None:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(DataInvalid) as caught:
        retrieval_set(folder)
    assert told in str(caught.value)


def test_a_file_that_is_not_gzip_is_named(folder: Path) -> None:
    (folder / "corpus.jsonl.gz").write_bytes(b"plain")
    with pytest.raises(DataInvalid, match=r"corpus\.jsonl\.gz cannot be read"):
        retrieval_set(folder)


def test_a_folder_without_the_form_is_refused(tmp_path: Path, settings: Settings) -> None:
    with pytest.raises(DataInvalid, match="holds no set of the form 'beir'"):
        run_third_party("beir", tmp_path, settings, lambda stage, done, total: None)


# --- measuring ---


def test_ranking_figures_are_those_of_the_runs() -> None:
    run = {"q1": ["b", "a"], "q2": []}
    found = figures(run, {"q1": {"a": 1}, "q2": {"b": 1}})
    assert found["RR@10"].value == 0.25
    assert found["R@5"].value == 0.5
    assert found["nDCG@10"].value == pytest.approx(1 / np.log2(3) / 2)


def test_the_sum_is_half_of_each_scaled_over_its_own() -> None:
    dense = np.array([0.2, 0.6, 1.0], dtype=np.float32)
    bm25 = np.array([4.0, 0.0, 2.0], dtype=np.float32)
    # Cosine becomes 0, 0.5, 1; BM25 1, none, 0.
    assert fused(dense, bm25).tolist() == pytest.approx([0.5, 0.25, 0.5])


def test_chunks_keep_their_place_in_the_document(workshop: Workshop) -> None:
    text = " ".join(f"Sentence number {n} of a long text." for n in range(100))
    units = Units("long", {"d": Text("", text)}, workshop, cut=True)
    assert len(units.spans) > 3
    assert units.spans[0][0] == 0 and units.spans[1][0] < units.spans[0][1]
    assert all(end - start <= 1000 for start, end in units.spans)


def test_a_hidden_document_is_as_if_it_were_not_there(workshop: Workshop) -> None:
    index = PoolIndex("bees", BEES, workshop)
    assistant = assistant_over(index, workshop)
    assert assistant.retrieve("What calms bees?", 1)[0].passage.document_id == "smoke"
    with index.hiding(["smoke"]):
        found = {hit.passage.document_id for hit in assistant.retrieve("What calms bees?", 9)}
        assert "smoke" not in found and "sting" in found
        assert "smoke" not in {r.document_id for r in assistant.ask("What calms bees?").references}
    assert assistant.retrieve("What calms bees?", 1)[0].passage.document_id == "smoke"


def test_an_answer_over_a_set_quotes_its_documents(workshop: Workshop) -> None:
    answer = assistant_over(PoolIndex("bees", BEES, workshop), workshop).ask("What calms bees?")
    citation = answer.sentences[0].citations[0]
    assert (
        BEES["smoke"].text[citation.start : citation.end] == citation.quote == "Smoke calms bees."
    )


def test_all_suites_print_their_tables_and_keep_them(
    folder: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = run_third_party("third-party", folder.parent, workshop.settings, workshop.progress)
    titles = [line for line in text.splitlines() if line.startswith("###")]
    assert titles == [
        "### bees (test), retrieval",
        "### bees, multi-turn",
        "### bees, faithfulness",
        "### bees, abstention: gold removed",
        "### bees, abstention: questions of bees's first turns",
        "### bees, abstention: unanswerable",
    ]
    assert "| hip-assistant | 1.000 (1.000 to 1.000)" in text
    (kept,) = (workshop.settings.indexes.parent / "reports").glob("third-party-*/tables.json")
    tables = json.loads(kept.read_text("utf-8"))["tables"]
    assert len(tables) == len(titles)
    assert tables[0]["rows"]["BM25"]["RR@10"]["value"] == 1.0


def test_two_measurements_are_alike(folder: Path, workshop: Workshop) -> None:
    runs = [run_third_party("beir", folder, workshop.settings, workshop.progress) for _ in range(2)]
    assert runs[0] == runs[1]


def test_foreign_questions_are_drawn_with_a_seed() -> None:
    many = [f"question {n}" for n in range(2000)]
    drawn = Foreign.drawn("others", many).questions
    assert len(drawn) == 500 and drawn == Foreign.drawn("others", many).questions
    assert Foreign.drawn("few", many[:3]).questions == tuple(many[:3])


def test_the_overlap_with_a_rewrite_is_of_words() -> None:
    # Stems how, do, sting of how, do, bee, sting.
    assert _overlap("And how do they sting?", "How do bees sting?") == (
        1.0,
        0.75,
        pytest.approx(6 / 7),
    )
    assert _overlap("why?", "How do bees sting?") == (0.0, 0.0, 0.0)


# --- real data ---


@pytest.mark.skipif(
    not (SHARED / "scifact").is_dir(), reason="SciFact does not lie beside the checkout"
)
def test_bm25_on_scifact_is_the_measured_baseline() -> None:
    data = retrieval_set(SHARED / "scifact")
    names = list(data.documents)
    lexical = LexicalIndex.build([document.whole for document in data.documents.values()])
    run = {}
    for query, text in data.queries.items():
        scores = lexical.scores(words(text))
        best = np.argsort(-scores, kind="stable")[:100]
        run[query] = [names[row] for row in best if scores[row] > 0]
    found = {name: round(figure.value or 0, 3) for name, figure in figures(run, data.qrels).items()}
    assert found == {"nDCG@10": 0.686, "R@5": 0.736, "R@10": 0.819, "R@100": 0.913, "RR@10": 0.649}
