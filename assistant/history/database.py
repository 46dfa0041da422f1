"""A URL -> a database with the tables of a history: SQLite or PostgreSQL, through SQLAlchemy.

SQLite keeps a write-ahead log, so that readers never wait for a writer, and overwrites what is
deleted. A database whose tables have another version is refused as it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.orm import Session

from assistant.errors import ExtraMissing, HistoryUnusable
from assistant.history.tables import VERSION, Base, VersionRow

DATABASES = ("sqlite", "postgresql")
REMEDY = (
    "Name a database with: ASSISTANT_HISTORY_URL=sqlite:////folder/history.sqlite (or "
    "postgresql://user:password@host/name), or keep no history with: ASSISTANT_HISTORY=off"
)
# Any number will do that no other program locks in the same database.
LOCK = 1_184_207_563


class Database:
    """Sessions on one database; safe to share between threads."""

    def __init__(self, url: str, *, make: bool = True) -> None:
        """Opens it and, with `make`, makes the tables where there are none; else `made` is False.

        Raises HistoryUnusable, or ExtraMissing without the driver of PostgreSQL.
        """
        self._url = parsed(url)
        self._engine = _engine(self._url)
        with self._errors():
            if make:
                self._make_folder()
            with self._engine.execution_options(writes=make).begin() as connection:
                self.made = _prepared(connection, self.name, make)

    @property
    def name(self) -> str:
        """The URL without its password."""
        return self._url.render_as_string(hide_password=True)

    @contextmanager
    def reading(self) -> Iterator[Session]:
        with self._errors(), Session(self._engine) as session, session.begin():
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Committed at its end; undone when anything is raised."""
        engine = self._engine.execution_options(writes=True)
        with self._errors(), Session(engine) as session, session.begin():
            yield session

    def forget(self) -> None:
        """After a deletion: empties SQLite's log, where the deleted text would still stand."""
        if self._engine.dialect.name != "sqlite":
            return
        with self._errors():
            connection = self._engine.raw_connection()
            try:
                connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                connection.close()

    def close(self) -> None:
        self._engine.dispose()

    @contextmanager
    def _errors(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            cause = getattr(error, "orig", None) or error
            reason = str(cause).strip().splitlines()
            raise HistoryUnusable(
                f"The history in {self.name} cannot be used "
                f"({reason[0] if reason else type(cause).__name__}). {REMEDY}"
            ) from error

    def _make_folder(self) -> None:
        """For this user alone: what people ask about their health is nobody else's business."""
        if (file := file_of(self._url)) is not None:
            file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            file.touch(mode=0o600)


def parsed(url: str) -> URL:
    """The URL of a database that is known here. Raises HistoryUnusable."""
    try:
        known = make_url(url)
        if known.get_backend_name() in DATABASES and (
            known.get_backend_name() != "sqlite" or known.database not in (None, "", ":memory:")
        ):
            return known
    except ArgumentError:
        pass
    raise HistoryUnusable(
        "The history's URL names no file of SQLite and no database of PostgreSQL, the two that "
        f"are known. {REMEDY}"
    )


def file_of(url: URL) -> Path | None:
    """The file of an SQLite database, None of another."""
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else None


def _engine(url: URL) -> Engine:
    try:
        engine = create_engine(url, pool_pre_ping=url.get_backend_name() != "sqlite")
    except ModuleNotFoundError as missing:
        raise ExtraMissing(
            f"The driver {missing.name!r} of PostgreSQL is not installed. "
            "Install it with: pip install 'hip-assistant[postgresql]'"
        ) from None
    except NoSuchModuleError as unknown:
        raise HistoryUnusable(f"The history's URL names no driver ({unknown}). {REMEDY}") from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    # The driver would begin transactions on its own, and only before a change.
    connection.isolation_level = None
    for pragma in (
        "busy_timeout=10000",
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
        "secure_delete=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later could not wait for another's write.
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _prepared(connection: Connection, name: str, make: bool) -> bool:
    """Whether there are tables, made where there were none and `make` says so.

    Raises HistoryUnusable for those of another version.
    """
    if make and connection.dialect.name == "postgresql":
        # Two processes may open a new database at once; SQLite's transaction keeps them apart.
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    there = set(inspect(connection).get_table_names())
    if not there & set(Base.metadata.tables):
        if make:
            Base.metadata.create_all(connection)
            connection.execute(insert(VersionRow).values(version=VERSION))
        return make
    found = (
        connection.scalars(select(VersionRow.version)).all()
        if VersionRow.__tablename__ in there
        else []
    )
    if list(found) != [VERSION]:
        said = f"version {', '.join(map(str, found))}" if found else "no version"
        raise HistoryUnusable(
            f"The history in {name} has {said}; this hip-assistant reads and writes version "
            f"{VERSION}. Open it with the hip-assistant that made it, or name another: {REMEDY}"
        )
    return True
