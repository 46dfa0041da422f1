"""Third-party sets: the four forms are read, measured beside their baselines, refused in a sentence."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from assistant.errors import DataInvalid
from assistant.settings import CHECKOUT, Settings
from evals.thirdparty import faithfulness, run_third_party
from evals.thirdparty.abstention import Foreign
from evals.thirdparty.multiturn import _overlap
from evals.thirdparty.pool import PoolIndex, assistant_over
from evals.thirdparty.retrieval import figures
from evals.thirdparty.sets import (
    Text,
    abstention_set,
    faithfulness_set,
    forms,
    retrieval_set,
    turn_set,
)
from evals.thirdparty.units import Units, fused
from evals.thirdparty.workshop import Workshop

SHARED = Path(os.environ.get("EVALS_DATA", CHECKOUT.parent / "shared" / "benchmarks"))
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
def neighbour(folder: Path) -> Path:
    """A second set beside it, with an abstention form and no turns."""
    home = folder.parent / "cups"
    home.mkdir()
    lines(
        home / "abstention.jsonl",
        [
            {"id": "a", "question": "Who won?", "context": "Norway won.", "answerable": True},
            {"id": "b", "question": "Who lost?", "context": "Norway won.", "answerable": False},
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


QRELS = "query-id\tcorpus-id\tscore\n"
DAMAGED = [
    (
        "queries.jsonl",
        '{"_id": "q1"}\n',
        "queries.jsonl, line 1: lacks text; accepted is {_id, text",
    ),
    ("queries.jsonl", '{"_id": "q1", "text": null}\n', "queries.jsonl, line 1: text is 'None'"),
    (
        "queries.jsonl",
        "nonsense\n",
        "queries.jsonl, line 1: is not a JSON object; accepted is {_id",
    ),
    ("queries.jsonl", "[1]\n", "queries.jsonl, line 1: is not a JSON object"),
    ("queries.jsonl", "", "queries.jsonl is empty; accepted are lines {_id, text"),
    ("qrels/test.tsv", "a\tb\n1\t2\n", "line 2: not `query-id corpus-id score`"),
    ("qrels/test.tsv", QRELS + "q1\tnone-such\t1\n", "names what is not there: none-such"),
    ("qrels/test.tsv", QRELS, "test.tsv judges no query; accepted are rows `query-id corpus-id"),
    (
        "qrels/test.tsv",
        b"\xff\xfe",
        "test.tsv cannot be read (UnicodeDecodeError); accepted is UTF-8",
    ),
    (
        "abstention.jsonl",
        '{"id": 1, "question": "q?"}',
        "line 1: lacks answerable; accepted is {id",
    ),
    ("abstention.jsonl", '{"id": 1, "question": "q?", "answerable": true}', "a set has both"),
    ("turns.jsonl", '{"id": 1, "history": "hello", "question": "q?"}', "history is 'hello' (input"),
    (
        "turns.jsonl",
        '{"id": 1, "history": [], "question": "q?"}',
        "no turn has both a history and a",
    ),
    (
        "turns.jsonl",
        '{"id": 1, "history": [{"role": "assistant", "text": "Hm."}], "question": "?", "rewrite": "?"}',
        "no turn has both a history and a rewrite",
    ),
    (
        "turns.jsonl",
        '{"id": 1, "history": [{"role": "user", "text": "Hm?"}], "question": "q?", "rewrite": "r?", '
        '"relevant": ["gone"]}',
        "turns.jsonl names what is not there: gone",
    ),
    ("faithfulness.jsonl", "", "faithfulness.jsonl is empty; accepted are lines {id, context"),
    (
        "faithfulness.jsonl",
        '{"id": 1, "context": "c", "label": "supported"}',
        "line 1: holds neither a sentence nor a response",
    ),
]


@pytest.mark.parametrize(("name", "text", "told"), DAMAGED)
def test_a_damaged_file_is_named_with_its_line_before_anything_is_measured(
    folder: Path, settings: Settings, name: str, text: str | bytes, told: str
) -> None:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    begun: list[str] = []
    with pytest.raises(DataInvalid) as caught:
        run_third_party("third-party", folder, settings, lambda stage, *_: begun.append(stage))
    assert told in str(caught.value)
    assert not begun


def test_questions_without_a_corpus_need_their_context(folder: Path) -> None:
    (folder / "corpus.jsonl.gz").unlink()
    with pytest.raises(DataInvalid, match=r"line 1: lacks context, and .* holds no corpus\.jsonl"):
        abstention_set(folder)


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


class Counting:
    """Notes how many sentences are embedded."""

    def __init__(self, workshop: Workshop) -> None:
        self.texts: list[str] = []
        self._workshop = workshop

    def __getattr__(self, name: str) -> Any:
        return getattr(self._workshop, name)

    def vectors(self, texts: list[str], stage: str | None = None) -> Any:
        self.texts += texts
        return self._workshop.vectors(texts, stage)


LONG = {
    f"d{n}": Text(
        f"Hive {n}", f"Hive {n} holds {n} queens. It stands in field {n}. Bees live there."
    )
    for n in range(90)
}


@pytest.mark.parametrize(
    "rows", [0, 7, -1, slice(3, 9), [4, 80, 5], np.array([2, 2, 40]), slice(None), np.int64(11)]
)
def test_vectors_of_sentences_are_the_same_however_they_are_asked_for(
    workshop: Workshop, rows: Any
) -> None:
    index = PoolIndex("hives", LONG, workshop)
    texts = index._sentence_texts(range(len(index.sentences)))
    whole = workshop.vectors(texts)
    assert len(index.sentence_vectors) == len(whole) == 270
    assert np.array_equal(index.sentence_vectors[rows], whole[rows])
    assert np.array_equal(index.sentence_vectors[rows], whole[rows])  # and when asked again


def test_only_the_passages_that_an_answer_reads_have_their_sentences_embedded(
    workshop: Workshop,
) -> None:
    counting = Counting(workshop)
    index = PoolIndex("hives", LONG, counting)  # type: ignore[arg-type]
    assert len(counting.texts) == 90  # the passages
    index.sentence_vectors[0]
    assert len(counting.texts) == 90 + 3
    index.sentence_vectors[[1, 2]]
    assert len(counting.texts) == 90 + 3
    assistant = assistant_over(index, counting)  # type: ignore[arg-type]
    answer = assistant.ask("How many queens does hive 7 hold?")
    assert answer.sentences[0].text == "Hive 7 holds 7 queens."
    assert len(counting.texts) - 90 < 270 / 2


def test_all_suites_print_their_tables_and_keep_them(
    folder: Path, neighbour: Path, workshop: Workshop
) -> None:
    measured = run_third_party("third-party", folder.parent, workshop.settings, workshop.progress)
    titles = [line for line in measured.text.splitlines() if line.startswith("###")]
    assert titles == [
        "### bees (test), retrieval",
        "### bees, abstention: gold removed",
        "### bees, abstention: questions of cups's own questions",
        "### bees, abstention: unanswerable",
        "### bees, multi-turn",
        "### bees, faithfulness",
        "### cups, abstention: unanswerable",
    ]
    assert "| hip-assistant | 1.000 (1.000 to 1.000)" in measured.text
    tables = json.loads((measured.folder / "tables.json").read_text("utf-8"))["tables"]
    assert len(tables) == len(titles)
    assert tables[0]["rows"]["BM25"]["RR@10"]["value"] == 1.0
    assert (measured.folder / "tables.md").read_text("utf-8") == measured.text + "\n"
    assert measured.folder.parent == workshop.settings.indexes.parent / "reports"


def test_a_run_that_is_cut_off_keeps_the_tables_that_it_has(
    folder: Path, workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(faithfulness, "measure", cut_off)
    with pytest.raises(KeyboardInterrupt):
        run_third_party("third-party", folder, workshop.settings, workshop.progress)
    (kept,) = (workshop.settings.indexes.parent / "reports").glob("third-party-*/tables.json")
    assert [table["title"] for table in json.loads(kept.read_text("utf-8"))["tables"]] == [
        "bees (test), retrieval",
        "bees, abstention: gold removed",
        "bees, abstention: unanswerable",
        "bees, multi-turn",
    ]
    assert "bees, multi-turn" in kept.with_suffix(".md").read_text("utf-8")


def test_a_set_is_embedded_once_for_all_that_measures_it(folder: Path, workshop: Workshop) -> None:
    begun: list[tuple[str, int]] = []
    run_third_party(
        "third-party",
        folder,
        workshop.settings,
        lambda stage, done, total: begun.append((stage, done)),
    )
    assert begun.count(("bees: embedding passages", len(BEES))) == 1


def test_an_abstention_table_says_how_its_questions_were_come_by(
    folder: Path, neighbour: Path, workshop: Workshop
) -> None:
    text = run_third_party("abstention", folder.parent, workshop.settings, workshop.progress).text
    removed, foreign, labelled, _ = text.split("### ")[1:]
    for table in (removed, foreign, labelled):
        assert "AUROC of the confidence, answerable against unanswerable." in table
        assert "bootstrap with seed 20261123" in table
    assert "its own relevant documents taken out" in removed
    assert "cups's own questions, 2 of 2, all." in foreign
    assert "as the set labels its questions" in labelled


def test_two_measurements_are_alike(folder: Path, workshop: Workshop) -> None:
    runs = [run_third_party("beir", folder, workshop.settings, workshop.progress) for _ in range(2)]
    assert runs[0].text == runs[1].text


def test_foreign_questions_are_drawn_with_a_seed() -> None:
    many = [f"question {n}" for n in range(2000)]
    drawn = Foreign.drawn("others", many).questions
    assert len(drawn) == 500 and drawn == Foreign.drawn("others", many).questions
    assert Foreign.drawn("few", many[:3]).questions == tuple(many[:3])
    assert "others, 500 of 2,000, drawn without replacement with seed 20261123." in (
        Foreign.drawn("others", many).rule
    )


def test_the_overlap_with_a_rewrite_is_of_words() -> None:
    # Stems how, do, sting of how, do, bee, sting.
    assert _overlap("And how do they sting?", "How do bees sting?") == (
        1.0,
        0.75,
        pytest.approx(6 / 7),
    )
    assert _overlap("why?", "How do bees sting?") == (0.0, 0.0, 0.0)


# --- real data ---

SCIFACT = pytest.mark.skipif(
    not (SHARED / "scifact").is_dir(),
    reason="SciFact lies neither beside the checkout nor in the folder that EVALS_DATA names",
)


def rows_of(units: Units) -> dict[str, dict[str, float]]:
    """The figures of each baseline over SciFact's test queries, to three decimals."""
    data = retrieval_set(SHARED / "scifact")
    runs: dict[str, dict[str, list[str]]] = {}
    for query, text in data.queries.items():
        for method, scores in units.scores(text).items():
            ranked = [units.documents[row] for row in units.ranked(scores, 100)]
            runs.setdefault(method, {})[query] = ranked
    return {
        method: {name: round(f.value or 0, 3) for name, f in figures(run, data.qrels).items()}
        for method, run in runs.items()
    }


