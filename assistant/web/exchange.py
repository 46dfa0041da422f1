"""A question and its answer as the conversation shows them: HTML made by pure functions.

Whatever the corpus or a person wrote is escaped, so nothing of it runs in a browser. Knows nothing
of Gradio; what a button does is told to the page's script by `data-do`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from assistant.evidence import LEVELS
from assistant.export import FORMATS
from assistant.glossary import Glossary
from assistant.history.feedback import MAX_COMMENT, Opinion
from assistant.layout import groups_of
from assistant.rendering import (
    ABSTAINED,
    NOTICES_AFTER,
    NOTICES_BEFORE,
    PHRASED,
    answer_text,
    bare,
    is_phrased,
    label_of,
    level_of,
    ordered,
)
from assistant.safety import STANDING
from assistant.types import Answer, Citation, Notice, Reference, Sentence
from assistant.web import strings
from assistant.web.elements import card_id, icon, rank_html

LAYOUTS = {
    "prose": ("", ""),
    "list": ('<ul class="listed">', "</ul>"),
    "table": ('<table class="stages"><tbody>', "</tbody></table>"),
}
UNWRAPPED = 1_000_000


@dataclass(frozen=True)
class Shown:
    """What is known of an exchange at the moment it is shown.

    While an answer arrives there are `notices` and `sentences` and no `answer`. `address` is where
    its files are, "" where there are none; `last` is the one that may be asked again; `banner` is
    the urgent notice that stands above the page already.
    """

    question: str
    answer: Answer | None = None
    notices: Sequence[Notice] = ()
    sentences: Sequence[Sentence] = ()
    stopped: bool = False
    last: bool = False
    address: str = ""
    rated: bool = False
    opinion: Opinion | None = None
    follow_ups: Sequence[str] = ()
    banner: Notice | None = None


def conversation_html(exchanges: Sequence[str], error: str = "") -> str:
    """The whole conversation; an invitation while it is empty."""
    shown = "".join(exchanges) or f'<div class="welcome"><p>{strings.WELCOME}</p></div>'
    return (
        f'<div class="exchanges" role="log" aria-label="{strings.CONVERSATION}" tabindex="0">'
        f"{shown}<div>{error}</div></div>"
    )


def error_html(message: str) -> str:
    """What went wrong, in a box that a screen reader reads at once."""
    return f'<p class="error" role="alert">{escape(message)}</p>'


def exchange_html(anchor: str, shown: Shown, glossary: Glossary) -> str:
    """A question and as much of its answer as is known; `anchor` opens every id in it.

    The skeleton never changes while sentences arrive, so that a page that compares old and new HTML
    only adds nodes and a screen reader reads each one once. The page shows the standing notice at
    all times, so it is left out here.
    """
    answer = shown.answer
    notices = answer.notices if answer else shown.notices
    notices = [n for n in notices if n.text != STANDING and n != shown.banner]
    writer = _Writer(anchor, answer.references if answer else (), glossary)
    said = writer.groups(shown.question, answer.sentences if answer else shown.sentences)
    query = ""
    if answer is not None and answer.query != answer.question:
        query = f"{strings.SEARCHED} <q>{escape(answer.query)}</q>"
    before = "".join(writer.notice(n) for n in ordered(notices, NOTICES_BEFORE))
    after = "".join(writer.notice(n) for n in ordered(notices, NOTICES_AFTER))
    state = "" if answer else " arriving" if not shown.stopped else " stopped"
    return (
        f'<article class="exchange{state}" id="{anchor}" tabindex="-1"'
        f' aria-label="{strings.EXCHANGE}">'
        f'<h2 class="question">{escape(shown.question)}</h2>'
        f'<p class="query">{query}</p>'
        f'<div class="notices">{before}</div>'
        f'<div class="sentences">{said}</div>'
        f'<div class="abstained">{_abstention_html(answer)}</div>'
        f'<div class="notices">{after}</div>'
        f'<div class="footing">{_footing_html(answer) if answer else ""}</div>'
        f'<div class="actions">{_actions_html(shown)}</div>'
        f'<div class="suggested">{_follow_ups_html(shown.follow_ups)}</div></article>'
    )


def sure_of(probability: float) -> str:
    """How likely the corpus answers, in words with the figure behind them."""
    words = next(words for bar, words in strings.SURE if probability >= bar)
    percent = round(100 * probability)
    # Nothing that is estimated is certain.
    shown = strings.ALL_BUT if percent > 99 else strings.HARDLY if percent < 1 else str(percent)
    return strings.SURE_NOTE.format(words=words, percent=shown)


def _abstention_html(answer: Answer | None) -> str:
    if answer is None or not answer.abstained:
        return ""
    reason = f"<p><strong>{ABSTAINED}.</strong> {escape(answer.reason or '')}</p>"
    if not answer.hits:
        return reason
    return (
        f'{reason}<button type="button" class="link" data-do="nearest">'
        f"{strings.SHOW_NEAREST}</button>"
    )


def _footing_html(answer: Answer) -> str:
    """What an answer stands on: evidence levels, how sure, how new."""
    levels = "".join(
        f"<li><b>{r.number}</b> {rank_html(r.evidence_level)}{escape(level_of(r))}"
        f"{f', {r.year}' if r.year else ''}</li>"
        for r in answer.references
    )
    legend = (
        f'<ul class="legend" aria-label="{strings.LEVELS_OF_ANSWER}">{levels}</ul>'
        if levels
        else ""
    )
    terms = "".join(
        f"<dt>{rank_html(level)}{escape(level)}</dt><dd>{escape(strings.LEVELS[level])}</dd>"
        for level in LEVELS
    )
    explained = (
        f'<details class="levels"><summary>{strings.LEVELS_EXPLAINED}</summary>'
        f"<p>{strings.LEVELS_ORDER}</p><dl>{terms}</dl></details>"
        if levels
        else ""
    )
    sure = [sure_of(answer.probability)] if answer.probability is not None else []
    sure.append(strings.AS_OF.format(year=answer.index.literature_as_of) + ".")
    phrased = f"<p>{PHRASED}</p>" if answer.sentences and answer.engine == "llm" else ""
    return f'{phrased}{legend}{explained}<p class="sure">{escape(" ".join(sure))}</p>'


def _actions_html(shown: Shown) -> str:
    if shown.stopped:
        return f'<p class="aside" role="status">{strings.STOPPED}</p>'
    if shown.answer is None:
        return (
            f'<p class="aside">{strings.ARRIVING}</p>'
            f'<button type="button" class="quiet" data-do="stop">{strings.STOP}</button>'
        )
    copied = escape(answer_text(shown.answer, UNWRAPPED), quote=True)
    buttons = (
        f'<button type="button" class="quiet" data-do="copy" data-copy="{copied}"'
        f' data-done="{strings.COPIED}">{strings.COPY}</button>'
    )
    if shown.last:
        buttons += (
            f'<button type="button" class="quiet" data-do="edit">{strings.EDIT}</button>'
            f'<button type="button" class="quiet" data-do="again">{strings.AGAIN}</button>'
        )
    if shown.address:
        buttons += export_html(shown.address, strings.EXPORT)
    return buttons + (_thumbs_html(shown.opinion) if shown.rated else "")


def export_html(address: str, label: str) -> str:
    """A menu of links to the forms of a file; the page to print opens beside this page."""
    items = "".join(
        f'<li><a href="{escape(address)}?as={name}"'
        f"{' target=_blank rel=noopener' if name == 'print' else ' download'}>"
        f"{escape(form.label)}</a></li>"
        for name, form in FORMATS.items()
    )
    return (
        f'<details class="menu"><summary class="quiet">{escape(label)}</summary>'
        f"<ul>{items}</ul></details>"
    )


def _thumbs_html(opinion: Opinion | None) -> str:
    buttons = "".join(
        f'<button type="button" class="quiet thumb" data-do="thumb-{thumb}" aria-label="{label}"'
        f' title="{label}" aria-pressed="{"true" if opinion and opinion.thumb == thumb else "false"}"'
        f">{icon(thumb)}</button>"
        for thumb, label in strings.THUMBS.items()
    )
    reasons = "".join(
        f'<label><input type="radio" name="reason" value="{escape(reason)}"> {words}</label>'
        for reason, words in strings.REASON_WORDS.items()
    )
    return (
        f'<span class="thumbs">{buttons}</span><p class="thanks" role="status">'
        f"{strings.THANKS if opinion else ''}</p>"
        f'<form class="reasons" hidden><fieldset><legend>{strings.REASONS}</legend>{reasons}'
        f"</fieldset><label>{strings.COMMENT}"
        f'<textarea name="comment" rows="2" maxlength="{MAX_COMMENT}"></textarea></label>'
        f'<button type="submit" class="quiet">{strings.SEND}</button></form>'
    )


def _follow_ups_html(questions: Sequence[str]) -> str:
    if not questions:
        return ""
    items = "".join(
        f'<li><button type="button" class="chip" data-do="suggest">{escape(question)}</button></li>'
        for question in questions
    )
    return f"<h3>{strings.FOLLOW_UPS}</h3><ul>{items}</ul>"


class _Writer:
    """Writes the sentences and notices of one exchange; a term is explained where it first stands."""

    def __init__(self, anchor: str, references: Iterable[Reference], glossary: Glossary) -> None:
        self._anchor = anchor
        self._references = {reference.number: reference for reference in references}
        self._glossary = glossary
        self._explained: set[str] = set()

    def groups(self, question: str, sentences: Sequence[Sentence]) -> str:
        """Prose as paragraphs, a list as its items, the stages of a system as rows of a table."""
        shown, place = "", 0
        for group in groups_of(question, sentences):
            inner = ""
            for sentence in group.sentences:
                place += 1
                named = f' id="{self._anchor}-s{place}"'
                if group.layout == "table":
                    label = escape((sentence.lead or "").rstrip(":"))
                    inner += (
                        f'<tr class="sentence"{named}><th class="lead" scope="row">{label}</th>'
                        f"<td>{self._quoted(sentence)}</td></tr>"
                    )
                else:
                    tag = "li" if group.layout == "list" else "p"
                    inner += self._sentence(sentence, named, tag)
            opening, closing = LAYOUTS[group.layout]
            shown += f"{opening}{inner}{closing}"
        return shown

    def notice(self, notice: Notice) -> str:
        label = f"<strong>{label_of(notice)}</strong> " if label_of(notice) else ""
        sides = "".join(
            f'<div class="side"><p class="position">{escape(side.position)}</p>'
            f"{''.join(self._sentence(sentence) for sentence in side.sentences)}</div>"
            for side in notice.sides or ()
        )
        if sides:
            sides = (
                f'<div class="sides" role="group" aria-label="{strings.POSITIONS}">{sides}</div>'
            )
        return (
            f'<div class="notice {notice.kind}" role="note"><p>{label}{escape(notice.text)}'
            f"{self._cites(notice.citations)}</p>{sides}</div>"
        )

    def _sentence(self, sentence: Sentence, named: str = "", tag: str = "p") -> str:
        lead = f'<em class="lead">{escape(sentence.lead)}</em> ' if sentence.lead else ""
        return f'<{tag} class="sentence"{named}>{lead}{self._quoted(sentence)}</{tag}>'

    def _quoted(self, sentence: Sentence) -> str:
        mark = f' <em class="mark">({escape(bare(sentence.mark))})</em>' if sentence.mark else ""
        text = self._text(sentence.text)
        kind = "phrased" if is_phrased(sentence) else "quoted"
        return f'<span class="{kind}">{text}</span>{self._cites(sentence.citations)}{mark}'

    def _text(self, text: str) -> str:
        """Escaped, with its technical words explained."""
        shown, done = "", 0
        for found in self._glossary.explained(text):
            if found.term.name in self._explained:
                continue
            self._explained.add(found.term.name)
            plain = escape(found.term.plain, quote=True)
            shown += (
                f'{escape(text[done : found.start])}<dfn tabindex="0" data-tip="{plain}"'
                f' aria-description="{plain}">{escape(text[found.start : found.end])}</dfn>'
            )
            done = found.end
        return shown + escape(text[done:])

    def _cites(self, citations: Iterable[Citation]) -> str:
        buttons = {}
        for citation in citations:
            reference = self._references.get(citation.number)
            level = f", {level_of(reference)}" if reference else ""
            spoken = strings.CITE.format(number=citation.number, level=level)
            told = "" if reference is None else reference.title
            if reference and reference.year:
                told += f" ({reference.year})"
            target = card_id(self._anchor, citation)
            buttons[target] = (
                f'&#8239;<button type="button" class="cite" data-do="cite" data-card="{target}"'
                f' data-tip="{escape(citation.quote, quote=True)}"'
                f' data-of="{escape(told, quote=True)}"'
                f' aria-label="{escape(spoken, quote=True)}">{citation.number}</button>'
            )
        return "".join(buttons.values())
