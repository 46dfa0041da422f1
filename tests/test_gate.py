"""The gate sees what breaks: each mutation of the assistant fails it, by the name of the right figure.

Every third case of the hip suite and every urgent one is asked once; mutations change those answers, or
ask again what they must.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.engines.scoring import Scoring
from assistant.errors import EvaluationFailed
from assistant.types import Answer, Citation, Hit, Sentence, Turn
from evals.cases import CASES, Case, load_cases
from evals.gate import BASELINE, accept, changes, check, read_baseline, scores_of
from evals.metrics import METRICS
from evals.outcomes import collect
from evals.places import Places
from evals.report import Report, scores
from evals.statistics import Score


class Remembering:
    """The assistant, asked each thing once; `change` alters what it gives."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._answers: dict[tuple[str, tuple[Turn, ...]], Answer] = {}
        self._hits: dict[tuple[str, tuple[Turn, ...]], list[Hit]] = {}
        self.change: Callable[[Answer], Answer] = lambda answer: answer
        self.reorder: Callable[[list[Hit]], list[Hit]] = lambda hits: hits

    def ask(self, question: str, turns: Sequence[Turn] = ()) -> Answer:
        key = (question, tuple(turns))
        if key not in self._answers:
            self._answers[key] = self._assistant.ask(question, turns)
        return self.change(self._answers[key])

    def retrieve(self, query: str, k: int = 10, turns: Sequence[Turn] = ()) -> list[Hit]:
        key = (query, tuple(turns))
        if key not in self._hits:
            self._hits[key] = self._assistant.retrieve(query, k, turns)
        return self.reorder(self._hits[key])


@pytest.fixture(scope="module")
def suite(assistant: Assistant) -> tuple[Case, ...]:
    return load_cases(CASES, assistant.index)


@pytest.fixture(scope="module")
def cases(suite: tuple[Case, ...]) -> tuple[Case, ...]:
    return tuple(
        case for place, case in enumerate(suite) if place % 3 == 0 or case.kind == "urgent"
    )


@pytest.fixture(scope="module")
def remembering(assistant: Assistant) -> Remembering:
    return Remembering(assistant)


@pytest.fixture
def system(remembering: Remembering) -> Remembering:
    remembering.change = lambda answer: answer
    remembering.reorder = lambda hits: hits
    return remembering


@pytest.fixture(scope="module")
def run(assistant: Assistant, cases: tuple[Case, ...]) -> Callable[[Remembering], Report]:
    """The parts of a report that the gate reads, without its intervals."""
    places = Places(assistant.index)

    def report(system: Remembering) -> Report:
        outcomes = collect(cases, system, places)
        by_metric = {name: scores(metric, outcomes) for name, metric in METRICS.items()}
        rows = {
            case.id: {"scores": {n: v[case.id] for n, v in by_metric.items() if case.id in v}}
            for case in cases
        }
        figures = [
            {"name": name, "value": METRICS[name].total(list(values.values()))}
            for name, values in by_metric.items()
        ]
        return {
            "schema": 1,
            "run": {"id": "a-run"},
            "system": {},
            "fingerprints": {},
            "rows": rows,
            "figures": figures,
        }

    return report


@pytest.fixture(scope="module")
def baseline(
    run: Callable[[Remembering], Report],
    remembering: Remembering,
    tmp_path_factory: pytest.TempPathFactory,
) -> Path:
    path = tmp_path_factory.mktemp("gate") / "baseline.json"
    accept(run(remembering), None, path)
    return path


def failed(run: Callable[[Remembering], Report], system: Remembering, baseline: Path) -> str:
    with pytest.raises(EvaluationFailed) as caught:
        check(run(system), baseline)
    return str(caught.value)


Run = Callable[[Remembering], Report]


def test_the_same_answers_pass(run: Run, system: Remembering, baseline: Path) -> None:
    assert not any(change.failed or change.worse for change in check(run(system), baseline))


def test_broken_offsets_fail_quote_exactness(run: Run, system: Remembering, baseline: Path) -> None:
    def shifted(sentence: Sentence) -> Sentence:
        moved = [
            Citation(
                c.number, replace(c.passage, start=c.passage.start + 1), c.start + 1, c.end + 1
            )
            for c in sentence.citations
        ]
        return replace(sentence, citations=tuple(moved))

    system.change = lambda a: replace(a, sentences=tuple(map(shifted, a.sentences)))
    message = failed(run, system, baseline)
    assert "quote exactness: 1.000 -> 0." in message
    assert "nugget recall" not in message


