"""A document becomes passages: verbatim slices with readable, stable ids, never cut mid-sentence."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from langchain_core.documents import Document

from assistant.settings import CHECKOUT
from assistant.sources import load_corpus
from assistant.splitting import PROSE_CHARACTERS, sentences, split


def document(text: str, source: str = "bees.md") -> Document:
    markup = "markdown" if source.lower().endswith(".md") else "plain"
    return Document(id="bees", page_content=text, metadata={"markup": markup, "body_start": 0})


def passages(text: str, source: str = "bees.md") -> list[tuple[str, str]]:
    """The id without the document's, and the text, of each passage."""
    return [(p.id.removeprefix("bees#"), p.text) for p in split(document(text, source))]


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


# Pieces of Markdown, good and broken, to be put together in any order.
PIECES = st.sampled_from(
    [
        "# Bees\n",
        "## Smoke and wax\n\n",
        "###### \n",
        "Title\n=====\n",
        "- Bees fly.\n",
        "- a veil\n",
        "  - nested\n",
        "1. Open it.\n",
        "* * *\n",
        "---\n",
        "You need:\n",
        "Bees fly. They rest, e.g. at night! ",
        "wrapped\n",
        "\n",
        "\n\n",
        "> Quoted. ",
        "| a | b |\n|---|---|\n| 1. | Two. |\n",
        "```\ncode.\n```\n",
        "```\n",
        "    indented.\n",
        "<div>\nHi.\n</div>\n",
        "\t- tab.\n",
        "[link](x) *emph* `code`. ",
        "Dr. Wax et al. saw 3.5 kg (Fig. 2). ",
        "Ünïcödé “quotes”… ",
        "蜜蜂会飞。",
        "\u2028",
        "\x0b",
        "\x85",
        "é\u0301. ",
        "🐝. ",
    ]
)
MARKDOWN = st.lists(st.one_of(PIECES, st.text(max_size=20)), max_size=20).map("".join)
# What a file read as text can hold: every line end has become \n.
READ = MARKDOWN.map(lambda text: text.replace("\r\n", "\n").replace("\r", "\n"))


@hypothesis_settings(max_examples=150, deadline=None)
@given(text=READ, source=st.sampled_from(["bees.md", "bees.txt"]))
def test_every_passage_is_a_verbatim_slice_and_no_two_share_an_id_or_a_character(
    text: str, source: str
) -> None:
    found = split(document(text, source))
    for passage in found:
        assert text[passage.start : passage.end] == passage.text
        assert passage.text == passage.text.strip() != ""
    assert len({passage.id for passage in found}) == len(found)
    for before, after in pairwise(found):
        assert before.end <= after.start


@hypothesis_settings(max_examples=100, deadline=None)
@given(text=READ)
def test_sentences_lie_in_order_within_their_passage_and_do_not_overlap(text: str) -> None:
    spans = sentences(text)
    for start, end in spans:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
    for (_, before), (after, _) in pairwise(spans):
        assert before <= after


@hypothesis_settings(max_examples=50, deadline=None)
@given(text=READ)
def test_the_same_text_is_split_the_same_way_twice(text: str) -> None:
    assert split(document(text)) == split(document(text))


def test_front_matter_is_in_no_passage_but_counts_in_the_offsets(tmp_path: Path) -> None:
    (tmp_path / "bees.md").write_text(
        "---\ntitle: Bees. All.\n---\n\nBees fly.\n", encoding="utf-8"
    )
    (passage,) = split(load_corpus(tmp_path)[0])
    assert (passage.text, passage.start, passage.end) == ("Bees fly.", 27, 36)


def test_an_id_is_made_of_document_heading_and_place() -> None:
    text = "Before.\n\n# Bees & smoke: what calms them, and when?\n\n- One.\n- Two.\n\n## ***\n\nThree.\n"
    assert passages(text) == [
        ("text/1", "Before."),
        ("bees-smoke-what-calms-them/1", "One."),
        ("bees-smoke-what-calms-them/2", "Two."),
        ("section/1", "Three."),
    ]


def test_sections_of_one_name_share_one_count_so_that_ids_stay_unique() -> None:
    text = "# A\n\n## Results\n\nOne.\n\n# B\n\n## Results\n\nTwo.\n"
    assert passages(text) == [("results/1", "One."), ("results/2", "Two.")]


def test_ids_stay_when_another_section_changes() -> None:
    before = "# Smoke\n\n- Smoke calms bees.\n\n# Wax\n\n- Wax melts.\n- Wax burns.\n"
    after = "# Smoke\n\nNew. Text.\n\n- Smoke calms bees at once.\n\n# Wax\n\n- Wax melts.\n- Wax burns.\n"
    of_wax = [("wax/1", "Wax melts."), ("wax/2", "Wax burns.")]
    assert passages(before)[1:] == of_wax
    assert passages(after)[-2:] == of_wax
    assert passages(after)[0][0] == "smoke/1"


