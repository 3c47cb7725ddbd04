"""Personas and prompts as files: every version that was seen or saved, and saving a new one.

What would not be usable is never saved, and nothing is lost: the text before is a version, too.
"""

from __future__ import annotations

from dataclasses import dataclass

from workbench.domain.edition import FOUND, ContentFile, Edition, FileKind
from workbench.domain.ids import Digest, PersonaId
from workbench.domain.text import digest, one_line
from workbench.errors import ConflictError, InputError, UnknownNameError
from workbench.ports import Clock, Library, Repositories, Store, WritableLibrary


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One version of a file. `quotes` approved ones rest on it; `current`: it is what is on disk."""

    edition: Edition
    quotes: int
    current: bool


class Authoring:
    """Reads and writes the library's files. Every method looks at the disk; reading may raise LibraryError."""

    def __init__(self, *, library: WritableLibrary, store: Store, clock: Clock) -> None:
        self._library = library
        self._store = store
        self._clock = clock

    def files(self) -> tuple[ContentFile, ...]:
        """Every file, usable or not: personas in their order, then prompts."""
        return self._library.files()

    def file(self, kind: FileKind, name: str) -> ContentFile:
        """One file. Raises UnknownNameError."""
        known = [one for one in self.files() if one.kind == kind]
        found = next((one for one in known if one.name == name), None)
        if found is None:
            raise UnknownNameError(kind, name, [one.name for one in known])
        return found

    def trying(self, kind: FileKind, name: str, text: str) -> Library:
        """The library as it would be with that text. Raises LibraryError or SlotError for what is wrong with it."""
        return self._library.trying(kind, name, as_kept(text))

    def note_found(self) -> None:
        """Keep the versions on disk that nobody has kept yet. Raises StoreError."""
        files = [one for one in self.files() if one.text]
        with self._store.reading() as repositories:
            new = [one for one in files if not _known(repositories, one)]
        if new:
            with self._store.writing() as repositories:
                for one in new:
                    if not _known(repositories, one):  # another window may have kept it meanwhile
                        self._keep_found(repositories, one)

    def versions(self, kind: FileKind, name: str) -> list[Version]:
        """The file's versions, newest first. Raises UnknownNameError and StoreError."""
        self.note_found()
        now = self.file(kind, name).digest
        with self._store.reading() as repositories:
            editions = repositories.editions.of(kind, name)
            if kind == "persona":
                quotes = repositories.editions.quotes(PersonaId(name))
            else:
                quotes = repositories.editions.quotes_by_prompt({one.digest for one in editions})
        on_disk = next((one for one in editions if one.digest == now), None)
        return [
            Version(
                edition=one,
                quotes=quotes.get(one.digest, 0),
                current=one is on_disk,
            )
            for one in editions
        ]

    def save(self, kind: FileKind, name: str, text: str, *, note: str, editor: str, base: Digest) -> Digest:
        """Make the text what drafts are made with from now on; the new version's digest.

        `base` is the digest of the file its editor began with. Raises InputError for an empty note or a text that
        changes nothing, LibraryError or SlotError for a text that cannot be used or a disk that refuses, and
        ConflictError when the file has changed since; then nothing is saved.
        """
        why, kept = one_line(note), as_kept(text)
        if not why:
            raise InputError("The note is empty.", "Say in a few words what this version is for.", field="note")
        self._library.trying(kind, name, kept)
        # Writers of one workspace wait for each other here: nobody saves between this look at the disk and the file.
        with self._store.writing() as repositories:
            now = self.file(kind, name)
            if now.digest != base:
                self._refuse(repositories, now)
            if digest(kept) == now.digest:
                raise InputError("Nothing has changed.", "Change the text, then save.", field="text")
            if now.text and not _known(repositories, now):
                self._keep_found(repositories, now)
            made = Edition(
                kind=kind, name=name, digest=digest(kept), text=kept, editor=editor, note=why, at=self._clock.now()
            )
            repositories.editions.add(made)
            self._library.write(kind, name, kept)
        return made.digest

    def _keep_found(self, repositories: Repositories, file: ContentFile) -> None:
        repositories.editions.add(
            Edition(
                kind=file.kind,
                name=file.name,
                digest=file.digest,
                text=file.text,
                editor="",
                note=FOUND,
                at=self._clock.now(),
            )
        )

    def _refuse(self, repositories: Repositories, now: ContentFile) -> None:
        saved = next((one for one in repositories.editions.of(now.kind, now.name) if one.digest == now.digest), None)
        who = f"{saved.editor} saved" if saved is not None and saved.editor else "Somebody changed"
        raise ConflictError(
            f"{who} the {now.kind} “{now.name}” since you opened it.",
            "Your text is still here: look at theirs under Versions, then save again to put yours in its place.",
        )


def as_kept(text: str) -> str:
    """The text as its file will hold it: no byte order mark, `\\n` line ends, one at its end."""
    return text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").rstrip("\n") + "\n"


def _known(repositories: Repositories, file: ContentFile) -> bool:
    return any(one.digest == file.digest for one in repositories.editions.of(file.kind, file.name))
