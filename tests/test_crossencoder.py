"""The cross-encoder: which stretches it reads, how a pair is cut, and what it tells apart."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from assistant.assistant import Assistant
from assistant.crossencoder import (
    ANSWERS,
    CARRIES,
    OF_FIRST,
    PIECES,
    CrossEncoder,
    encoded,
    tokenizer,
)
from assistant.embeddings import OnnxEmbeddings
from assistant.engines.reading import Reading
from assistant.engines.scoring import Candidate
from assistant.scorer.features import Reader, Seen
from assistant.scorer.inputs import NOTHING_READ, answer_inputs
from assistant.scorer.ranker import deepest
from assistant.scorer.tokens import TokenEncoder
from assistant.scorer.windows import WORDS, texts, windows

Tiny = Callable[..., Assistant]
# Sentences of eleven words: six of them are within a window's words, seven are not.
LONG = " ".join(f"Hive number {n} holds bees that like the scent of thyme." for n in range(20))


@pytest.fixture(scope="module")
def reader() -> CrossEncoder:
    return CrossEncoder()


@pytest.fixture(scope="module")
def bees(tiny: Tiny) -> Assistant:
    return tiny({"long.md": f"# Thyme\n\n{LONG}\n", "smoke.md": "# Smoke\n\n- Smoke calms bees.\n"})


def seen(bees: Assistant, question: str) -> tuple[np.ndarray, Seen]:
    assert isinstance(bees.embeddings, OnnxEmbeddings)
    vector = np.asarray(bees.embeddings.embed_query(question), dtype=np.float32)
    parts = [(question, 1.0)]
    found, rows, places = deepest(bees.index, parts, vector, None)
    read = Reader(bees.index, TokenEncoder(bees.embeddings))
    return rows, read.read(parts, vector, rows, found.bm25[places], found.scores[places])


def test_a_window_is_the_best_sentence_with_its_neighbours_and_none_shares_a_sentence(
    bees: Assistant,
) -> None:
    rows, one = seen(bees, "Which hive likes thyme?")
    scores = np.linspace(0, 1, len(one.numbers)).astype(np.float32)
    found = windows(bees.index, rows, one, scores)
    best = int(scores.argmax())
    assert found[0][0] <= best <= found[0][1]
    covered = [place for first, last in found for place in range(first, last + 1)]
    assert len(covered) == len(set(covered))
    for (first, last), text in zip(found, texts(bees.index, rows, one, found), strict=True):
        assert one.owners[first] == one.owners[last]
        title, _, words = text.partition(". ")
        assert title in ("Thyme", "Smoke") and len(words.split()) <= WORDS
        passage = bees.index.passages[int(rows[one.owners[first]])]
        assert words in passage.text


def test_a_question_without_windows_counts_as_badly_as_one_whose_windows_say_nothing(
    bees: Assistant,
) -> None:
    _, one = seen(bees, "Which hive likes thyme?")
    passages = np.full(len(one.passages), 0.5, dtype=np.float32)
    sentences = np.full(len(one.numbers), 0.5, dtype=np.float32)
    none = answer_inputs(one, passages, sentences, np.zeros(0, dtype=np.float32))
    assert none[0, -5:].tolist() == [NOTHING_READ] * 5
    two = answer_inputs(one, passages, sentences, np.array([-1.0, 2.0], dtype=np.float32))
    assert two[0, -5:-1].tolist() == [-1.0, 2.0, -1.0, -1.0]
    assert two[0, -1] == pytest.approx(np.log(np.exp(2.0) + 2 * np.exp(-1.0)))


def test_a_pair_is_cut_to_the_pieces_of_its_task_and_says_which_text_each_is_of() -> None:
    made = tokenizer()
    for task in (ANSWERS, CARRIES):
        ((ids, types),) = encoded(made, [("bee " * 300, "hive " * 300)], task)
        assert len(ids) == len(types) == PIECES[task]
        assert types.count(0) == OF_FIRST + 2
        assert [made.id_to_token(ids[0]), made.id_to_token(ids[-1])] == ["[CLS]", "[SEP]"]


def test_what_answers_is_told_from_what_only_shares_its_words(reader: CrossEncoder) -> None:
    question = "How long does pain last after core decompression?"
    answer = "After core decompression pain lasted for six weeks on average."
    other = "Core decompression is done under general anaesthesia through a small cut."
    right, wrong = reader.answers(question, [answer, other])
    assert right > wrong
    assert reader.answers(question, []).tolist() == []


def test_what_is_carried_is_told_from_what_is_turned_round(reader: CrossEncoder) -> None:
    evidence = "Etidronate appeared to slow vascular calcification but did not reverse it."
    same = (
        "Vascular calcification seemed to progress less quickly with etidronate, without receding."
    )
    turned = "Etidronate seems to have made vascular calcification recede."
    assert reader.carries(same, evidence) > reader.carries(turned, evidence)
    assert reader.carries(same, evidence) == reader.carries(same, evidence)


# --- sentences of an answer ---

TITLED = """---
title: Bees
---

## Findings

- Smoke calms bees.
- Bees make honey.
- Bees swarm in May.
"""


@pytest.fixture
def readings(tiny: Tiny, monkeypatch: pytest.MonkeyPatch) -> tuple[Reading, list[Candidate]]:
    """Three sentences, and what is read of the first two."""
    index = tiny({"bees.md": TITLED}).index
    made = Reading(index)
    odds = {"Bees. Smoke calms bees.": -3.0, "Bees. Bees make honey.": 2.0}

    class Said:
        def answers(self, question: str, read: list[str]) -> np.ndarray:
            return np.array([odds[text] for text in read])

    monkeypatch.setattr(made, "_crossencoder", Said())
    return made, [
        Candidate(passage, row, 0, len(passage.text), 0.5, 0.5, passage.text)
        for row, passage in enumerate(index.passages)
    ]


@pytest.mark.parametrize(
    ("worth", "odds", "first"),
    [
        ((1.0, 0.9, 0.5), {0: -3.0, 1: 2.0, 2: 9.0}, 1),  # the third is worth too little
        ((1.0, 0.9, 0.5), {}, 0),
        ((1.0, 0.7, 0.5), {0: -3.0, 1: 2.0}, 0),
    ],
)
def test_what_answers_better_opens_where_it_is_worth_about_as_much(
    readings: tuple[Reading, list[Candidate]],
    worth: tuple[float, ...],
    odds: dict[int, float],
    first: int,
) -> None:
    made, candidates = readings
    assert made.best(candidates, dict(enumerate(worth)), odds).row == first


def test_what_hardly_answers_is_beside_the_point(
    readings: tuple[Reading, list[Candidate]],
) -> None:
    made, candidates = readings
    read = {2: -2.0}  # by the ranking already
    assert made.beside_the_point(candidates, "What do bees make?", read) == {0, 2}
    assert made.beside_the_point([], "What do bees make?", {}) == set()


def test_a_pair_is_read_once(reader: CrossEncoder, monkeypatch: pytest.MonkeyPatch) -> None:
    first = reader.answers("What calms bees?", ["Smoke calms bees."])
    monkeypatch.setattr(reader, "_session", None)
    assert reader.answers("What calms bees?", ["Smoke calms bees."]) == first
