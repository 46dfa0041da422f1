"""Why a file cannot become a document: one line for each reason."""

from __future__ import annotations


class SourceProblem(Exception):
    """Raised by loaders; `lines` holds every reason that was found in the file."""

    def __init__(self, *lines: str) -> None:
        self.lines = lines
        super().__init__("; ".join(lines))
