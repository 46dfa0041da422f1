"""What a user adds is read before it is copied, keeps its metadata beside it and overwrites nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from langchain_core.documents import Document

from assistant.errors import SourceRefused
from assistant.sources import load_corpus
from assistant.sources.adding import add
from tests.test_loaders import BIB, JATS, PDF


def test_a_file_is_copied_with_what_the_user_knows_of_it(tmp_path: Path) -> None:
    source = tmp_path / "Smoke book.pdf"
    source.write_bytes(PDF)
    asked = []

    def ask(document: Document, lacking: list[str]) -> dict[str, object]:
        asked.append((document.metadata["title"], lacking))
        return {"year": 1999, "licence": "CC BY 4.0"}

    corpus = tmp_path / "corpus"
    assert add(source, corpus, ask) == [corpus / "added" / "Smoke book.pdf"]
    assert asked == [("Smoke in the hive", ["year", "evidence_level", "licence"])]
    (document,) = load_corpus(corpus)
    assert document.metadata["year"] == 1999 and document.metadata["licence"] == "CC BY 4.0"
    assert (corpus / "added" / "Smoke book.pdf").read_bytes() == PDF


def test_a_folder_is_added_whole_with_its_subfolders_and_what_stands_beside(tmp_path: Path) -> None:
    source = tmp_path / "library"
    (source / "deep").mkdir(parents=True)
    (source / "a.xml").write_bytes(JATS)
    (source / "deep" / "b.txt").write_text("Bees sleep at night.", encoding="utf-8")
    (source / "deep" / "b.txt.meta.yaml").write_text("title: Night\n", encoding="utf-8")
    (source / "c.bib").write_bytes(BIB)
    (source / "cover.jpg").write_bytes(b"\xff\xd8")
    lines: list[str] = []
    added = add(source, tmp_path / "corpus", left_out=lines.append)
    assert [p.relative_to(tmp_path / "corpus/added").as_posix() for p in added] == [
        "a.xml",
        "c.bib",
        "deep/b.txt",
    ]
    assert any("record 2 (A title alone) has no abstract" in line for line in lines)
    titles = {d.id: d.metadata["title"] for d in load_corpus(tmp_path / "corpus")}
    assert titles == {"a": "Smoke and Apis calm", "c": "Smoke, a TRIAL", "b": "Night"}


def test_nothing_is_added_when_anything_is_wrong(tmp_path: Path) -> None:
    source, corpus = tmp_path / "library", tmp_path / "corpus"
    source.mkdir()
    (source / "a.xml").write_bytes(JATS)
    add(source, corpus)
    before = (corpus / "added" / "a.xml").read_bytes()
    (source / "a.xml").write_bytes(JATS.replace(b"calm", b"wild"))
    (source / "b.pdf").write_bytes(b"%PDF-1.4 nothing")
    with pytest.raises(SourceRefused) as caught:
        add(source, corpus)
    message = str(caught.value)
    assert "is there already; rename one of them" in message
    assert "b.pdf: cannot be read as PDF" in message
    assert (corpus / "added" / "a.xml").read_bytes() == before
    assert not (corpus / "added" / "b.pdf").exists()


@pytest.mark.parametrize("name", ["nowhere", "empty", "photo.jpg"])
def test_what_holds_nothing_to_add_is_refused_with_what_is_accepted(
    tmp_path: Path, name: str
) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "photo.jpg").write_bytes(b"\xff\xd8")
    with pytest.raises(SourceRefused, match=r"Accepted are \.bib, \.htm"):
        add(tmp_path / name, tmp_path / "corpus")


def test_a_corpus_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    source = tmp_path / "a.xml"
    source.write_bytes(JATS)
    (tmp_path / "corpus").write_text("a file, not a folder", encoding="utf-8")
    with pytest.raises(SourceRefused, match="cannot be written"):
        add(source, tmp_path / "corpus")


def test_the_metadata_beside_a_file_is_plain_yaml(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("Bees sleep.", encoding="utf-8")
    add(source, tmp_path / "corpus", lambda document, lacking: {"authors": ["Wabe J"]})
    beside = tmp_path / "corpus/added/a.txt.meta.yaml"
    assert yaml.safe_load(beside.read_text(encoding="utf-8")) == {"authors": ["Wabe J"]}
