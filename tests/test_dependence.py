"""Which sentences stand alone, which need the one before them, which need the publication's title."""

from __future__ import annotations

import pytest

from assistant.dependence import needs_neighbour, needs_title, title_of
from assistant.types import Passage


def passage(text: str, *section: str) -> Passage:
    return Passage("x#y/1", "x", section, text, 0)


POINT_BACK = [
    "It can mimic thrombophlebitis.",
    "They increased bone mineral density and lowered markers of bone resorption.",
    "She had earlier been diagnosed with trochanteric bursitis on the other side.",
    "Its incidence appears to be declining.",
    "This was not seen in controls.",
    "These look like small, well-defined nodules.",
    "Those with calcinosis had lower median T-scores.",
    "Both groups improved in pain, local function and sleep.",
    "The others had multiple calcifications in an autoimmune overlap syndrome.",
    "The remaining patients had surgery.",
    "The latter was more frequent in men.",
    "In the same model, marked mineralization was present by 7 days after injury.",
    "Among those with osteonecrosis, 308 (23%) had hip replacement.",
    "Of these, 31 hips collapsed.",
    "In this group the rate was 4%.",
    "After that the pain resolved.",
    "However, the difference was small.",
    "Conversely, early disease responds.",
    "Therefore radiographs are taken first.",
    "Overall the procedure was safe.",
]
STAND_ALONE = [
    "Osteonecrosis of the femoral head is the death of bone.",
    "Itraconazole interacts with colchicine.",
    "Theoretical models predict collapse.",
    "Bothersome pain is the indication for excision.",
    "There is no cure for fibrodysplasia ossificans progressiva.",
    "Heterotopic ossification after hip arthroplasty follows trauma; it can be painful.",
    "These are no longer used.",
    "Thuswaldner described the sign.",
    "In osteonecrosis, MRI shows a double line.",
]


@pytest.mark.parametrize("text", POINT_BACK)
def test_a_sentence_that_points_back_needs_the_one_before_it(text: str) -> None:
    assert needs_neighbour(text)


@pytest.mark.parametrize("text", STAND_ALONE)
def test_a_sentence_that_names_its_subject_needs_no_other(text: str) -> None:
    assert not needs_neighbour(text)


@pytest.mark.parametrize(
    "text",
    [
        "Both CRP and ESR were raised in the acute stage of heterotopic ossification.",
        "Both gamma-glutamyl carboxylation and serine phosphorylation contribute.",
    ],
)
def test_both_one_and_the_other_names_its_subject(text: str) -> None:
    assert not needs_neighbour(text)


TITLE = "Core decompression for osteonecrosis of the femoral head: a meta-analysis"


@pytest.mark.parametrize(
    "text",
    [
        "The review pooled 32 studies with 1865 patients (2441 hips).",
        "The authors conclude that evidence is limited.",
        "Sixteen studies with 5022 patients were pooled.",
        "All patients had groin pain.",
        "60 patients were randomized to three weekly sessions.",
        "Mean follow-up was 8.3 years.",
        "Patients were aged 18 to 64.",
        "Recurrence during follow-up was 2%.",
        "Complications occurred in 4%.",
        "Treatments are anecdotal and randomized trials are needed.",
        "Onset is usually 1-3 years after disease onset.",
        "Frequent sites are elbows, knees, trunk and buttocks.",
        "Stage II: the radiograph shows sclerosis.",
        "It was safe.",
    ],
)
def test_a_bare_subject_needs_the_title(text: str) -> None:
    assert needs_title(passage(text, "Abstract"), text, TITLE)


@pytest.mark.parametrize(
    "text",
    [
        "The review pooled 32 studies of core decompression with 2441 hips.",
        "Patients with osteonecrosis of the femoral head were aged 18 to 64.",
        "Core decompression succeeded in 65% of hips.",
        "Radiographs show a crescent sign in osteonecrosis of the femoral head.",
        "Alcohol kills bone.",
    ],
)
def test_a_subject_that_the_sentence_explains_needs_no_title(text: str) -> None:
    assert not needs_title(passage(text, "Abstract"), text, TITLE)


def test_one_word_in_common_with_the_title_explains_nothing() -> None:
    text = "All patients had a decompression."
    assert needs_title(passage(text, "Abstract"), text, TITLE)


def test_a_sentence_under_its_title_as_a_heading_needs_it_whatever_it_says() -> None:
    text = "Core decompression succeeded in 65% of hips with osteonecrosis."
    assert needs_title(passage(text, "Abstract", TITLE), text, TITLE)
    assert not needs_title(passage(text, "Abstract", "Results"), text, TITLE)


def test_the_first_heading_may_repeat_the_title_for_every_sentence() -> None:
    text = "Core decompression succeeded in 65% of hips with osteonecrosis."
    assert not needs_title(passage(text, TITLE), text, TITLE)


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Smoke in the apiary", "In “Smoke in the apiary”:"),
        ("  Smoke in the apiary ", "In “Smoke in the apiary”:"),
        ("Smoke (and mirrors)", "In “Smoke (and mirrors)”:"),
        ("(dual-energy CT in imaging; exact title not read)", "On dual-energy CT in imaging:"),
        ("(pulsed fields, 70 hips; title not read)", "On pulsed fields, 70 hips:"),
        ("(hip injections; guideline title not read)", "On hip injections:"),
        ("(Steinberg staging; e-learning page)", "On Steinberg staging; e-learning page:"),
    ],
)
def test_the_lead_names_the_publication(title: str, lead: str) -> None:
    assert title_of({"title": title}) == lead
