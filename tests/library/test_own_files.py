"""Files of one's own: tried out unsaved, written whole or not at all, and the built-in ones never."""

from __future__ import annotations

import errno
import os
import shutil
import stat
from pathlib import Path

import pytest

from tests.library.files import GOOD
from tests.library.test_persona_files import BAD
from workbench.domain.edition import ContentFile, FileKind
from workbench.errors import LibraryError, SlotError, UnknownNameError
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts

BROKEN = [(text, said, line) for text, said, line in BAD.values() if isinstance(text, str)]


@pytest.fixture
def library(tmp_path: Path) -> FileLibrary:
    """Two personas and the prompts in folders that were set."""
    shutil.copytree(builtin_prompts(), tmp_path / "prompts")
    (tmp_path / "personas").mkdir()
    (tmp_path / "personas" / "gardener.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "personas" / "baker.md").write_text(GOOD.replace("Gardener", "Baker"), encoding="utf-8")
    return FileLibrary(tmp_path / "personas", tmp_path / "prompts")


@pytest.fixture
def builtin(tmp_path: Path) -> FileLibrary:
    """The built-in files, and where one's own go."""
    own: dict[FileKind, Path] = {"persona": tmp_path / "personas", "prompt": tmp_path / "prompts"}
    return FileLibrary(builtin_personas(), builtin_prompts(), own=own)


def one(library: FileLibrary, kind: FileKind, name: str) -> ContentFile:
    return next(each for each in library.files() if (each.kind, each.name) == (kind, name))


def held(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_text_is_tried_out_without_being_saved(library: FileLibrary, tmp_path: Path) -> None:
    before = held(tmp_path / "personas")
    tried = library.trying("persona", "gardener", GOOD.replace("[20, 60]", "[10, 15]"))
    assert [each.band.high for each in tried.personas() if each.id == "gardener"] == [15]
    assert [each.band.high for each in library.personas()] == [60, 60]
    assert held(tmp_path / "personas") == before


@pytest.mark.parametrize(("text", "said", "line"), BROKEN, ids=[said for _, said, _ in BROKEN])
def test_what_the_library_would_leave_out_is_refused_in_its_words(
    library: FileLibrary, tmp_path: Path, text: str, said: str, line: int | None
) -> None:
    with pytest.raises(LibraryError) as caught:
        library.trying("persona", "gardener", text)
    assert said in caught.value.message
    assert caught.value.path == str(tmp_path / "personas" / "gardener.md")
    assert line in (None, caught.value.line)


@pytest.mark.parametrize("name", ["gardener", "baker"])
def test_a_label_another_persona_has_is_refused_whichever_file_is_read_first(library: FileLibrary, name: str) -> None:
    other = "Baker" if name == "gardener" else "Gardener"
    with pytest.raises(LibraryError, match="has the label"):
        library.trying("persona", name, GOOD.replace("label: Gardener", f"label: {other}"))


def test_a_prompts_slots_are_held_to_strictly(library: FileLibrary) -> None:
    ask = one(library, "prompt", "ask").text
    with pytest.raises(SlotError, match="never uses it"):
        library.trying("prompt", "ask", ask.replace("$low", "130"))
    with pytest.raises(SlotError, match="nothing fills it"):
        library.trying("prompt", "ask", f"{ask} $tone")
    with pytest.raises(SlotError, match="starts no slot"):
        library.trying("prompt", "house", "It costs $ 5.")


def test_a_fault_elsewhere_keeps_no_file_from_being_mended(library: FileLibrary, tmp_path: Path) -> None:
    (tmp_path / "personas" / "baker.md").write_text("nothing", encoding="utf-8")
    (tmp_path / "prompts" / "ask.md").write_text("nothing", encoding="utf-8")
    assert one(library, "persona", "baker").fault
    assert library.trying("persona", "gardener", GOOD.replace("years", "decades")).personas()
    assert library.trying("persona", "baker", GOOD.replace("Gardener", "Baker")).problems() == ()


def test_a_name_nobody_has_is_refused(library: FileLibrary) -> None:
    with pytest.raises(UnknownNameError, match=r"no persona called “\.\./evil”"):
        library.trying("persona", "../evil", GOOD)
    with pytest.raises(UnknownNameError, match="no prompt called “tone”"):
        library.write("prompt", "tone", "text")


def test_a_written_file_is_what_the_library_reads_next(library: FileLibrary, tmp_path: Path) -> None:
    path = tmp_path / "personas" / "gardener.md"
    path.chmod(0o640)
    library.write("persona", "gardener", GOOD.replace("years", "decades"))
    assert next(each for each in library.personas() if each.id == "gardener").voice == "You tend software for decades."
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert sorted(held(tmp_path / "personas")) == ["baker.md", "gardener.md"]


def test_a_link_stays_a_link(library: FileLibrary, tmp_path: Path) -> None:
    folder = tmp_path / "personas"
    (folder / "gardener.md").rename(folder / ".real")
    (folder / "gardener.md").symlink_to(folder / ".real")
    library.write("persona", "gardener", GOOD.replace("years", "decades"))
    assert (folder / "gardener.md").is_symlink()
    assert "decades" in (folder / ".real").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO, errno.EACCES])
