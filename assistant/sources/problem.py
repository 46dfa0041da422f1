"""Why a file cannot become a document: one line for each reason."""

from __future__ import annotations


class SourceProblem(Exception):
    """Raised by loaders; `lines` holds every reason that was found in the file."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("; ".join(lines))


class LeftOut(str):
    """A line on one work of a file that cannot be quoted, given by a loader instead of a Document."""

    __slots__ = ()
