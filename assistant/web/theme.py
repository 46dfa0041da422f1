"""How the page looks and moves: Gradio's theme, our CSS, our script; system fonts, nothing from elsewhere."""

from __future__ import annotations

from pathlib import Path
from typing import Any

LOOK = Path(__file__).with_name("look")


def look() -> dict[str, Any]:
    """What `launch` and `mount_gradio_app` need beside the page."""
    import gradio as gr

    theme = gr.themes.Base(
        font=["system-ui", "-apple-system", "Segoe UI", "sans-serif"],
        font_mono=["ui-monospace", "monospace"],
    )
    # In the head and not as `css`: Gradio would rewrite that rule by rule, and not all of CSS.
    return {"theme": theme, "head": f"<style>{_joined('*.css')}</style>", "footer_links": []}


def script() -> str:
    """The script of the page, for a component to run once: it is handed `trigger`."""
    return _joined("*.js")


def _joined(pattern: str) -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(LOOK.glob(pattern)))
