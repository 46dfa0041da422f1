"""A source that somebody sends: only where it is allowed, whole, and answered from at once, or not at all."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from filelock import FileLock

from assistant.assistant import Assistant
from assistant.errors import AssistantError, IndexBusy, SourceRefused
from assistant.sources.adding import typed
from assistant.web.service import Service
from tests.test_loaders import BIB, PDF

BEES = "# Bees\n\nSmoke calms bees in the hive."
WAX = "# Wax\n\nBeeswax melts at 63 degrees."
QUESTION = "At what temperature does beeswax melt?"


@pytest.fixture
def service(tiny: Callable[..., Assistant]) -> Service:
    return Service(tiny({"bees.md": BEES}, uploads=True, upload_megabytes=1))


def sent(folder: Path, content: str | bytes = WAX) -> Path:
    """A file as a browser's upload leaves it: somewhere, under some name."""
    path = folder / "upload.tmp"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def files(service: Service) -> dict[str, bytes]:
    corpus = Path(service.assistant.index.manifest.corpus)
    return {
        path.relative_to(corpus).as_posix(): path.read_bytes()
        for path in corpus.rglob("*")
        if path.is_file()
    }


def refused(service: Service, file: Path, name: str, **named: Any) -> str:
    """The message of the refusal, after which corpus, index and answers are as they were."""
    before, generation = files(service), service.assistant.index.manifest.generation
    with pytest.raises(SourceRefused) as caught:
        service.add_source(file, name, **named)
    assert files(service) == before
    current = (service.assistant.index.folder.parent / "CURRENT").read_text().strip()
    assert current == generation == service.assistant.index.manifest.generation
    return str(caught.value)


def test_a_source_is_answered_from_as_soon_as_it_is_added(service: Service, tmp_path: Path) -> None:
    assert service.ask(QUESTION).abstained
    stages: list[str] = []
    uploaded = service.add_source(
        sent(tmp_path), "Wax & Comb.md", progress=lambda stage, done, total: stages.append(stage)
    )
    assert (uploaded.name, uploaded.works) == ("wax-comb.md", ("Wax",))
    assert (uploaded.documents, uploaded.passages, uploaded.left_out) == (2, 2, ())
    assert {"reading", "embedding"} <= set(stages)
    answer = service.ask(QUESTION)
    assert answer.sentences[0].text == "Beeswax melts at 63 degrees."
    assert answer.index.generation == uploaded.generation
    assert files(service)["added/wax-comb.md"] == WAX.encode()
    assert service.ask("Does smoke calm bees?").sentences[0].text.startswith("Smoke calms")


def test_what_its_sender_knows_stands_beside_it(service: Service, tmp_path: Path) -> None:
    known = {
        "title": "Comb", "authors": "Wabe J; Comb B", "year": "2019",
        "evidence_level": "narrative review", "licence": " ", "retracted": "true",
    }  # fmt: skip
    service.add_source(sent(tmp_path, PDF), "comb.pdf", known=known)
    beside = yaml.safe_load(files(service)["added/comb.pdf.meta.yaml"])
    assert beside == {"year": 2019, "evidence_level": "narrative review"}  # the PDF says the rest
    assert service.assistant.index.documents["comb"]["title"] == "Smoke in the hive"


def test_works_of_a_file_that_were_passed_over_are_named(service: Service, tmp_path: Path) -> None:
    uploaded = service.add_source(sent(tmp_path, BIB), "refs.bib")
    assert uploaded.works == ("Smoke, a TRIAL",)
    (line,) = uploaded.left_out
    assert line.startswith("refs.bib: record 2 (A title alone) has no abstract")


def test_nobody_adds_where_the_operator_does_not_allow_it(
    tiny: Callable[..., Assistant], tmp_path: Path
) -> None:
    service = Service(tiny({"bees.md": BEES}))
    assert "ASSISTANT_UPLOADS=on" in refused(service, sent(tmp_path), "wax.md")