BM25 = {"nDCG@10": 0.686, "R@5": 0.736, "R@10": 0.819, "R@100": 0.913, "RR@10": 0.649}
DENSE = {"nDCG@10": 0.645, "R@5": 0.738, "R@10": 0.783, "R@100": 0.925, "RR@10": 0.605}
SUM = {"nDCG@10": 0.727, "R@5": 0.788, "R@10": 0.847, "R@100": 0.955, "RR@10": 0.694}


def embedded(texts: list[str], workshop: Workshop) -> bool:
    """Whether the cache beside the indexes has the vector of every text."""
    path = workshop.settings.indexes / f"vectors-{workshop.model.fingerprint}.sqlite"
    with closing(sqlite3.connect(path)) as cache:
        cached = {key for (key,) in cache.execute("SELECT key FROM vectors")}
    return all(hashlib.sha256(text.encode()).digest() in cached for text in texts)


class WithoutVectors:
    """A workshop that embeds nothing: BM25 needs no vectors."""

    class model:
        @staticmethod
        def embed_query(text: str) -> list[float]:
            return [0.0]

    @staticmethod
    def vectors(texts: list[str], stage: str | None = None) -> Any:
        return np.zeros((len(texts), 1), dtype=np.float32)


@SCIFACT
def test_bm25_on_scifact_is_the_measured_baseline() -> None:
    documents = retrieval_set(SHARED / "scifact").documents
    units = Units("scifact", documents, WithoutVectors(), cut=False)  # type: ignore[arg-type]
    assert rows_of(units)["BM25"] == BM25


@SCIFACT
@pytest.mark.slow
def test_all_baselines_on_scifact_are_the_measured_ones(settings: Settings) -> None:
    documents = retrieval_set(SHARED / "scifact").documents
    workshop = Workshop.open(settings, lambda stage, done, total: None)
    texts = [document.whole for document in documents.values()]
    if not os.environ.get("EVALS_SLOW") and not embedded(texts, workshop):
        pytest.skip("SciFact is not embedded, which takes minutes: EVALS_SLOW=1 embeds it")
    assert rows_of(Units("scifact", documents, workshop, cut=False)) == {
        "BM25": BM25,
        "dense": DENSE,
        "min-max 0.5": SUM,
    }
