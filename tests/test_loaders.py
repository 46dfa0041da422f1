"""Each format gives its text with sections and its metadata; damaged files are refused with a reason."""

from __future__ import annotations

import io
import os
import random
import re
import subprocess
import sys
import time
import zipfile
import zlib
from itertools import pairwise
from pathlib import Path

import pytest
from langchain_core.documents import Document
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from assistant.sources import load_corpus, works_of
from assistant.sources.check import checked_corpus
from assistant.sources.problem import SourceProblem
from assistant.splitting import split

JATS = b"""<?xml version="1.0" encoding="UTF-8"?>
<article xmlns:xlink="http://www.w3.org/1999/xlink" article-type="research-article">
<front><journal-meta><journal-title-group><journal-title>Journal of Hives</journal-title>
</journal-title-group></journal-meta><article-meta>
<article-id pub-id-type="pmid">123</article-id><article-id pub-id-type="pmc">456</article-id>
<article-id pub-id-type="doi">10.1000/hive.1</article-id>
<title-group><article-title>Smoke and <italic>Apis</italic> calm</article-title></title-group>
<contrib-group><contrib contrib-type="author"><name><surname>Wax</surname>
<given-names>Ada Bee</given-names></name></contrib></contrib-group>
<pub-date><year>2019</year></pub-date><volume>7</volume><fpage>11</fpage><lpage>19</lpage>
<permissions><license xlink:href="https://creativecommons.org/licenses/by/4.0/"/></permissions>
<abstract><p>Smoke calmed bees in 9 of 10 hives.</p></abstract></article-meta></front>
<body><sec><title>Methods</title><p>We smoked ten hives<sup>1</sup>. Each was opened.</p>
<sec><title>Smoke</title><p>It was cool.</p>
<table-wrap><label>Table 1</label><caption><p>Calm</p></caption>
<table>
<tr><td>Hive</td><td>Calm</td></tr><tr><td>1</td><td>yes</td></tr></table></table-wrap></sec></sec>
</body><back><ref-list><ref><mixed-citation>Comb B. Smoke. 2001.</mixed-citation></ref></ref-list></back>
</article>"""

PUBMED = b"""<?xml version="1.0"?>
<PubmedArticleSet><PubmedArticle><MedlineCitation><PMID>777</PMID><Article>
<Journal><JournalIssue><Volume>3</Volume><Issue>2</Issue><PubDate><MedlineDate>2015 Jan-Feb</MedlineDate>
</PubDate></JournalIssue><Title>Hive Medicine</Title></Journal><ArticleTitle>Smoke, a trial.</ArticleTitle>
<Pagination><MedlinePgn>1-9</MedlinePgn></Pagination>
<Abstract><AbstractText Label="RESULTS">Bees were calm in 90% of hives.</AbstractText></Abstract>
<AuthorList><Author><LastName>Comb</LastName><Initials>B</Initials></Author></AuthorList>
<PublicationTypeList><PublicationType>Randomized Controlled Trial</PublicationType>
<PublicationType>Retracted Publication</PublicationType></PublicationTypeList></Article>
<MeshHeadingList><MeshHeading><DescriptorName>Bees</DescriptorName></MeshHeading></MeshHeadingList>
</MedlineCitation><PubmedData><ArticleIdList><ArticleId IdType="doi">10.1000/h.2</ArticleId></ArticleIdList>
</PubmedData></PubmedArticle></PubmedArticleSet>"""

HTML = b"""<!doctype html><html><head><title>Smoke in the hive</title><meta charset="utf-8">
<script>alert("never text")</script></head><body><nav><a href="/">Home</a><a href="/x">Shop</a></nav>
<article><h1>Smoke in the hive</h1><p>Smoke calms the bees of a hive within two minutes of the first puff,
and it is the oldest tool of the keeper.</p><h2>When</h2><p>It is given before the lid is lifted, and again
when the frames are put back into the hive in the evening.</p>
</article><footer>Cookies</footer></body></html>"""


