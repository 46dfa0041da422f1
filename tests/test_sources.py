"""Corpus folders: what is read, under which ids, and that every problem is reported at once."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.errors import CorpusInvalid
from assistant.sources import LOADERS, load_corpus


def corpus(folder: Path, files: dict[str, str | bytes]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def problems(folder: Path, files: dict[str, str | bytes]) -> tuple[str, ...]:
    with pytest.raises(CorpusInvalid) as caught:
        load_corpus(corpus(folder, files))
    return caught.value.problems


def test_a_markdown_file_becomes_a_document_with_its_front_matter_as_metadata(
    tmp_path: Path,
) -> None:
    text = (
        "---\ntitle: Smoke in the apiary\nyear: 2019\nauthors: [Ada Wax, Ben Comb]\n"
        "---\n\nSmoke calms bees.\n"
    )
    (document,) = load_corpus(corpus(tmp_path, {"smoke.md": text}))
    assert document.id == "smoke"
    assert document.page_content == text
    assert document.metadata == {
        "title": "Smoke in the apiary",
        "year": 2019,
        "authors": ["Ada Wax", "Ben Comb"],
        "body_start": 75,
        "markup": "markdown",
        "source": "smoke.md",
    }
    assert document.page_content[75:] == "\nSmoke calms bees.\n"


def test_a_text_file_is_titled_by_its_name(tmp_path: Path) -> None:
    (document,) = load_corpus(corpus(tmp_path, {"wax_moths-1.txt": "Moths eat wax."}))
    assert document.page_content == "Moths eat wax."
    assert document.metadata == {
        "title": "wax moths 1",
        "body_start": 0,
        "source": "wax_moths-1.txt",
    }


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Bees fly.\n\n# All about bees #\n\n# Later\n", "All about bees"),
        ("---\nyear: 2019\n---\n# All about bees\n", "All about bees"),
        ("---\ntitle:\n---\n# All about bees\n", "All about bees"),
        ("---\ntitle: Given\n---\n# All about bees\n", "Given"),
        ("## Only a second level\n\nBees fly.\n", "field notes"),
    ],
)
def test_a_title_is_the_one_given_else_the_first_heading_else_the_file_name(
    tmp_path: Path, text: str, title: str
) -> None:
    (document,) = load_corpus(corpus(tmp_path, {"field-notes.md": text}))
    assert document.metadata["title"] == title


def test_a_field_that_is_left_blank_is_not_given(tmp_path: Path) -> None:
    text = "---\ntitle: Bees\njournal:\nauthors:\nyear:\n---\nBees fly.\n"
    (document,) = load_corpus(corpus(tmp_path, {"bees.md": text}))
    assert document.metadata == {
        "title": "Bees",
        "body_start": 44,
        "markup": "markdown",
        "source": "bees.md",
    }


FRONT_MATTER = [
    ("not YAML", "---\ntitle: [open\n---\nBees fly.", "front matter is not YAML (line 3)"),
    (
        "an object",
        "---\na: !!python/object:os.x y\n---\nBees.",
        "front matter is not YAML (line 2)",
    ),
    ("a list for a key", "---\n? [a, b]\n: 1\n---\nBees.", "front matter is not YAML (line 2)"),
    (
        "not closed",
        "---\ntitle: Bees\n\nBees fly.\n",
        "front matter is not closed by a line ---: is it half written?",
    ),
    (
        "not a mapping",
        "---\n- Bees\n---\nBees fly.",
        "front matter is not a mapping of names to values",
    ),
    (
        "a key twice",
        "---\ntitle: Bees\nyear: 2019\ntitle: Wasps\n---\nBees fly.",
        "front matter has the key 'title' twice",
    ),
    (
        "a key twice further in",
        "---\ncitations:\n  1: {a: x, a: y}\n---\nBees fly.",
        "front matter has the key 'a' twice",
    ),
    (
        "nothing behind it",
        "---\ntitle: Bees\n---\n \n\n",
        "has nothing behind its front matter: is it half written?",
    ),
    ("title", "---\ntitle: [Bees]\n---\nBees.", "front matter: title must be text, not ['Bees']"),
    (
        "authors",
        "---\nauthors: Ada Wax\n---\nBees.",
        "front matter: authors must be a list of texts, not 'Ada Wax'",
    ),
    (
        "topics",
        "---\ntopics: [1]\n---\nBees.",
        "front matter: topics must be a list of texts, not [1]",
    ),
    ("year", "---\nyear: soon\n---\nBees.", "front matter: year must be a year, not 'soon'"),
    ("far year", "---\nyear: 20190\n---\nBees.", "front matter: year must be a year, not 20190"),
    ("true year", "---\nyear: true\n---\nBees.", "front matter: year must be a year, not True"),
]


@pytest.mark.parametrize(
    ("text", "problem"), [row[1:] for row in FRONT_MATTER], ids=[row[0] for row in FRONT_MATTER]
)
def test_front_matter_that_is_not_accepted_is_named_with_its_file(
    tmp_path: Path, text: str, problem: str
) -> None:
    assert problems(tmp_path, {"notes/bees.md": text}) == (f"notes/bees.md: {problem}",)


def test_a_date_that_is_in_no_calendar_is_a_problem_of_that_file(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path, {"bees.md": "---\naccessed: 2019-13-45\n---\nBees fly."})
    assert problem.startswith("bees.md: front matter")


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"Bees \xe9t\xe9.", "is not UTF-8 (byte 5); save it as UTF-8"),
        (b"\xff\xfeB\x00", "is not UTF-8 (byte 0); save it as UTF-8"),
        (b"Bees\x00fly.", "holds a zero byte: it is not text, or was only half written"),
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
    ],
    ids=["Latin-1", "UTF-16", "zero byte", "empty", "blank"],
)
@pytest.mark.parametrize("name", ["bees.md", "bees.txt"])
def test_bytes_that_are_no_text_are_named_with_their_file(
    tmp_path: Path, name: str, content: bytes, problem: str
) -> None:
    assert problems(tmp_path, {name: content}) == (f"{name}: {problem}",)


def test_all_problems_of_all_files_are_reported_together(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "a.md": "---\ntitle: [Bees]\nyear: soon\nauthors: Ada\n---\nBees fly.",
        "b.txt": b"\xff",
        "good.md": "Bees fly.",
        "more/c.md": "---\nyear: 2019\n---\n",
    }
    with pytest.raises(CorpusInvalid) as caught:
        load_corpus(corpus(tmp_path, files))
    assert str(caught.value) == (
        "The corpus has 5 problems:\n"
        "  a.md: front matter: title must be text, not ['Bees']\n"
        "  a.md: front matter: authors must be a list of texts, not 'Ada'\n"
        "  a.md: front matter: year must be a year, not 'soon'\n"
        "  b.txt: is not UTF-8 (byte 0); save it as UTF-8\n"
        "  more/c.md: has nothing behind its front matter: is it half written?\n"
        "Mend the files named above, then run: hip-assistant index"
    )


def test_one_problem_is_not_called_problems(tmp_path: Path) -> None:
    with pytest.raises(CorpusInvalid, match=r"^The corpus has 1 problem:\n  a\.md: is empty\n"):
        load_corpus(corpus(tmp_path, {"a.md": ""}))


def test_a_file_is_known_by_its_stem_wherever_it_lies(tmp_path: Path) -> None:
    documents = load_corpus(
        corpus(tmp_path, {"text/b.md": "Bees.", "references/deep/a.md": "Ants.", "c.txt": "Cats."})
    )
    assert [(d.id, d.metadata["source"]) for d in documents] == [
        ("a", "references/deep/a.md"),
        ("b", "text/b.md"),
        ("c", "c.txt"),
    ]


def test_files_of_one_stem_in_two_folders_are_known_by_their_relative_paths(
    tmp_path: Path,
) -> None:
    files: dict[str, str | bytes] = {
        "x/a.md": "One.",
        "y/a.md": "Two.",
        "a.txt": "3.",
        "b.md": "4.",
    }
    documents = load_corpus(corpus(tmp_path, files))
    assert [(d.id, d.page_content) for d in documents] == [
        ("a", "3."),
        ("b", "4."),
        ("x/a", "One."),
        ("y/a", "Two."),
    ]


def test_two_files_that_would_have_the_same_key_are_a_problem(tmp_path: Path) -> None:
    assert problems(tmp_path, {"n/a.md": "One.", "n/a.txt": "Two."}) == (
        "n/a.txt: has the same key as n/a.md; rename one",
    )


def test_hidden_files_and_other_formats_are_passed_over(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {
        "bees.md": "Bees.",
        ".draft.md": "Draft.",
        ".git/notes.md": "Notes.",
        "bees.docx": b"\x00",
        "LICENSE": "Free.",
    }
    assert [d.id for d in load_corpus(corpus(tmp_path, files))] == ["bees"]


def test_a_folder_is_looked_into_whatever_its_name(tmp_path: Path) -> None:
    assert [d.id for d in load_corpus(corpus(tmp_path, {"v1.md/bees.md": "Bees fly."}))] == ["bees"]


def test_a_suffix_in_capitals_is_the_same_format(tmp_path: Path) -> None:
    (document,) = load_corpus(corpus(tmp_path, {"BEES.MD": "---\ntitle: Bees\n---\nBees fly."}))
    assert (document.id, document.metadata["title"]) == ("BEES", "Bees")


def test_an_empty_folder_and_a_missing_one_are_problems(tmp_path: Path) -> None:
    assert problems(tmp_path, {"notes.rst": "x"}) == (
        f"{tmp_path}: no file to read; accepted are {', '.join(LOADERS)}",
    )
    with pytest.raises(CorpusInvalid, match="gone: no such folder\nName the folder with: "):
        load_corpus(tmp_path / "gone")


def test_offsets_count_in_the_file_as_it_is_read(tmp_path: Path) -> None:
    # Python reads CRLF as one character, so an umlaut and a line end are one character each.
    (document,) = load_corpus(
        corpus(tmp_path, {"b.md": "---\r\ntitle: Bienenstöcke\r\n---\r\nBees fly.\r\nFar.\r\n"})
    )
    read = (tmp_path / "b.md").read_text(encoding="utf-8")
    assert document.page_content == read == "---\ntitle: Bienenstöcke\n---\nBees fly.\nFar.\n"
    assert read[document.metadata["body_start"] :] == "Bees fly.\nFar.\n"


def test_a_byte_order_mark_does_not_hide_the_front_matter(tmp_path: Path) -> None:
    (document,) = load_corpus(
        corpus(tmp_path, {"bees.md": b"\xef\xbb\xbf---\ntitle: Given\n---\nBees fly.\n"})
    )
    read = (tmp_path / "bees.md").read_text(encoding="utf-8")
    assert document.metadata["title"] == "Given"
    assert read[document.metadata["body_start"] :] == "Bees fly.\n"


ANY_TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1).filter(
    lambda text: text.strip() != "" and not text.startswith(("---", "\ufeff"))
)


@hypothesis_settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=ANY_TEXT, suffix=st.sampled_from([".md", ".txt"]))
def test_any_text_file_round_trips(tmp_path: Path, text: str, suffix: str) -> None:
    for old in tmp_path.iterdir():
        old.unlink()
    (tmp_path / f"any{suffix}").write_bytes(text.encode())
    (document,) = load_corpus(tmp_path)
    assert document.page_content == text.replace("\r\n", "\n").replace("\r", "\n")
    assert document.metadata["body_start"] == 0