def test_a_shuffled_ranking_fails_the_ranking_figures(
    run: Run, system: Remembering, baseline: Path
) -> None:
    system.reorder = lambda hits: random.Random(len(hits)).sample(hits, len(hits))
    message = failed(run, system, baseline)
    for name in ("nDCG@10", "R@5", "RR@10", "follow-up nDCG@10", "worst wording nDCG@10"):
        assert f"\n  {name}: " in message
    assert "quote exactness" not in message


def test_no_abstention_fails_refusing(
    run: Run,
    system: Remembering,
    baseline: Path,
    assistant: Assistant,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(Scoring, "answers", lambda *_: True)
    # Neither does it say any more how sure it is.
    system.change = lambda a: replace(
        assistant.ask(a.question) if a.abstained and a.hits else a, probability=None
    )
    message = failed(run, system, baseline)
    assert "\n  refused: " in message
    assert "\n  AUROC: " in message
    assert "near-" in message.split("\n  refused: ")[1].splitlines()[0]


def test_empty_answers_fail_the_answer_figures(
    run: Run, system: Remembering, baseline: Path
) -> None:
    system.change = lambda a: replace(a, sentences=(), notices=(), references=(), reason="None.")
    message = failed(run, system, baseline)
    for name in ("nugget recall", "gold cited", "citation recall", "answered", "urgent recall"):
        assert f"\n  {name}: " in message


def test_one_missed_emergency_fails(run: Run, system: Remembering, baseline: Path) -> None:
    """No interval is asked for what must never fall."""
    missed = "hip is hot, red, swollen and I've got a temp of 39"
    system.change = lambda a: replace(a, notices=()) if a.question == missed else a
    message = failed(run, system, baseline)
    assert "urgent recall" in message and "urgent-04" in message
    assert len(message.splitlines()) == 3


def test_a_case_that_is_gone_fails(
    run: Run, system: Remembering, baseline: Path, cases: tuple[Case, ...]
) -> None:
    report = run(system)
    gone = next(case.id for case in cases if case.answerable)
    del report["rows"][gone]
    with pytest.raises(EvaluationFailed, match=f"were not asked: {gone}"):
        check(report, baseline)


def test_latency_and_length_never_gate() -> None:
    assert {name for name, metric in METRICS.items() if metric.gate == "never"} == {
        "words",
        "reading ease",
        "follow-up alone nDCG@10",
        "follow-up rewritten nDCG@10",
    }


def values(**by_case: Score) -> dict[str, dict[str, Score]]:
    return {"nDCG@10": dict(by_case)}


def small_report(given: dict[str, dict[str, Score]]) -> Report:
    rows: dict[str, dict[str, dict[str, Score]]] = {}
    for name, by_case in given.items():
        for case, score in by_case.items():
            rows.setdefault(case, {"scores": {}})["scores"][name] = score
    return {
        "schema": 1,
        "run": {"id": "a-run"},
        "system": {},
        "fingerprints": {},
        "rows": rows,
        "figures": [],
    }


def twenty(score: float) -> dict[str, Score]:
    return {f"c{n}": score for n in range(20)}


def test_a_figure_that_the_run_lacks_fails_the_check_and_is_not_accepted(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    accept(
        small_report({"R@100": twenty(0.9), "refused": twenty(0.9), "R@5": twenty(0.9)}), None, path
    )
    less = small_report({"R@5": twenty(0.9)})
    told = r"figures of the baseline that the run lacks: R@100, refused"
    with pytest.raises(EvaluationFailed, match=told):
        check(less, path)
    with pytest.raises(EvaluationFailed, match=r"accepted only with a reason"):
        accept(less, None, path)
    assert set(read_baseline(path)) == {"R@100", "refused", "R@5"}


def test_a_case_without_a_score_of_what_must_never_fall_fails(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    accept(small_report({"quote exactness": twenty(1.0), "R@5": twenty(0.5)}), None, path)
    less = small_report({"quote exactness": twenty(1.0), "R@5": twenty(0.5)})
    del less["rows"]["c7"]["scores"]["quote exactness"]
    with pytest.raises(
        EvaluationFailed, match=r"quote exactness: cases of the baseline without a score: c7"
    ):
        check(less, path)


def test_an_answer_that_is_now_refused_quotes_nothing_and_does_not_fail(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    accept(small_report({"quote exactness": twenty(1.0), "R@5": twenty(0.5)}), None, path)
    less = small_report({"quote exactness": twenty(1.0), "R@5": twenty(0.5)})
    del less["rows"]["c7"]["scores"]["quote exactness"]
    less["rows"]["c7"]["reply"] = {"abstained": True}
    assert not any(change.failed for change in check(less, path))


def test_a_fall_that_may_be_chance_passes() -> None:
    before = values(**{f"c{n}": n % 2 for n in range(20)})
    after = values(**{f"c{n}": (n + 1) % 2 for n in range(20)} | {"c1": 0.0, "c0": 0.0})
    (change,) = changes(before, after)
    assert change.after is not None and change.before is not None
    assert change.after < change.before
    assert not change.failed


def test_a_small_fall_in_every_case_fails() -> None:
    (change,) = changes(
        values(**{f"c{n}": n / 20 for n in range(20)}),
        values(**{f"c{n}": n / 20 - 0.01 for n in range(20)}),
    )
    assert change.failed
    assert change.interval == (-0.01, -0.01)
    assert len(change.worse) == 20 and not change.better


def test_a_rise_where_lower_is_better_fails() -> None:
    before = {"false alarms": {f"c{n}": 0.0 for n in range(20)}}
    (change,) = changes(before, {"false alarms": {f"c{n}": 1.0 for n in range(20)}})
    assert change.failed and len(change.worse) == 20


def test_of_a_pair_the_confidence_counts_towards_its_label() -> None:
    before: dict[str, dict[str, Score]] = {"AUROC": {"a": (0.4, 1.0), "b": (0.4, 0.0)}}
    after: dict[str, dict[str, Score]] = {"AUROC": {"a": (0.6, 1.0), "b": (0.6, 0.0)}}
    (change,) = changes(before, after)
    assert change.better == ("a",) and change.worse == ("b",)


def test_a_worse_run_is_accepted_only_with_a_reason_which_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    good = values(**{f"c{n}": 0.9 for n in range(20)})
    bad = small_report(values(**{f"c{n}": 0.1 for n in range(20)}))
    accept(small_report(good), None, path)
    with pytest.raises(EvaluationFailed, match=r"accepted only with a reason: .* --reason TEXT"):
        accept(bad, None, path)
    with pytest.raises(EvaluationFailed, match="accepted only with a reason"):
        accept(bad, " \t", path)
    assert read_baseline(path) == good
    accept(bad, "the corpus lost a file", path)
    assert read_baseline(path) == scores_of(bad)
    (reason,) = json.loads(path.read_text("utf-8"))["reasons"]
    assert reason["reason"] == "the corpus lost a file" and reason["run"] == "a-run"


def test_a_run_that_no_commit_holds_is_accepted_only_with_a_reason(tmp_path: Path) -> None:
    path = tmp_path / "baseline.json"
    changed = small_report({"R@5": twenty(0.9)})
    changed["fingerprints"] = {"commit": "0123abcd+"}
    with pytest.raises(EvaluationFailed, match=r"changes that no commit holds.*\n.*--reason TEXT"):
        accept(changed, None, path)
    assert not path.exists()
    accept(changed, "only the wording of a message was changed", path)
    assert read_baseline(path) == scores_of(changed)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{", "JSONDecodeError"),
        ("[]", "no JSON object"),
        ('{"reasons": [], "scores": []}', "at scores: input should be a valid dictionary"),
        ('{"reasons": [], "scores": {"R@5": {"c": "high"}}}', "at scores.R@5.c"),
        ('{"reasons": [], "scores": {"R@5": {"c": NaN}}}', "at scores.R@5.c"),
        ('{"reasons": [], "scores": {}}', "at scores: dictionary should have at least 1 item"),
    ],
)
def test_a_baseline_that_cannot_be_read_says_how_to_mend_it(
    tmp_path: Path, text: str, why: str
) -> None:
    (tmp_path / "baseline.json").write_text(text, encoding="utf-8")
    with pytest.raises(EvaluationFailed, match="hip-assistant eval accept latest") as caught:
        read_baseline(tmp_path / "baseline.json")
    assert why in str(caught.value)


def test_the_accepted_baseline_is_of_the_cases_that_are_committed(suite: tuple[Case, ...]) -> None:
    known = {case.id for case in suite}
    for name, by_case in read_baseline(BASELINE).items():
        assert set(by_case) <= known, name
