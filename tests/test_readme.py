"""What the README states is so: generated parts, commands, settings, examples, counts."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from typer.main import get_command

from assistant import Assistant
from assistant.cli import app
from assistant.settings import Settings
from assistant.web.api import api
from assistant.web.service import Service
from evals.bench.readme import filled

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_first_lines_are_the_two_commands() -> None:
    first = README.splitlines()[2:4]
    assert [line.split()[:2] for line in first] == [["make", "run"], ["make", "test"]]
    targets = re.findall(
        r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert {"setup", "run", "test", "check"} <= set(targets)


def test_its_generated_parts_are_up_to_date(assistant: Assistant) -> None:
    assert filled(README, assistant) == README, "run: python -m evals.bench.readme"


def test_it_lists_every_command_with_options_that_exist() -> None:
    commands: dict[str, object] = {}
    for name, command in get_command(app).commands.items():  # type: ignore[attr-defined]
        inner = getattr(command, "commands", None)
        if not inner or command.invoke_without_command:  # type: ignore[attr-defined]
            commands[name] = command
        commands |= {f"{name} {sub}": it for sub, it in (inner or {}).items()}
    rows = re.findall(
        r"^\| `hip-assistant ([a-z]+(?: [a-z][a-z-]*)?)([^`]*)`", README, re.MULTILINE
    )
    assert {name for name, _ in rows} == set(commands)
    for name, options in rows:
        known = {option for p in commands[name].params for option in p.opts}  # type: ignore[attr-defined]
        assert set(re.findall(r"--[\w-]+", options)) <= known


def test_it_lists_every_setting_with_its_default() -> None:
    rows = dict(re.findall(r"^\| `ASSISTANT_(\w+)` \| `?([^`|]+?)`? \|", README, re.MULTILINE))
    fields = Settings.model_fields
    assert {name.lower() for name in rows} == set(fields)
    for name, default in rows.items():
        if (actual := fields[name.lower()].default) is not None:
            assert default == str(actual)


def test_it_lists_every_address_of_the_api(assistant: Assistant) -> None:
    rows = re.findall(r"^\| `(GET|POST) (/[\w/]+)`", README, re.MULTILINE)
    described = api(Service(assistant)).openapi()["paths"]
    assert sorted(rows) == sorted(
        (method.upper(), path) for path, methods in described.items() for method in methods
    )


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", README, re.DOTALL))
def test_its_python_examples_run(assistant: Assistant, code: str, tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert result.returncode == 0, result.stderr
    assert result.stdout.strip()


def test_its_counts_are_those_of_the_index(assistant: Assistant) -> None:
    passages = f"{len(assistant.index.passages):,} passages"
    assert passages in README
    publications = len(list((ROOT / "corpus" / "references").glob("*.md")))
    assert f"{publications} publications" in README.replace("\n", " ")


def test_its_limits_are_those_of_the_loaders() -> None:
    from assistant.sources import html, pdf, plain_yaml, records, text, xml

    megabytes = [m.MAX_BYTES // 1_000_000 for m in (text, records, html, xml, pdf)]
    said = README[README.index("Read at most are") :].split("\n\n")[0].replace("\n", " ")
    assert list(map(int, re.findall(r"of (\d+) MB", said)))[:5] == megabytes
    assert f"{pdf.MAX_PAGES:,} pages" in said
    assert f"{plain_yaml.MAX_CHARACTERS:,} characters" in said


def test_its_count_of_attacks_is_that_of_the_suite() -> None:
    from tests.attacks import ATTACKS

    assert f"runs {len(ATTACKS)} attacks against a model that obeys" in README


def test_the_files_it_names_exist() -> None:
    for name in re.findall(r"`((?:assistant|evals|corpus|tests)/[\w/.-]+)`", README):
        assert (ROOT / name).exists(), name
    for module in re.findall(r"python -m (evals[\w.]+)", README):
        assert (ROOT / (module.replace(".", "/") + ".py")).is_file(), module
