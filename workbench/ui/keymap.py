"""The draft room's keys, as data: the page's script listens by it, and the cheat sheet is made of it.

A key that decides acts on the focused cell; letters are the browser's `event.key`, so a keyboard laid out
in another way works by letter.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """`keys` are alternatives; `act` is what the script or the room does; `says` is its line on the cheat sheet."""

    keys: tuple[str, ...]
    act: str
    says: str


KEYMAP: dict[str, tuple[Key, ...]] = {
    "Move": (
        Key(keys=("j", "ArrowDown"), act="next", says="Next cell"),
        Key(keys=("k", "ArrowUp"), act="previous", says="Previous cell"),
        Key(keys=("u",), act="undecided", says="Next undecided cell"),
        Key(keys=("ArrowLeft",), act="side_before", says="Pane to the left"),
        Key(keys=("ArrowRight",), act="side_after", says="Pane to the right"),
        Key(keys=("v",), act="tool", says="The other tool"),
        Key(keys=("f",), act="mark", says="Next mark; with Shift the one before"),
    ),
    "Decide": (
        Key(keys=("1",), act="accept_1", says="Accept the left draft"),
        Key(keys=("2",), act="accept_2", says="Accept the right draft"),
        Key(keys=("s",), act="ship", says="Verdict: ship"),
        Key(keys=("d",), act="skip", says="Verdict: don’t ship (skip)"),
        Key(keys=("w",), act="why", says="How sure you are of the verdict, and why"),
        Key(keys=("x",), act="reject", says="Reject the focused draft, then 1–6 for the reason"),
        Key(keys=("z",), act="undo", says="Undo the cell’s last decision"),
    ),
    "Write": (
        Key(keys=("b", "3"), act="compose", says="Beat grid: put the quote together"),
        Key(keys=("e",), act="edit", says="Beat grid, begun with the focused draft"),
        Key(keys=("y",), act="history", says="History of the cell"),
    ),
    "Draft": (
        Key(keys=("g",), act="again", says="Another take of the focused draft"),
        Key(keys=("n",), act="note", says="Another take, with a note"),
        Key(keys=(",",), act="take_before", says="Earlier take"),
        Key(keys=(".",), act="take_after", says="Later take"),
        Key(keys=("t",), act="stop", says="Stop the focused draft"),
    ),
    "Help": (Key(keys=("h", "?"), act="help", says="This sheet"),),
}
"""Every key of the room by what it is for. `R` and `C` are Streamlit's own."""

GRID_KEYS: dict[str, tuple[Key, ...]] = {
    "In the beat grid": (
        Key(
            keys=("1", "2"),
            act="take",
            says="Take what this source says for the row, and go to the next; 3 to 9 as well",
        ),
        Key(keys=("e", "Enter"), act="type", says="Type in the row; Esc goes back to it"),
        Key(keys=("ArrowDown", "ArrowUp"), act="row", says="Next row, previous row"),
        Key(keys=("Backspace", "Delete"), act="empty", says="Empty the row"),
        Key(keys=("f",), act="mark", says="Next mark of your quote; with Shift the one before"),
        Key(keys=("Ctrl+Z",), act="undo", says="Undo; with Shift, or Ctrl+Y, redo"),
        Key(keys=("Ctrl+Enter",), act="save", says="Save the quote"),
        Key(keys=("Escape",), act="leave", says="Close; what you typed is kept"),
    ),
}
"""The keys of the beat grid's rows, for the sheet: its own script listens to them."""
