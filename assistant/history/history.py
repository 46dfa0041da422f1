"""Conversations with their answers, and what readers thought of them: kept, found again, deleted.

Everything is asked for by its owner, so nobody reaches the conversations of somebody else. An
answer comes back with the passages that it had, whatever became of the index.
"""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy import ColumnElement, delete, func, or_, select
from sqlalchemy.orm import Session, selectinload

from assistant.errors import ConversationInvalid
from assistant.history.answers import contract, kept, restored
from assistant.history.conversations import Conversation, KeptTurn, Summary
from assistant.history.database import Database, file_of, parsed
from assistant.history.feedback import Feedback, Opinion, cleaned
from assistant.history.tables import MAX_TITLE, ConversationRow, FeedbackRow, TurnRow
from assistant.settings import Settings
from assistant.types import Answer

TITLE_OF_QUESTION = 80


def open_history(settings: Settings) -> History | None:
    """The history that the settings name, or None where they switch it off.

    Raises HistoryUnusable, or ExtraMissing without the driver of PostgreSQL.
    """
    return History.open(settings.history_database) if settings.history else None


class History:
    """Open it with `open_history(settings)`; safe to share between threads and processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @classmethod
    def open(cls, url: str) -> Self:
        """Over a database of SQLite or PostgreSQL, made where it is not there yet."""
        return cls(Database(url))

    @property
    def name(self) -> str:
        """Where it is: the URL without its password."""
        return self._database.name

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def start(self, owner: str, title: str) -> str:
        """The id of a new conversation; a question may be its title, and is cut to a line."""
        now, line = datetime.now(UTC), _shortened(title)
        row = ConversationRow(
            id=uuid.uuid4().hex,
            owner=owner,
            title=line,
            searched=_folded(line),
            created=now,
            changed=now,
        )
        with self._database.writing() as session:
            session.add(row)
            return row.id

    def add(self, owner: str, conversation: str, answer: Answer) -> str:
        """Keeps an answer as the newest turn; gives the turn's id."""
        now = datetime.now(UTC)
        with self._database.writing() as session:
            row = _owned(session, owner, conversation, lock=True)
            last = session.scalar(
                select(func.max(TurnRow.position)).where(TurnRow.conversation_id == row.id)
            )
            turn = TurnRow(
                id=uuid.uuid4().hex,
                conversation_id=row.id,
                position=(last or 0) + 1,
                asked_at=now,
                question=answer.question,
                answer=kept(answer),
                searched=_folded(f"{answer.question}\n{answer.text}"),
            )
            session.add(turn)
            row.changed = now
            return turn.id

    def drop_last(self, owner: str, conversation: str) -> None:
        """Deletes the newest turn: it was asked again, or in other words."""
        with self._database.writing() as session:
            row = _owned(session, owner, conversation, lock=True)
            newest = (
                select(TurnRow.id)
                .where(TurnRow.conversation_id == row.id)
                .order_by(TurnRow.position.desc())
                .limit(1)
            )
            session.execute(delete(TurnRow).where(TurnRow.id.in_(newest)))
        self._database.forget()

    def conversations(
        self, owner: str, words: str = "", *, limit: int = 50, offset: int = 0
    ) -> list[Summary]:
        """The newest first; with `words`, those that hold each of them in title, question or answer."""
        counted = (
            select(func.count())
            .where(TurnRow.conversation_id == ConversationRow.id)
            .scalar_subquery()
        )
        query = (
            select(ConversationRow, counted)
            .where(ConversationRow.owner == owner, *map(_holds, _folded(words).split()))
            .order_by(ConversationRow.changed.desc(), ConversationRow.id)
            .limit(limit)
            .offset(offset)
        )
        with self._database.reading() as session:
            return [
                Summary(row.id, row.title, row.created, row.changed, turns)
                for row, turns in session.execute(query)
            ]

    def conversation(self, owner: str, conversation: str) -> Conversation:
        """With every answer as it was. Raises ConversationInvalid where the owner has none of that id."""
        with self._database.reading() as session:
            row = _owned(session, owner, conversation, whole=True)
            turns = tuple(
                KeptTurn(
                    turn.id,
                    turn.asked_at,
                    turn.question,
                    restored(turn.answer),
                    _opinion(turn.feedback) if turn.feedback else None,
                )
                for turn in row.turns
            )
            return Conversation(row.id, row.title, row.created, row.changed, turns)

    def rename(self, owner: str, conversation: str, title: str) -> None:
        """Raises ConversationInvalid for a title without a character, or an unknown conversation."""
        shown = " ".join(cleaned(title).split())[:MAX_TITLE]
        if not shown:
            raise ConversationInvalid("A title has at least one character. Type a title.")
        with self._database.writing() as session:
            row = _owned(session, owner, conversation, lock=True)
            row.title, row.searched = shown, _folded(shown)

    def delete(self, owner: str, conversation: str) -> None:
        """For good: with its answers and all feedback on them, out of the database's files too."""
        with self._database.writing() as session:
            session.delete(_owned(session, owner, conversation, lock=True))
        self._database.forget()

    def give_feedback(self, owner: str, turn: str, opinion: Opinion) -> None:
        """On a turn of the owner's; a newer opinion takes the place of an older one."""
        with self._database.writing() as session:
            row = session.get(TurnRow, turn)
            if row is None:
                raise _missing()
            conversation = _owned(session, owner, row.conversation_id, whole=True)
            before = [it.question for it in conversation.turns if it.position < row.position]
            session.execute(delete(FeedbackRow).where(FeedbackRow.turn_id == row.id))
            session.add(_feedback(opinion, row.question, before, contract(row.answer), row.id))

    def note_feedback(
        self,
        opinion: Opinion,
        question: str,
        earlier: tuple[str, ...] = (),
        answer: dict[str, Any] | None = None,
    ) -> int:
        """On an answer that no conversation holds, as an API gives it; gives the feedback's id."""
        row = _feedback(opinion, cleaned(question), [cleaned(said) for said in earlier], answer)
        with self._database.writing() as session:
            session.add(row)
            session.flush()
            return row.id

    def feedback(self) -> list[Feedback]:
        """All that anybody gave, the oldest first: for the operator, who makes cases of it."""
        with self._database.reading() as session:
            rows = session.scalars(select(FeedbackRow).order_by(FeedbackRow.id))
            return [
                Feedback(
                    row.id,
                    row.given_at,
                    _opinion(row),
                    row.question,
                    tuple(row.earlier),
                    row.answer,
                )
                for row in rows
            ]

    def count(self) -> tuple[int, int]:
        """How many conversations and how much feedback there are, of all owners."""
        with self._database.reading() as session:
            conversations = session.scalar(select(func.count(ConversationRow.id)))
            return conversations or 0, session.scalar(select(func.count(FeedbackRow.id))) or 0