def pdf(*pages: str, password: str | None = None) -> bytes:
    """A PDF with these lines on its pages."""
    from reportlab.lib.pdfencrypt import StandardEncryption

    buffer = io.BytesIO()
    lock = StandardEncryption(password) if password else None
    canvas = Canvas(buffer, pagesize=A4, encrypt=lock, invariant=True)
    canvas.setTitle("Smoke in the hive")
    canvas.setAuthor("Ada Wax; Ben Comb")
    for page in pages:
        for number, line in enumerate(page.splitlines()):
            canvas.drawString(72, 780 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


PDF = pdf(
    "Smoke calms the bees, as kee-\npers know well.\nThe smoke is cool.", "Bees sleep at night."
)
NBIB = b"""PMID- 777
DP  - 2015 Jan-Feb
TI  - Smoke, a
      trial.
AB  - RESULTS: Bees were calm in 90% of hives.
      Smoke was cool.
AU  - Comb B
CN  - Hive Group
PT  - Randomized Controlled Trial
PT  - Retracted Publication
JT  - Hive Medicine
VI  - 3
IP  - 2
PG  - 1-9
AID - 10.1000/h.2 [doi]
MH  - *Bees

PMID- 888
TI  - A title alone.
"""
RIS = b"""TY  - JOUR
AU  - Comb, Ben C.
TI  - Smoke, a trial
PY  - 2015/01/02
AB  - Bees were calm in 90% of hives.
JO  - Hive Medicine
VL  - 3
IS  - 2
SP  - 1
EP  - 9
DO  - 10.1000/h.2
UR  - https://example.org/smoke
KW  - Bees
ER  -

TY  - BOOK
TI  - A title alone
ER  -
"""
BIB = rb"""@article{comb2015,
  title = {Smoke, a {TRIAL}},
  author = {Comb, Ben C. and von der Wabe, J{\"o}rg and {Hive Group}},
  year = 2015, journal = {Hive Medicine}, volume = {3}, number = {2}, pages = {1--9},
  doi = {10.1000/h.2}, keywords = {Bees; smoke},
  abstract = {Bees were calm in 90% of hives. In 10\% they were not.}
}
@book{alone, title = {A title alone}}
"""
NOTE = (
    b"---\ntitle: Smoke\nyear: 2015\n---\n\n# Hive\n\n- Bees sleep. [a#b/1; c#d/2]\n\n| a | b |\n"
)
SAMPLES = {
    "a.xml": JATS,
    "b.xml": PUBMED,
    "c.html": HTML,
    "d.pdf": PDF,
    "e.nbib": NBIB,
    "f.ris": RIS,
    "g.bib": BIB,
    "h.md": NOTE,
    "i.txt": "Bees sleep at night.\n\nThe queen – she – lays 1,500 eggs a day.\n".encode(),
}


def load(folder: Path, name: str, content: bytes) -> list[Document]:
    path = folder / name
    path.write_bytes(content)
    return works_of(path)


def passages(document: Document) -> list[tuple[str, str]]:
    """Section path and text of each passage; every one is a slice of the extracted text."""
    document.id = document.id or "it"
    found = split(document)
    assert all(document.page_content[p.start : p.end] == p.text for p in found)
    return [(" > ".join(p.section), p.text) for p in found]


def test_jats_gives_sections_tables_and_references(tmp_path: Path) -> None:
    (document,) = load(tmp_path, "a.nxml", JATS)
    assert passages(document) == [
        ("Abstract", "Smoke calmed bees in 9 of 10 hives."),
        ("Methods", "We smoked ten hives1. Each was opened."),
        ("Methods > Smoke", "It was cool."),
        ("References", "Comb B. Smoke. 2001."),
    ]
    assert "Hive | Calm\n\n1 | yes" in document.page_content
    assert document.metadata == {
        "title": "Smoke and Apis calm",
        "authors": ["Wax AB"],
        "year": 2019,
        "journal": "Journal of Hives",
        "volume": "7",
        "pages": "11-19",
        "doi": "10.1000/hive.1",
        "pmid": "123",
        "pmcid": "PMC456",
        "licence": "https://creativecommons.org/licenses/by/4.0/",
        "type": "research article",
        "evidence_level": "not graded",
        "basis": "full text",
        "body_start": 0,
        "markup": "outline",
    }


def test_pubmed_gives_the_abstract_with_its_labels_and_says_retracted(tmp_path: Path) -> None:
    (document,) = load(tmp_path, "b.xml", PUBMED)
    assert passages(document) == [("Abstract > Results", "Bees were calm in 90% of hives.")]
    wanted = {
        "title": "Smoke, a trial",
        "authors": ["Comb B"],
        "year": 2015,
        "doi": "10.1000/h.2",
        "pmid": "777",
        "type": "randomized controlled trial",
        "evidence_level": "randomized trial",
        "topics": ["Bees"],
        "basis": "abstract",
        "retracted": True,
    }
    assert {name: document.metadata.get(name) for name in wanted} == wanted


def test_several_records_of_one_file_have_keys_of_their_own(tmp_path: Path) -> None:
    record = PUBMED[PUBMED.index(b"<PubmedArticle>") : PUBMED.index(b"</PubmedArticleSet>")]
    both = b"<PubmedArticleSet>" + record + record.replace(b"777", b"888") + b"</PubmedArticleSet>"
    (tmp_path / "set.xml").write_bytes(both)
    assert [document.id for document in load_corpus(tmp_path)] == ["set/777", "set/888"]


COMB_2015 = {
    "year": 2015,
    "journal": "Hive Medicine",
    "volume": "3",
    "issue": "2",
    "pages": "1-9",
    "doi": "10.1000/h.2",
    "basis": "abstract",
}


def left_out(folder: Path, name: str, content: bytes) -> list[str]:
    (folder / name).write_bytes(content)
    lines: list[str] = []
    load_corpus(folder, left_out=lines.append)
    return lines


def test_a_medline_record_gives_its_abstract_and_says_retracted(tmp_path: Path) -> None:
    (document,) = load(tmp_path, "e.nbib", NBIB)
    assert [text for _, text in passages(document)] == [
        "RESULTS: Bees were calm in 90% of hives. Smoke was cool."
    ]
    wanted = COMB_2015 | {
        "title": "Smoke, a trial",
        "authors": ["Comb B", "Hive Group"],
        "pmid": "777",
        "type": "randomized controlled trial",
        "evidence_level": "randomized trial",
        "topics": ["Bees"],
        "retracted": True,
    }
    assert wanted.items() <= document.metadata.items()
    assert left_out(tmp_path, "e.nbib", NBIB) == [
        "e.nbib: record 2 (A title alone) has no abstract"
    ]


def test_a_ris_record_gives_its_abstract(tmp_path: Path) -> None:
    (document,) = load(tmp_path, "f.ris", RIS)
    assert passages(document) == [("Abstract", "Bees were calm in 90% of hives.")]
    wanted = COMB_2015 | {"title": "Smoke, a trial", "authors": ["Comb BC"], "topics": ["Bees"]}
    assert (wanted | {"url": "https://example.org/smoke"}).items() <= document.metadata.items()
    assert left_out(tmp_path, "f.ris", RIS) == ["f.ris: record 2 (A title alone) has no abstract"]


def test_a_bibtex_entry_gives_its_abstract_in_plain_text(tmp_path: Path) -> None:
    (document,) = load(tmp_path, "g.bib", BIB)
    assert passages(document) == [
        ("Abstract", "Bees were calm in 90% of hives. In 10% they were not.")
    ]
    wanted = COMB_2015 | {
        "title": "Smoke, a TRIAL",
        "authors": ["Comb BC", "von der Wabe J", "Hive Group"],
        "topics": ["Bees", "smoke"],
    }
    assert wanted.items() <= document.metadata.items()
    assert left_out(tmp_path, "g.bib", BIB) == ["g.bib: record 2 (A title alone) has no abstract"]


def test_metadata_beside_a_file_outdoes_its_own(tmp_path: Path) -> None:
    sidecar = tmp_path / "d.pdf.meta.yaml"
    sidecar.write_text("title: Smoke, a book\nyear: 1999\n", encoding="utf-8")
    (document,) = load(tmp_path, "d.pdf", PDF)
    assert (document.metadata["title"], document.metadata["year"]) == ("Smoke, a book", 1999)
    for content, reason in (
        ("year: soon\n", "d.pdf.meta.yaml: year must be a year, not 'soon'"),
        ("- a list\n", "d.pdf.meta.yaml is not a mapping"),
        ("a: [", "d.pdf.meta.yaml is not YAML"),
        ("a: &x 1\nb: *x\n", "d.pdf.meta.yaml has an alias"),
        ("a: 1\na: 2\n", "d.pdf.meta.yaml has the key 'a' twice"),
        ("a: " + "[" * 5000, "d.pdf.meta.yaml is nested too deep"),
        ("a: !!bool x\n", "d.pdf.meta.yaml is not YAML"),
    ):
        sidecar.write_text(content, encoding="utf-8")
        with pytest.raises(SourceProblem, match=re.escape(reason)):
            load(tmp_path, "d.pdf", PDF)


def test_pdf_keeps_page_numbers_and_joins_broken_lines(tmp_path: Path) -> None:
    (document,) = load(tmp_path, "d.pdf", PDF)
    assert passages(document) == [
        ("Page 1", "Smoke calms the bees, as keepers know well."),
        ("Page 1", "The smoke is cool."),
        ("Page 2", "Bees sleep at night."),
    ]
    assert document.metadata["title"] == "Smoke in the hive"
    assert document.metadata["authors"] == ["Ada Wax", "Ben Comb"]


def test_html_gives_the_article_without_menus_and_scripts(tmp_path: Path) -> None:
    (document,) = load(tmp_path, "c.html", HTML)
    assert document.metadata["title"] == "Smoke in the hive"
    found = dict(passages(document))
    assert found["Smoke in the hive > When"].startswith("It is given before the lid is lifted")
    assert "alert" not in document.page_content and "Cookies" not in document.page_content


BILLION = b"""<!DOCTYPE a [<!ENTITY x "ha"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;">]>
<article>&y;</article>"""
OUTSIDE = b"""<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><article>&x;</article>"""


def zip_bomb() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.md", b"\0" * 50_000_000)
    return buffer.getvalue()


def pdf_bomb() -> bytes:
    """A page whose content is 300 MB once inflated."""
    content = zlib.compress(b" " * 300_000_000, 9)
    parts = [
        b"1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n",
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n",
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]/Contents 4 0 R>>endobj\n",
        b"4 0 obj<</Filter/FlateDecode/Length %d>>stream\n%b\nendstream endobj\n"
        % (len(content), content),
    ]
    whole, offsets = b"%PDF-1.4\n", []
    for part in parts:
        offsets.append(len(whole))
        whole += part
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    start = len(whole)
    return (
        whole
        + b"xref\n0 5\n0000000000 65535 f \n%btrailer<</Size 5/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF"
        % (
            table,
            start,
        )
    )


