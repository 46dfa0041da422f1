"""A sentence is carried by passages or refused, with the reason; measured on sentences of our own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.crossencoder import CrossEncoder
from assistant.errors import CasesInvalid
from assistant.grounding import check, features, is_supported, support
from assistant.grounding.quantities import quantities
from evals.bench.grounding import table
from evals.grounding import corruptions, sentences
from evals.grounding.corruptions import KINDS, OF_EACH
from evals.grounding.fitting import FOLDS, folds_of
from evals.grounding.measuring import SETS, Checked, checked, checked_written, counts
from evals.grounding.sentences import TrueSentence, true_sentences
from evals.grounding.written import TRUE, written
from evals.training.carrying import carried_pairs

SMOKE = "In 22 of 48 hives smoke lowered the number of guards at the entrance within 10 minutes."
QUEEN = "In 22 hives without a queen, 30% of the bees did not sting."

# --- what carries a sentence ---


@pytest.mark.parametrize(
    "sentence",
    [
        SMOKE,
        "Smoke reduced the number of guards at the entrance in twenty-two of 48 hives.",
        "Within 600 seconds, smoke lowered the number of guards at the entrance in 22 of 48 hives.",
        "In 46% of hives, smoke lowered the number of guards at the entrance.",
        "Guards at the entrance became fewer with smoke in 22 of 48 hives.",
    ],
)
def test_a_sentence_may_say_it_in_other_words_numbers_and_units(sentence: str) -> None:
    verdict = check(sentence, [QUEEN, SMOKE])
    assert (verdict.supported, verdict.reasons, verdict.passage) == (True, (), 1)


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("In 23 of 48 hives smoke lowered the number of guards at the entrance.", "number"),
        ("Smoke lowered the number of guards at the entrance within 10 hours.", "unit"),
        ("Smoke did not lower the number of guards at the entrance in 22 of 48 hives.", "negation"),
        ("Smoke raised the number of guards at the entrance in 22 of 48 hives.", "direction"),
        ("Aspirin lowered the number of guards at the entrance in 22 of 48 hives.", "intervention"),
        ("Smoke lowered osteonecrosis at the entrance in 22 of 48 hives.", "condition"),
        ("Smoke lowered the number of children at the entrance in 22 of 48 hives.", "population"),
    ],
)
def test_what_differs_from_the_passage_is_refused_by_name(sentence: str, reason: str) -> None:
    verdict = check(sentence, [SMOKE])
    assert not verdict.supported
    assert reason in verdict.reasons


def test_a_sentence_that_stands_there_word_for_word_has_score_1_and_its_offsets() -> None:
    passage = f"Bees fly far. {SMOKE}"
    verdict = check(SMOKE.replace(" ", "  "), [QUEEN, passage])
    assert (verdict.supported, verdict.score, verdict.passage) == (True, 1.0, 1)
    assert passage[verdict.start : verdict.end] == SMOKE


def test_without_a_passage_nothing_is_carried() -> None:
    assert check(SMOKE, []).reasons == check(SMOKE, ["  "]).reasons == ("citation",)
    assert support(SMOKE, []) == 0.0
    assert not is_supported(SMOKE, [])


def test_two_passages_carry_a_sentence_in_parts_each_with_its_own_numbers() -> None:
    both = ["Smoke calms bees in 10 minutes.", "Syrup feeds bees for 3 weeks."]
    assert is_supported("Smoke calms bees in 10 minutes and syrup feeds bees for 3 weeks.", both)
    assert not is_supported(
        "Smoke calms bees in 3 weeks and syrup feeds bees for 10 minutes.", both
    )


def test_passages_of_one_work_may_lend_each_other_numbers_those_of_two_works_may_not() -> None:
    passages = [
        "A study of smoke and syrup included 35 hives with a queen.",
        "The lack of a control group limits a study of smoke and syrup.",
    ]
    merged = "The study of smoke and syrup in 35 hives is limited by having no control group."
    assert check(merged, passages, works=["wild-2020", "wild-2020"]).supported
    assert not check(merged, passages, works=["wild-2020", "tame-2021"]).supported
    assert not check(merged, passages).supported


@pytest.mark.parametrize(
    ("sentence", "passage", "carried"),
    [
        ("Neither smoke nor syrup calmed bees.", "Smoke and syrup did not calm bees.", True),
        ("Neither smoke nor syrup calmed bees.", "Smoke and syrup calmed bees.", False),
        ("Up to 32 g of syrup was given.", "10 to 32 g of syrup was given.", True),
        ("At least 32 g of syrup was given.", "10 to 32 g of syrup was given.", False),
        ("Three out of five bees sting.", "60% of bees sting.", True),
        ("Half a dozen bees sting.", "6 bees sting.", True),
        ("A dozen bees sting.", "6 bees sting.", False),
        ("Four-fifths of the bees sting.", "80% of the bees sting.", True),
        ("One in a hundred bees stings.", "1% of bees sting.", True),
        ("About two thirds of the 34 bees sting.", "Of 34 bees, 23 sting.", True),
        ("About a third of the 34 bees sting.", "Of 34 bees, 23 sting.", False),
        ("Bees live for two and a half years.", "Bees live for 30 months.", True),
        ("Bees live for two and a half years.", "Bees live for 24 months.", False),
        ("Men were stung more often than women.", "Men were stung more often.", True),
        ("Pain had risen by 33 mm.", "Pain improved by 3.3 cm.", False),
        ("Sugar was low and water high.", "Low water and high sugar were found.", False),
        ("Traumatic stings swell.", "Non-traumatic stings swell.", False),
    ],
)
def test_readings_that_are_easily_mistaken(sentence: str, passage: str, carried: bool) -> None:
    assert is_supported(sentence, [passage]) == carried


def test_the_wording_is_judged_last_and_by_the_evidence_that_was_given() -> None:
    asked = []

    def carries(sentence: str, evidence: str) -> float:
        asked.append(evidence)
        return -3.0

    sentence = "Smoke reduced the number of guards at the entrance in 22 of 48 hives."
    verdict = check(sentence, [SMOKE], carries=carries)
    assert (verdict.reasons, verdict.score) == (("meaning",), 0.0474)
    assert check(sentence, [SMOKE], carries=lambda *_: -1.0).supported
    free = f"Keepers, merchants, hawks and painters agree: {sentence[0].lower()}{sentence[1:]}"
    assert check(free, [SMOKE]).reasons == ("meaning",)
    assert not check(free, [SMOKE], carries=lambda *_: -1.0).supported
    assert check(free, [SMOKE], carries=lambda *_: 1.0).supported
    assert not check(sentence.replace("22", "23"), [SMOKE], carries=lambda *_: 9.0).supported
    long = " ".join(f"Hive {number} had bees." for number in range(40))
    check(sentence, [long, SMOKE], carries=carries)
    assert asked == [SMOKE, SMOKE]


def test_features_need_a_sentence_and_a_passage() -> None:
    with pytest.raises(ValueError, match="features need a sentence"):
        features([], [SMOKE])


def test_quantities_have_value_unit_comparison_and_place_in_a_range() -> None:
    found = quantities("More than twenty-two of 48 hives had 10 to 32 g; 3 in 100 bees stung.")
    assert [(q.value, q.unit and q.unit.name, q.comparison, q.edge, q.pair) for q in found] == [
        (22.0, None, 1, 0, (22.0, 48.0)),
        (10.0, "g", 0, -1, None),
        (32.0, "g", 0, 1, None),
        (3.0, "per 100", 0, 0, None),
    ]


SWOLLEN = (
    "Before smoke, stings fell from 60 to 24 on the right knee of keepers, "
    "by 40% with a veil and by 20% without."
)


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("from 60 to 24", "from 24 to 60"),
        ("right", "left"),
        ("Before", "After"),
        ("with a veil and by 20% without", "without a veil and by 20% with one"),
    ],
)
def test_what_has_changed_places_is_seen(word: str, other: str) -> None:
    same = SWOLLEN.replace("fell", "dropped")
    assert is_supported(same, [SWOLLEN])
    assert "direction" in check(same.replace(word, other), [SWOLLEN]).reasons


# --- measured on our own sentences ---


@pytest.fixture(scope="module")
def found(assistant: Assistant) -> list[Checked]:
    return list(checked(assistant.index, CrossEncoder().carries))


@pytest.fixture(scope="module")
def parts(assistant: Assistant) -> list[tuple[TrueSentence, ...]]:
    known = {passage.id for passage in assistant.index.passages}
    return [true_sentences(known, path) for path, _ in SETS]


def shares(found: Sequence[Checked]) -> tuple[float, float]:
    """Of the false sentences those caught, of the true ones those refused."""
    true = [one for one in found if one.kind == TRUE]
    false = [one for one in found if one.kind != TRUE]
    caught = sum(one.is_right for one in false) / len(false)
    return caught, sum(not one.is_right for one in true) / len(true)


@pytest.fixture(scope="module")
def mended(found: list[Checked]) -> list[Checked]:
    """What the check was mended on; of the rest nobody has looked at more than the counts."""
    return [one for one in found if one.of.part != "fifth"]


def test_of_false_sentences_97_percent_are_caught_and_of_true_ones_5_refused(
    found: list[Checked], mended: list[Checked]
) -> None:
    print(table(counts(found)))
    assert sum(one.kind == TRUE for one in mended) >= 200
    caught, refused = shares(mended)
    assert caught >= 0.97 and refused <= 0.05


def test_of_sentences_never_looked_at_it_does_not_do_worse_than_it_did(
    found: list[Checked],
) -> None:
    caught, refused = shares([one for one in found if one.of.part == "fifth"])
    assert caught >= 0.93 and refused <= 0.19


def test_of_sentences_in_free_words_it_does_not_do_worse_than_it_did(assistant: Assistant) -> None:
    found = list(checked_written(assistant.index, CrossEncoder().carries))
    print(table(counts(found)))
    caught, refused = shares(found)
    assert caught >= 0.82 and refused <= 0.45


@pytest.mark.parametrize("kind", ["number", "unit", "negation", "invented citation"])
def test_every_false_number_unit_negation_and_citation_is_caught(
    mended: list[Checked], kind: str
) -> None:
    assert [one.of.text for one in mended if one.kind == kind and not one.is_right] == []


def test_each_part_is_on_documents_of_its_own(parts: list[tuple[TrueSentence, ...]]) -> None:
    known = {passage for part in parts for one in part for passage in one.passages}
    further = true_sentences(known | _ids(sentences.DEVELOPMENT), sentences.DEVELOPMENT)
    of_part = [
        {p.split("#")[0] for one in part for p in one.passages} for part in (*parts, further)
    ]
    first, second, third, fourth, fifth, more = of_part
    assert not second & (first | more) and not third & (first | second | more)
    earlier = first | second | third | more
    assert not fourth & (earlier | fifth) and not fifth & earlier


def test_what_is_held_back_of_the_written_sentences_is_a_fifth_and_in_nothing_that_is_learned(
    assistant: Assistant, parts: list[tuple[TrueSentence, ...]]
) -> None:
    texts = {passage.id: passage.text for passage in assistant.index.passages}
    found = written(texts)
    held_back = [one for one in found if one.held_back]
    assert 0.15 < len(held_back) / len(found) < 0.25
    assert sum(one.true for one in held_back) >= 200
    learned = {pair.first for pair in carried_pairs(assistant.index, found)}
    assert not learned & ({one.text for one in held_back} | {one.text for one in parts[-1]})
    assert not {one.text for one in found if one.true} & {*texts.values()}


def test_a_line_of_the_written_sentences_that_breaks_is_named_with_its_number(
    tmp_path: Path,
) -> None:
    path = tmp_path / "written.jsonl"
    row = '{"text": "Bees fly.", "passages": ["bees#1"], "false": []}'
    path.write_text(f'{row}\n{{"text": "Bees"}}\n', encoding="utf-8")
    with pytest.raises(CasesInvalid) as error:
        written({"wasps#1"}, path)
    message = str(error.value)
    assert "line 1: the index has no bees#1" in message and "line 2: KeyError" in message


def _ids(path: object) -> set[str]:
    return set(re.findall(r'"([\w.-]+#[^"]+)"', Path(str(path)).read_text(encoding="utf-8")))


def test_no_passage_holds_a_true_sentence_word_for_word(
    assistant: Assistant, parts: list[tuple[TrueSentence, ...]]
) -> None:
    texts = [passage.text for passage in assistant.index.passages]
    assert [one.id for part in parts for one in part if any(one.text in t for t in texts)] == []


def test_false_sentences_are_three_for_each_true_one_of_every_kind_and_always_the_same(
    assistant: Assistant, found: list[Checked], parts: list[tuple[TrueSentence, ...]]
) -> None:
    earlier = [one.of for one in found if one.kind != TRUE]
    made = []
    for part, (_, lists) in zip(parts, SETS, strict=True):
        new = corruptions.corruptions(part, assistant.index, lists)
        made += new
        assert len(new) == OF_EACH * len(part)
        per_kind = [sum(one.kind == kind for one in new) for kind in KINDS]
        assert max(per_kind) - min(per_kind) <= 1
    assert made == earlier


def test_rows_that_share_a_context_or_a_text_are_in_one_fold() -> None:
    folds = folds_of([("a", "1"), ("b", "2"), ("a", "2"), ("c", "3")])
    assert folds[0] == folds[1] == folds[2]
    assert set(folds) <= set(range(FOLDS))