def test_a_passage_knows_the_headings_above_it() -> None:
    text = "# Hive\n## Wax\n### Melting\nOne.\n## Honey\nTwo.\n# Meadow\nThree.\n"
    assert [(p.section, p.text) for p in split(document(text))] == [
        (("Hive", "Wax", "Melting"), "One."),
        (("Hive", "Honey"), "Two."),
        (("Meadow",), "Three."),
    ]


def test_underlined_headings_are_headings() -> None:
    text = "Hive\n====\n\nOne.\n\nWax\n---\n\nTwo.\n"
    assert [p.section for p in split(document(text))] == [("Hive",), ("Hive", "Wax")]


def test_a_heading_is_no_passage() -> None:
    assert passages("# Bees fly.\n\n## Why?\n\nThey can.\n") == [("why/1", "They can.")]


def test_each_list_item_that_is_a_sentence_is_a_passage_without_its_dash() -> None:
    text = "- Bees fly.\n- Do they rest? At night.\n* “They do.”\n1. Open the hive.\n2) Close it!\n"
    assert [text for _, text in passages(text)] == [
        "Bees fly.",
        "Do they rest? At night.",
        "“They do.”",
        "Open the hive.",
        "Close it!",
    ]


def test_a_list_item_may_be_wrapped_and_hold_further_items() -> None:
    text = "- Workers fly\n  on warm days.\n- Drones wait.\n  - They eat honey.\n"
    assert [text for _, text in passages(text)] == [
        "Workers fly\n  on warm days.",
        "Drones wait.",
        "They eat honey.",
    ]


def test_an_item_that_begins_with_a_number_keeps_it() -> None:
    assert passages("- 12 hives swarmed.\n- 2.5 kg is little.\n") == [
        ("text/1", "12 hives swarmed."),
        ("text/2", "2.5 kg is little."),
    ]


FRAGMENTS = "Before opening a hive you need:\n\n- a veil\n- gloves\n- a smoker that burns."


def test_a_list_of_fragments_stays_with_the_sentence_that_introduces_it() -> None:
    assert passages(f"# Tools\n\n{FRAGMENTS}\n\nThen open it.\n") == [
        ("tools/1", FRAGMENTS),
        ("tools/2", "Then open it."),
    ]


def test_an_introduction_and_its_fragments_are_one_sentence() -> None:
    assert cut(FRAGMENTS) == [FRAGMENTS]


def test_fragments_do_not_reach_over_a_heading() -> None:
    text = "Bring this:\n\n- a veil\n- gloves\n\n# Later\n\n- Bees rest.\n"
    assert passages(text) == [
        ("text/1", "Bring this:\n\n- a veil\n- gloves"),
        ("later/1", "Bees rest."),
    ]


def test_the_source_text_is_cut_into_its_ten_sentences() -> None:
    texts = {document.id: document for document in load_corpus(CHECKOUT / "corpus" / "text")}
    source = texts["dystrophic-mineralization-of-the-hip"]
    found = [p.text[start:end] for p in split(source) for start, end in sentences(p.text)]
    assert [" ".join(sentence.split())[:44] for sentence in found] == [
        "Dystrophic mineralization of the hip refers ",
        "This condition occurs when hip tissues becom",
        "Common causes include trauma, previous surge",
        "Patients typically experience hip pain, stif",
        "Diagnosis involves imaging studies such as X",
        "Treatment focuses on addressing the underlyi",
        "Unlike metastatic calcification, dystrophic ",
        "Recent studies have explored the mechanisms ",
        "In the context of hip conditions, understand",
        "Some key points to consider in the managemen",
    ]
    assert found[2].endswith("in the context of osteonecrosis of the hip 1.")
    assert found[9].count("\n- ") == 5
    assert found[9].endswith("to prevent long-term morbidity and mortality.")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Dr. Wax found 3.5 kg, e.g. of honey, i.e. a lot (Fig. 2). Bees fly.",
            ["Dr. Wax found 3.5 kg, e.g. of honey, i.e. a lot (Fig. 2).", "Bees fly."],
        ),
        ("Comb et al. 2019 saw it. So did we.", ["Comb et al. 2019 saw it.", "So did we."]),
        (
            "It fell (p < 0.05). It rose vs. placebo.",
            ["It fell (p < 0.05).", "It rose vs. placebo."],
        ),
        ("Why? Because! Well…", ["Why?", "Because!", "Well…"]),
        ("He said “they fly.” They do.", ["He said “they fly.”", "They do."]),
        ("Bees fly. Table of contents", ["Bees fly."]),
        ("No full stop at all", []),
        ("A line that only introduces what follows on the next one:\nBees fly.", ["Bees fly."]),
        ("", []),
    ],
)
def test_sentences_end_at_full_stops_but_not_at_those_of_abbreviations_and_numbers(
    text: str, found: list[str]
) -> None:
    assert cut(text) == found


