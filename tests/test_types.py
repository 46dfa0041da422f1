"""The nouns: what can be built, what cannot, and the machine-readable form of an answer."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

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
    Turn,
)

# Stands at characters 100 to 128 of its document.
PASSAGE = Passage(
    "smoke#abstract/1", "smoke", ("Smoke", "Abstract"), "Smoke calms bees. They rest.", 100
)
CITATION = Citation(1, PASSAGE, 100, 117)
SENTENCE = Sentence("Smoke calms bees.", (CITATION,))
INDEX = IndexInfo("default", "0d76d83eb707", "0d76d83eb707c1", "2024")


def answer(**changes: object) -> Answer:
    fields: dict[str, object] = {
        "question": "Why smoke?",
        "query": "Why smoke? (bees)",
        "engine": "extractive",
        "sentences": (SENTENCE,),
        "notices": (),
        "references": (),
        "hits": (),
        "index": INDEX,
    }
    return Answer(**(fields | changes))  # type: ignore[arg-type]


def test_a_passage_ends_where_its_text_ends() -> None:
    assert PASSAGE.end == 128


def test_a_citation_quotes_the_characters_between_its_offsets() -> None:
    assert CITATION.quote == "Smoke calms bees."
    assert Citation(1, PASSAGE, 118, 128).quote == "They rest."


@pytest.mark.parametrize(
    ("start", "end"),
    [(99, 117), (100, 129), (0, 17), (117, 117), (117, 100), (128, 140)],
    ids=["before", "behind", "counted in the passage", "empty", "backwards", "outside"],
)
def test_a_quote_that_is_not_in_its_passage_cannot_be_built(start: int, end: int) -> None:
    with pytest.raises(ValueError, match=rf"quote {start}:{end} lies outside passage smoke#abst"):
        Citation(1, PASSAGE, start, end)


def test_a_whole_passage_may_be_quoted() -> None:
    assert Citation(2, PASSAGE, 100, 128).quote == PASSAGE.text


def test_a_sentence_without_a_citation_cannot_be_built() -> None:
    with pytest.raises(ValueError, match=r"a sentence needs a citation: 'Bees fly\.'"):
        Sentence("Bees fly.", ())


def test_an_answer_has_sentences_or_else_a_reason() -> None:
    with pytest.raises(ValueError, match="an answer has sentences, or else a reason"):
        answer(sentences=())
    with pytest.raises(ValueError, match="an answer has sentences, or else a reason"):
        answer(reason="The corpus says nothing on “nosema”.")


def test_the_text_of_an_answer_is_its_sentences_without_leads_marks_or_numbers() -> None:
    second = Sentence(
        "They rest.", (Citation(1, PASSAGE, 118, 128),), lead="In “Smoke”:", mark="animal study"
    )
    assert answer(sentences=(SENTENCE, second)).text == "Smoke calms bees. They rest."


def test_the_text_of_an_abstention_is_its_reason() -> None:
    abstention = answer(sentences=(), reason="The corpus says nothing on “nosema”.")
    assert abstention.abstained
    assert abstention.text == "The corpus says nothing on “nosema”."


def test_an_answer_with_sentences_did_not_abstain() -> None:
    assert not answer().abstained


def test_how_long_an_answer_took_does_not_make_it_another_answer() -> None:
    assert answer(timings_ms={"total": 5.0}) == answer(timings_ms={"total": 9.0})
    assert answer(query="Why smoke?") != answer()


def test_a_turn_holds_what_was_asked_and_what_was_answered() -> None:
    turn = Turn("Why smoke?", "Smoke calms bees.")
    assert (turn.question, turn.answer) == ("Why smoke?", "Smoke calms bees.")


@pytest.mark.parametrize("noun", [PASSAGE, CITATION, SENTENCE, INDEX, Turn("a", "b")])
def test_nouns_cannot_be_changed_once_built(noun: object) -> None:
    name = next(iter(noun.__dataclass_fields__))  # type: ignore[attr-defined]
    with pytest.raises(FrozenInstanceError):
        setattr(noun, name, "other")


def test_an_answer_as_a_dictionary_is_the_contract_and_survives_json() -> None:
    reference = Reference(
        number=1,
        document_id="smoke",
        title="Smoke in the apiary",
        authors=("Ada Wax", "Ben Comb"),
        year=2019,
        journal=None,
        doi="10.1/x",
        pmid=None,
        url=None,
        type="review",
        evidence_level="narrative review",
        basis="abstract",
    )
    side = Side("for", (SENTENCE,))
    whole = answer(
        notices=(
            Notice("scope", "Bees only."),
            Notice("disagreement", "Studies differ.", (CITATION,), (side,)),
        ),
        references=(reference,),
        hits=(Hit(1, PASSAGE, 0.9321),),
        timings_ms={"total": 5.25},
    )
    citation = {
        "number": 1,
        "document_id": "smoke",
        "passage_id": "smoke#abstract/1",
        "quote": "Smoke calms bees.",
        "start": 100,
        "end": 117,
    }
    sentence = {
        "text": "Smoke calms bees.",
        "lead": None,
        "mark": None,
        "citations": [citation],
        "support": 1.0,
    }
    assert json.loads(json.dumps(whole.to_dict())) == {
        "schema": 1,
        "question": "Why smoke?",
        "query": "Why smoke? (bees)",
        "engine": "extractive",
        "abstained": False,
        "reason": None,
        "probability": None,
        "sentences": [sentence],
        "notices": [
            {"kind": "scope", "text": "Bees only.", "citations": [], "sides": None},
            {
                "kind": "disagreement",
                "text": "Studies differ.",
                "citations": [citation],
                "sides": [{"position": "for", "sentences": [sentence]}],
            },
        ],
        "references": [
            {
                "number": 1,
                "document_id": "smoke",
                "title": "Smoke in the apiary",
                "authors": ["Ada Wax", "Ben Comb"],
                "year": 2019,
                "journal": None,
                "doi": "10.1/x",
                "pmid": None,
                "url": None,
                "type": "review",
                "evidence_level": "narrative review",
                "basis": "abstract",
            }
        ],
        "hits": [
            {
                "rank": 1,
                "passage_id": "smoke#abstract/1",
                "document_id": "smoke",
                "section": "Smoke > Abstract",
                "text": "Smoke calms bees. They rest.",
                "score": 0.9321,
                "start": 100,
                "end": 128,
            }
        ],
        "index": {
            "name": "default",
            "generation": "0d76d83eb707",
            "fingerprint": "0d76d83eb707c1",
            "literature_as_of": "2024",
        },
        "timings_ms": {"total": 5.25},
    }
