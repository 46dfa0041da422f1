"""What may be asked: English in any state of haste is searched, everything else is refused."""

from __future__ import annotations

import pytest

from assistant.assistant import Assistant
from assistant.errors import QuestionInvalid
from assistant.questions import MAX_CHARACTERS, checked


def anything(word: str) -> bool:
    return True


def nothing(word: str) -> bool:
    return False


REFUSED = [
    (
        "",
        'The question is empty. Ask one in English, for example: "What is dystrophic '
        'mineralization of the hip?"',
    ),
    (
        " \n\t\u200b\u00a0",
        'The question is empty. Ask one in English, for example: "What is dystrophic '
        'mineralization of the hip?"',
    ),
    (
        "12 > 7?!",
        "The question has no words; a question in English is accepted. Ask it in words.",
    ),
    ("🦴❓", "The question has no words; a question in English is accepted. Ask it in words."),
    (
        "a" * 2001,
        "The question has 2,001 characters; at most 2,000 are accepted. Ask it in fewer words.",
    ),
    (
        "What is\x00 it?",
        "The question holds the control character U+0000; only printable text is accepted. "
        "Type the question again.",
    ),
    (
        "What is\x1b[2J it?",
        "The question holds the control character U+001B; only printable text is accepted. "
        "Type the question again.",
    ),
    (
        "What is\ud800 it?",
        "The question holds the control character U+D800; only printable text is accepted. "
        "Type the question again.",
    ),
]


@pytest.mark.parametrize(
    ("question", "reason"),
    REFUSED,
    ids=[
        "empty",
        "blank",
        "no words",
        "emoji",
        "too long",
        "zero byte",
        "terminal escape",
        "half a pair",
    ],
)
def test_what_cannot_be_searched_is_refused_with_the_reason_and_the_remedy(
    question: str, reason: str
) -> None:
    with pytest.raises(QuestionInvalid) as caught:
        checked(question, anything)
    assert str(caught.value) == reason


def test_the_longest_accepted_question_is_accepted() -> None:
    longest = "a" * MAX_CHARACTERS
    assert checked(longest, anything) == longest


def test_white_space_is_folded_and_invisible_characters_are_dropped() -> None:
    untidy = "\t What\u200b is\r\n  dys\u00adtrophic\u00a0 calcification\u202e? \n"
    assert checked(untidy, anything) == "What is dystrophic calcification?"


def test_other_scripts_may_occur_in_an_english_question() -> None:
    question = "Is 40 μg of an α-agonist (альфа) enough?"
    assert checked(question, anything) == question


def test_words_that_the_corpus_knows_are_never_taken_for_another_language() -> None:
    german = "Welche Symptome hat eine Verkalkung der Hüfte?"
    assert checked(german, anything) == german
    with pytest.raises(QuestionInvalid, match="does not seem to be in English"):
        checked(german, nothing)


@pytest.mark.parametrize("question", ["Nekrose?", "nécrose hanche", "ESWT", "HO"])
def test_one_or_two_words_are_too_few_to_tell_a_language(question: str) -> None:
    assert checked(question, nothing) == question


