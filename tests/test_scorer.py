"""The learned scorer: what it reads, how it ranks, and when it takes a question as answered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import numpy as np
import pytest

from assistant.answerable import LEANING, judged
from assistant.assistant import Assistant
from assistant.conversation import Query
from assistant.embeddings import OnnxEmbeddings
from assistant.errors import SettingsInvalid
from assistant.index.lexical import words
from assistant.index.reader import Index
from assistant.index.texts import indexed_text
from assistant.index.tokens import TokenStore
from assistant.ranking import RANKERS, Found
from assistant.scorer import ranker
from assistant.scorer.alignment import align
from assistant.scorer.features import Floats, Seen
from assistant.scorer.inputs import ANSWERING, reread
from assistant.scorer.model import Scorer
from assistant.scorer.ranker import FINDERS
from assistant.scorer.tokens import TokenEncoder
from assistant.settings import Settings

Tiny = Callable[..., Assistant]

VARROA = (
    "# Varroa\n\n- Varroa mites are treated with oxalic acid.\n- Varroa mites came from Asia.\n"
)
FILES = {
    "smoke.md": "# Smoke\n\n- Smoke calms honey bees.\n- A smoker burns dry grass.\n",
    "queens.md": "# Königinnen – queens\n\nA “queen” lives for years. She lays 2,000 eggs a day. "
    "Workers feed her royal jelly.\n",
    "swarms.md": "# Swarms\n\n- Colonies swarm in May because the hive is full.\n"
    "- A hive that may swarm is sold by weight.\n",
    "drones.md": "# Drones\n\n- Drones do not feed in the hive for long.\n",
}


@pytest.fixture(scope="module")
def bees(tiny: Tiny) -> Assistant:
    return tiny(FILES | {"varroa.md": VARROA})


@pytest.fixture(scope="module")
def encoder(bees: Assistant) -> TokenEncoder:
    assert isinstance(bees.embeddings, OnnxEmbeddings)
    return TokenEncoder(bees.embeddings)


def found(bees: Assistant, parts: list[tuple[str, float]], retriever: str = "reranked") -> Found:
    """By a finder of its own, with the vector of the first part."""
    vector = np.asarray(bees.embeddings.embed_query(parts[0][0]), dtype=np.float32)
    return FINDERS[retriever](bees.index, bees.embeddings, 0.05)(parts, vector, 9, None)


# --- ranking and probability ---


@pytest.mark.parametrize(
    ("question", "answer", "other"),
    [
        ("When does a hive swarm?", "Colonies swarm in May", "A hive that may swarm is sold"),
        ("What kills varroa mites?", "Varroa mites are treated with", "Varroa mites came from"),
        ("Where did varroa mites live at first?", "Varroa mites came from", "Varroa mites are"),
    ],
)
def test_the_passage_that_answers_is_first_though_another_shares_as_many_words(
    bees: Assistant, question: str, answer: str, other: str
) -> None:
    texts = [passage.text for passage in bees.index.passages]
    shared = [
        len(set(words(question)) & set(words(text)))
        for start in (answer, other)
        for text in texts
        if text.startswith(start)
    ]
    assert len(shared) == 2 and shared[0] <= shared[1]
    assert bees.retrieve(question)[0].passage.text.startswith(answer)


def test_a_question_is_likelier_answered_with_the_note_there_and_unlikely_on_something_else(
    bees: Assistant, tiny: Tiny
) -> None:
    there = bees.find("What treats Varroa mites?")
    gone = tiny(FILES).find("What treats Varroa mites?")
    far = bees.find("Who won the football cup in 1998?")
    assert there.answered and not gone.answered and not far.answered
    assert there.probability is not None and gone.probability is not None
    assert far.probability is not None
    assert there.probability > gone.probability + 0.5
    assert there.probability > far.probability + 0.5


def test_passages_are_dealt_their_scores_anew_by_the_windows_that_were_read_in_them() -> None:
    passages = np.array([0.2, 0.9, 0.8, 0.1], dtype=np.float32)
    seen = SimpleNamespace(owners=np.array([0, 0, 1, 2, 2, 3]))
    windows = [(3, 4), (2, 2), (0, 1)]
    dealt = reread(passages, cast(Seen, seen), windows, np.array([4.0, ANSWERING, -5.0]))
    assert dealt.tolist() == passages[[0, 2, 1, 3]].tolist()
    none_answers = reread(passages, cast(Seen, seen), windows, np.full(3, -5.0))
    assert none_answers.tolist() == passages.tolist()


def test_a_claim_and_a_follow_up_are_ranked_as_they_are_and_a_question_is_reread(
    bees: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def counted(passages: Floats, *_: object) -> Floats:
        read.append(len(passages))
        return passages

    monkeypatch.setattr(ranker, "reread", counted)
    found(bees, [("Smoke calms honey bees.", 1.0)])
    found(bees, [("Does it last?", 1.0), ("smoke", 1.0)])
    assert not read
    found(bees, [("Does smoke calm honey bees?", 1.0)])
    assert read


def test_the_same_question_gives_the_same_bytes(bees: Assistant) -> None:
    first, second = (bees.find("How many eggs does a queen lay?") for _ in range(2))
    assert repr(first) == repr(second)
    assert 0 < len(first.odds) <= len(bees.index.sentences)


def test_an_accepted_risk_of_a_half_answers_what_a_hundredth_refuses(bees: Assistant) -> None:
    cautious, bold = (
        Assistant(bees.index, bees.embeddings, bees.settings.model_copy(update=risk))
        for risk in ({"accepted_risk": 0.01}, {"accepted_risk": 0.5})
    )
    refused, answered = (one.find("What do drones eat?") for one in (cautious, bold))
    assert (refused.answered, answered.answered) == (False, True)
    assert refused.probability == answered.probability


def test_thresholds_fall_as_the_accepted_risk_grows() -> None:
    scorer = Scorer()
    thresholds = [scorer.threshold(risk) for risk in np.linspace(0.01, 0.5, 99)]
    assert thresholds == sorted(thresholds, reverse=True)
    assert 1 >= thresholds[0] > thresholds[8] > thresholds[-1] > 0


@pytest.mark.parametrize("risk", [0, 0.009, 0.51, 1, "some"])
def test_other_accepted_risks_are_refused(risk: object) -> None:
    with pytest.raises(SettingsInvalid, match="accepted_risk is "):
        Settings.load(accepted_risk=risk)


def test_what_was_answered_before_does_not_make_the_next_question_seem_answered(
    bees: Assistant,
) -> None:
    asked = ("What is the capital of Peru?", 1.0)
    said = "A queen lives for years. She lays 2,000 eggs a day. Workers feed her royal jelly."
    alone = found(bees, [asked]).probability
    # It still helps to find passages: what is seen of them by words alone may shift a little.
    assert found(bees, [asked, (said, 0.1)]).probability == pytest.approx(alone, abs=0.05)
    assert found(bees, [asked, (said, 0.5)]).probability > (alone or 0) + 0.3


def test_a_model_that_the_scorer_was_not_made_for_ranks_like_the_hybrid(bees: Assistant) -> None:
    index = Index("plain", bees.index.folder)
    index.tokens = None
    other = Assistant(index, bees.embeddings, bees.settings)
    question = "When does a hive swarm?"
    assert found(other, [(question, 1.0)]) == found(bees, [(question, 1.0)], "hybrid")
    vector = np.asarray(bees.embeddings.embed_query(question), dtype=np.float32)
    hybrid = RANKERS["hybrid"](bees.index, [(question, 1.0)], vector, 40, None)
    assert other.find(question) == Found(hybrid)
    assert other.ask(question).probability is None


def test_headings_that_leave_no_room_for_a_sentence_are_scored_without(tiny: Tiny) -> None:
    long = " ".join(f"honey{number}" for number in range(200))
    only = tiny({"long.md": f"# {long}\n\n- Bees make honey.\n"}).find("What do bees make?")
    assert only.odds == {} and only.probability is not None
    assert [hit.passage.text for hit in only.hits] == ["Bees make honey."]


# --- word pieces ---


def test_packed_vectors_times_steps_are_the_unit_vectors_again(encoder: TokenEncoder) -> None:
    text = "Varroa mites are treated with oxalic acid."
    ((_, tokens),) = encoder.passages([text])
    ids, vectors = encoder.question(text)
    unpacked = tokens.vectors * encoder.projection.steps
    assert np.array_equal(tokens.ids, ids)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)
    assert np.linalg.norm(unpacked, axis=1) == pytest.approx(1, abs=0.02)
    assert np.einsum("pc,pc->p", unpacked, vectors) == pytest.approx(1, abs=0.02)
    assert [text[start:].split()[0] for start in tokens.starts if text[start - 1 : start] == " "] == [
        "mites", "treated", "oxalic", "acid.",
    ]  # fmt: skip


def test_pieces_are_kept_saved_and_read_again(
    bees: Assistant, encoder: TokenEncoder, tmp_path: Path
) -> None:
    passages, documents = bees.index.passages, bees.index.documents
    texts = [indexed_text(passage, documents[passage.document_id]) for passage in passages]
    bodies = [len(text) - len(p.text) for text, p in zip(texts, passages, strict=True)]
    begun: list[list[tuple[int, int]]] = [[], []]
    built = [
        TokenStore.build(
            texts, bodies, bees.index.sentences, encoder, tmp_path,
            progress=lambda done, total, told=told: told.append((done, total)),
        )
        for told in begun
    ]  # fmt: skip
    count = len(texts)
    assert begun == [[(0, count), (count, count)], [(count, count)]]
    built[0].save(tmp_path / "tokens")
    assert bees.index.tokens is not None
    for name in TokenStore.__dataclass_fields__:
        stored = getattr(bees.index.tokens, name)
        for other in (*built, TokenStore.load(tmp_path / "tokens")):
            assert getattr(other, name).dtype == stored.dtype
            assert np.array_equal(getattr(other, name), stored)


def test_sentences_line_up_with_the_spans_of_the_index(
    bees: Assistant, encoder: TokenEncoder
) -> None:
    index = bees.index
    rows = np.arange(1, len(index.passages))
    aligned = align([("royal jelly", 1.0)], rows, index, encoder)
    kept = np.isin(index.sentences[:, 0], rows)
    assert aligned.numbers.tolist() == np.flatnonzero(kept).tolist()
    assert rows[aligned.owners].tolist() == index.sentences[kept, 0].tolist()
    assert aligned.weights.sum() == pytest.approx(1)
    row, start, end = index.sentences[
        aligned.numbers[(aligned.weights @ aligned.sentences).argmax()]
    ]
    assert index.passages[row].text[start:end] == "Workers feed her royal jelly."


# --- what a question is made of ---

FOLLOW_UP = Query("Does it hurt?", "bee stings")
TWO = Query("How are mites treated and what is the capital of Peru?")
REFUSED = Found([], probability=0.2, answered=False)
NEARLY = Found([], probability=LEANING, answered=False)


@pytest.mark.parametrize(
    ("found", "query", "says", "probability"),
    [
        pytest.param(REFUSED, FOLLOW_UP, {}, None, id="off the subject"),
        pytest.param(
            NEARLY, FOLLOW_UP, {"Does it hurt? (bee stings)": (0.9, True)}, 0.9, id="answered as a whole",
        ),
        pytest.param(
            NEARLY, FOLLOW_UP, {"Does it hurt? (bee stings)": (0.7, False)}, None,
            id="not answered as a whole",
        ),
        pytest.param(
            REFUSED, TWO,
            {"How are mites treated": (0.95, True), "what is the capital of Peru": (0.1, False)},
            0.95, id="one of two clauses answered",
        ),
        pytest.param(
            REFUSED, TWO,
            {"How are mites treated": (0.7, False), "what is the capital of Peru": (0.1, False)},
            None, id="no clause answered",
        ),
        pytest.param(
            REFUSED, Query("I keep bees. Are mites bad and what helps?"),
            {"I keep bees. Are mites bad": (0.9, True), "I keep bees. what helps": (0.1, False)},
            0.9, id="each clause with what was told before it",
        ),
        pytest.param(REFUSED, Query("How are mites treated?"), {}, None, id="one question of its own"),
    ],
)  # fmt: skip
def test_a_question_counts_as_answered_where_one_that_it_is_made_of_is(
    found: Found, query: Query, says: dict[str, tuple[float, bool]], probability: float | None
) -> None:
    heard: list[str] = []

    def find(question: str) -> Found:
        heard.append(question)
        return Found([], {7: 0.5}, *says[question])

    made = Found([], probability=probability, answered=True)
    assert judged(found, query, find) == (found if probability is None else made)
    assert heard == list(says)


@pytest.mark.parametrize("answered", [True, None])
def test_what_is_answered_or_not_scored_asks_nothing_more(answered: bool | None) -> None:
    whole = Found([], probability=0.9, answered=answered)
    for query in (FOLLOW_UP, TWO):
        assert judged(whole, query, lambda question: pytest.fail(question)) is whole


def test_what_the_corpus_records_a_judgement_on_is_answered(assistant: Assistant) -> None:
    careful = assistant.settings.model_copy(update={"accepted_risk": 0.01})
    answer = Assistant(assistant.index, assistant.embeddings, careful).ask(
        "do shock waves do more than a pretend treatment for the side of the hip"
    )
    assert answer.probability is not None and answer.probability < Scorer().threshold(0.01)
    assert {notice.kind for notice in answer.notices if notice.sides} == {"disagreement"}
