"""What a dossier came from, on a terminal and in a pipe."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.cli.opening import find_tool, workbench_at
from workbench.cli.printing import console
from workbench.errors import InputError

if TYPE_CHECKING:
    from workbench.services.revealing import Revealed


def put_original(tool: str, workspace: Path | None) -> None:
    """Print the original: its bytes and nothing else; on a terminal as text, with what hides made visible.

    Raises UnknownNameError, and InputError for a tool from before originals were kept.
    """
    with workbench_at(workspace) as bench:
        dossier = find_tool(bench, tool)
        found = bench.revealing.original(dossier.tool.id)
        shown = "" if found is None else bench.revealing.readable(found)
    if found is None:
        raise InputError(
            f"The workspace does not have what {dossier.tool.name} was made from.",
            "It came before originals were kept; import it again to keep one.",
            field="tool",
        )
    if sys.stdout.isatty():
        # A terminal would obey what it finds there.
        console().print(shown, soft_wrap=True, highlight=False)
        return
    sys.stdout.flush()
    sys.stdout.buffer.write(found.data)
    sys.stdout.buffer.flush()


def revealed_shape(revealed: Revealed) -> dict[str, Any]:
    """What `--json` says of a dossier's text."""
    came = revealed.came
    return {
        "suspicions": [{"field": one.field, "kind": one.kind, "words": one.words} for one in revealed.suspicions],
        "removed": revealed.removed,
        "original": None
        if came is None
        else {"name": came.name, "format": came.format, "bytes": came.size, "sha256": came.digest},
    }
