"""A bibliography says what the corpus says, and other programs read it back."""

from __future__ import annotations

import json

import pytest
import rispy
from bibtexparser.entrypoint import parse_string

from assistant.bibliography import FORMATS, Entry
from assistant.catalogue import works
from assistant.settings import CHECKOUT

WORK = Entry(
    "comb-2015",
    {
        "title": "Smoke & bees: 90% of {hives}",
        "authors": ["Comb BC", "von der Wabe J", "Hive Group", "et al."],
        "year": 2015,
        "journal": "Hive Medicine",
        "volume": "3",
        "issue": "2",
        "pages": "1-9",
        "doi": "10.1000/h_2",
        "pmid": "777",
        "url": "https://example.org/a_b?c=1&d=2",
        "topics": ["bees"],
        "evidence_level": "randomized trial",
    },
)


def test_bibtex_is_read_back_as_it_was() -> None:
    from bibtexparser.middlewares import LatexDecodingMiddleware

    text = FORMATS["bibtex"]([WORK])
    library = parse_string(text, append_middleware=[LatexDecodingMiddleware()])
    (entry,) = library.entries
    assert (entry.key, entry.entry_type) == ("comb-2015", "article")
    fields = {name: field.value for name, field in entry.fields_dict.items()}
    assert fields["title"] == "Smoke & bees: 90% of {hives}"
    assert fields["author"].replace("{", "").replace("}", "") == (
        "Comb, B. C. and von der Wabe, J. and Hive Group"
    )
    assert fields["year"] == "2015" and fields["doi"] == "10.1000/h_2"
    assert fields["url"] == "https://example.org/a_b?c=1&d=2"


def test_ris_is_read_back_as_it_was() -> None:
    (record,) = rispy.loads(FORMATS["ris"]([WORK]))
    assert record["authors"] == ["Comb, B. C.", "von der Wabe, J.", "Hive Group"]
    assert (record["start_page"], record["end_page"]) == ("1", "9")
    assert record["doi"] == "10.1000/h_2" and record["year"] == "2015"


def test_csl_json_has_the_terms_of_citation_processors() -> None:
    (item,) = json.loads(FORMATS["csl-json"]([WORK]))
    assert item["author"][0] == {"family": "Comb", "given": "B. C."}
    assert item["author"][2] == {"literal": "Hive Group"}
    assert item["issued"] == {"date-parts": [[2015]]} and item["type"] == "article-journal"


def test_what_was_not_read_is_left_out() -> None:
    bare = Entry("x", {"title": "(smoke in the hive; exact title not read)"})
    (item,) = json.loads(FORMATS["csl-json"]([bare]))
    assert item == {"id": "x", "type": "article-journal", "title": "[smoke in the hive]"}
    assert "author" not in FORMATS["bibtex"]([bare]) and "AU" not in FORMATS["ris"]([bare])


@pytest.mark.parametrize("name", FORMATS)
def test_the_whole_corpus_is_exported(name: str) -> None:
    entries = [Entry(w.key, w.metadata) for w in works(CHECKOUT / "corpus")]
    entries = [entry for entry in entries if entry.is_publication]
    text = FORMATS[name](entries)
    assert len(entries) == 446
    if name == "bibtex":
        library = parse_string(text)
        assert len(library.entries) == 446 and not library.failed_blocks
    elif name == "ris":
        assert len(rispy.loads(text)) == 446
    else:
        assert len(json.loads(text)) == 446
