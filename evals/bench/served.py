"""A page for a bench: `hip-assistant web` in a second process, with a history that is thrown away."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import yaml

from evals.bench.bars import DATA


@contextmanager
def served(port: int) -> Iterator[str]:
    """The address, from the moment when the command says that it listens."""
    with tempfile.TemporaryDirectory() as folder:
        history = f"sqlite:///{Path(folder) / 'history.sqlite'}"
        process = subprocess.Popen(
            [sys.executable, "-m", "assistant", "web", "--port", str(port)],
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"ASSISTANT_HISTORY_URL": history},
        )
        assert process.stdout is not None
        try:
            for line in process.stdout:
                if "The page is at" in line:
                    break
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(timeout=20)


def questions() -> list[str]:
    """Those that the corpus answers, of the development set."""
    asked = yaml.safe_load(DATA.read_text("utf-8"))["questions"]
    return [str(question["question"]) for question in asked if question["answerable"]]
