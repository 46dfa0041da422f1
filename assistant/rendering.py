"""An answer as people see it: plain text, Markdown, and the HTML of the page; pure functions.

In go the nouns of `types`, out come strings. Whatever the corpus or a person wrote is escaped on
its way out, so nothing of it runs, in a browser or in a terminal. Knows nothing of Gradio.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from html import escape
from urllib.parse import quote

from assistant.safety import STANDING
from assistant.types import Answer, Citation, Hit, Notice, Passage, Reference, Sentence

# In the order shown. What changes how the sentences must be read stands before them.
NOTICES_BEFORE = {
    "urgent": "Urgent",
    "retracted": "Retracted",
    "no-personal-dose": "No personal dose",
    "scope": "Scope",
    "disagreement": "Sources disagree",
}
NOTICES_AFTER = {
    "extrapolation": "Extrapolation",
    "source-claim": "Claim of the source text",
    "not-covered": "Not covered",
    "unsupported": "Not supported",
    "not-medical-advice": "",
}
NOTICE_LABELS = NOTICES_BEFORE | NOTICES_AFTER

BASES = {
    "abstract": "note on the abstract, in our words: check the publication",
    "excerpt": "note on an excerpt, in our words: check the publication",
}
SOURCE_TEXT = "the source text itself; its claims may not be carried by its references"

ABSTAINED = "No answer in the corpus"
RELATED = "Related, not an answer"
RELATED_SHOWN = 5


# --- what every form needs ---


def citations_of(sentences: Iterable[Sentence], notices: Iterable[Notice]) -> list[Citation]:
    """Every citation that is shown: those of the sentences, then those of the notices."""
    found = [citation for sentence in sentences for citation in sentence.citations]
    for notice in notices:
        found += notice.citations
        found += citations_of([s for side in notice.sides or () for s in side.sentences], ())
    return found


def basis_of(reference: Reference) -> str:
    """What the quoted words are, honestly: a note of ours, the full text, or the source text."""
    if reference.type == "source text":
        return SOURCE_TEXT
    return BASES.get(reference.basis, reference.basis)


def kind_of(reference: Reference) -> str:
    """Study type, evidence level and year, as far as they say different things."""
    level, kind = reference.evidence_level, reference.type.replace("-", " ")
    parts = ["" if kind in level else kind, level, str(reference.year or "")]
    return " · ".join(part for part in parts if part)


def level_of(reference: Reference) -> str:
    """The evidence level; what has none is named by its type."""
    graded = reference.evidence_level != "not graded"
    return reference.evidence_level if graded else f"{reference.type}, not graded"


def authors_of(reference: Reference) -> str:
    """The first three authors, and "et al." for more than four."""
    names = reference.authors
    return ", ".join(names) if len(names) <= 4 else ", ".join(names[:3]) + ", et al."


def links_of(reference: Reference) -> list[tuple[str, str]]:
    """(label, address) of the publication's pages; an address is https or http, or is left out."""
    links = []
    if reference.doi and re.fullmatch(r"10\.\d{4,9}/\S+", reference.doi):
        address = "https://doi.org/" + quote(reference.doi, safe="/:;()._-")
        links.append((f"DOI {reference.doi}", address))
    if reference.pmid and re.fullmatch(r"[0-9]{1,9}", reference.pmid):
        address = f"https://pubmed.ncbi.nlm.nih.gov/{reference.pmid}/"
        links.append((f"PMID {reference.pmid}", address))
    if not links and reference.url and re.match(r"https?://[^\s/]", reference.url):
        links.append(("Web page", reference.url))
    return links


def ordered(notices: Iterable[Notice], kinds: Iterable[str]) -> list[Notice]:
    """The notices of these kinds, in the kinds' order."""
    given = list(notices)
    return [notice for kind in kinds for notice in given if notice.kind == kind]


def not_quoted(answer: Answer) -> list[Hit]:
    """The hits that no citation names, best first."""
    cited = {c.passage.id for c in citations_of(answer.sentences, answer.notices)}
    return [hit for hit in answer.hits if hit.passage.id not in cited]


