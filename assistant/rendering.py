"""An answer as people read it: plain text and Markdown, and the words that the page shares.

In go the nouns of `types`, out come strings. Whatever the corpus or a person wrote is escaped on
its way out, so nothing of it runs in a terminal. The page's HTML is made by `web.exchange`.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote

from assistant.evidence import SECOND_HAND
from assistant.layout import Group, groups_of
from assistant.types import Answer, Citation, Hit, Notice, Reference, Sentence

# In the order shown. What changes how the sentences must be read stands before them.
NOTICES_BEFORE = {
    "urgent": "Urgent",
    "retracted": "Retracted",
    "no-personal-dose": "No personal dose",
    "fallback": "Quotes instead",
    "scope": "Scope",
    "not-covered": "Not covered",
    "disagreement": "Sources disagree",
}
NOTICES_AFTER = {
    "extrapolation": "Extrapolation",
    "source-claim": "Claim of the source text",
    "instruction-like": "Reads like orders",
    "unsupported": "Not supported",
    "not-medical-advice": "",
}
NOTICE_LABELS = NOTICES_BEFORE | NOTICES_AFTER

BASES = {
    "abstract": "note on the abstract, in our words: check the publication",
    "excerpt": "note on an excerpt, in our words: check the publication",
    SECOND_HAND: "note on what others say of it, in our words: check the publication",
}
BASES_OF_TYPE = {
    "source text": "the source text itself; its claims may not be carried by its references",
    "topic page": "in our words, resting on the notes that are cited with each sentence",
}

PHRASED = "Phrased by a language model; each sentence was checked against the passages it cites."
ABSTAINED = "No answer in the corpus"
RELATED = "Related, not an answer"
RELATED_SHOWN = 5
WEB_PAGE = "Web page"
# The heads of a staging table.
STAGE_HEAD, QUOTE_HEAD = "Stage", "In the words of the corpus"


# --- what every form needs ---


def citations_of(sentences: Iterable[Sentence], notices: Iterable[Notice]) -> list[Citation]:
    """Every citation that is shown: those of the sentences, then those of the notices."""
    found = [citation for sentence in sentences for citation in sentence.citations]
    for notice in notices:
        found += notice.citations
        found += citations_of([s for side in notice.sides or () for s in side.sentences], ())
    return found


def basis_of(reference: Reference) -> str:
    """What the quoted words are, honestly: a note or page of ours, the full text, the source text."""
    if own := BASES_OF_TYPE.get(reference.type):
        return own
    basis = BASES.get(reference.basis, reference.basis)
    missing = [name for name in ("authors", "year") if not getattr(reference, name)]
    return f"{basis}; {' and '.join(missing)} not read" if missing else basis


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
        links.append((WEB_PAGE, reference.url))
    return links


def is_phrased(sentence: Sentence) -> bool:
    """True for a model's wording; else the sentence is a quote, word for word."""
    return sentence.text != sentence.citations[0].quote


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


def label_of(notice: Notice) -> str:
    """The notice's label; none where its text opens with the same words."""
    label = NOTICE_LABELS[notice.kind]
    return "" if notice.text.lower().startswith(label.lower()) else label + ":"


# --- plain text and Markdown: the same blocks of lines, laid out twice ---


@dataclass(frozen=True, slots=True)
class Form:
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
        "item": ("  - ", "    "),
        "hit": ("  ", "     "),
        "reference": ("", "    "),
        "facts": ("    ", "    "),
    }

    def laid_out(role: str, text: str) -> str:
        first, later = indents.get(role, ("", ""))
        if role == "row head":
            return ""
        if role == "row":
            label, text = text.split("\t")
            first, later = f"  {label}  ", " " * (len(label) + 4)
        return textwrap.fill(
            text,
            width,
            initial_indent=first,
            subsequent_indent=later,
            break_long_words=False,
            break_on_hyphens=False,
        )

    form = Form(plain, "[{}]", "{}", "{}", lambda label, address: label)
    return _joined(blocks_of(answer, form)[1:], laid_out)


