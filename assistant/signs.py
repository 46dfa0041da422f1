"""The signs that need urgent care: what is said of them, and where the reader shall go.

Data only; a new sign = one entry in SIGNS. `safety` decides whether a question reports one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.sign_words import (
    ADOLESCENT,
    BLEEDING,
    BOTH_LEGS_WEAK,
    CALF,
    CANCER,
    CANNOT_STAND,
    CHEST,
    CHILD,
    DIALYSIS,
    DISLOCATED,
    FALL,
    FEVER,
    GROWING_LUMP,
    HIP_OR_LEG_PAIN,
    HOT_SWOLLEN,
    HURTS,
    JOINT,
    LEG,
    LIMP,
    NO_CONTROL,
    ON_BISPHOSPHONATE,
    OVERDOSE,
    PRIVATE,
    RUNNER,
    SELF_HARM,
    SHORT,
    SKIN_DAMAGE,
    SUDDEN,
    SURGERY,
    SWOLLEN,
    TURNED,
    WEAKNESS,
    WEIGHT_LOSS,
    WOUND,
    near,
)

CARE = {
    "now": "Call {emergency_number} or go to an emergency department now.",
    "today": "See a doctor or an urgent care service today; if it gets worse or there is a fever,"
    " chest pain or breathlessness, call {emergency_number} now.",
    "soon": "Please see a doctor within the next few days. If you become feverish or can suddenly"
    " not bear weight on the leg, call {emergency_number}.",
    "crisis": "If there is any danger now, call {emergency_number}. A crisis line can be reached at"
    " any hour. Please tell a doctor, or someone you trust, today.",
}


@dataclass(frozen=True, slots=True)
class Sign:
    """A dangerous sign. Each alternative lists ideas that must all be reported as present.

    `context` need only be mentioned, even as past ("a hip replacement in 2019").
    """

    name: str
    care: Literal["now", "today", "soon", "crisis"]
    meaning: str
    alternatives: tuple[tuple[str, ...], ...]
    context: str = ""
    even_if: bool = False  # a condition does not excuse it: "what if I swallowed ten tablets?"

    @property
    def grade(self) -> Literal["emergency", "soon"]:
        return "soon" if self.care == "soon" else "emergency"

    @property
    def template(self) -> str:
        return f"{self.meaning} {CARE[self.care]}"


# The most serious first: a question gets the notice of the first sign that holds.
SIGNS = (
    Sign(
        "self-harm",
        "crisis",
        "I'm sorry that it is this hard; nobody has to carry this alone.",
        ((SELF_HARM,),),
        even_if=True,
    ),
    Sign(
        "chest",
        "now",
        "Chest pain or breathlessness can mean a blood clot in the lung or a heart attack, above "
        "all after an operation.",
        ((CHEST,),),
    ),
    Sign(
        "overdose",
        "now",
        "Too much of a medicine can harm before anything is felt: do not wait for symptoms, and "
        "keep the packet at hand.",
        ((OVERDOSE,),),
        even_if=True,
    ),
    Sign(
        "bleeding",
        "now",
        "Black or bloody stools, vomited blood or bleeding that does not stop can be serious, "
        "above all with anti-inflammatories or blood thinners.",
        ((BLEEDING,),),
    ),
    Sign(
        "cauda-equina",
        "now",
        "Numbness between the legs, loss of bladder or bowel control or weakness of both legs can "
        "mean pressure on the nerves of the lower spine (cauda equina syndrome), where hours "
        "count.",
        (
            (
                near(
                    r"numb\w*|pins and needles|tingl\w+|can't feel|(?:no|los\w+|lack)(?: \w+){0,2} "
                    r"(?:feeling|sensation)",
                    PRIVATE,
                ),
            ),
            (NO_CONTROL, r"\bback\b|\blegs?\b|\bhips?\b|sciatica|numb\w*|\bweak"),
            (BOTH_LEGS_WEAK, r"\bback\b"),
        ),
    ),
    Sign(
        "cold-leg",
        "now",
        "A leg that is cold and pale or blue, or without a pulse, may have lost its blood supply.",
        (
            (
                near(LEG, "cold|freezing|icy|ice|dusky"),
                near(LEG, r"pale|white|blu(?:e|ish)|gr[ea]y|purple|mottled|numb|can't feel"),
            ),
            (r"(?:\bno|absent|can't (?:find|feel))(?: \w+)? pulses?\b(?! deficit)|pulseless",),
        ),
    ),
    Sign(
        "dislocation",
        "now",
        "A leg that is suddenly shorter or turned, or a hip that has come out, may be a "
        "dislocation or a fracture: do not walk on it and do not try to put it back.",
        (
            (DISLOCATED,),
            (f"{near(SHORT, TURNED, 25)}|{near('suddenly|sudden', SHORT, 25)}",),
        ),
    ),
    Sign(
        "hip-fracture",
        "now",
        "Being unable to stand or walk after a fall may mean a broken hip: do not walk on the leg, "
        "move as little as possible and keep warm.",
        ((CANNOT_STAND,),),
        context=FALL,
    ),
    Sign(
        "slipped-epiphysis",
        "today",
        "A limp or sudden pain of the hip, groin, thigh or knee in a growing child may be a "
        "slipped growth plate of the hip: do not let them walk on the leg.",
        ((CANNOT_STAND,), (HIP_OR_LEG_PAIN, LIMP), (HIP_OR_LEG_PAIN, "sudden")),
        context=ADOLESCENT,
    ),
    Sign(
        "limping-child",
        "now",
        "A child who limps or hurts with a fever, or who will not put weight on a leg, may have an "
        "infected joint.",
        (
            (rf"(?<!\bi )(?:{CANNOT_STAND})",),  # "I can't walk far; my son drives me"
            (
                FEVER,
                rf"{LIMP}|{HIP_OR_LEG_PAIN}|\bscream|\bcr(?:y|ies|ying)\b|can't (?:move|use) "
                rf"(?:\w+ )?(?:hip|{LEG})",
            ),
        ),
        context=CHILD,
    ),
    Sign(
        "septic-joint",
        "now",
        "Fever with a painful, hot or swollen joint, or after joint surgery or an injection, may "
        "be an infection of the joint, which needs treatment within hours.",
        ((FEVER,), (near(JOINT, HOT_SWOLLEN, 15),)),
        context=rf"\b(?:{JOINT})\b|{SURGERY}",
    ),
    Sign(
        "dvt",
        "today",
        "A swollen calf may be a blood clot (deep vein thrombosis).",
        ((near(CALF, rf"{SWOLLEN}|red|hot"),),),
    ),
    Sign(
        "dvt",
        "today",
        "A swollen leg or painful calf after an operation may be a blood clot (deep vein "
        "thrombosis).",
        ((near(CALF, HURTS),), (near("legs?", rf"{SWOLLEN}|twice (?:as|the)"),)),
        context=SURGERY,
    ),
    Sign(
        "wound",
        "today",
        "A wound that oozes, opens or turns red and hot may be infected: tell the team that "
        "operated.",
        ((WOUND,),),
    ),
    Sign(
        "new-weakness",
        "today",
        "New weakness of a leg or foot may mean a nerve under pressure. Numbness between the legs "
        "or loss of bladder or bowel control would make it an emergency.",
        ((WEAKNESS,), (BOTH_LEGS_WEAK,)),
    ),
    Sign(
        "calciphylaxis",
        "today",
        "Painful dark patches or ulcers of the skin in someone with kidney failure may be "
        "calciphylaxis: tell the kidney unit.",
        ((SKIN_DAMAGE,),),
        context=DIALYSIS,
    ),
    Sign(
        "no-weight-on-leg",
        "today",
        "Suddenly being unable to stand on a leg may mean a broken bone or an infected joint, even "
        "without a fall: spare the leg.",
        ((SUDDEN, CANNOT_STAND),),
    ),
    Sign(
        "cancer-pain",
        "soon",
        "Bone pain at night with weight loss or night sweats needs its cause found.",
        ((HIP_OR_LEG_PAIN, r"\bnights?\b|nocturnal|wakes me|lying down|at rest", WEIGHT_LOSS),),
    ),
    Sign(
        "cancer-pain",
        "soon",
        "Bone pain in someone who has had cancer should be looked into.",
        ((HIP_OR_LEG_PAIN,),),
        context=CANCER,
    ),
    Sign(
        "growing-lump",
        "soon",
        "A lump that grows should be examined and imaged, even if it does not hurt.",
        ((GROWING_LUMP,),),
    ),
    Sign(
        "atypical-fracture",
        "soon",
        "Thigh or groin pain in someone on a bisphosphonate or a similar medicine can come before "
        "a fracture of the thigh bone: spare the leg.",
        ((near("thighs?|groin", HURTS),),),
        context=ON_BISPHOSPHONATE,
    ),
    Sign(
        "stress-fracture",
        "soon",
        "Groin pain with running or training may be a stress fracture of the femoral neck: stop "
        "running.",
        ((near(r"groin|front of (?:\w+ )?hip", HURTS),),),
        context=RUNNER,
    ),
)
