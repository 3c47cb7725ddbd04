"""Personas and prompts as they are on disk now; files that did not change are not read again."""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from workbench.domain.persona import Persona
from workbench.domain.plan import PromptSet
from workbench.domain.prompt import Prompt
from workbench.errors import LibraryError
from workbench.library.builtin import builtin_personas, builtin_prompts, sample_texts
from workbench.library.persona_file import read_persona
from workbench.library.prompt_files import SLOTS, read_prompt
from workbench.library.source_file import Stamp, markdown_files, source_file

__all__ = ["FileLibrary", "builtin_personas", "builtin_prompts"]

T = TypeVar("T")
Kept = dict[Path, tuple[Stamp, T]]


class FileLibrary:
    """The content of two folders. Every call looks at the disk, so a page can ask on each rerun."""

    def __init__(self, personas: Path, prompts: Path) -> None:
        self._personas = personas
        self._prompts = prompts
        self._read_personas: Kept[Persona] = {}
        self._read_prompts: Kept[Prompt] = {}

    def personas(self) -> tuple[Persona, ...]:
        """Every usable persona by order, then id. Raises LibraryError when there is none."""
        usable, problems = self._sorted_out()
        if not usable:
            folder = str(self._personas)
            if problems:
                raise LibraryError(folder, f"no persona here can be used. {problems[0]}")
            raise LibraryError(
                folder, "there is no persona here.", "Add one, or unset the folder for the built-in ones."
            )
        return usable

    def prompts(self) -> PromptSet:
        """The four prompts. Raises LibraryError or SlotError."""
        return PromptSet(**{name: self._prompt(name) for name in SLOTS})

    def problems(self) -> tuple[str, ...]:
        """What is wrong with files that were left out, one message each; never raises."""
        try:
            found = list(self._sorted_out()[1])
        except LibraryError as error:
            found = [str(error)]
        try:
            strangers = [path for path in markdown_files(self._prompts) if path.stem not in SLOTS]
        except LibraryError as error:
            return (*found, str(error))
        return (*found, *(f"{path}: no prompt has this name. Known: {', '.join(SLOTS)}." for path in strangers))

    @staticmethod
    def sample() -> tuple[str, ...]:
        """Two sample dossiers in the Markdown intake format."""
        return sample_texts()

    def _sorted_out(self) -> tuple[tuple[Persona, ...], tuple[str, ...]]:
        usable: list[Persona] = []
        problems: list[str] = []
        for found in (self._persona(path) for path in markdown_files(self._personas)):
            if isinstance(found, str):
                problems.append(found)
            elif (twin := next((one for one in usable if one.label.lower() == found.label.lower()), None)) is not None:
                path = self._personas / f"{found.id}.md"
                problems.append(f"{path}: “{twin.id}” has the label “{twin.label}” already. Give it another label.")
            else:
                usable.append(found)
        return tuple(sorted(usable, key=lambda one: (one.order, one.id))), tuple(problems)

    def _persona(self, path: Path) -> Persona | str:
        try:
            file = source_file(path)
            kept = self._read_personas.get(path)
            if kept is not None and kept[0] == file.stamp:
                return kept[1]
            persona = read_persona(file)
        except LibraryError as error:
            # Not kept: who may read a file changes without its stamp changing.
            return str(error)
        self._read_personas[path] = (file.stamp, persona)
        return persona

    def _prompt(self, name: str) -> Prompt:
        path = self._prompts / f"{name}.md"
        file = source_file(path)
        kept = self._read_prompts.get(path)
        if kept is not None and kept[0] == file.stamp:
            return kept[1]
        prompt = read_prompt(file)
        self._read_prompts[path] = (file.stamp, prompt)
        return prompt
