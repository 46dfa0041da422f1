"""An answer or a conversation taken away: as files that other programs read, and on clean paper."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from pypdf import PdfReader

from assistant.assistant import Assistant
from assistant.errors import SettingsInvalid
from assistant.export import FORMATS, Taken, export, file_name
from assistant.rendering import answer_markdown, bare
from assistant.safety import STANDING
from assistant.types import Answer, Notice, Reference
from tests.test_history import bee_answer

if TYPE_CHECKING:
    from playwright.sync_api import Browser

QUESTIONS = (
    "My hip is hot and swollen and I have a fever: what is septic arthritis?",
    "What are the ARCO stages of osteonecrosis?",
    "Do bisphosphonates help?",
    "Who won the football world cup in 1998?",
    "What are the causes of heterotopic ossification?",
)
WEB = Reference(
    2, "hives", "Hives", (), None, "Bees online", None, None, "https://bees.example/a?b=1&c=2",
    "web page", "web page", "excerpt",
)  # fmt: skip
PAGE = Reference(3, "page", "Page", (), None, None, None, None, None, "topic page", "x", "y")
LETHAL = '<script>window.ran=1</script><img src=x onerror="window.ran=1">\u202e[x](javascript:1)'


def answer(*references: Reference, **fields: object) -> Answer:
    base = bee_answer()
    return replace(base, references=(*base.references, *references), **fields)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def asked(assistant: Assistant) -> list[Answer]:
    return [assistant.ask(question) for question in QUESTIONS]


def test_one_answer_as_json_is_the_machine_readable_answer() -> None:
    assert json.loads(export(Taken([answer()]), "json")) == answer().to_dict()


def test_a_conversation_as_json_is_its_title_and_its_answers() -> None:
    answers = [answer(), answer(question="And then?")]
    assert json.loads(export(Taken(answers, "Smoke"), "json")) == {
        "schema": 1,
        "title": "Smoke",
        "answers": [one.to_dict() for one in answers],
    }


def test_markdown_is_the_answer_and_how_new_it_is() -> None:
    assert export(Taken([answer()]), "markdown") == (
        answer_markdown(answer())
        + "\nLiterature as of 2024; index default, generation 0d76d83eb707.\n"
    )


def test_a_conversation_says_the_standing_notice_once(asked: Sequence[Answer]) -> None:
    for name in ("markdown", "print"):
        text = re.sub(r"\s+", " ", export(Taken(asked, "Mine"), name).replace("&#x27;", "'"))
        assert text.count(STANDING) == 1, name
    assert export(Taken(asked, "# <b>Mine"), "markdown").startswith("# \\# \\<b\\>Mine\n")


@pytest.mark.parametrize("name", ["bibtex", "ris", "csl-json"])
def test_a_bibliography_holds_each_cited_publication_once(name: str) -> None:
    text = export(Taken([answer(PAGE, WEB), answer(WEB)], "Mine"), name)
    if name == "bibtex":
        keys = [entry.key for entry in parse_string(text).entries]
    elif name == "ris":
        keys = [record["id"] for record in rispy.loads(text)]
    else:
        keys = [item["id"] for item in json.loads(text)]
    assert keys == ["smoke", "hives"]


def test_what_the_answer_says_of_a_work_wins_over_what_is_known_now() -> None:
    works = {"smoke": {"title": "Renamed", "volume": "7", "pmid": "123"}, "other": {"title": "x"}}
    (item,) = json.loads(export(Taken([answer()], works=works), "csl-json"))
    assert (item["title"], item["volume"], item["PMID"]) == ("Smoke", "7", "123")


def test_an_abstention_without_references_is_an_empty_bibliography() -> None:
    nothing = answer(sentences=(), reason="The corpus says nothing on bees.")
    nothing = replace(nothing, references=())
    assert export(Taken([nothing]), "csl-json") == "[]\n"
    assert "The corpus says nothing on bees." in export(Taken([nothing]), "print")


def test_a_file_is_named_by_its_title() -> None:
    assert file_name(Taken([answer()]), "csl-json") == "why-smoke.csl.json"
    assert file_name(Taken([answer()], "../Ötzi & <co>" + "x" * 99), "print").startswith("tzi-co-x")
    assert file_name(Taken([answer()], "???"), "markdown") == "answer.md"
    assert {form.suffix for form in FORMATS.values()} == {
        ".md", ".json", ".bib", ".ris", ".csl.json", ".html",
    }  # fmt: skip


def test_a_format_that_is_none_is_refused_with_those_that_are() -> None:
    with pytest.raises(SettingsInvalid, match="accepted are markdown, json, bibtex, ris, csl-json"):
        export(Taken([answer()]), "docx")


def test_a_page_to_print_is_the_same_bytes_for_the_same_answers(asked: Sequence[Answer]) -> None:
    day = date(2026, 1, 2)
    page = export(Taken(asked, "Mine", today=day), "print")
    assert page == export(Taken(asked, "Mine", today=day), "print")
    assert "Printed on 02 January 2026." in page
    assert "Printed on" not in export(Taken(asked, "Mine"), "print")


def test_what_anybody_wrote_is_text_on_the_page() -> None:
    lethal = answer(
        replace(WEB, title=LETHAL, url="javascript:alert(1)"),
        question=LETHAL,
        query=LETHAL + "?",
        notices=(Notice("scope", LETHAL),),
    )
    page = export(Taken([lethal], LETHAL), "print")
    assert not re.search(r"<(script|img|a href=.javascript)", page)
    assert "&lt;script&gt;" in page and "\u202e" not in page


@pytest.mark.browser
def test_the_page_prints_as_a_clean_pdf(browser: Browser, asked: Sequence[Answer]) -> None:
    taken = Taken(asked, f"Before my visit {LETHAL}", today=date(2026, 1, 2))
    with browser.new_context() as context:
        tab = context.new_page()
        requests: list[str] = []
        tab.on("request", lambda request: requests.append(request.url))
        tab.set_content(export(taken, "print"))
        tab.emulate_media(media="print")
        tab.set_viewport_size({"width": 658, "height": 1000})  # A4 without its margins
        assert tab.evaluate("document.documentElement.scrollWidth") == 658
        assert tab.evaluate("window.ran") is None
        assert tab.locator("script, img").count() == 0
        pdf = tab.pdf(prefer_css_page_size=True)
        tab.set_viewport_size({"width": 390, "height": 800})
        assert tab.evaluate("document.documentElement.scrollWidth") == 390
    assert requests == []
    read = PdfReader(io.BytesIO(pdf))
    width, height = (float(side) for side in read.pages[0].mediabox[2:])
    assert (round(width / 72 * 25.4), round(height / 72 * 25.4)) == (210, 297)
    text = spoken(" ".join(page.extract_text() for page in read.pages))
    for one in asked:
        assert spoken(one.question) in text
        for sentence in one.sentences:
            assert spoken(sentence.text) in text
            assert spoken(bare(sentence.mark or "")) in text
        for reference in one.references:
            assert spoken(reference.title) in text
    assert spoken(asked[0].notices[0].text) in text
    assert all(f"{n} / {len(read.pages)}" in p.extract_text() for n, p in enumerate(read.pages, 1))
    links = {
        str(note.get_object()["/A"]["/URI"])
        for page in read.pages
        for note in page.get("/Annots") or ()
    }
    assert any(link.startswith("https://doi.org/10.") for link in links)
    assert not any(link.startswith("javascript") for link in links)


def spoken(text: str) -> str:
    """Letters and digits alone: a PDF has ligatures, and breaks lines where it likes."""
    plain = text.replace("ﬁ", "fi").replace("ﬂ", "fl").replace("ﬀ", "ff").replace("ﬃ", "ffi")
    return "".join(re.findall(r"\w", plain))
