"""An answer as the page shows it: HTML made by pure functions.

Whatever the corpus or a person wrote is escaped, so nothing of it runs in a browser. Knows nothing
of Gradio.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from assistant.layout import groups_of
from assistant.rendering import (
    ABSTAINED,
    NOTICES_AFTER,
    NOTICES_BEFORE,
    PHRASED,
    RELATED,
    RELATED_SHOWN,
    authors_of,
    bare,
    basis_of,
    citations_of,
    is_phrased,
    kind_of,
    label_of,
    level_of,
    links_of,
    not_quoted,
    ordered,
)
from assistant.safety import STANDING
from assistant.types import Answer, Citation, Hit, Notice, Passage, Reference, Sentence

LAYOUTS = {
    "prose": ("", ""),
    "list": ('<ul class="listed">', "</ul>"),
    "table": ('<table class="stages"><tbody>', "</tbody></table>"),
}


def masthead_html(title: str, about: str) -> str:
    """The title and one line on what this is."""
    return f'<header><h1>{escape(title)}</h1><p class="about">{escape(about)}</p></header>'


def standing_html() -> str:
    """The notice that is in view at all times."""
    return f'<p role="note">{escape(STANDING)}</p>'


def disclosure_html(said: str) -> str:
    """Who receives what is asked here, in view before the first question and after it."""
    return f'<p role="note">{escape(said)}</p>'


def conversation_html(exchanges: Sequence[str], error: str = "") -> str:
    """The whole conversation; an invitation while it is empty."""
    shown = "".join(exchanges) or (
        '<div class="welcome"><p>Ask a question, or start with one of those below. Words from the '
        'corpus are set <span class="quoted">like this</span>; <em class="lead">words of the '
        "assistant</em> are in italics. A number opens the passage that was quoted.</p></div>"
    )
    return (
        '<div class="exchanges" role="log" aria-label="Conversation" tabindex="0">'
        f"{shown}<div>{error}</div></div>"
    )


def panel_html(evidence: str, hint: str = "") -> str:
    """The evidence panel; the hint stands in for evidence that is not there yet."""
    content = evidence or f'<p class="aside">{escape(hint)}</p>'
    return (
        '<section class="panel" aria-label="Evidence" tabindex="0">'
        f"<h2>Evidence</h2>{content}</section>"
    )


def exchange_html(
    anchor: str,
    question: str,
    answer: Answer | None = None,
    *,
    notices: Sequence[Notice] = (),
    sentences: Sequence[Sentence] = (),
    fold: bool = False,
) -> str:
    """A question and as much of its answer as is known; complete once `answer` is given.

    `anchor` opens every id in it; `fold` puts the evidence under the answer, as a closed fold. The
    skeleton never changes while sentences arrive, so that a page that compares old and new HTML
    only adds nodes and a screen reader reads each one once. The page shows the standing notice at
    all times, so it is left out here.
    """
    evidence = ""
    if fold and answer is not None:
        cards = evidence_html(anchor, answer)
        evidence = f'<details class="fold"><summary>Evidence</summary>{cards}</details>'
    if answer is not None:
        notices, sentences = answer.notices, answer.sentences
    notices = [notice for notice in notices if notice.text != STANDING]
    query = ""
    if answer is not None and answer.query != answer.question:
        query = f"Searched for: <q>{escape(answer.query)}</q>"
    reason = ""
    if answer is not None and answer.abstained:
        reason = f"<strong>{ABSTAINED}.</strong> {escape(answer.reason or '')}"
        if answer.hits:
            reason += f' <a href="#{anchor}-related">Show the nearest passages</a>'
    levels = {r.number: level_of(r) for r in answer.references} if answer else {}
    before = [_notice_html(anchor, n, levels) for n in ordered(notices, NOTICES_BEFORE)]
    after = [_notice_html(anchor, n, levels) for n in ordered(notices, NOTICES_AFTER)]
    said = _groups_html(anchor, question, sentences, levels)
    phrased = PHRASED if answer is not None and sentences and answer.engine == "llm" else ""
    legend = "".join(
        f"<li><b>{r.number}</b> {escape(level_of(r))}{f', {r.year}' if r.year else ''}</li>"
        for r in (answer.references if answer else ())
    )
    return (
        f'<article class="exchange" id="{anchor}" tabindex="-1" aria-label="Question and answer">'
        f'<h2 class="question">{escape(question)}</h2>'
        f'<p class="query">{query}</p>'
        f'<div class="notices">{"".join(before)}</div>'
        f'<div class="sentences">{said}</div>'
        f'<p class="phrasing">{phrased}</p>'
        f'<p class="abstained">{reason}</p>'
        f'<div class="notices">{"".join(after)}</div>'
        f'<ul class="legend" aria-label="Evidence levels">{legend}</ul>'
        f"{evidence}</article>"
    )


def evidence_html(anchor: str, answer: Answer) -> str:
    """One card per cited passage, then the passages that were retrieved but not quoted."""
    grouped: dict[tuple[int, str], list[Citation]] = {}
    for citation in citations_of(answer.sentences, answer.notices):
        grouped.setdefault((citation.number, citation.passage.id), []).append(citation)
    references = {reference.number: reference for reference in answer.references}
    cards = [
        _card_html(anchor, references.get(number), grouped[number, passage_id])
        for number, passage_id in sorted(grouped, key=lambda key: key[0])
    ]
    others = not_quoted(answer)
    if answer.abstained and others:
        cards.append(
            f'<section class="related" id="{anchor}-related" tabindex="-1" aria-label="{RELATED}">'
            f'<h3>{RELATED}</h3><p class="aside">The passages nearest to the question.</p>'
            f"{_hits_html(others[:RELATED_SHOWN])}</section>"
        )
        others = others[RELATED_SHOWN:]
    if others:
        summary = (
            f"{len(others)} other passage{'s' if len(others) > 1 else ''} retrieved, not quoted"
        )
        cards.append(
            f'<details class="others"><summary>{summary}</summary>{_hits_html(others)}</details>'
        )
    return "".join(cards)


def error_html(message: str) -> str:
    """What went wrong, in a box that a screen reader reads at once."""
    return f'<p class="error" role="alert">{escape(message)}</p>'


def passage_id_html(anchor: str, citation: Citation) -> str:
    """The id of the card of a cited passage: letters, digits, "-" and "_" alone."""
    safe = "".join(
        c if (c.isascii() and c.isalnum()) or c == "-" else f"_{ord(c):x}_"
        for c in citation.passage.id
    )
    return f"{anchor}-{citation.number}-{safe}"


def _groups_html(
    anchor: str, question: str, sentences: Sequence[Sentence], levels: dict[int, str]
) -> str:
    """Prose as paragraphs, a list as its items, the stages of a system as the rows of a table."""
    shown, place = "", 0
    for group in groups_of(question, sentences):
        inner = ""
        for sentence in group.sentences:
            place += 1
            name = f"{anchor}-s{place}"
            if group.layout == "table":
                label = escape((sentence.lead or "").rstrip(":"))
                quoted = _quoted_html(anchor, sentence, levels)
                inner += (
                    f'<tr class="sentence" id="{name}"><th class="lead" scope="row">{label}</th>'
                    f"<td>{quoted}</td></tr>"
                )
            else:
                tag = "li" if group.layout == "list" else "p"
                inner += _sentence_html(anchor, sentence, levels, name, tag)
        opening, closing = LAYOUTS[group.layout]
        shown += f"{opening}{inner}{closing}"
    return shown


def _sentence_html(
    anchor: str, sentence: Sentence, levels: dict[int, str], name: str = "", tag: str = "p"
) -> str:
    lead = f'<em class="lead">{escape(sentence.lead)}</em> ' if sentence.lead else ""
    named = f' id="{name}"' if name else ""
    quoted = _quoted_html(anchor, sentence, levels)
    return f'<{tag} class="sentence"{named}>{lead}{quoted}</{tag}>'


def _quoted_html(anchor: str, sentence: Sentence, levels: dict[int, str]) -> str:
    mark = f' <em class="mark">({escape(bare(sentence.mark))})</em>' if sentence.mark else ""
    cited = _cites_html(anchor, sentence.citations, levels)
    kind = "phrased" if is_phrased(sentence) else "quoted"
    return f'<span class="{kind}">{escape(sentence.text)}</span>{cited}{mark}'


def _cites_html(anchor: str, citations: Iterable[Citation], levels: dict[int, str]) -> str:
    links = {}
    for citation in citations:
        level = levels.get(citation.number)
        spoken = f"Source {citation.number}{f', {level}' if level else ''}: show the passage"
        target = passage_id_html(anchor, citation)
        links[target] = (
            f'&#8239;<a class="cite" href="#{target}" aria-label="{escape(spoken)}"'
            f' title="{escape(spoken)}">{citation.number}</a>'
        )
    return "".join(links.values())


def _notice_html(anchor: str, notice: Notice, levels: dict[int, str]) -> str:
    label = f"<strong>{label_of(notice)}</strong> " if label_of(notice) else ""
    role = ' role="alert"' if notice.kind == "urgent" else ' role="note"'
    sides = "".join(
        f'<div class="side"><p class="position">{escape(side.position)}</p>'
        f"{''.join(_sentence_html(anchor, sentence, levels) for sentence in side.sentences)}</div>"
        for side in notice.sides or ()
    )
    return (
        f'<div class="notice {notice.kind}"{role}><p>{label}{escape(notice.text)}'
        f"{_cites_html(anchor, notice.citations, levels)}</p>{sides}</div>"
    )


def _card_html(anchor: str, reference: Reference | None, citations: list[Citation]) -> str:
    first = citations[0]
    name = passage_id_html(anchor, first)
    title = reference.title if reference else ""
    section = [heading for heading in first.passage.section if heading != title]
    about = ""
    if reference is not None:
        links = " ".join(_link_html(label, address) for label, address in links_of(reference))
        by = authors_of(reference)
        by += ("" if by.endswith(".") else ".") + " " if by else ""
        printed = ", ".join(escape(p) for p in (reference.journal, str(reference.year or "")) if p)
        about = (
            f'<p class="publication"><cite>{escape(reference.title)}</cite> '
            f"{escape(by)}{printed}</p>"
            f'<p class="links">{links}</p><p class="basis">{escape(basis_of(reference))}</p>'
        )
    level = f'<span class="level">{escape(kind_of(reference))}</span>' if reference else ""
    return (
        f'<article class="card" id="{name}" tabindex="-1" aria-label="Source {first.number}">'
        f'<p class="card-head"><span class="number">{first.number}</span>{level}'
        f'<a class="back" href="#{anchor}" aria-label="Back to the answer">↩</a></p>'
        f"<blockquote>{marked_html(first.passage, citations)}</blockquote>"
        f'<p class="section">{escape(" › ".join(section))}</p>{about}</article>'
    )


def marked_html(passage: Passage, citations: Iterable[Citation]) -> str:
    """The passage's text with the quotes in <mark>; quotes that touch or overlap become one."""
    text, done = passage.text, 0
    pieces: list[str] = []
    for start, end in sorted((c.start - passage.start, c.end - passage.start) for c in citations):
        if start > done or not pieces:
            pieces.append(escape(text[done:start]))
            pieces.append(f"<mark>{escape(text[start:end])}</mark>")
        elif end > done:
            pieces[-1] = pieces[-1].removesuffix("</mark>") + escape(text[done:end]) + "</mark>"
        done = max(done, end)
    return "".join(pieces) + escape(text[done:])


def _hits_html(hits: Iterable[Hit]) -> str:
    items = [
        f'<li value="{hit.rank}"><p class="quoted">{escape(hit.passage.text)}</p>'
        f'<p class="section">{escape(" › ".join((hit.passage.document_id, *hit.passage.section)))}'
        f" · score {hit.score:.2f}</p></li>"
        for hit in hits
    ]
    return f"<ol>{''.join(items)}</ol>"


def _link_html(label: str, address: str) -> str:
    return (
        f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(label)}</a>'
    )
