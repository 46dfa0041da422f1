"""The works of a corpus as a table, a map of its passages, and the form to add one: HTML, pure functions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Self

from assistant.catalogue import Work, chosen
from assistant.evidence import LEVELS
from assistant.filters import year_of
from assistant.index.reader import Index
from assistant.rendering import authors_of
from assistant.settings import Settings
from assistant.sources import LOADERS
from assistant.web import strings
from assistant.web.elements import any_of, rank_html, select_html
from assistant.web.reader import work_of

PAGE = 50
# Years are gathered by so many, the oldest in one.
YEARS, OLDEST = 5, 1995

Documents = Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Query:
    """Which works, in which order, from which place on."""

    words: str = ""
    level: str = ""
    kind: str = ""
    topic: str = ""
    since: int | None = None
    until: int | None = None
    sort: str = "title"
    descending: bool = False
    offset: int = 0

    @classmethod
    def of(cls, asked: Mapping[str, Any]) -> Self:
        """From what the page's form says; what is no number counts as not said."""

        def number(name: str) -> int | None:
            said = str(asked.get(name) or "")
            return int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else None

        sort = str(asked.get("sort") or "title")
        return cls(
            words=str(asked.get("words") or "")[:200],
            level=str(asked.get("level") or ""),
            kind=str(asked.get("type") or ""),
            topic=str(asked.get("topic") or ""),
            since=number("since"),
            until=number("until"),
            sort=sort if sort in strings.COLUMNS else "title",
            descending=bool(asked.get("descending")),
            offset=number("offset") or 0,
        )


def filters_html(documents: Documents) -> str:
    """The form above the table: words, level, type, topic, years."""
    kinds = sorted({str(work.get("type", "document")) for work in documents.values()})
    topics = sorted({topic for work in documents.values() for topic in work.get("topics", ())})
    there = {str(work.get("evidence_level", "not graded")) for work in documents.values()}
    years = sorted({year for work in documents.values() if (year := year_of(work))}, reverse=True)
    menus = (
        select_html("level", strings.BY_LEVEL, any_of(x for x in LEVELS if x in there))
        + select_html("type", strings.BY_TYPE, any_of(kinds))
        + select_html("topic", strings.LIBRARY_TOPIC, any_of(topics))
        + select_html("since", strings.SINCE, any_of(map(str, years)))
    )
    return (
        f'<form class="filters" role="search" aria-label="{strings.LIBRARY_TABLE}">'
        f"<p>{strings.LIBRARY_INTRO}</p>"
        f'<label class="wide">{strings.LIBRARY_SEARCH} <input type="search" name="words"'
        f' maxlength="200" autocomplete="off"></label>{menus}</form>'
    )


def works_html(index: Index, query: Query) -> str:
    """A page of the table, sorted; each title opens the work with its notes."""
    count = Counter(passage.document_id for passage in index.passages)
    found = [
        work
        for work in chosen(
            index.documents.items(),
            evidence_level=query.level or None,
            topic=query.topic or None,
            since=query.since,
            words=query.words.split(),
        )
        if query.kind in ("", work.type) and _until(work, query.until)
    ]
    found.sort(key=lambda work: _order(work, query.sort, count), reverse=query.descending)
    start = min(query.offset, max(0, len(found) - 1)) // PAGE * PAGE
    page = found[start : start + PAGE]
    if not found:
        return f'<p class="aside" role="status">{strings.LIBRARY_NONE}</p>'
    heads = "".join(_head_html(column, words, query) for column, words in strings.COLUMNS.items())
    rows = "".join(_row_html(work, count[work.key]) for work in page)
    told = strings.LIBRARY_SHOWN.format(first=start + 1, last=start + len(page), total=len(found))
    return (
        f'<p class="left" role="status">{told}</p>'
        f'<div class="wide" role="region" aria-label="{strings.LIBRARY_TABLE}" tabindex="0">'
        f'<table class="works"><caption>{strings.LIBRARY_TABLE}</caption>'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
        f"{_pages_html(start, len(found))}"
    )


def map_html(index: Index) -> str:
    """Discs: passages by topic and evidence level, and by topic and year. The arrow keys walk on it."""
    works = index.documents
    count = Counter(passage.document_id for passage in index.passages)
    level_of = {k: str(w.get("evidence_level", "not graded")) for k, w in works.items()}
    year_cells = {k: _years(year_of(w)) for k, w in works.items()}
    by_year = sorted(
        set(year_cells.values()), key=lambda it: (it == strings.NO_YEAR, it[0].isdecimal(), it)
    )
    topics = sorted({topic for work in works.values() for topic in work.get("topics", ())})
    first = _grid_html(strings.MAP_BY_LEVEL, topics, list(LEVELS), works, count, level_of, "level")
    second = _grid_html(strings.MAP_BY_YEAR, topics, by_year, works, count, year_cells, "years")
    return (
        f'<details class="map"><summary>{strings.MAP}</summary><p class="aside">'
        f'{strings.MAP_INTRO}</p><div class="grids">{first}{second}</div></details>'
    )