def test_a_disk_that_refuses_leaves_the_file_as_it_was(
    library: FileLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    before = held(tmp_path / "personas")

    def refuse(_: int) -> None:
        raise OSError(code, os.strerror(code))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(LibraryError, match=os.strerror(code)) as caught:
        library.write("persona", "gardener", GOOD.replace("years", "decades"))
    assert "your text is still on the screen" in caught.value.remedy
    assert held(tmp_path / "personas") == before


def test_the_first_save_copies_the_built_in_files_and_never_changes_them(builtin: FileLibrary, tmp_path: Path) -> None:
    before = held(builtin_personas())
    builder = one(builtin, "persona", "builder")
    assert builder.built_in
    assert builder.text == builder.original
    builtin.write("persona", "builder", builder.text.replace("[130, 180]", "[90, 120]"))
    assert held(builtin_personas()) == before
    assert sorted(held(tmp_path / "personas")) == sorted(before)
    assert next(each.band.high for each in builtin.personas()) == 120
    mine = one(builtin, "persona", "builder")
    assert not mine.built_in
    assert mine.original == builder.text
    assert not (tmp_path / "prompts").exists()  # of the prompts nothing was saved
    builtin.write("persona", "skeptic", one(builtin, "persona", "skeptic").text + "Really.\n")
    assert next(each.band.high for each in builtin.personas()) == 120


def test_a_folder_that_cannot_be_made_leaves_nothing_behind(
    builtin: FileLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(shutil, "copyfile", refuse)
    with pytest.raises(LibraryError, match="the folder cannot be made"):
        builtin.write("persona", "builder", GOOD)
    assert list(tmp_path.iterdir()) == []
    assert one(builtin, "persona", "builder").built_in


def test_built_in_files_are_refused_where_there_is_no_place_for_own_ones(tmp_path: Path) -> None:
    ours: dict[FileKind, Path] = {"persona": builtin_personas()}
    for library in (
        FileLibrary(builtin_personas(), builtin_prompts()),
        FileLibrary(builtin_personas(), builtin_prompts(), own=ours),
    ):
        with pytest.raises(LibraryError, match="never changed"):
            library.write("persona", "builder", GOOD)
    assert list(tmp_path.iterdir()) == []


def test_an_empty_folder_beside_the_workspace_does_not_hide_the_built_in_files(
    builtin: FileLibrary, tmp_path: Path
) -> None:
    (tmp_path / "personas").mkdir()
    assert len(builtin.personas()) == 4
    builtin.write("persona", "builder", one(builtin, "persona", "builder").text + "Really.\n")
    assert len(builtin.personas()) == 4
    assert not one(builtin, "persona", "builder").built_in


def test_a_projects_own_prompts_beside_the_workspace_do_not_hide_the_built_in_ones(
    builtin: FileLibrary, tmp_path: Path
) -> None:
    (tmp_path / "prompts").mkdir()
    (tmp_path / "prompts" / "release-notes.md").write_text("Write release notes.", encoding="utf-8")
    assert builtin.problems() == ()
    assert builtin.prompts().house.path == str(builtin_prompts() / "house.md")
    with pytest.raises(LibraryError, match="other files are here already") as caught:
        builtin.write("prompt", "house", "Mine.")
    assert "set `prompts` in workbench.toml" in caught.value.remedy
    assert held(tmp_path / "prompts") == {"release-notes.md": b"Write release notes."}


def test_one_known_prompt_makes_a_folder_beside_the_workspace_the_one_that_is_read(
    builtin: FileLibrary, tmp_path: Path
) -> None:
    shutil.copytree(builtin_prompts(), tmp_path / "prompts")
    (tmp_path / "prompts" / "release-notes.md").write_text("Write release notes.", encoding="utf-8")
    assert builtin.prompts().house.path == str(tmp_path / "prompts" / "house.md")
    (problem,) = builtin.problems()
    assert "no prompt has this name" in problem


def test_files_are_listed_in_order_the_broken_ones_too(library: FileLibrary, tmp_path: Path) -> None:
    (tmp_path / "personas" / "aged.md").write_bytes(b"\xff\xfe")
    listed = [(each.kind, each.name) for each in library.files()]
    assert listed[:3] == [("persona", "baker"), ("persona", "gardener"), ("persona", "aged")]
    assert {kind for kind, _ in listed[3:]} == {"prompt"}
    aged = one(library, "persona", "aged")
    assert (aged.text, aged.digest) == ("", "")
    assert "not UTF-8" in aged.fault
