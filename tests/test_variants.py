"""British and American spellings are one word to the search, and no other words become one."""

from __future__ import annotations

import pytest

from assistant.index.lexical import words
from assistant.index.variants import american


@pytest.mark.parametrize(
    "pair",
    [
        "oedema edema",
        "haematoma hematoma",
        "haemodialysis hemodialysis",
        "anaemia anemia",
        "ischaemic ischemic",
        "hypercalcaemia hypercalcemia",
        "uraemic uremic",
        "leukaemia leukemia",
        "anaesthetic anesthetic",
        "paediatric pediatric",
        "orthopaedics orthopedics",
        "aetiology etiology",
        "oesophagus esophagus",
        "oestrogen estrogen",
        "foetal fetal",
        "diarrhoea diarrhea",
        "dyspnoea dyspnea",
        "faecal fecal",
        "tumour tumor",
        "tumoural tumoral",
        "behaviour behavior",
        "centre center",
        "fibres fibers",
        "litre liter",
        "sulphate sulfate",
        "thiosulphate thiosulfate",
        "mineralisation mineralization",
        "mineralised mineralized",
        "ossification ossification",
        "randomised randomized",
        "immobilise immobilize",
        "stabilising stabilizing",
        "analysed analyzed",
        "paralysed paralyzed",
        "grey gray",
    ],
)
def test_both_spellings_of_a_word_are_searched_as_one(pair: str) -> None:
    british, other = pair.split()
    assert american(british) == american(other)
    assert words(british) == words(other)


ALIKE = """
exercise exercises precise excise excised incised revised unrevised supervised unsupervised raised
rise otherwise surprise disease diseases noise bruise bruised arise promise analyses analysis
dialysis lysis basis four hour source course contour pour acre more severe canoe does goes shoe
aerobic phase
"""


@pytest.mark.parametrize("word", ALIKE.split())
def test_a_word_that_is_spelt_alike_everywhere_stays(word: str) -> None:
    assert american(word) == word


def test_either_spelling_finds_a_passage_in_the_other(tiny: object) -> None:
    bees = tiny(  # type: ignore[operator]
        {"bees.md": "- Oedema follows the sting.\n- Anemia weakens the hive.\n- Wax is grey.\n"}
    )
    assert [bees.retrieve(word)[0].passage.text for word in ("edema", "anaemia", "gray")] == [
        "Oedema follows the sting.",
        "Anemia weakens the hive.",
        "Wax is grey.",
    ]