def state_of(settings: Settings) -> str:
    """Where the history is and what it holds, in words; makes none. Raises HistoryUnusable."""
    if not settings.history:
        return "switched off: nothing is kept"
    file = file_of(parsed(settings.history_database))
    if file is not None and not file.is_file():
        return f"none yet; the page will make {file}"
    database = Database(settings.history_database, make=False)
    with History(database) as history:
        if not database.made:
            return f"none yet; the page will make its tables in {history.name}"
        conversations, feedback = history.count()
        return f"{history.name}; conversations: {conversations:,}, opinions: {feedback:,}"


def _owned(
    session: Session, owner: str, conversation: str, *, lock: bool = False, whole: bool = False
) -> ConversationRow:
    query = select(ConversationRow).where(
        ConversationRow.id == conversation, ConversationRow.owner == owner
    )
    if whole:
        query = query.options(selectinload(ConversationRow.turns).selectinload(TurnRow.feedback))
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise _missing()
    return row


def _missing() -> ConversationInvalid:
    return ConversationInvalid(
        "There is no such conversation; it may have been deleted. Choose another, or ask a question."
    )


def _holds(word: str) -> ColumnElement[bool]:
    """In the texts folded by us: SQLite's lower() knows ASCII alone."""
    said = select(TurnRow.id).where(
        TurnRow.conversation_id == ConversationRow.id,
        TurnRow.searched.contains(word, autoescape=True),
    )
    return or_(ConversationRow.searched.contains(word, autoescape=True), said.exists())


def _feedback(
    opinion: Opinion,
    question: str,
    earlier: list[str],
    answer: dict[str, Any] | None,
    turn_id: str | None = None,
) -> FeedbackRow:
    return FeedbackRow(
        turn_id=turn_id,
        given_at=datetime.now(UTC),
        thumb=opinion.thumb,
        reason=opinion.reason,
        comment=opinion.comment,
        question=question,
        earlier=earlier,
        answer=answer,
    )


def _opinion(row: FeedbackRow) -> Opinion:
    return Opinion(row.thumb, row.reason, row.comment)  # type: ignore[arg-type]


def _folded(text: str) -> str:
    return cleaned(text).casefold()


def _shortened(title: str) -> str:
    line = " ".join(cleaned(title).split()) or "Untitled"
    if len(line) <= TITLE_OF_QUESTION:
        return line
    return line[: TITLE_OF_QUESTION - 1].rsplit(" ", 1)[0] + "…"
