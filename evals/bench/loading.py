"""How long a PDF of 1,000 pages and 2,000 JATS articles take to load, and the most memory they need.

    python -m evals.bench.loading

makes both in a temporary folder and reads each in a process of its own.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
from pathlib import Path

PAGES, ARTICLES = 1000, 2000
WORDS = (
    "calcium phosphate deposit hip joint tissue damaged muscle tendon bone patient pain surgery trial "
    "radiograph ossification calcification serum normal raised after before with without of the in"
)
MEASURE = """
import re, sys, time
from pathlib import Path
from assistant.progress import progress_bar
from assistant.sources.check import checked_corpus
start = time.perf_counter()
with progress_bar() as progress:
    documents, passages, _ = checked_corpus(
        Path(sys.argv[1]), lambda done, total: progress("reading", done, total)
    )
status = Path("/proc/self/status").read_text()
peak = int(re.search(r"VmHWM:\\s+(\\d+)", status)[1]) // 1024
print(f"{len(documents):,} documents, {len(passages):,} passages: "
      f"{time.perf_counter() - start:.0f} s, peak {peak} MB")
"""


def sentence(chance: random.Random) -> str:
    """Fourteen words and a full stop."""
    return " ".join(chance.choices(WORDS.split(), k=14)).capitalize() + "."


def make_pdf(path: Path, chance: random.Random) -> None:
    """1,000 pages of 40 lines."""
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(str(path))
    for _ in range(PAGES):
        for line in range(40):
            canvas.drawString(60, 780 - 18 * line, sentence(chance))
        canvas.showPage()
    canvas.save()


def make_articles(folder: Path, chance: random.Random) -> None:
    """2,000 articles of 20 paragraphs, as PubMed Central has them."""
    for number in range(ARTICLES):
        body = "".join(
            f"<sec><title>Part {part}</title>"
            + "".join(f"<p>{' '.join(sentence(chance) for _ in range(6))}</p>" for _ in range(5))
            + "</sec>"
            for part in range(4)
        )
        (folder / f"article-{number}.xml").write_text(
            "<article><front><article-meta><title-group><article-title>Article "
            f"{number}</article-title></title-group><abstract><p>{sentence(chance)}</p></abstract>"
            f"</article-meta></front><body>{body}</body></article>",
            encoding="utf-8",
        )


def main() -> None:
    """Print a line for each."""
    chance = random.Random(1)
    with tempfile.TemporaryDirectory() as home:
        for name, make in (("pdf", make_pdf), ("jats", make_articles)):
            folder = Path(home) / name
            folder.mkdir()
            make(folder / "book.pdf" if name == "pdf" else folder, chance)
            result = subprocess.run(
                [sys.executable, "-c", MEASURE, str(folder)],
                stdout=subprocess.PIPE,
                text=True,
                check=True,
            )
            print(f"{name}: {result.stdout.strip()}")


if __name__ == "__main__":
    main()