WRAPPED = (
    "A long line that an editor has wrapped at a width of about\n"
    "eighty characters is still one sentence. It\nends here.\n"
)


@pytest.mark.parametrize(
    "text",
    [
        "The salt grew in mice (Hua et al., 2019) , rats (Liu et al., 2012) , and guinea pigs. It melts.",
        "Rates ranged from 14 % to 45 %. [1] [2, 3] Others are far less severe.",
        "Cases are reported to the Department (CDPH) within 1 day (2) . Then a cluster was seen.",
        "It differs (e.g. in mice vs. rats, see Fig. 3) from what was known. Nobody had measured it.",
    ],
)
def test_citations_within_a_text_neither_cut_a_sentence_nor_lose_one(text: str) -> None:
    (first, second) = sentences(text)
    assert text[first[0] : second[1]] == text
    assert text[first[1] : second[0]] == " "


def test_a_wrapped_line_is_one_sentence() -> None:
    assert cut(WRAPPED) == [
        "A long line that an editor has wrapped at a width of about\n"
        "eighty characters is still one sentence.",
        "It\nends here.",
    ]


@pytest.mark.parametrize("name", ["bees.md", "bees.txt"])
def test_a_file_with_windows_line_ends_has_the_passages_of_one_with_unix_line_ends(
    tmp_path: Path, name: str
) -> None:
    text = f"# Bees\n\n- Bees fly.\n- Bees rest.\n\n{WRAPPED}\n{FRAGMENTS}\n"
    found = []
    for folder, ends in (("unix", "\n"), ("windows", "\r\n")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).write_bytes(text.replace("\n", ends).encode())
        found.append(split(load_corpus(tmp_path / folder)[0]))
    assert found[0] == found[1]
    assert len(found[0]) >= 3


def test_long_prose_becomes_passages_of_whole_sentences_of_some_length() -> None:
    prose = " ".join(f"Sentence number {n} says that bees fly far and wide." for n in range(40))
    found = [text for _, text in passages(prose)]
    assert " ".join(found) == prose
    assert len(found) == 4
    for text in found[:-1]:
        assert PROSE_CHARACTERS <= len(text) < PROSE_CHARACTERS + 60
        assert text.endswith("wide.")


def test_paragraphs_are_passages_of_their_own() -> None:
    text = "Bees fly. They rest.\n\nWax melts.\n"
    expected = [("text/1", "Bees fly. They rest."), ("text/2", "Wax melts.")]
    assert passages(text) == expected
    assert passages(text, "bees.txt") == expected


def test_plain_text_has_no_headings_and_no_list_markers() -> None:
    assert passages("# Not a heading.\n\n- Not an item.\n", "bees.txt") == [
        ("text/1", "# Not a heading."),
        ("text/2", "- Not an item."),
    ]


def test_a_suffix_in_capitals_is_markdown_as_well() -> None:
    assert passages("# Bees\n\n- Bees fly.\n", "BEES.MD") == [("bees/1", "Bees fly.")]


def test_code_stays_by_itself_and_its_comments_are_no_headings() -> None:
    text = "# Bees\n\nBees fly.\n\n```sh\n# Not a heading\nfly.\n```\n\nThey rest.\n"
    found = split(document(text))
    assert {p.section for p in found} == {("Bees",)}
    assert (found[0].text, found[-1].text) == ("Bees fly.", "They rest.")


def test_a_table_does_not_run_into_the_prose_around_it() -> None:
    text = (
        "# Bees\n\nBees fly.\n\n| Kind | Note |\n|---|---|\n| Drone | It waits. |\n\nThey rest.\n"
    )
    found = [text for _, text in passages(text)]
    assert found[0] == "Bees fly."
    assert found[-1] == "They rest."
    assert all("Bees fly." not in text and "They rest." not in text for text in found[1:-1])


@pytest.mark.parametrize("source", ["bees.txt", "bees.md"])
def test_a_long_paragraph_without_a_full_stop_is_content_and_a_short_one_a_heading(
    source: str,
) -> None:
    listed = (
        "These works tell how a hive is opened and what keeps the bees calm: - The smoker and its "
        "fuel - Work at noon - Slow hands"
    )
    text = f"Opening a hive\n\n{listed}\n\nAfterwards\n\nThe lid is shut. Nothing else"
    assert [passage for _, passage in passages(text, source)] == [listed, "The lid is shut."]
    assert cut(listed) == [listed]
