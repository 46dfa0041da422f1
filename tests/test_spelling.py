"""Slips are mended towards the corpus's words; what is right, or a term of its own, stays."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.spelling import Spelling


@pytest.fixture(scope="module")
def spelling(assistant: Assistant) -> Spelling:
    return Spelling(assistant.index, assistant.embeddings.is_common)


SLIPS = """
osteonecosis osteonecrosis | osteonicrosis osteonecrosis | ostionecrosis osteonecrosis
nekrosis necrosis | necrossis necrosis | avasculer avascular | femorel femoral | fermoral femoral
calcificaton calcification | calsification calcification | calcinosus calcinosis | dystrofic dystrophic
hetrotopic heterotopic | heterotropic heterotopic | ossifcation ossification | osification ossification
arthoplasty arthroplasty | artroplasty arthroplasty | acetabulm acetabulum | gluteel gluteal
bisphosphanates bisphosphonates | zoledronat zoledronate | alendronat alendronate
etidronat etidronate | indomethicin indomethacin | naproxin naproxen | ibuprofin ibuprofen
celecoxb celecoxib | warferin warfarin | rituximb rituximab | steriods steroids
corticosteriods corticosteroids | tendinopaty tendinopathy | tendonitus tendonitis
barbotauge barbotage | lavauge lavage | ultrasoud ultrasound | radiotheraphy radiotherapy
physiotherepy physiotherapy | sclerodema scleroderma | dermatomyosits dermatomyositis
fibrodysplazia fibrodysplasia | pseudoxantoma pseudoxanthoma | pseudogot pseudogout
pyrofosphate pyrophosphate | haemodyalisis haemodialysis | hyperparathyroidsm hyperparathyroidism
prophilaxis prophylaxis | symptons symptoms | recepter receptor | decompresion decompression
sucess success | heredetary hereditary | wieght weight | colapse collapse | comon common
shokwave shockwave | injecton injection | pregnency pregnancy
"""
PAIRS = [
    tuple(pair.split()) for line in SLIPS.split("\n") for pair in line.split("|") if pair.strip()
]


@pytest.mark.parametrize(("typed", "meant"), PAIRS, ids=[typed for typed, _ in PAIRS])
def test_a_slip_is_mended(spelling: Spelling, typed: str, meant: str) -> None:
    assert spelling.mended(typed) == meant


KEPT = """
semaglutide romosozumab tirzepatide teriparatide abaloparatide ibandronate risedronate clodronate neridronate
secukinumab canakinumab ustekinumab infliximab etanercept upadacitinib baricitinib ruxolitinib edoxaban
dalteparin pravastatin rosuvastatin pantoprazole rofecoxib ketoprofen aceclofenac piroxicam betamethasone
azathioprine leflunomide pregabalin duloxetine daptomycin dalbavancin cefuroxime curcumin ashwagandha
osteopetrosis osteochondroma enchondroma spondylosis arthrosis enthesitis nephrosis hypocalcaemia
hypophosphatasia hypoparathyroidism osteoclasts abductor adductor perineal ileum cortisol incision dissection
sedation motility diaphysis callus rectum testis pleural salivary arteritis sarcoidosis amyloidosis
kyphosis fasciitis acupuncture chiropractic prolotherapy cryotherapy dystrophin diastrophic
"""


@pytest.mark.parametrize("word", KEPT.split())
def test_a_term_that_the_corpus_may_lack_is_not_made_another(spelling: Spelling, word: str) -> None:
    assert spelling.mended(word) == word


@pytest.mark.parametrize(
    "question",
    [
        "What prevents heterotopic ossification after hip arthroplasty?",
        "Is ONFHH in XYZZT staged like ARCO 3A?",  # abbreviations
        "Does Kienbok or Schmorll describe it?",  # a capital inside a sentence makes a name
        "Is calc1fication or 25-OH-vitamn-D3x measured?",  # digits
        "See hip-assitant.example.org/osteonecosis or me@osteonecosis",
        "Ist das eine Nekrose der Hüfte?",
        "Does radio therapy help soft tissue over head?",  # words of their own, side by side
        "",
    ],
)
def test_names_abbreviations_and_whatever_has_digits_stay(
    spelling: Spelling, question: str
) -> None:
    assert spelling.mended(question) == question


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("hipreplacement pain", "hip replacement pain"),
        ("femoralhead necrosis", "femoral head necrosis"),
        ("osteo necrosis of the hip", "osteonecrosis of the hip"),
        ("core-decompresion, then?", "core-decompression, then?"),
        ("Osteonecosis symptons early", "Osteonecrosis symptoms early"),
        ("WHAT IS OSTEONECOSIS", "WHAT IS OSTEONECROSIS"),
        ("wot is myositis osificans", "wot is myositis ossificans"),
        ("is avn heredetary?", "is avn hereditary?"),
    ],
)
def test_the_rest_of_a_question_stays_as_it_was_typed(
    spelling: Spelling, typed: str, meant: str
) -> None:
    assert spelling.mended(typed) == meant


def test_what_was_searched_is_said_and_the_question_stays(assistant: Assistant) -> None:
    answer = assistant.ask("symptons of osteonecosis")
    assert (answer.question, answer.query) == (
        "symptons of osteonecosis",
        "symptoms of osteonecrosis",
    )
    assert answer.text == assistant.ask("symptoms of osteonecrosis").text


def test_each_corpus_mends_towards_its_own_words(tiny: object) -> None:
    bees = tiny({"bees.md": "- Propolis seals the hive.\n- Bees gather propolis from buds.\n"})  # type: ignore[operator]
    assert bees.ask("Where do bees get proppolis?").query == "Where do bees get propolis?"
