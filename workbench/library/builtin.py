"""Where the content that comes with the workbench lies: personas, prompts and two sample dossiers."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parents[1]


def builtin_personas() -> Path:
    """The folder of the four personas that come with the workbench."""
    return _content("personas")


def builtin_prompts() -> Path:
    """The folder of the six prompts that come with the workbench."""
    return _content("prompts")


def sample_texts() -> tuple[str, ...]:
    """The sample dossiers as Markdown, in the order of their file names."""
    found = (entry for entry in files("workbench.library").joinpath("sample").iterdir() if entry.name.endswith(".md"))
    return tuple(entry.read_text(encoding="utf-8") for entry in sorted(found, key=lambda one: one.name))


def _content(folder: str) -> Path:
    # A wheel carries the content inside the package; a checkout keeps it at the top, where editors look for it.
    packed = _PACKAGE / "_content" / folder
    return packed if packed.is_dir() else _PACKAGE.parent / folder
