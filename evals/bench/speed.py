"""Times the assistant beside a tutorial's script: `python -m evals.bench.speed`.

Cold: a new process for each question, `hip-assistant ask` against `evals.bench.minimal_script`, in
turn, so that both meet the same machine. Warm: `Assistant.ask` over 100 questions in one process,
beside the script's retrieval alone. Needs the extra: pip install 'hip-assistant[bench]'.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import yaml

from evals.bench.bars import DATA

QUESTION = "Do bisphosphonates help in osteonecrosis of the femoral head?"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="cold runs of each")
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as folder:
        script = [sys.executable, "-m", "evals.bench.minimal_script", QUESTION, folder]
        ask = [str(Path(sys.executable).with_name("hip-assistant")), "ask", QUESTION]
        _run(script), _run(ask)  # fill the store and the file cache
        cold = [(_run(ask), _run(script)) for _ in range(runs)]
        ours, theirs = (median(side) for side in zip(*cold, strict=True))
        ratio = median(script / ask for ask, script in cold)
        print(f"cold, median of {runs}: ask {ours:.2f} s, script {theirs:.2f} s, {ratio:.1f} times")
        warm = subprocess.run(
            [*script, "--repeat", "100"], capture_output=True, text=True, check=True
        )
        retrieval = [float(line) for line in warm.stdout.split()]
    print(f"warm, 100 retrievals of the script: median {median(retrieval):.1f} ms")
    _warm()


def _warm() -> None:
    from assistant import Assistant

    questions = [q["question"] for q in yaml.safe_load(DATA.read_text("utf-8"))["questions"]][:100]
    assistant = Assistant.open()
    assistant.ask(QUESTION)
    totals, retrievals = [], []
    for question in questions:
        timings = assistant.ask(question).timings_ms
        totals.append(timings["total"])
        retrievals.append(timings["embedding"] + timings["retrieval"])
    p95 = quantiles(totals, n=20)[-1]
    print(
        f"warm, {len(totals)} questions: ask median {median(totals):.1f} ms, p95 {p95:.1f} ms; "
        f"of which retrieval {median(retrievals):.1f} ms"
    )


def _run(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return perf_counter() - start


if __name__ == "__main__":
    main()
