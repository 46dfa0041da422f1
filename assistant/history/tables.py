"""The tables of a history, and the version of their form."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship
from sqlalchemy.types import TypeDecorator

# To be raised with every change of a table; a history of another version is not touched.
VERSION = 1
MAX_TITLE, MAX_OWNER = 200, 200


class Utc(TypeDecorator[datetime]):
    """A moment in UTC, with its zone: SQLite gives moments back without one."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables of a history."""


class VersionRow(Base):
    """One row: the version of the tables."""

    __tablename__ = "schema_version"
    version: Mapped[int] = mapped_column(primary_key=True)


class ConversationRow(Base):
    """`searched` is its title, case folded."""

    __tablename__ = "conversations"
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    owner: Mapped[str] = mapped_column(String(MAX_OWNER), index=True)
    title: Mapped[str] = mapped_column(String(MAX_TITLE))
    searched: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(Utc)
    changed: Mapped[datetime] = mapped_column(Utc, index=True)
    turns: Mapped[list[TurnRow]] = relationship(
        order_by="TurnRow.position", cascade="all, delete-orphan", passive_deletes=True
    )


class TurnRow(Base):
    """`answer` is the answer with its passages; `searched` its question and text, case folded."""

    __tablename__ = "turns"
    __table_args__ = (UniqueConstraint("conversation_id", "position"),)
    id: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation_id: Mapped[str] = mapped_column(
        ForeignKey("conversations.id", ondelete="CASCADE"), index=True
    )
    position: Mapped[int]
    asked_at: Mapped[datetime] = mapped_column(Utc)
    question: Mapped[str] = mapped_column(Text)
    answer: Mapped[dict[str, Any]] = mapped_column(JSON)
    searched: Mapped[str] = mapped_column(Text)
    feedback: Mapped[FeedbackRow | None] = relationship(
        cascade="all, delete-orphan", passive_deletes=True
    )


class FeedbackRow(Base):
    """With its own copy of what it is about; that on a turn is deleted with its conversation."""

    __tablename__ = "feedback"
    id: Mapped[int] = mapped_column(primary_key=True)
    turn_id: Mapped[str | None] = mapped_column(
        ForeignKey("turns.id", ondelete="CASCADE"), unique=True
    )
    given_at: Mapped[datetime] = mapped_column(Utc)
    thumb: Mapped[str] = mapped_column(String(4))
    reason: Mapped[str | None] = mapped_column(String(20))
    comment: Mapped[str] = mapped_column(Text)
    question: Mapped[str] = mapped_column(Text)
    earlier: Mapped[list[str]] = mapped_column(JSON)
    answer: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
