"""Versions of personas and prompts: what is saved can be used, what was there is kept, and nobody is overwritten."""

from __future__ import annotations

import errno
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.fakes import FakeClock, WilfulStore
from tests.store.samples import a_draft
from workbench.domain.decision import Accepted, Decision
from workbench.domain.draft import Draft
from workbench.domain.edition import FOUND
from workbench.domain.ids import Digest, DraftId, PersonaId, ToolId
from workbench.domain.text import digest
from workbench.errors import ConflictError, InputError, LibraryError, StoreError, UnknownNameError, WorkbenchError
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts
from workbench.services.authoring import Authoring, Version, as_kept


@pytest.fixture
def files(tmp_path: Path) -> FileLibrary:
    for source in (builtin_personas(), builtin_prompts()):
        shutil.copytree(source, tmp_path / source.name)
    return FileLibrary(tmp_path / "personas", tmp_path / "prompts")


@pytest.fixture
def authoring(files: FileLibrary, store: WilfulStore, clock: FakeClock) -> Authoring:
    return Authoring(library=files, store=store, clock=clock)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "personas" / "builder.md"


def shorter(authoring: Authoring, high: int = 150) -> str:
    return authoring.file("persona", "builder").text.replace("[130, 180]", f"[100, {high}]")


def save(authoring: Authoring, text: str, *, note: str = "shorter", base: Digest | None = None) -> Digest:
    now = authoring.file("persona", "builder").digest
    return authoring.save("persona", "builder", text, note=note, editor="Ann", base=base or now)


def told(versions: list[Version]) -> list[tuple[str, str, bool]]:
    return [(one.edition.editor, one.edition.note, one.current) for one in versions]


def test_a_save_is_listed_with_who_when_and_why_above_what_was_found(authoring: Authoring, clock: FakeClock) -> None:
    before = authoring.file("persona", "builder")
    assert told(authoring.versions("persona", "builder")) == [("", FOUND, True)]
    clock.forward()
    made = save(authoring, shorter(authoring), note="  shorter,\n please ")
    found = authoring.versions("persona", "builder")
    assert told(found) == [("Ann", "shorter, please", True), ("", FOUND, False)]
    assert (found[0].edition.digest, found[0].edition.at) == (made, clock.now())
    assert found[1].edition.text == before.text
    assert authoring.file("persona", "builder").digest == made
    assert authoring.trying("persona", "builder", found[0].edition.text).personas()[0].digest == made


def test_a_first_save_keeps_the_text_before_it_too(authoring: Authoring) -> None:
    save(authoring, shorter(authoring))
    assert told(authoring.versions("persona", "builder")) == [("Ann", "shorter", True), ("", FOUND, False)]


def test_a_version_found_on_disk_is_kept_once(authoring: Authoring, path: Path) -> None:
    authoring.versions("persona", "builder")
    path.write_text(shorter(authoring), encoding="utf-8")
    authoring.note_found()
    authoring.note_found()
    assert told(authoring.versions("persona", "builder")) == [("", FOUND, True), ("", FOUND, False)]


def test_looking_at_versions_that_are_known_writes_nothing(authoring: Authoring, store: WilfulStore) -> None:
    authoring.note_found()
    store.refusing = True
    assert len(authoring.versions("persona", "builder")) == 1


def test_a_restored_version_is_a_version_with_a_note_of_its_own(authoring: Authoring) -> None:
    first = authoring.file("persona", "builder").text
    save(authoring, shorter(authoring))
    save(authoring, first, note="back again")
    found = authoring.versions("persona", "builder")
    assert told(found) == [("Ann", "back again", True), ("Ann", "shorter", False), ("", FOUND, False)]


@pytest.mark.parametrize("note", ["", "  \n "])
def test_a_save_says_why(authoring: Authoring, note: str) -> None:
    with pytest.raises(InputError, match="The note is empty") as caught:
        save(authoring, shorter(authoring), note=note)
    assert caught.value.field == "note"


def test_a_save_that_changes_nothing_is_refused(authoring: Authoring) -> None:
    with pytest.raises(InputError, match="Nothing has changed"):
        save(authoring, authoring.file("persona", "builder").text.replace("\n", "\r\n"))