def alias_bomb() -> bytes:
    """Seven levels of ten aliases each: 325 bytes that unfold to gigabytes."""
    levels = "".join(f"{b}: &{b} [{', '.join([f'*{a}'] * 10)}]\n" for a, b in pairwise("abcdefgh"))
    return f"---\na: &a x\n{levels}topics: *h\n---\n\nSmoke.\n".encode()


ZIP, BOMB, ALIASES = zip_bomb(), pdf_bomb(), alias_bomb()


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("a.xml", BILLION, "declares entities of its own"),
        ("a.xml", OUTSIDE, "declares entities of its own"),
        ("a.xml", JATS[:400], "is not well-formed XML"),
        ("a.xml", b"", "is not well-formed XML"),
        ("a.xml", b"<recipe/>", "has the root element <recipe>; accepted are JATS articles"),
        ("a.xml", b"<article><front/></article>", "has neither abstract nor body"),
        ("a.xml", PUBMED.replace(b"AbstractText", b"Other"), "PMID 777 has no abstract"),
        ("a.pdf", b"%PDF-1.4 nothing", "cannot be read as PDF"),
        ("a.pdf", b"", "cannot be read as PDF"),
        ("a.pdf", pdf(""), "has no text layer"),
        ("a.pdf", pdf("Secret smoke.", password="honey"), "is encrypted"),
        ("a.html", b"<html><script>fill()</script></html>", "has no text of its own"),
        ("a.html", b"", "has no text of its own"),
        ("a.nbib", b"PMID- 1\nTI  - A title alone.\n", "no record with an abstract (1 records)"),
        ("a.nbib", b"nothing of the kind", "holds no record with an abstract"),
        ("a.ris", b"TY  - JOUR\nTI  - Alone\nER  -\n", "no record with an abstract (1 records)"),
        ("a.ris", b"\xff\xfe", "is not UTF-8"),
        ("a.bib", b"@article{x, title = {Never closed", "the entry at line 1 cannot be read"),
        ("a.bib", b"% nothing", "holds no record with an abstract (0 records)"),
        ("a.md", ZIP, "is not UTF-8"),
        ("a.md", ALIASES, "front matter has an alias (*name), which is not followed"),
        (
            "a.md",
            b"---\ntitle: %b\n---\nSmoke.\n" % (b"[" * 5000),
            "front matter is nested too deep",
        ),
        ("a.md", b"---\nyear: 1%b\n---\nSmoke.\n" % (b":59" * 9999), "a number of more than 100"),
        ("a.md", b"---\na: %b\n---\nSmoke.\n" % (b"x" * 600_000), "more than 500,000 characters"),
        ("a.xml", ZIP, "is not well-formed XML"),
        ("a.pdf", ZIP, "cannot be read as PDF"),
        ("a.pdf", BOMB, "cannot be read as PDF (LimitReachedError)"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_reason(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    with pytest.raises(SourceProblem) as caught:
        load(tmp_path, name, content)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("name", "megabytes"),
    [("a.txt", 50), ("a.md", 50), ("a.nbib", 20), ("a.ris", 20), ("a.bib", 20), ("a.html", 20),
     ("a.xml", 100), ("a.pdf", 300)],
)  # fmt: skip
def test_a_file_of_more_than_its_formats_size_is_refused_unread(
    tmp_path: Path, name: str, megabytes: int
) -> None:
    path = tmp_path / name
    path.touch()
    os.truncate(path, megabytes * 1_000_000 + 1)  # takes no room on the disk
    with pytest.raises(SourceProblem) as caught:
        works_of(path)
    assert caught.value.lines == (f"is larger than {megabytes} MB, the most that is read",)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ris", RIS.replace(b"AB  - ", b"AB  - " + b"Bees\nbuzz and dance\n" * 200_000)),
        ("a.md", b"---\n%b---\nSmoke.\n" % b"".join(b"k%d: v\n" % n for n in range(20_000))),
    ],
    ids=["a value on 400,000 lines", "20,000 keys"],
)
def test_what_is_long_takes_no_more_than_its_share_of_time(
    tmp_path: Path, name: str, content: bytes
) -> None:
    start = time.monotonic()
    assert load(tmp_path, name, content)
    assert time.monotonic() - start < 4


