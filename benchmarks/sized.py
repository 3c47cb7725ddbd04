"""A library and dossiers of given sizes, so that what a cache saves can be compared with arithmetic."""

from __future__ import annotations

from pathlib import Path

import yaml

from workbench.domain.dossier import Dossier, Tool, make_dossier
from workbench.domain.ids import ToolId
from workbench.domain.plan import brief
from workbench.library.builtin import builtin_prompts
from workbench.library.files import FileLibrary
from workbench.rehearsal.tokens import CHARACTERS

HOUSE, BRIEF, DOSSIER = 6000, 600, 900
"""Tokens: the house rules, one persona's brief, one dossier."""
_LENSES = ("Builder", "Skeptic", "Futurist", "Business")
_RULE = "Rule {}: a sentence that no fact of the dossier carries says so, and says what a buyer has to find out first. "
_FACT = "Version {} of {} answers on port {} and keeps {} days of history in one file beside the program. "


def library(folder: Path) -> FileLibrary:
    """Four personas and the built-in prompts in `folder`, filled up to HOUSE and BRIEF tokens."""
    personas, prompts = folder / "personas", folder / "prompts"
    personas.mkdir()
    prompts.mkdir()
    for path in builtin_prompts().glob("*.md"):
        (prompts / path.name).write_text(path.read_text("utf-8"), "utf-8")
    house = (prompts / "house.md").read_text("utf-8").strip()
    rules = "".join(_RULE.format(number) for number in range(HOUSE))
    (prompts / "house.md").write_text(house + "\n\n" + rules[: HOUSE * CHARACTERS - len(house) - 3] + ".", "utf-8")
    found = FileLibrary(personas, prompts)
    for order, label in enumerate(_LENSES):
        _persona(personas, order, label, "")
    for order, (label, bare) in enumerate(zip(_LENSES, _brief_lengths(found), strict=True)):
        _persona(personas, order, label, "Be dry, fair and short. " * 99, BRIEF * CHARACTERS - bare)
    return found


def dossier(number: int) -> Dossier:
    """Tool `number`, whose facts fill about DOSSIER tokens of a prompt."""
    name = f"Lanternfish {number}"
    told: list[str] = []
    found = _dossier(name, number, told)
    while len(found.as_json()) < (DOSSIER - 100) * CHARACTERS:  # the prompt around it takes its share
        told.append(_FACT.format(len(told) + 1, name, 7000 + len(told), 10 + len(told)))
        found = _dossier(name, number, told)
    return found


def _dossier(name: str, number: int, told: list[str]) -> Dossier:
    return make_dossier(Tool(id=ToolId(f"lantern-{number}"), name=name), f"{name} is a queue. {''.join(told)}".strip())


def _persona(folder: Path, order: int, label: str, filling: str, length: int = 0) -> None:
    beats = [
        {"id": one, "label": one.capitalize(), "brief": f"Say what the {one} is.", "opener": f"The {one} here is"}
        for one in ("primitive", "price", "rival", "test", "verdict")
    ]
    head = {
        "label": label,
        "order": order,
        "color": "#2563eb",
        "summary": f"Reads as a {label.lower()}.",
        "length": [130, 180],
        "banned": ["seamless"],
        "beats": beats,
        "exemplars": [{"tool": "SQLite", "verdict": "ship", "text": "The primitive here is one file."}],
    }
    voice = "Dry." + (" " + filling)[:length].rstrip().ljust(length, ".")
    front = yaml.safe_dump(head, sort_keys=False, allow_unicode=True)
    (folder / f"{label.lower()}.md").write_text(f"---\n{front}---\n{voice}\n", "utf-8")


def _brief_lengths(found: FileLibrary) -> list[int]:
    return [len(brief(found.prompts().brief, one)) for one in found.personas()]