def test_a_broken_persona_is_never_saved(authoring: Authoring, path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(LibraryError, match=r"builder\.md:6: the length 180 to 130 is empty"):
        save(authoring, authoring.file("persona", "builder").text.replace("[130, 180]", "[180, 130]"))
    assert path.read_bytes() == before
    assert told(authoring.versions("persona", "builder")) == [("", FOUND, True)]


def test_a_broken_prompt_is_never_saved(authoring: Authoring, tmp_path: Path) -> None:
    before = (tmp_path / "prompts" / "ask.md").read_bytes()
    now = authoring.file("prompt", "ask")
    with pytest.raises(LibraryError, match=r"slot \$beats: the text never uses it"):
        authoring.save("prompt", "ask", "Only $id.", note="terse", editor="Ann", base=now.digest)
    assert (tmp_path / "prompts" / "ask.md").read_bytes() == before


def test_of_two_editors_the_second_is_told_and_nothing_of_the_first_is_lost(authoring: Authoring) -> None:
    opened = authoring.file("persona", "builder").digest
    theirs = save(authoring, shorter(authoring, 150), base=opened)
    with pytest.raises(ConflictError, match="Ann saved the persona “builder” since you opened it"):
        save(authoring, shorter(authoring, 160).replace("150", "160"), base=opened)
    assert authoring.file("persona", "builder").digest == theirs
    save(authoring, shorter(authoring).replace("[100, 150]", "[100, 160]"), base=theirs)
    assert [one.edition.digest for one in authoring.versions("persona", "builder")][1] == theirs


def test_a_file_changed_on_disk_meanwhile_is_not_overwritten_unseen(authoring: Authoring, path: Path) -> None:
    opened = authoring.file("persona", "builder")
    path.write_text(shorter(authoring, 140), encoding="utf-8")
    with pytest.raises(ConflictError, match="Somebody changed the persona “builder”"):
        save(authoring, shorter(authoring).replace("140", "150"), base=opened.digest)
    save(authoring, path.read_text(encoding="utf-8").replace("140", "150"))
    assert told(authoring.versions("persona", "builder")) == [("Ann", "shorter", True), ("", FOUND, False)]


def test_a_disk_that_refuses_leaves_file_and_versions_as_they_were(
    authoring: Authoring, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, text = path.read_bytes(), shorter(authoring)

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as full:
        full.setattr(os, "fsync", refuse)
        with pytest.raises(LibraryError, match="cannot be written"):
            save(authoring, text)
    assert path.read_bytes() == before
    assert told(authoring.versions("persona", "builder")) == [("", FOUND, True)]


def test_a_workspace_that_refuses_leaves_the_file_as_it_was(
    authoring: Authoring, store: WilfulStore, path: Path
) -> None:
    before = path.read_bytes()
    store.refusing = True
    with pytest.raises(StoreError):
        save(authoring, shorter(authoring))
    assert path.read_bytes() == before


def test_a_version_knows_the_quotes_that_rest_on_it(authoring: Authoring, store: WilfulStore, clock: FakeClock) -> None:
    used = authoring.file("persona", "builder").digest
    with store.writing() as repositories:
        repositories.drafts.add(Draft(origin=replace(a_draft("d1").origin, persona_digest=used)))
        repositories.decisions.append(
            Decision(
                tool_id=ToolId("a-tool"),
                persona_id=PersonaId("builder"),
                number=1,
                editor="Ann",
                at=clock.now(),
                act=Accepted(draft_id=DraftId("d1"), text="A quote.", verdict="ship"),
            )
        )
    save(authoring, shorter(authoring))
    assert [one.quotes for one in authoring.versions("persona", "builder")] == [0, 1]
    assert [one.quotes for one in authoring.versions("prompt", "house")] == [0]


def test_a_file_nobody_has_is_named(authoring: Authoring) -> None:
    with pytest.raises(UnknownNameError, match="Known: builder"):
        authoring.file("persona", "gardener")


_BUILDER = (builtin_personas() / "builder.md").read_text(encoding="utf-8")


@given(st.integers(0, len(_BUILDER)), st.integers(0, 40), st.text(max_size=12))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_either_a_usable_text_is_saved_whole_or_nothing_changes(
    files: FileLibrary, authoring: Authoring, at: int, length: int, piece: str
) -> None:
    before = authoring.file("persona", "builder")
    typed = before.text[:at] + piece + before.text[at + length :]
    try:
        save(authoring, typed)
    except WorkbenchError:
        assert authoring.file("persona", "builder") == before
    else:
        assert authoring.file("persona", "builder").text == as_kept(typed)
        assert next(one for one in files.personas() if one.id == "builder").digest == digest(as_kept(typed))
    assert files.problems() == ()
