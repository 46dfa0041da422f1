"""What can go wrong, by kind. Each message says what was wrong, what is accepted and what mends it."""

from __future__ import annotations

from collections.abc import Sequence


class AssistantError(Exception):
    """Any error that a user can mend; the faces print its message and exit with 2."""


class QuestionInvalid(AssistantError):
    """The question cannot be searched: empty, too long, no words, control characters, not English."""


class SettingsInvalid(AssistantError):
    """A setting has a value that is not accepted."""


class EngineUnknown(AssistantError):
    """A question names an engine that is not there."""


class CorpusInvalid(AssistantError):
    """The corpus has problems; all of them are in `problems`, one line each."""

    def __init__(self, problems: Sequence[str], remedy: str) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"The corpus has {count} problem{'s' if count > 1 else ''}:\n{listed}\n{remedy}"
        )


class IndexMissing(AssistantError):
    """There is no index of that name."""


class IndexIncompatible(AssistantError):
    """The index was built with another model or another version of the format."""


class IndexDamaged(AssistantError):
    """A file of the index is missing or does not match its checksum."""


class IndexBusy(AssistantError):
    """Another process is building the same index."""


class IndexNotWritable(AssistantError):
    """The folder for indexes cannot be written."""


class ModelUnavailable(AssistantError):
    """The embedding model cannot be loaded, or is not the one that was published."""


class HistoryUnusable(AssistantError):
    """The database of conversations cannot be opened, read or written, or has another version."""


class HistoryOff(AssistantError):
    """The operator keeps no history, so nothing can be kept in it."""


class ConversationInvalid(AssistantError):
    """There is no such conversation of this owner, or its title or owner is not accepted."""


class FeedbackInvalid(AssistantError):
    """A thumb or a reason that is none, or too many words."""


class AnswerDamaged(AssistantError):
    """A kept answer cannot be read, or a quote of it does not stand in its passage."""


class PortInUse(AssistantError):
    """The address that the page shall listen on is taken."""


class FetchFailed(AssistantError):
    """A publication, or a part of it, could not be fetched."""


class SourceRefused(AssistantError):
    """A file cannot be added to the corpus."""


class CasesInvalid(AssistantError):
    """The cases of an evaluation have problems; all of them are in `problems`, one line each."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        listed = "\n".join(f"  {problem}" for problem in self.problems)
        super().__init__(
            f"The cases have {len(self.problems)} problem{'s' * (len(self.problems) > 1)}:\n{listed}\n"
            "Mend the files of cases, or name another folder of them with: hip-assistant eval --cases DIR"
        )


class EvaluationFailed(AssistantError):
    """A figure fell below what was accepted, or a run or a case that was named is not there."""


class SystemFailed(AssistantError):
    """A system that is evaluated, or a judge, raised or gave something else than an answer."""


class ExtraMissing(AssistantError):
    """A package of an optional extra is not installed."""


class DataInvalid(AssistantError):
    """A folder of third-party data is not of the form that its suite reads."""
