"""The `hip-assistant corpus` commands: check, list, add, fetch, export. Thin, like the rest of the face."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.errors import FetchFailed, SettingsInvalid, SourceRefused
from assistant.progress import progress_bar

if TYPE_CHECKING:
    from langchain_core.documents import Document

app = typer.Typer(
    help="Check, list, enlarge and export the files of a corpus.", no_args_is_help=True
)

CorpusFolder = Annotated[
    Path | None,
    typer.Option("--corpus", metavar="DIR", help="Folder of files; default: the one indexed."),
]
Words = Annotated[list[str] | None, typer.Argument(help="Words of key or title.")]
Level = Annotated[str | None, typer.Option(help="Only this evidence level.")]
Topic = Annotated[str | None, typer.Option(help="Only this topic.")]
Since = Annotated[int | None, typer.Option(help="Only from this year on.")]


@app.command()
def check(folder: CorpusFolder = None) -> None:
    """Report every problem of every file at once."""
    from assistant.settings import Settings
    from assistant.sources.check import checked_corpus

    settings = Settings.load(corpus_dir=folder)
    documents, passages, judgements = checked_corpus(settings.corpus, left_out=_left_out)
    keyed = sum(bool(passage.rests_on) for passage in passages)
    print(
        f"0 problems: {len(documents):,} documents, {len(passages):,} passages "
        f"({keyed:,} resting on others), {len(judgements['disagreements'])} disagreements, "
        f"{len(judgements['claims'])} claims, {len(judgements['glossary'])} terms explained "
        f"in {settings.corpus}"
    )


@app.command(name="list")
def list_works(
    words: Words = None,
    level: Level = None,
    topic: Topic = None,
    since: Since = None,
    folder: CorpusFolder = None,
) -> None:
    """List what the corpus holds, filtered."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    found = _works(folder, words, level, topic, since)
    rows = [(w.key, str(w.year or ""), w.evidence_level, w.basis, w.title) for w in found]
    if not sys.stdout.isatty():  # for other programs: a line each, tabs between
        for row in rows:
            print("\t".join(row))
        return
    table = Table("key", "year", "evidence level", "read", "title", box=box.SIMPLE)
    for row in rows:
        table.add_row(*row)
    Console().print(table)
    print(f"{len(rows):,} works")


@app.command()
def add(
    source: Annotated[Path, typer.Argument(metavar="FILE|FOLDER", help="What to copy in.")],
    title: Annotated[str | None, typer.Option(help="Title, where the file has none.")] = None,
    authors: Annotated[str | None, typer.Option(help="Authors, with semicolons between.")] = None,
    year: Annotated[int | None, typer.Option(help="Year of publication.")] = None,
    level: Annotated[str | None, typer.Option(help="Evidence level.")] = None,
    licence: Annotated[str | None, typer.Option(help="Licence.")] = None,
    folder: CorpusFolder = None,
) -> None:
    """Copy sources into the corpus with their metadata; asks for what is missing, overwrites nothing."""
    from assistant.settings import Settings
    from assistant.sources.adding import add as add_files
    from assistant.sources.adding import typed

    given = {
        "title": title,
        "authors": authors,
        "year": year,
        "evidence_level": _known_level(level),
        "licence": licence,
    }
    known = {name: str(value) for name, value in given.items() if value is not None}

    def ask(document: Document, lacking: list[str]) -> Mapping[str, Any]:
        fields = typed({name: known[name] for name in lacking if name in known})
        if sys.stdin.isatty():
            typer.echo(f"{document.metadata.get('title')}: Enter leaves a field open.", err=True)
            for name in lacking:
                fields |= {} if name in known else _prompted(name)
        return fields

    corpus = Settings.load(corpus_dir=folder).corpus
    added = add_files(source, corpus, ask, _left_out)
    print(f"Added to {corpus}: {len(added):,} files. Index them with: {_index_command(folder)}")