HASTY = [
    "avn femoral head stage 2 tx?",
    "THA vs hip resurfacing AVN outcome",
    "diff btwn HO and MO??",
    "osteonecosis symptons early",
    "how comon is HO after THR",
    "pt w/ SCI + HO, when excise",
    "ESWT calc tendinopathy glut med n sessions",
    "hip pian at nite cant sleep",
    "wats dystrofic calcificaton",
    "bisphosphonates AVN evidnce RCT",
    "core decompresion sucess rate ficat II",
    "indometacin dose HO prophylaxis THA",
    "XRT 7Gy single fx preop vs postop HO",
    "rf calcific tend MRI vs US",
    "why does my hip grind n click",
    "is avn heredetary",
    "CPPD hip xray signs",
    "CKD dialysis lump hip UTC tx",
    "Brooker 3 HO ROM loss",
    "steriods n avn risk dose",
    "prednisolone cumulative mg ONFH",
    "sickle cell AVN kids prevalance",
    "hip replacment how long last avn young",
    "barbotage glut med wrks?",
    "my dr says calcium in hip wat now",
    "dead bone hip no pain do i need op",
    "NSAIDs HO bleeding risk GI",
    "PMMA vs cemetless stem AVN",
    "alcohol units/wk ONFH threshold",
    "MRI sens spec early ONFH",
    "JIC C2 collapse 5y",
    "ARCO 3A vs 3B",
    "TBI HO ALP CRP predictive",
    "HIV ART AVN hip assoc",
    "preg hip pain TOH vs AVN",
    "FAI os acetabuli rim ossif arthroscopy result",
    "STS intralesional calcinosis SSc",
    "PTH high CaxP product hip mass",
    "LCPD prognosis age >8",
    "SCFE AVN rate unstable",
    "cannt put wieght on leg, calcific tendonitus?",
    "wot is myositis osificans",
    "hetrotopic osification prevntion",
    "diag. Legg-Calvé-Perthes ddx Meyer dysplasia?",
]


@pytest.mark.parametrize("question", HASTY)
def test_hasty_english_full_of_abbreviations_and_typing_errors_is_searched(
    assistant: Assistant, question: str
) -> None:
    assert checked(question, assistant.index.lexical.knows) == question


FOREIGN = [
    ("German", "Was ist eine dystrophe Verkalkung der Hüfte?"),
    ("German, two long words", "Welche Medikamente helfen bei Hüftkopfnekrose?"),
    ("Spanish", "¿Qué es la mineralización distrófica de la cadera?"),
    ("Spanish, Latin terms", "¿Cuáles son los síntomas de la osteonecrosis de la cabeza femoral?"),
    ("French", "Quels sont les symptômes de la nécrose de la hanche ?"),
    ("French, elided", "Comment traite-t-on l'ostéonécrose de la tête fémorale ?"),
    ("Italian", "Che cos'è la calcificazione distrofica dell'anca?"),
    ("Italian, as in titles", "Quali sono i sintomi della necrosi della testa del femore?"),
    ("Dutch", "Wat zijn de symptomen van heupnecrose bij volwassenen?"),
    ("Polish", "Jakie są objawy martwicy głowy kości udowej?"),
    ("Portuguese", "Quais são os sintomas da necrose da cabeça do fêmur?"),
    ("Turkish", "Kalça kireçlenmesi nasıl tedavi edilir ve belirtileri nelerdir?"),
    ("Swedish", "Vad är symtomen på höftledsnekros hos vuxna?"),
    ("Czech", "Jaké jsou příznaky nekrózy hlavice stehenní kosti?"),
    ("Finnish", "Mitkä ovat lonkan kalkkeutuman oireet ja hoito?"),
    ("Russian", "Какие симптомы у остеонекроза головки бедренной кости?"),
    ("Greek", "Ποια είναι τα συμπτώματα της οστεονέκρωσης του ισχίου;"),
    ("Chinese", "髋关节钙化的症状是什么？"),
    ("Japanese", "大腿骨頭壊死の症状は何ですか？"),
    ("Korean", "고관절 괴사의 증상은 무엇인가요?"),
    ("Arabic", "ما هي أعراض نخر رأس عظم الفخذ؟"),
    ("Hebrew", "מהם התסמינים של נמק בראש הירך?"),
    ("Hindi", "कूल्हे के दर्द का इलाज क्या है?"),
]


@pytest.mark.parametrize(
    "question", [question for _, question in FOREIGN], ids=[language for language, _ in FOREIGN]
)
def test_a_question_in_another_language_is_refused(assistant: Assistant, question: str) -> None:
    with pytest.raises(QuestionInvalid) as caught:
        checked(question, assistant.index.lexical.knows)
    assert str(caught.value) == (
        "The question does not seem to be in English, the only language that the corpus can be "
        "searched in. Ask it in English."
    )