def upload_html(settings: Settings) -> str:
    """The form to add a source, or why there is none."""
    if not settings.uploads:
        content = f'<p class="aside">{strings.UPLOAD_OFF}</p>'
        return f"<h2>{strings.UPLOAD}</h2>{content}"
    hint = strings.UPLOAD_HINT.format(
        formats=", ".join(LOADERS), megabytes=settings.upload_megabytes
    )
    fields = "".join(
        f'<label>{label} <input name="{name}" maxlength="1000" autocomplete="off"></label>'
        for name, label in strings.UPLOAD_FIELDS.items()
    )
    return (
        f'<h2>{strings.UPLOAD}</h2><form class="upload" data-empty="{strings.UPLOAD_NO_FILE}">'
        f'<p class="aside" id="upload-hint">{escape(hint)}</p>'
        f'<label>{strings.UPLOAD_FILE} <input type="file" name="file" required'
        f' accept="{",".join(LOADERS)}" aria-describedby="upload-hint"></label>'
        f"<fieldset><legend>{strings.UPLOAD_FIELDS_HINT}</legend>{fields}</fieldset>"
        f'<button type="submit" class="quiet">{strings.UPLOAD_START}</button></form>'
    )


def _order(work: Work, column: str, count: Mapping[str, int]) -> tuple[Any, ...]:
    level = LEVELS.index(work.evidence_level) if work.evidence_level in LEVELS else len(LEVELS)
    title = work.title.casefold().lstrip("([“\"' ")
    keys: dict[str, Any] = {
        "title": title,
        "authors": " ".join(work.metadata.get("authors", ())).casefold(),
        "year": year_of(work.metadata) or 0,
        "level": level,
        "type": work.type,
        "basis": work.basis,
        "passages": count[work.key],
    }
    return keys[column], title, work.key


def _until(work: Work, until: int | None) -> bool:
    return until is None or 0 < (year_of(work.metadata) or 0) <= until


def _head_html(column: str, words: str, query: Query) -> str:
    sort = ""
    if column == query.sort:
        sort = f' aria-sort="{"descending" if query.descending else "ascending"}"'
    return (
        f'<th scope="col" class="{column}"{sort}>'
        f'<button type="button" data-do="sort" data-column="{column}">{words}</button></th>'
    )


def _row_html(work: Work, passages: int) -> str:
    reference = work_of(work.key, work.metadata)
    key = escape(work.key, quote=True)
    return (
        f'<tr><th scope="row" class="title"><button type="button" class="link" data-do="work"'
        f' data-id="{key}">{escape(reference.title)}</button></th>'
        f'<td class="authors">{escape(authors_of(reference))}</td>'
        f'<td class="year">{work.year or ""}</td>'
        f'<td class="level">{rank_html(work.evidence_level)}{escape(work.evidence_level)}</td>'
        f'<td class="type">{escape(work.type.replace("-", " "))}</td>'
        f'<td class="basis">{escape(work.basis)}</td><td class="passages">{passages}</td></tr>'
    )


def _pages_html(start: int, total: int) -> str:
    def button(words: str, offset: int, off: bool) -> str:
        return (
            f'<button type="button" class="quiet" data-do="page" data-offset="{max(0, offset)}"'
            f"{' disabled' if off else ''}>{words}</button>"
        )

    if total <= PAGE:
        return ""
    before = button(strings.PREVIOUS, start - PAGE, start == 0)
    after = button(strings.NEXT, start + PAGE, start + PAGE >= total)
    return f'<p class="pages">{before}{after}</p>'


def _years(year: int | None) -> str:
    if year is None:
        return strings.NO_YEAR
    if year < OLDEST:
        return f"–{OLDEST - 1}"
    first = year - year % YEARS
    return f"{first}–{first + YEARS - 1}"


def _grid_html(
    title: str,
    topics: list[str],
    columns: list[str],
    works: Documents,
    count: Mapping[str, int],
    column_of: Mapping[str, str],
    name: str,
) -> str:
    """A table of discs, whose areas are the numbers of passages."""
    passages: Counter[tuple[str, str]] = Counter()
    numbers: Counter[tuple[str, str]] = Counter()
    for key, work in works.items():
        for topic in work.get("topics", ()):
            passages[topic, column_of[key]] += count[key]
            numbers[topic, column_of[key]] += 1
    most = max(passages.values(), default=1)
    heads = "".join(f'<th scope="col"><span>{escape(column)}</span></th>' for column in columns)
    rows, stop = "", ' tabindex="0"'
    for topic in topics:
        cells = ""
        for column in columns:
            there = passages[topic, column]
            disc = ""
            if there:
                spoken = strings.MAP_CELL.format(
                    passages=there, works=numbers[topic, column], topic=topic, column=column
                )
                disc = (
                    f'<button type="button" class="disc" data-do="cell"{stop or " tabindex=-1"}'
                    f' data-topic="{escape(topic, quote=True)}"'
                    f' data-{name}="{escape(column, quote=True)}"'
                    f' style="--size:{(there / most) ** 0.5:.3f}" title="{escape(spoken)}"'
                    f' aria-label="{escape(spoken)}"></button>'
                )
                stop = ""
            cells += f"<td>{disc}</td>"
        rows += f'<tr><th scope="row">{escape(topic)}</th>{cells}</tr>'
    return (
        f'<div class="wide" role="region" aria-label="{title}" tabindex="0"><table class="discs">'
        f"<caption>{title}</caption><thead><tr><td></td>{heads}</tr></thead>"
        f"<tbody>{rows}</tbody></table></div>"
    )