@app.command()
def fetch(
    wanted: Annotated[
        list[str], typer.Argument(metavar="PMID|PMCID|DOI|QUERY...", help="What to fetch.")
    ],
    limit: Annotated[int, typer.Option(min=1, max=1000, help="Most results of a query.")] = 25,
    email: Annotated[str | None, typer.Option(help="Your address, which NCBI asks for.")] = None,
    folder: CorpusFolder = None,
) -> None:
    """Fetch from Europe PMC and PubMed: full text where its licence allows, else the abstract."""
    from assistant.fetching.fetch import Services
    from assistant.fetching.fetch import fetch as fetch_works
    from assistant.settings import Settings

    settings = Settings.load(corpus_dir=folder, email=email)
    services = Services.open(settings.email, settings.europepmc_url, settings.pubmed_url)
    try:
        with progress_bar() as progress:
            report = fetch_works(
                wanted,
                settings.corpus,
                services,
                limit=limit,
                progress=lambda done, total: progress("fetching", done, total),
            )
    finally:
        services.close()
    print(
        f"{len(report.written):,} fetched, {len(report.there):,} were there already, "
        f"{len(report.failed):,} failed."
    )
    if report.written:
        print(f"Index them with: {_index_command(folder)}")
    if report.failed:
        raise FetchFailed("\n  ".join(["Not fetched:", *report.failed]))


@app.command()
def export(
    words: Words = None,
    as_: Annotated[str, typer.Option("--as", help="bibtex, ris or csl-json.")] = "bibtex",
    output: Annotated[
        Path | None, typer.Option("--output", metavar="FILE", help="Where to; default: print.")
    ] = None,
    level: Level = None,
    topic: Topic = None,
    since: Since = None,
    folder: CorpusFolder = None,
) -> None:
    """Write the publications of the corpus as a bibliography."""
    from assistant.bibliography import FORMATS, Entry

    if as_ not in FORMATS:
        raise SettingsInvalid(
            f"There is no format {as_!r}; accepted are {', '.join(FORMATS)}. "
            "For example: hip-assistant corpus export --as ris"
        )
    entries = [Entry(w.key, w.metadata) for w in _works(folder, words, level, topic, since)]
    text = FORMATS[as_](entry for entry in entries if entry.is_publication)
    if output is None:
        print(text, end="")
        return
    if output.exists():
        raise SettingsInvalid(f"{output} is there already. Name another file with: --output FILE")
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise SettingsInvalid(
            f"{output} cannot be written ({error.strerror}). Name another file with: --output FILE"
        ) from None


def _works(
    folder: Path | None,
    words: list[str] | None,
    level: str | None,
    topic: str | None,
    since: int | None,
) -> list[Any]:
    from assistant.catalogue import works
    from assistant.settings import Settings

    return list(
        works(
            Settings.load(corpus_dir=folder).corpus,
            evidence_level=_known_level(level),
            topic=topic,
            since=since,
            words=words or (),
        )
    )


def _known_level(level: str | None) -> str | None:
    from assistant.evidence import LEVELS

    if level is not None and level not in LEVELS:
        raise SettingsInvalid(
            f"There is no evidence level {level!r}; accepted are {', '.join(LEVELS)}. "
            f'For example: --level "{LEVELS[1]}"'
        )
    return level


def _prompted(name: str) -> dict[str, Any]:
    """The field as the user types it, asked for again until it is accepted or left open."""
    from assistant.sources.adding import typed

    while True:
        label = name.replace("_", " ")
        text = typer.prompt(label, default="", show_default=False, err=True)
        try:
            return typed({name: text})
        except SourceRefused as error:
            typer.echo(str(error), err=True)


def _index_command(folder: Path | None) -> str:
    return "hip-assistant index" + (f" --corpus {folder} --index NAME" if folder else "")


def _left_out(line: str) -> None:
    print(f"left out: {line}", file=sys.stderr)
