"""The import layers of the package, and what each face may make a process load."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "assistant"
MODULES = {
    ".".join(("assistant", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(
        ".__init__"
    ): path
    for path in PACKAGE.rglob("*.py")
}
# Lowest first; a module imports from its own layer and from those below it.
LAYERS = (
    ("types", "errors", "settings"),
    (
        "abbreviations", "answerable", "aspects", "catalogue", "chat_models", "citations", "clock",
        "conversation", "coverage", "crossencoder", "dependence", "disguises", "doses", "embeddings",
        "engines", "english", "evidence", "extrapolation", "fetching", "filters", "forms", "glossary",
        "grounding", "index", "judgements", "leaning", "levels", "onnx_export", "order_direction", "orders",
        "parts", "people", "periods", "questions", "ranking", "retrieval", "rewriting", "rows",
        "safety", "scope", "scorer", "screening", "searching", "sign_words", "signs", "sources",
        "spelling", "splitting", "statements", "synonyms", "topics", "treatments", "understanding",
    ),
    ("assistant",),
    ("history",),
    (
        "bibliography", "doctor", "export", "followups", "layout", "opening", "printing", "progress",
        "rendering", "terminal", "uploading",
    ),
    ("cli", "corpus_cli", "eval_cli", "mcp_server", "model_options", "web"),
)  # fmt: skip
NEVER = ("langchain_community", "langchain_classic", "pickle")
# Only these ask for the evaluations, inside a function.
EVALUATE = ("assistant.eval_cli", "assistant.web.evaluation", "assistant.web.measured")


def layer_of(module: str) -> int:
    name = module.split(".")[1]
    return next(number for number, names in enumerate(LAYERS) if name in names)


def imported(path: Path) -> set[str]:
    """Every module that a file imports, at its top or inside a function, but not for types alone."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            node.body = [ast.Pass()]
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.update({str(node.module), *(f"{node.module}.{a.name}" for a in node.names)})
    return names


@pytest.mark.parametrize("module", sorted(set(MODULES) - {"assistant", "assistant.__main__"}))
def test_a_module_imports_only_from_its_layer_and_below(module: str) -> None:
    own = layer_of(module)
    for name in imported(MODULES[module]):
        if name in MODULES and name != "assistant":
            assert layer_of(name) <= own, f"{module} imports {name}"
        assert name.split(".")[0] not in NEVER, f"{module} imports {name}"
        assert name.split(".")[0] != "evals" or module in EVALUATE, f"{module} imports {name}"


def test_the_lowest_layer_needs_the_standard_library_and_pydantic_only() -> None:
    known = set(sys.stdlib_module_names) | {"pydantic", "pydantic_settings", "platformdirs"}
    for name in LAYERS[0]:
        for module in imported(PACKAGE / f"{name}.py"):
            assert module.split(".")[0] in known | {"assistant"}, f"{name} imports {module}"


def loaded(code: str) -> set[str]:
    script = f"{code}\nimport sys; print(*sorted(m for m in sys.modules if '.' not in m))"
    result = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    return set(result.stdout.splitlines()[-1].split())


def test_a_question_is_answered_without_torch(assistant: object) -> None:
    code = "from assistant import Assistant; print(Assistant.open().ask('What is it?').text)"
    modules = loaded(code)
    assert "onnxruntime" in modules and "chromadb" in modules
    assert not modules & {
        "torch",
        "transformers",
        "sentence_transformers",
        "gradio",
        "langchain_classic",
    }


def test_help_is_printed_without_anything_heavy() -> None:
    code = (
        "with contextlib.suppress(SystemExit):\n    from assistant.cli import app; app(['--help'])"
    )
    modules = loaded(f"import contextlib\n{code}")
    assert "typer" in modules
    assert not modules & {"numpy", "torch", "gradio", "chromadb", "langchain_core", "pydantic"}


def test_every_public_name_can_be_imported() -> None:
    import assistant

    for name in assistant.__all__:
        assert getattr(assistant, name).__name__ == name