def test_lines_that_go_on_belong_to_the_value_before_them_in_ris(tmp_path: Path) -> None:
    content = RIS.replace(b"a trial", b"\n  a trial\n").replace(b"KW  - Bees", b"KW  - Bees\nSmoke")
    (document,) = load(tmp_path, "a.ris", content)
    assert document.metadata["title"] == "Smoke, a trial"
    assert document.metadata["topics"] == ["Bees", "Smoke"]


MUTATIONS = 500
# What stands beside other files is read with them: each is a file of this corpus.
BEES = {
    "essay.txt": "Bees are calmed by smoke, and they love music.\n",
    "dance.md": "---\ntopics: [bees]\n---\n\n- Bees dance.\n- Bees do not dance.\n",
    "essay.txt.meta.yaml": "title: An essay\nyear: 1999\nauthors:\n- Wax A\nretracted: true\n",
    "topics.yaml": "bees: what bees do\nsmoke: what smoke does\n",
    "disagreements.yaml": (
        "disagreements:\n- id: dance\n  question: Do bees dance?\n  reading: They may.\n"
        "  weight: balanced\n  sides:\n  - position: Yes\n    facts:\n"
        "    - {key: dance, text: Bees dance.}\n  - position: No\n    facts:\n"
        "    - {key: dance, text: Bees do not dance.}\n"
    ),
    "claims.yaml": (
        "document: essay\nclaims:\n- id: music\n  claim: they love music\n  status: not-found\n"
        "  reading: Nobody played it.\n  evidence:\n"
        "  - {key: dance, text: Bees dance., stance: limits}\n"
    ),
}
MUTATED = [*SAMPLES, *(name for name in BEES if name.endswith(".yaml"))]
FUZZ = r"""
import random, re, sys, time
from pathlib import Path
from assistant.errors import CorpusInvalid
from assistant.sources import LOADERS
from assistant.sources.check import checked_corpus
from assistant.sources.problem import SourceProblem

path, seed, count = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
whole, chance, longest = path.read_bytes(), random.Random(seed), 0.0
for _ in range(count):
    data = bytearray(whole)
    for _ in range(chance.randint(1, 8)):
        if not data:
            break
        at, width = chance.randrange(len(data)), chance.randint(1, 60)
        match chance.randrange(5):
            case 0: data[at] ^= 1 << chance.randrange(8)
            case 1: del data[at : at + width]
            case 2: data[at:at] = data[at : at + width] * chance.randint(1, 50)
            case 3: data[at : at + width] = chance.randbytes(width)
            case 4: data = data[: max(at, 1)]
    path.write_bytes(data)
    start = time.monotonic()
    try:
        list(LOADERS[path.suffix](path)) if path.suffix in LOADERS else checked_corpus(path.parent)
    except SourceProblem as problem:
        assert problem.lines and all(problem.lines), "a refusal without a reason"
    except CorpusInvalid as problem:
        assert problem.problems and all(problem.problems), "a refusal without a reason"
    longest = max(longest, time.monotonic() - start)
# Of this process alone: what getrusage says begins with the peak of the process that started it.
peak = re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1]
print(longest, int(peak) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(
    not Path("/proc/self/status").exists(), reason="memory is read from Linux's /proc"
)
@pytest.mark.parametrize("name", MUTATED)
def test_500_mutations_are_read_or_refused_in_time_and_memory(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    if name in SAMPLES:
        path.write_bytes(SAMPLES[name])
    else:
        for other, text in BEES.items():
            (tmp_path / other).write_text(text, encoding="utf-8")
        checked_corpus(tmp_path)
    result = subprocess.run(
        [sys.executable, "-c", FUZZ, str(path), name, str(MUTATIONS)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr[-2000:]
    seconds, megabytes = map(float, result.stdout.split())
    assert seconds < 10 and megabytes < 500


def test_a_folder_of_every_format_is_indexed_and_quoted(tiny: object, tmp_path: Path) -> None:
    from assistant.assistant import Assistant
    from assistant.index.build import build_index
    from assistant.settings import Settings

    base: Assistant = tiny({"note.md": "- Drones leave the hive at noon.\n"})  # type: ignore[operator]
    corpus = Path(base.index.manifest.corpus)
    for name, content in SAMPLES.items():
        (corpus / name).write_bytes(content.replace(b" [a#b/1; c#d/2]", b""))
    settings = Settings.load(corpus_dir=corpus, indexes_dir=base.settings.indexes)
    assert build_index(settings=settings).documents == 10
    assistant = Assistant.open(settings=settings)
    answer = assistant.ask("How many hives were calm after smoke?")
    for sentence in answer.sentences:
        citation = sentence.citations[0]
        text = assistant.index.text(citation.passage.document_id)
        assert text[citation.start : citation.end] == sentence.text
    assert "Smoke calmed bees in 9 of 10 hives." in answer.text


def test_the_seeded_fuzzer_really_mutates() -> None:
    assert random.Random("a.xml").random() != random.Random("b.xml").random()