def _numbers(citations: Iterable[Citation]) -> list[int]:
    return list(dict.fromkeys(citation.number for citation in citations))


def _label(notice: Notice) -> str:
    """The notice's label; none where its text opens with the same words."""
    label = NOTICE_LABELS[notice.kind]
    return "" if notice.text.lower().startswith(label.lower()) else label + ":"


# --- plain text and Markdown: the same blocks of lines, laid out twice ---


@dataclass(frozen=True, slots=True)
class _Form:
    """How one form writes words that are not its own, numbers, stress and links."""

    words: Callable[[str], str]
    number: str
    lead: str
    strong: str
    link: Callable[[str, str], str]


def answer_text(answer: Answer, width: int = 88) -> str:
    """The answer for a terminal: notices, sentences with [n], references; no escape codes."""
    indents = {
        "urgent": ("!! ", "   "),
        "notice": ("* ", "  "),
        "side": ("  - ", "    "),
        "side sentence": ("      ", "        "),
        "sentence": ("  ", "    "),
        "hit": ("  ", "     "),
        "reference": ("", "    "),
        "facts": ("    ", "    "),
    }

    def laid_out(role: str, text: str) -> str:
        first, later = indents.get(role, ("", ""))
        return textwrap.fill(
            text,
            width,
            initial_indent=first,
            subsequent_indent=later,
            break_long_words=False,
            break_on_hyphens=False,
        )

    form = _Form(_plain, "[{}]", "{}", "{}", lambda label, address: label)
    return _joined(_blocks(answer, form)[1:], laid_out)


def sources_text(answer: Answer, width: int = 88) -> str:
    """Every passage behind an answer, cited ones marked, with its place in its document."""
    cited = {c.passage.id for c in citations_of(answer.sentences, answer.notices)}
    lines = []
    for hit in answer.hits:
        mark = "*" if hit.passage.id in cited else " "
        lines.append(f"{mark}{hit.rank:3}. {hit.passage.id}  (score {hit.score:.2f})")
        lines.append(textwrap.indent(textwrap.fill(_plain(hit.passage.text), width - 6), " " * 6))
    return "\n".join([*lines, "* cited in the answer"])


def answer_markdown(answer: Answer) -> str:
    """The answer as Markdown; characters that mean something in Markdown or HTML are escaped."""
    prefixes = {
        "question": "## ",
        "urgent": "> ",
        "notice": "> ",
        "side": "> - ",
        "side sentence": ">   - ",
        "heading": "### ",
        "hit": "- ",
        "reference": "- ",
        "facts": "  ",
    }
    form = _Form(_escaped, r"\[{}\]", "*{}*", "**{}**", "[{}](<{}>)".format)
    return _joined(_blocks(answer, form), lambda role, text: prefixes.get(role, "") + text)


def _joined(blocks: list[list[tuple[str, str]]], laid_out: Callable[[str, str], str]) -> str:
    return "\n\n".join("\n".join(laid_out(*line) for line in block) for block in blocks) + "\n"


def _blocks(answer: Answer, form: _Form) -> list[list[tuple[str, str]]]:
    """Blocks of (role, text) lines; the first block is the question."""
    blocks = [[("question", form.words(answer.question))]]
    if answer.query != answer.question:
        blocks.append([("query", f"Searched for: {form.words(answer.query)}")])
    blocks += [_notice(notice, form) for notice in ordered(answer.notices, NOTICES_BEFORE)]
    if answer.abstained:
        reason = form.words(answer.reason or "")
        blocks.append([("reason", f"{form.strong.format(ABSTAINED + '.')} {reason}")])
    else:
        blocks.append([("sentence", _sentence(s, form)) for s in answer.sentences])
    blocks += [_notice(notice, form) for notice in ordered(answer.notices, NOTICES_AFTER)]
    if answer.references:
        lines = [("heading", "References")]
        for reference in answer.references:
            number = form.number.format(reference.number)
            links = [form.link(form.words(text), to) for text, to in links_of(reference)]
            facts = [form.words(kind_of(reference)), *links, form.words(basis_of(reference))]
            lines.append(("reference", f"{number} {form.words(_reference_line(reference))}"))
            lines.append(("facts", " · ".join(facts)))
        blocks.append(lines)
    if answer.abstained and answer.hits:
        related = [
            ("hit", f"{form.words(hit.passage.text)} ({form.words(hit.passage.document_id)})")
            for hit in answer.hits[:RELATED_SHOWN]
        ]
        blocks.append([("heading", RELATED), *related])
    return blocks


