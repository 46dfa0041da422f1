"""How the scorer's weights are made: examples, labels, folds, thresholds, trees as ONNX, the card."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("onnx", reason="onnx is not installed")
pytest.importorskip("sklearn", reason="scikit-learn is not installed")

import onnxruntime
from sklearn.ensemble import HistGradientBoostingClassifier

from assistant.assistant import Assistant
from assistant.crossencoder import CARRIES, CrossEncoder
from assistant.scorer.inputs import answer_inputs, blended, passage_inputs, sentence_inputs
from evals.statistics import interval
from evals.thirdparty.table import Figure
from evals.thirdparty.workshop import Workshop
from evals.training.card import card
from evals.training.examples import WRITTEN, Example, examples
from evals.training.fine_tuning import judged, trained
from evals.training.fine_tuning import written as write_cross_encoder
from evals.training.fit import FOLDS, TREES, Scores, balanced, expected, fold
from evals.training.measures import Measured, measured
from evals.training.pairs import Pair
from evals.training.reading import labelled
from evals.training.train import main
from evals.training.trees import write
from evals.training.weights import RISKS, thresholds

NAMES = (
    "heron",
    "otter",
    "badger",
    "falcon",
    "lizard",
    "beaver",
    "weasel",
    "magpie",
    "turtle",
    "rabbit",
)
FACTS = {
    name: f"Here is the {name}. It sleeps for {n + 3} hours. Its nest is built of reed and wool."
    for n, name in enumerate(NAMES)
}


def animals(folder: Path, *splits: str, spans: bool = True) -> None:
    """A set: a document on each animal, a question on how long it sleeps, with its span."""
    (folder / "qrels").mkdir(parents=True)
    titles = {name: name.title() for name in NAMES}
    rows: dict[str, list[dict[str, Any]]] = {"corpus": [], "queries": [], "abstention": []}
    for name, text in FACTS.items():
        answer = text.partition("It ")[2].partition(".")[0]
        span = {"start": text.index(answer), "text": answer}
        asked = f"How long does the {name} sleep?"
        rows["corpus"].append({"_id": name, "title": titles[name], "text": text})
        rows["queries"].append({"_id": f"q-{name}", "text": asked, "answers": [span][:spans]})
        plain = {"id": f"plain-{name}", "question": asked, "answerable": True, "answers": [answer]}
        other = f"Which nest did the {name} win at chess?"
        made = {"id": f"made-{name}", "question": other, "answerable": False}
        rows["abstention"] += [row | {"context": text, "context_id": name} for row in (plain, made)]
    for name, lines in rows.items():
        text = "".join(json.dumps(line) + "\n" for line in lines)
        (folder / f"{name}.jsonl").write_text(text, encoding="utf-8")
    judged = "".join(f"q-{name}\t{name}\t1\n" for name in NAMES)
    for split in splits:
        file = folder / "qrels" / f"{split}.tsv"
        file.write_text("query-id\tcorpus-id\tscore\n" + judged, encoding="utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """All sets that weights are made of."""
    animals(tmp_path / "data" / "scifact", "train", "test", spans=False)
    animals(tmp_path / "data" / "covidqa", "test")
    animals(tmp_path / "data" / "squad2", "test")
    (tmp_path / "data" / "mtrag").mkdir()
    openings = [f"Who was the {n}th king of Norway?" for n in range(4, 12)]
    turns = [{"id": n, "history": [], "question": text} for n, text in enumerate(openings)]
    said = [{"role": "user", "text": openings[0]}, {"role": "assistant", "text": "Olaf."}]
    turns.append({"id": 9, "history": said, "question": "And then?", "rewrite": "Who then?"})  # type: ignore[dict-item]
    (tmp_path / "data" / "mtrag" / "turns.jsonl").write_text(
        "".join(json.dumps(turn) + "\n" for turn in turns), encoding="utf-8"
    )
    return tmp_path / "data"


@pytest.fixture(scope="module")
def bees(tiny: Callable[..., Assistant]) -> Assistant:
    return tiny({"bees.md": "# Bees\n\n- Bees make honey.\n- Smoke calms bees.\n"})


@pytest.fixture
def workshop(bees: Assistant) -> Workshop:
    return Workshop.open(bees.settings, lambda stage, done, total: None)


def example(
    kind: str, set: str = "one", group: str = "", documents: str = "", gold: str = "",
    passages: list[float] | None = None, sentences: list[float] | None = None, id: str = "",
) -> Example:  # fmt: skip
    """With a letter for each document."""
    return Example(
        set, id or f"{kind} {group}", kind, group, "", None, None, np.arange(len(documents)),  # type: ignore[arg-type]
        tuple(documents), tuple(gold), np.array(passages or [], dtype=np.float32),
        None if sentences is None else np.array(sentences, dtype=np.float32),
    )  # fmt: skip


# --- examples ---


def test_a_question_stands_with_its_gold_labelled_and_again_without_its_gold(
    data: Path, workshop: Workshop
) -> None:
    read = list(examples("covidqa", data, workshop))
    kinds = [one.kind for one in read]
    assert kinds == ["there", "gone"] * len(NAMES) + ["foreign"] * 8
    for there, gone, name in zip(read[0:20:2], read[1:20:2], NAMES, strict=True):
        assert there.gold == gone.gold == (name,)
        assert {there.group, gone.group} == {name}
        labelled = [d for d, label in zip(there.documents, there.passages, strict=True) if label]
        assert labelled == [name]
        assert there.sentences is not None
        (place,) = np.flatnonzero(there.sentences)
        assert there.documents[there.seen.owners[place]] == name
        # The second of its three sentences.
        assert (there.seen.owners[:place] == there.seen.owners[place]).sum() == 1
        assert sorted(gone.documents + gone.rest) == sorted(set(NAMES) - {name})
        assert not gone.passages.any() and gone.sentences is None
    assert not any(one.passages.any() or one.gold for one in read[20:])


def test_questions_made_to_look_answerable_go_by_the_article(
    data: Path, workshop: Workshop
) -> None:
    read = list(examples("squad2", data, workshop))[20:]
    assert [one.kind for one in read] == ["plain", "adversarial"] * len(NAMES)
    assert [one.group for one in read] == [name.title() for name in NAMES for _ in range(2)]
    assert [one.answerable for one in read] == [True, False] * len(NAMES)
    for plain, made in zip(read[0::2], read[1::2], strict=True):
        assert plain.passages.sum() == 1 and plain.sentences is not None
        assert plain.sentences.sum() == 1
        assert not made.passages.any() and made.sentences is None
        assert not plain.judged  # that question stands as `there` as well


def test_a_cross_encoder_learns_from_windows_by_what_they_hold(
    data: Path, workshop: Workshop
) -> None:
    read = list(examples("covidqa", data, workshop))
    pairs = labelled(read, [one.seen.sentences[:, 0] for one in read])
    right = [pair for pair in pairs if pair.label]
    wrong = [pair for pair in pairs if not pair.label]
    assert len(right) == len(NAMES) and len(wrong) > len(right)
    asked = [next(name for name in NAMES if name in pair.first) for pair in right]
    assert all(name.title() in pair.second for name, pair in zip(asked, right, strict=True))
    for pair in wrong:
        named = [name for name in NAMES if name in pair.first]
        assert not any(name.title() in pair.second for name in named)
    assert np.mean([pair.weight for pair in pairs]) == pytest.approx(1.0)


# --- folds and weights ---


def test_an_article_is_in_one_fold_and_articles_are_in_all() -> None:
    folds = {
        group: {fold(example(kind, group=group)) for kind in ("there", "gone", "plain")}
        for group in map(str, range(100))
    }
    assert {len(one) for one in folds.values()} == {1}
    assert {number for one in folds.values() for number in one} == set(range(FOLDS))


KINDS = [("one", kind) for kind in ("there", "there", "gone")] + [
    ("two", kind) for kind in ("there", "gone", "foreign", "foreign")
]


def test_sets_count_alike_and_in_each_questions_with_and_without_an_answer() -> None:
    asked = [example(kind, set) for set, kind in KINDS]
    # Seven questions make four groups of 7/4 each.
    assert balanced(asked).tolist() == pytest.approx([7 / 8, 7 / 8, 7 / 4, 7 / 4, *[7 / 12] * 3])
    by_kind = [7 / 8, 7 / 8, 7 / 4, 7 / 4, 7 / 8, 7 / 16, 7 / 16]
    assert balanced(asked, by_kind=True).tolist() == pytest.approx(by_kind)
    # An eighth of the weight is of those without: 7/2 of each set, 7/8 and 1/8 of it.
    with_and_without = [49 / 32, 49 / 32, 7 / 16, 49 / 16, *[7 / 48] * 3]
    assert expected(asked).tolist() == pytest.approx(with_and_without)


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        # Accepted down to 0.9, 0.8 (two at once), 0.6, 0.5, of them unanswerable: 0, 1/3, 1/4, 2/5.
        ([1, 1, 1, 1, 1], {0.01: 0.9, 0.24: 0.9, 0.25: 0.6, 0.39: 0.6, 0.41: 0.5, 0.5: 0.5}),
        # 0, 1/7, 1/10, 2/11.
        ([3, 3, 1, 3, 1], {0.09: 0.9, 0.11: 0.6, 0.18: 0.6, 0.19: 0.5}),
    ],
)
def test_a_threshold_is_the_lowest_probability_that_keeps_to_the_risk(
    weights: list[float], found: dict[float, float]
) -> None:
    probabilities = np.array([0.8, 0.9, 0.8, 0.6, 0.5])
    answerable = np.array([True, True, False, True, False])
    by_risk = dict(
        zip(
            RISKS.tolist(),
            thresholds(probabilities, answerable, np.array(weights, np.float32)).tolist(),
            strict=True,
        )
    )
    assert {risk: by_risk[risk] for risk in found} == found


def test_without_an_answerable_question_nothing_is_accepted() -> None:
    found = thresholds(np.array([0.9, 0.2]), np.zeros(2, dtype=bool), np.ones(2, np.float32))
    assert found.tolist() == [1.0] * len(RISKS)


# --- trees ---


@pytest.mark.parametrize("lined", [False, True])
def test_onnx_gives_the_probabilities_of_scikit_learn_exactly_on_thresholds_too(
    tmp_path: Path, lined: bool
) -> None:
    drawn = np.random.default_rng(1)
    features = drawn.normal(size=(600, 3)).astype(np.float32)
    labels = features[:, 0] * features[:, 1] + drawn.normal(size=600) > 0
    trees = HistGradientBoostingClassifier(max_iter=40, min_samples_leaf=5).fit(features, labels)
    branches = np.concatenate(
        [tree.nodes[tree.nodes["is_leaf"] == 0] for (tree,) in trees._predictors]
    )
    near = np.repeat(branches["num_threshold"].astype(np.float32)[:, None], 3, axis=1)
    on = drawn.choice(features, len(near))
    rows = [features]
    for values in (near, np.nextafter(near, np.float32(9)), np.nextafter(near, np.float32(-9))):
        on[np.arange(len(on)), branches["feature_idx"]] = values[:, 0]
        rows.append(on.copy())
    asked = np.concatenate(rows)
    weights, bias = np.array([0.5, -2.0, 1.0]), 0.25
    write(trees, tmp_path / "made.onnx", (weights, bias) if lined else None)
    session = onnxruntime.InferenceSession(tmp_path / "made.onnx")
    (found,) = session.run(["probability"], {"features": asked})
    logits = trees.decision_function(asked)
    if lined:
        logits = (logits + asked @ weights + bias) / 2
    assert found.shape == (len(asked), 1)
    assert np.abs(found[:, 0] - 1 / (1 + np.exp(-logits))).max() < 1e-6


# --- figures and card ---


def test_figures_are_those_computed_by_hand() -> None:
    asked = [
        # Second among the documents: 1 / log2(3).
        example("there", id="a", documents="aab", gold="b", passages=[0, 0, 1], sentences=[1]),
        # Last of six passages: 1 / log2(7), and none of the first five answers.
        example("there", id="b", documents="abcdef", gold="f", passages=[0] * 5 + [1], sentences=[1]),
        example("gone", id="c", documents="ab", gold="c", passages=[0, 0]),
        example("gone", id="d", documents="ab", gold="c", passages=[0, 0]),
    ]  # fmt: skip
    ranks = [[0.7, 0.9, 0.5], [0.9, 0.8, 0.7, 0.6, 0.5, 0.4], [0.1, 0.2], [0.1, 0.2]]
    answers = [0.9, 0.4, 0.5, 0.1]
    scores = [
        Scores(np.array(one, dtype=np.float32), np.zeros(0, dtype=np.float32), answer)
        for one, answer in zip(ranks, answers, strict=True)
    ]
    gains = [float(1 / np.log2(3)), float(1 / np.log2(7))]
    found = measured(asked, scores)
    assert (found.set, found.questions) == ("one", 4)
    assert {name: figure.value for name, figure in found.figures.items()} == pytest.approx(
        # Of four pairs of an answerable and an unanswerable question three are in order.
        {"nDCG@10": sum(gains) / 2, "span@5": 0.5, "AUROC gone": 0.75}
    )
    assert found.figures["span@5"].interval == interval([1.0, 0.0])


def test_the_card_names_every_set_and_has_a_row_for_each_measurement() -> None:
    parts = {"scifact:train": 1, "scifact": 2, "covidqa": 3, "squad2": 4, "hip": 1234}
    read = {name: [example("there")] * count for name, count in parts.items()}
    known = Measured("covidqa", 3, {"nDCG@10": Figure(0.5, (0.4, 0.6)), "AUROC gone": Figure(0.75)})
    left = Measured("squad2", 1234, {"AUROC adversarial": Figure(0.7)})
    text = card(read, [known, Measured("hip", 2, {"AUROC far": Figure(None)})], [left])
    for row in (
        "| scifact:train | SciFact in BEIR's form: claims and abstracts | claims and evidence CC BY 4.0, "
        "abstracts ODC-By 1.0 | 1 |",
        "| covidqa | COVID-QA, version of 23 April 2020 | Apache-2.0; articles under their own open "
        "licences | 3 |",
        "| squad2 | SQuAD 2.0, part of the dev set | CC BY-SA 4.0 | 4 |",
        "| hip | evals/data/development.yaml and questions_written.jsonl of this project | as the project | "
        "1,234 |",
        "| set | examples | nDCG@10 | AUROC gone | AUROC far |",
        "| covidqa | 3 | 0.500 (0.400 to 0.600) | 0.750 | – |",
        "| hip | 2 | – | – | – |",
        "| set | examples | AUROC adversarial |",
        "| squad2 | 1,234 | 0.700 |",
    ):
        assert row in text.splitlines()
    assert "| 2, looked at only |" in text


# --- all of it ---


def test_the_command_writes_weights_that_run_their_calibration_and_their_card(
    data: Path,
    bees: Assistant,
    workshop: Workshop,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEXES_DIR", str(bees.settings.indexes))
    monkeypatch.setenv("ASSISTANT_CORPUS_DIR", str(bees.settings.corpus))
    monkeypatch.setitem(TREES, "max_iter", 40)  # enough for a dozen articles
    few = tmp_path / "written.jsonl"
    few.write_text("".join(WRITTEN.read_text("utf-8").splitlines(keepends=True)[::40]), "utf-8")
    monkeypatch.setattr("evals.training.examples.WRITTEN", few)
    made = tmp_path / "weights"
    main([str(data), "--output", str(made)])
    assert sorted(path.name for path in made.iterdir()) == [
        "CARD.md", "answers.onnx", "calibration.json", "passages.onnx", "sentences.onnx",
    ]  # fmt: skip
    one = next(examples("covidqa", data, workshop))
    sessions = {path.stem: onnxruntime.InferenceSession(path) for path in made.glob("*.onnx")}

    def says(name: str, inputs: Any) -> Any:
        return sessions[name].run(None, {"features": inputs.astype(np.float32)})[0][:, 0]

    passages = blended(says("passages", passage_inputs(one.seen)), one.seen)
    sentences = says("sentences", sentence_inputs(one.seen, passages))
    (answer,) = says("answers", answer_inputs(one.seen, passages, sentences, one.read))
    assert len(passages) == len(NAMES) and one.documents[passages.argmax()] in one.gold
    assert len(sentences) == 3 * len(NAMES) and 0 < answer < 1
    calibration = json.loads((made / "calibration.json").read_text("utf-8"))
    assert calibration["slope"] > 0 and calibration["risks"] == RISKS.tolist()
    assert calibration["thresholds"] == sorted(calibration["thresholds"], reverse=True)
    text = (made / "CARD.md").read_text("utf-8")
    assert capsys.readouterr().out == text + "\n"
    firsts = [line.split(" | ")[0] for line in text.splitlines() if line.startswith("| ")]
    learned = ["| scifact:train", "| covidqa", "| squad2"]
    assert firsts == [
        "| part", *learned, "| scifact", "| hip",
        "| set", *learned, "| hip", "| scifact",
        "| set", "| scifact", "| covidqa", "| squad2",
    ]  # fmt: skip


def test_a_cross_encoder_is_trained_and_read_as_it_was_written(tmp_path: Path) -> None:
    told = [
        Pair(
            f"Bees of hive {number} {verb}.",
            f"Bees of hive {number} sting.",
            CARRIES,
            int(verb == "sting"),
        )
        for number in range(16)
        for verb in ("sting", "swim")
    ]
    steps: list[tuple[int, int]] = []
    network = trained(told, 2, lambda done, total: steps.append((done, total)))
    assert steps == [(1, 2), (2, 2)]
    write_cross_encoder(network, tmp_path / "small.onnx")
    assert (tmp_path / "small.onnx").stat().st_size < 25e6
    read = CrossEncoder(tmp_path / "small.onnx")
    said = [read.carries(pair.first, pair.second) for pair in told]
    assert said == pytest.approx(judged(network, told).tolist(), abs=0.2)