def sources_text(answer: Answer, width: int = 88) -> str:
    """Every passage behind an answer, cited ones marked, with its place in its document."""
    cited = {c.passage.id for c in citations_of(answer.sentences, answer.notices)}
    lines = []
    for hit in answer.hits:
        mark = "*" if hit.passage.id in cited else " "
        lines.append(f"{mark}{hit.rank:3}. {hit.passage.id}  (score {hit.score:.2f})")
        lines.append(textwrap.indent(textwrap.fill(plain(hit.passage.text), width - 6), " " * 6))
    return "\n".join([*lines, "* cited in the answer"])


def answer_markdown(answer: Answer) -> str:
    """The answer as Markdown; characters that mean something in Markdown or HTML are escaped."""
    prefixes = {
        "question": "## ",
        "item": "- ",
        "urgent": "> ",
        "notice": "> ",
        "side": "> - ",
        "side sentence": ">   - ",
        "heading": "### ",
        "hit": "- ",
        "reference": "- ",
        "facts": "  ",
    }

    def laid_out(role: str, text: str) -> str:
        if role in ("row head", "row"):
            label, text = text.split("\t")
            rule = "\n| --- | --- |" if role == "row head" else ""
            return f"| {label.strip()} | {text} |{rule}"
        return prefixes.get(role, "") + text

    form = Form(markdown_words, r"\[{}\]", "*{}*", "**{}**", "[{}](<{}>)".format)
    return _joined(blocks_of(answer, form), laid_out)


def _joined(blocks: list[list[tuple[str, str]]], laid_out: Callable[[str, str], str]) -> str:
    shown = ([laid_out(*line) for line in block] for block in blocks)
    return "\n\n".join("\n".join(filter(None, lines)) for lines in shown) + "\n"


def blocks_of(answer: Answer, form: Form) -> list[list[tuple[str, str]]]:
    """Blocks of (role, text) lines; the first block is the question."""
    blocks = [[("question", form.words(answer.question))]]
    if answer.query != answer.question:
        blocks.append([("query", f"Searched for: {form.words(answer.query)}")])
    blocks += [_notice(notice, form) for notice in ordered(answer.notices, NOTICES_BEFORE)]
    if answer.abstained:
        reason = form.words(answer.reason or "")
        blocks.append([("reason", f"{form.strong.format(ABSTAINED + '.')} {reason}")])
    else:
        blocks += [_group(group, form) for group in groups_of(answer.question, answer.sentences)]
        if answer.engine == "llm":
            blocks.append([("phrased", PHRASED)])
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


def _group(group: Group, form: Form) -> list[tuple[str, str]]:
    """Lines of one layout; those of a table are a label and a text with a tab between them."""
    if group.layout != "table":
        role = "item" if group.layout == "list" else "sentence"
        return [(role, _sentence(sentence, form)) for sentence in group.sentences]
    labels = [(sentence.lead or "").rstrip(":") for sentence in group.sentences]
    width = max(map(len, labels))
    rows = [
        ("row", f"{form.words(label):<{width}}\t{_sentence(replace(sentence, lead=None), form)}")
        for label, sentence in zip(labels, group.sentences, strict=True)
    ]
    return [("row head", f"{STAGE_HEAD}\t{QUOTE_HEAD}"), *rows]


def _sentence(sentence: Sentence, form: Form) -> str:
    lead = form.lead.format(form.words(sentence.lead)) + " " if sentence.lead else ""
    mark = " " + form.lead.format(f"({form.words(bare(sentence.mark))})") if sentence.mark else ""
    numbers = "".join(form.number.format(number) for number in _numbers(sentence.citations))
    return f"{lead}{form.words(sentence.text)} {numbers}{mark}"


def _notice(notice: Notice, form: Form) -> list[tuple[str, str]]:
    label = form.strong.format(label_of(notice)) + " " if label_of(notice) else ""
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


def bare(mark: str) -> str:
    return mark[1:-1] if mark.startswith("(") and mark.endswith(")") else mark


def plain(text: str) -> str:
    """One line without the control characters that could rewrite a terminal or turn its reading."""
    return " ".join(
        re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", "", text).split()
    )


def markdown_words(text: str) -> str:
    """One line in which nothing means anything to Markdown or HTML."""
    line = re.sub(r"([\\`*_\[\]<>#|~$&])", r"\\\1", plain(text))
    return re.sub(
        r"^([-+]|\d+(?=[.)]))", lambda m: f"\\{m[1]}" if m[1] in "-+" else f"{m[1]}\\", line
    )
