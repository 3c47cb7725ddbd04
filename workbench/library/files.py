"""Personas and prompts as they are on disk now; files that did not change are not read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypeVar

from workbench.domain.edition import ContentFile, FileKind
from workbench.domain.ids import Digest
from workbench.domain.persona import Persona
from workbench.domain.plan import PromptSet
from workbench.domain.prompt import Prompt
from workbench.domain.text import digest
from workbench.errors import LibraryError, UnknownNameError
from workbench.library.builtin import builtin_personas, builtin_prompts, sample_texts
from workbench.library.persona_file import read_persona
from workbench.library.prompt_files import LATER, SLOTS, read_prompt
from workbench.library.source_file import SourceFile, Stamp, markdown_files, source_file, unsaved_file
from workbench.library.writing import fill, write_text

__all__ = ["FileLibrary", "builtin_personas", "builtin_prompts"]

T = TypeVar("T")
Kept = dict[Path, tuple[Stamp, T]]


class FileLibrary:
    """The content of two folders. Every call looks at the disk, so a page can ask on each rerun.

    A folder of `own` is made when the first of its files is saved, and from then on is read instead of the built-in
    one. A text of `unsaved` is read in place of what its file holds.
    """

    def __init__(
        self,
        personas: Path,
        prompts: Path,
        *,
        own: Mapping[FileKind, Path] | None = None,
        unsaved: Mapping[Path, str] | None = None,
    ) -> None:
        self._given: dict[FileKind, Path] = {"persona": personas, "prompt": prompts}
        self._own = own or {}
        self._unsaved = unsaved or {}
        self._read_personas: Kept[Persona] = {}
        self._read_prompts: Kept[Prompt] = {}

    def personas(self) -> tuple[Persona, ...]:
        """Every usable persona by order, then id. Raises LibraryError when there is none."""
        usable, faults = self._sorted_out()
        if not usable:
            folder = str(self._folder("persona"))
            if faults:
                raise LibraryError(folder, f"no persona here can be used. {faults[0]}")
            raise LibraryError(
                folder, "there is no persona here.", "Add one, or unset the folder for the built-in ones."
            )
        return usable

    def prompts(self) -> PromptSet:
        """The six prompts. Raises LibraryError or SlotError."""
        return PromptSet(**{name: self._prompt(name) for name in SLOTS})

    def problems(self) -> tuple[str, ...]:
        """What is wrong with files that were left out, one message each; never raises."""
        try:
            found = [str(one) for one in self._sorted_out()[1]]
        except LibraryError as error:
            found = [str(error)]
        try:
            strangers = [path for path in markdown_files(self._folder("prompt")) if path.stem not in SLOTS]
        except LibraryError as error:
            return (*found, str(error))
        return (*found, *(f"{path}: no prompt has this name. Known: {', '.join(SLOTS)}." for path in strangers))

    @staticmethod
    def sample() -> tuple[str, ...]:
        """Two sample dossiers in the Markdown intake format."""
        return sample_texts()

    # --- the files themselves

    def files(self) -> tuple[ContentFile, ...]:
        """Every file, whether it can be used or not: personas in their order, then prompts. Raises LibraryError."""
        faults = {fault.path: str(fault) for fault in self.faults()}
        order = [str(one.id) for one in self._sorted_out()[0]]
        personas = sorted(
            markdown_files(self._folder("persona")),
            key=lambda path: (order.index(path.stem) if path.stem in order else len(order), path.stem),
        )
        return (
            *(self._content("persona", path, faults) for path in personas),
            *(self._content("prompt", self._prompt_path(name), faults) for name in SLOTS),
        )

    def trying(self, kind: FileKind, name: str, text: str) -> FileLibrary:
        """The library as it would be with that text in that file, read exactly as if it were saved.

        Raises LibraryError or SlotError for what would be wrong then and is not wrong now, or is wrong with that file.
        """
        path = self._path(kind, name)
        tried = FileLibrary(
            self._given["persona"], self._given["prompt"], own=self._own, unsaved={**self._unsaved, path: text}
        )
        known = {str(fault) for fault in self.faults()}
        for fault in tried.faults():
            if fault.path == str(path) or str(fault) not in known:
                raise fault
        return tried

    def write(self, kind: FileKind, name: str, text: str) -> None:
        """Put the text into the file, whole or not at all. Built-in files are never written. Raises LibraryError."""
        path, folder, own = self._path(kind, name), self._folder(kind), self._own.get(kind)
        if folder.resolve() == _builtin(kind).resolve():
            if own is None or own.resolve() == folder.resolve():
                raise LibraryError(
                    str(path),
                    "this file came with the workbench and is never changed.",
                    f"Set `{kind}s` in workbench.toml to a folder of your own with copies of these files.",
                )
            fill(own, folder)
            folder = own
        write_text(folder / path.name, text)

    # --- how they are read

    def _folder(self, kind: FileKind) -> Path:
        own = self._own.get(kind)
        return own if own is not None and _holds(own, kind) else self._given[kind]

    def _path(self, kind: FileKind, name: str) -> Path:
        known = [path.stem for path in markdown_files(self._folder(kind))] if kind == "persona" else list(SLOTS)
        if name not in known:
            raise UnknownNameError(kind, name, known)
        return self._folder(kind) / f"{name}.md" if kind == "persona" else self._prompt_path(name)

    def _prompt_path(self, name: str) -> Path:
        path = self._folder("prompt") / f"{name}.md"
        return path if name not in LATER or path.exists() else _builtin("prompt") / path.name

    def _content(self, kind: FileKind, path: Path, faults: Mapping[str, str]) -> ContentFile:
        text = _readable(path)
        original = _readable(_builtin(kind) / path.name)
        return ContentFile(
            kind=kind,
            name=path.stem,
            path=str(path),
            text=text,
            digest=digest(text) if text else Digest(""),
            fault=faults.get(str(path), ""),
            original=original,
            built_in=path.parent.resolve() == _builtin(kind).resolve(),
        )

    def faults(self) -> Iterator[LibraryError]:
        """What is wrong with each file. Raises LibraryError when a folder cannot be read."""
        yield from self._sorted_out()[1]
        for name in SLOTS:
            try:
                self._prompt(name)
            except LibraryError as error:
                yield error

    def _sorted_out(self) -> tuple[tuple[Persona, ...], tuple[LibraryError, ...]]:
        usable: list[Persona] = []
        faults: list[LibraryError] = []
        folder = self._folder("persona")
        for path in markdown_files(folder):
            try:
                found = self._persona(path)
            except LibraryError as error:
                faults.append(error)
                continue
            twin = next((one for one in usable if one.label.lower() == found.label.lower()), None)
            if twin is None:
                usable.append(found)
            else:
                said = f"“{twin.id}” has the label “{twin.label}” already."
                faults.append(LibraryError(str(path), said, "Give it another label."))
        return tuple(sorted(usable, key=lambda one: (one.order, one.id))), tuple(faults)

    def _file(self, path: Path) -> SourceFile:
        unsaved = self._unsaved.get(path)
        return source_file(path) if unsaved is None else unsaved_file(path, unsaved)

    def _persona(self, path: Path) -> Persona:
        # A fault is not kept: who may read a file changes without its stamp changing.
        file = self._file(path)
        kept = self._read_personas.get(path)
        if kept is not None and kept[0] == file.stamp:
            return kept[1]
        persona = read_persona(file)
        self._read_personas[path] = (file.stamp, persona)
        return persona

    def _prompt(self, name: str) -> Prompt:
        path = self._prompt_path(name)
        file = self._file(path)
        kept = self._read_prompts.get(path)
        if kept is not None and kept[0] == file.stamp:
            return kept[1]
        prompt = read_prompt(file)
        self._read_prompts[path] = (file.stamp, prompt)
        return prompt


def _holds(folder: Path, kind: FileKind) -> bool:
    """Whether a folder beside the workspace has content of this kind: a project's own `prompts/` may lie there."""
    if kind == "persona":
        return next(folder.glob("*.md"), None) is not None
    return any((folder / f"{name}.md").exists() for name in SLOTS)


def _builtin(kind: FileKind) -> Path:
    return builtin_personas() if kind == "persona" else builtin_prompts()


def _readable(path: Path) -> str:
    """The file's text as the library reads it; empty where it cannot be read."""
    try:
        return source_file(path).text()
    except LibraryError:
        return ""
