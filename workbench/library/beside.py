"""Where a workspace's personas and prompts are read from."""

from __future__ import annotations

from pathlib import Path

from workbench.domain.edition import FileKind
from workbench.library.builtin import builtin_personas, builtin_prompts
from workbench.library.files import FileLibrary


def library_beside(workspace: Path, *, personas: Path | None = None, prompts: Path | None = None) -> FileLibrary:
    """The personas and prompts of the folders that are set; else the built-in ones, until one is saved and lies beside
    the workspace from then on."""
    own: dict[FileKind, Path] = {}
    if personas is None:
        own["persona"] = workspace.with_name("personas")
    if prompts is None:
        own["prompt"] = workspace.with_name("prompts")
    return FileLibrary(personas or builtin_personas(), prompts or builtin_prompts(), own=own)