@pytest.mark.parametrize("name", ["wax.exe", "wax", "", ".md", "wax.md.meta.yaml", "..", "a/b.sh"])
def test_a_format_that_is_not_read_is_refused_with_those_that_are(
    service: Service, tmp_path: Path, name: str
) -> None:
    assert "Accepted are .bib, .htm" in refused(service, sent(tmp_path), name)


def test_a_file_that_is_too_large_is_refused(service: Service, tmp_path: Path) -> None:
    message = refused(service, sent(tmp_path, b"x" * 1_000_001), "wax.txt")
    assert "wax.txt has 1.0 MB; at most 1 MB are accepted." in message


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("../../etc/wax.md", "added/wax.md"),
        ("C:\\Users\\me\\Wax.MD", "added/wax.md"),
        (".hidden.md", "added/hidden.md"),
        ("<img src=x>.txt", "added/img-src-x.txt"),
        ("x" * 300 + ".md", f"added/{'x' * 80}.md"),
    ],
)
def test_a_name_cannot_leave_the_folder(
    service: Service, tmp_path: Path, name: str, kept: str
) -> None:
    service.add_source(sent(tmp_path), name)
    assert set(files(service)) == {"bees.md", kept}


@pytest.mark.parametrize("name", ["bees.txt", "BEES.md", "???.md"])
def test_a_name_that_is_taken_or_none_is_refused(
    service: Service, tmp_path: Path, name: str
) -> None:
    assert "Rename the file." in refused(service, sent(tmp_path), name)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("wax.pdf", b"%PDF-1.4 nothing", "cannot be read as PDF"),
        ("wax.md", "---\ntitle: [\n---\nWax.", "front matter"),
        ("wax.md", "---\ntype: topic page\n---\n\nWax melts.", "names no note that it rests on"),
        ("wax.md", "", "wax.md"),
        ("wax.xml", "<!DOCTYPE x [<!ENTITY a 'b'>]><x>&a;</x>", "wax.xml"),
    ],
)
def test_a_file_that_the_corpus_check_refuses_is_not_added(
    service: Service, tmp_path: Path, name: str, content: str | bytes, said: str
) -> None:
    message = refused(service, sent(tmp_path, content), name)
    assert said in message and message.startswith(f"{name} was not added. ")
    corpus = service.assistant.index.manifest.corpus
    assert corpus not in message and "/tmp" not in message


@pytest.mark.parametrize(
    ("known", "said"),
    [
        ({"year": "last"}, "'last' is no year"),
        ({"year": "99999"}, "'99999' is no year"),
        ({"evidence_level": "gold"}, "There is no evidence level 'gold'; accepted are guideline"),
    ],
)
def test_what_its_sender_typed_is_checked_first(
    service: Service, tmp_path: Path, known: dict[str, str], said: str
) -> None:
    assert said in refused(service, sent(tmp_path), "wax.md", known=known)


@pytest.mark.parametrize("lock", [".upload", ".lock"])
def test_while_another_is_added_one_is_asked_to_wait(
    service: Service, tmp_path: Path, lock: str
) -> None:
    before = files(service)
    with FileLock(service.assistant.index.folder.parent / lock), pytest.raises(IndexBusy):
        service.add_source(sent(tmp_path), "wax.md")
    assert files(service) == before
    service.add_source(sent(tmp_path), "wax.md")


def test_a_build_that_breaks_off_leaves_the_corpus_as_it_was(
    service: Service, tmp_path: Path
) -> None:
    def stop(stage: str, done: int, total: int) -> None:
        if stage == "embedding":
            raise KeyboardInterrupt

    before = files(service)
    with pytest.raises(KeyboardInterrupt):
        service.add_source(sent(tmp_path), "wax.md", known={"year": "2019"}, progress=stop)
    assert files(service) == before


def test_typed_answers_are_metadata() -> None:
    assert typed({"title": " Wax ", "authors": "A; ;B", "year": " 2019 ", "licence": " "}) == {
        "title": " Wax ", "authors": ["A", "B"], "year": 2019,
    }  # fmt: skip
    assert issubclass(SourceRefused, AssistantError)
