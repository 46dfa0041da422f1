"""What the page, the API and the MCP server share: the assistant in use, the history, the counters.

The assistant may be replaced while questions are asked: each question keeps the one it began with.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event

from assistant.assistant import Assistant
from assistant.errors import HistoryOff, QuestionInvalid
from assistant.history.history import History
from assistant.types import Answer, Hit, Notice, Sentence, Turn
from assistant.uploading import Uploaded, upload
from assistant.web.metrics import Metrics


class Service:
    """Asks the assistant and counts; safe to share between threads. `history` is None where it is off."""

    def __init__(self, assistant: Assistant, history: History | None = None) -> None:
        self.metrics = Metrics()
        self._history = history
        self.assistant = assistant

    @property
    def assistant(self) -> Assistant:
        """The one in use; set it to put another into use."""
        return self._assistant

    @assistant.setter
    def assistant(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.metrics.opened(assistant.index)

    @property
    def keeps_history(self) -> bool:
        return self._history is not None

    @property
    def history(self) -> History:
        """Raises HistoryOff where the operator keeps none."""
        if self._history is None:
            raise HistoryOff(
                "The operator of this service keeps no history, so nothing can be kept. "
                "The operator can allow it with: ASSISTANT_HISTORY=on"
            )
        return self._history

    @property
    def engines(self) -> tuple[str, ...]:
        """The engines that a question may name, the usual one first."""
        return self.assistant.engines

    @property
    def disclosure(self) -> str | None:
        """Which host receives what is asked, where one does."""
        return self.assistant.disclosure

    def ask(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        face: str = "api",
        *,
        engine: str | None = None,
    ) -> Answer:
        """`Assistant.ask`, counted under the name of the face that asked."""
        with self._counted(face):
            answer = self.assistant.ask(question, turns, engine=engine)
            self.metrics.answered(face, answer)
            return answer

    def stream(
        self,
        question: str,
        turns: Sequence[Turn] = (),
        face: str = "page",
        *,
        engine: str | None = None,
        stop: Event | None = None,
    ) -> Iterator[Notice | Sentence | Answer]:
        """`Assistant.stream`, counted under the name of the face that asked."""
        with self._counted(face):
            for part in self.assistant.stream(question, turns, engine=engine, stop=stop):
                if isinstance(part, Answer):
                    self.metrics.answered(face, part)
                yield part

    def retrieve(self, query: str, k: int = 10, turns: Sequence[Turn] = ()) -> list[Hit]:
        """`Assistant.retrieve`."""
        return self.assistant.retrieve(query, k, turns)

    def add_source(
        self,
        file: Path,
        name: str,
        *,
        known: Mapping[str, str] | None = None,
        progress: Callable[[str, int, int], None] = lambda stage, done, total: None,
    ) -> Uploaded:
        """Adds a file to the corpus and answers from the new index from then on.

        Raises SourceRefused, also where the operator does not allow it, or IndexBusy.
        """
        before = self.assistant
        uploaded = upload(file, name, before.index, before.settings, known=known, progress=progress)
        self.assistant = Assistant.open(before.index.name, settings=before.settings)
        return uploaded

    @contextmanager
    def _counted(self, face: str) -> Iterator[None]:
        try:
            yield
        except QuestionInvalid:
            self.metrics.unanswered(face, refused=True)
            raise
        except Exception:
            self.metrics.unanswered(face, refused=False)
            raise