def _sentence(sentence: Sentence, form: _Form) -> str:
    lead = form.lead.format(form.words(sentence.lead)) + " " if sentence.lead else ""
    mark = " " + form.lead.format(f"({form.words(_bare(sentence.mark))})") if sentence.mark else ""
    numbers = "".join(form.number.format(number) for number in _numbers(sentence.citations))
    return f"{lead}{form.words(sentence.text)} {numbers}{mark}"


def _notice(notice: Notice, form: _Form) -> list[tuple[str, str]]:
    label = form.strong.format(_label(notice)) + " " if _label(notice) else ""
    numbers = "".join(form.number.format(number) for number in _numbers(notice.citations))
    role = "urgent" if notice.kind == "urgent" else "notice"
    lines = [(role, f"{label}{form.words(notice.text)} {numbers}".rstrip())]
    for side in notice.sides or ():
        lines.append(("side", form.words(side.position)))
        lines += [("side sentence", _sentence(sentence, form)) for sentence in side.sentences]
    return lines


def _reference_line(reference: Reference) -> str:
    parts = [authors_of(reference), reference.title, reference.journal, str(reference.year or "")]
    return " ".join(
        part if part.endswith(("?", "!", ".")) else f"{part}." for part in parts if part
    )


def _bare(mark: str) -> str:
    return mark[1:-1] if mark.startswith("(") and mark.endswith(")") else mark


def _plain(text: str) -> str:
    """One line without the control characters that could rewrite a terminal."""
    return " ".join(
        re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text).split()
    )


def _escaped(text: str) -> str:
    line = re.sub(r"([\\`*_\[\]<>#|~$&])", r"\\\1", _plain(text))
    return re.sub(
        r"^([-+]|\d+(?=[.)]))", lambda m: f"\\{m[1]}" if m[1] in "-+" else f"{m[1]}\\", line
    )


# --- HTML, for the page ---


def masthead_html(title: str, about: str) -> str:
    """The title and one line on what this is."""
    return f'<header><h1>{escape(title)}</h1><p class="about">{escape(about)}</p></header>'


def standing_html() -> str:
    """The notice that is in view at all times."""
    return f'<p role="note">{escape(STANDING)}</p>'


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
    said = [
        _sentence_html(anchor, sentence, levels, f"{anchor}-s{place}")
        for place, sentence in enumerate(sentences, 1)
    ]
    legend = "".join(
        f"<li><b>{r.number}</b> {escape(level_of(r))}{f', {r.year}' if r.year else ''}</li>"
        for r in (answer.references if answer else ())
    )
    return (
        f'<article class="exchange" id="{anchor}" tabindex="-1" aria-label="Question and answer">'
        f'<h2 class="question">{escape(question)}</h2>'
        f'<p class="query">{query}</p>'
        f'<div class="notices">{"".join(before)}</div>'
        f'<div class="sentences">{"".join(said)}</div>'
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


def _sentence_html(anchor: str, sentence: Sentence, levels: dict[int, str], name: str = "") -> str:
    lead = f'<em class="lead">{escape(sentence.lead)}</em> ' if sentence.lead else ""
    mark = f' <em class="mark">({escape(_bare(sentence.mark))})</em>' if sentence.mark else ""
    cited = _cites_html(anchor, sentence.citations, levels)
    named = f' id="{name}"' if name else ""
    return (
        f'<p class="sentence"{named}>{lead}<span class="quoted">{escape(sentence.text)}</span>'
        f"{cited}{mark}</p>"
    )


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
    label = f"<strong>{_label(notice)}</strong> " if _label(notice) else ""
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
