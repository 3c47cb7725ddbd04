"""What every command begins with: shared options, the workbench opened and closed, tools and personas by name."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.domain.dossier import Dossier
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.text import clean, one_line, slug
from workbench.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from workbench.bootstrap import Workbench
    from workbench.ports import Library, ToolSummary
    from workbench.settings import Settings

_PAGE = 200

WorkspaceOption = Annotated[
    Path | None,
    typer.Option("--workspace", "-w", metavar="PATH", help="The workspace file; your own one when not given."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object instead of text.")]
EditorOption = Annotated[
    str | None, typer.Option("--editor", metavar="NAME", help="Who signs; the `editor` of the settings if not given.")
]


def examples(*lines: str) -> str:
    """The end of a command's help. What stands behind two blanks in a line is its comment."""
    shown: list[str] = []
    for one in lines:
        command, _, comment = one.replace("[", "\\[").partition("  ")
        shown.append(f"{command}  [dim]# {comment.strip()}[/dim]" if comment else command)
    return "\n\n".join(("[bold]Examples[/bold]", *shown))  # a paragraph each, or the renderer joins them


def settings_for(workspace: Path | None) -> Settings:
    """The settings with the workspace asked for on this command line. Raises SettingsError."""
    from workbench.settings import load

    return load(workspace=workspace.expanduser() if workspace is not None else None)


@contextmanager
def workbench_at(workspace: Path | None, *, create: bool = False) -> Generator[Workbench, None, None]:
    """The workbench, closed at the end.

    A missing workspace is made when `create` is set, or when nobody named it: the user's own one needs no
    ceremony, a mistyped path must not become an empty workspace. Raises WorkspaceError and SettingsError.
    """
    settings = settings_for(workspace)
    from workbench.bootstrap import build

    bench = build(settings, create=create or "workspace" not in settings.model_fields_set)
    try:
        yield bench
    finally:
        bench.close()


def signer(bench: Workbench, editor: str | None) -> str:
    """The name to sign with, on one line. Raises InputError when there is none."""
    name = one_line(clean(bench.settings.editor if editor is None else editor).text)
    if not name:
        raise InputError(
            "A decision needs a name.", "Give --editor NAME, or set `editor` in the settings.", field="editor"
        )
    return name


def library_of(settings: Settings) -> Library:
    """The personas and prompts the app uses with these settings, without opening the workspace."""
    from workbench.library.beside import library_beside

    return library_beside(settings.workspace, personas=settings.personas, prompts=settings.prompts)


def summaries(bench: Workbench, search: str = "") -> list[ToolSummary]:
    """Every tool that matches, last changed first."""
    found: list[ToolSummary] = []
    with bench.store.reading() as repositories:
        while page := repositories.tools.summaries(search=search, offset=len(found), limit=_PAGE):
            found.extend(page)
    return found


def find_tool(bench: Workbench, name: str) -> Dossier:
    """The newest dossier of the tool with this id or name. Raises UnknownNameError listing what exists."""
    with bench.store.reading() as repositories:
        dossier = repositories.tools.latest(ToolId(name)) or repositories.tools.latest(ToolId(slug(name)))
    if dossier is None:
        raise UnknownNameError("tool", name, [one.tool.id for one in summaries(bench)][:20])
    return dossier


def find_persona(bench: Workbench, name: str, tool_id: ToolId) -> PersonaId:
    """The persona with this id or label; one whose file is gone is known by its decisions.

    Raises UnknownNameError listing what exists.
    """
    personas = bench.library.personas()
    folded = name.strip().casefold()
    for one in personas:
        if folded in {one.id.casefold(), one.label.casefold()}:
            return one.id
    if PersonaId(name) in bench.deciding.cells(tool_id):
        return PersonaId(name)
    raise UnknownNameError("persona", name, [one.id for one in personas])
