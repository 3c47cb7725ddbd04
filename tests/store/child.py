"""A second process for the tests: it writes a draft until it is killed, races for decisions, or draws sides."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from tests.store.samples import TOOL, a_decision, a_draft, at_noon
from workbench.domain.ids import PersonaId
from workbench.errors import ConflictError
from workbench.services.masking import Masking
from workbench.store.workspace import SqlStore, open_store


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def write_without_end(store: SqlStore) -> None:
    """Says how long the text is after each commit."""
    draft = replace(a_draft(), state="streaming")
    with store.writing() as repositories:
        repositories.drafts.add(draft)
    while True:
        draft = replace(draft, text=f"{draft.text}{len(draft.text) % 10}🙂")
        with store.writing() as repositories:
            repositories.drafts.save([draft])
        say(str(len(draft.text)))


def race(store: SqlStore, editor: str) -> None:
    """One decision for each line that comes in: its number; says whether it was saved."""
    for line in sys.stdin:
        try:
            with store.writing() as repositories:
                repositories.decisions.append(a_decision(int(line), editor=editor))
        except ConflictError as conflict:
            say(conflict.message)
        else:
            say("saved")


def draw_sides(store: SqlStore) -> None:
    """The order of two providers for each cell that comes in."""
    masking = Masking(store=store, on=True)
    for line in sys.stdin:
        (order,) = masking.sides(TOOL, [PersonaId(line.strip())], ["a", "b"]).values()
        say(" ".join(order))


def main(path: str, task: str, editor: str) -> None:
    store = open_store(Path(path), create=False, now=at_noon)
    say("ready")
    if task == "write":
        write_without_end(store)
    elif task == "sides":
        draw_sides(store)
    else:
        race(store, editor)
    store.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
