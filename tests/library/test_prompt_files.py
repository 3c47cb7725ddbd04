from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.library.files import rewrite
from workbench.errors import LibraryError, SlotError
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts
from workbench.library.prompt_files import LATER, SLOTS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(builtin_prompts(), tmp_path, dirs_exist_ok=True)
    return tmp_path


def _library(folder: Path) -> FileLibrary:
    return FileLibrary(builtin_personas(), folder)


@pytest.mark.parametrize(("name", "slot"), [(name, slot) for name in SLOTS for slot in sorted(SLOTS[name])])
def test_a_slot_that_a_prompt_drops_is_named_with_its_file(folder: Path, name: str, slot: str) -> None:
    path = folder / f"{name}.md"
    path.write_text(path.read_text(encoding="utf-8").replace(f"${slot}", "nothing"), encoding="utf-8")
    with pytest.raises(SlotError, match="never uses it") as caught:
        _library(folder).prompts()
    assert (caught.value.path, caught.value.slot) == (str(path), slot)


@pytest.mark.parametrize("name", SLOTS)
def test_a_slot_that_nothing_fills_is_named_with_its_file(folder: Path, name: str) -> None:
    path = folder / f"{name}.md"
    path.write_text(path.read_text(encoding="utf-8") + "\n$moon\n", encoding="utf-8")
    with pytest.raises(SlotError, match="nothing fills it") as caught:
        _library(folder).prompts()
    assert (caught.value.path, caught.value.slot) == (str(path), "moon")
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", SLOTS)
def test_a_dollar_that_starts_no_slot_is_an_error_of_that_file(folder: Path, name: str) -> None:
    path = folder / f"{name}.md"
    path.write_text(path.read_text(encoding="utf-8") + "\nIt costs $5.\n", encoding="utf-8")
    with pytest.raises(SlotError, match=r"\$\$") as caught:
        _library(folder).prompts()
    assert caught.value.path == str(path)


def test_a_doubled_dollar_is_a_dollar(folder: Path) -> None:
    rewrite(folder / "house.md", "It costs $$5.\n")
    assert _library(folder).prompts().house.fill() == "It costs $5."


@pytest.mark.parametrize("name", [one for one in SLOTS if one not in LATER])
def test_a_missing_or_empty_prompt_is_named(folder: Path, name: str) -> None:
    path = folder / f"{name}.md"
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(LibraryError, match="is empty") as emptied:
        _library(folder).prompts()
    path.unlink()
    with pytest.raises(LibraryError, match="is missing") as removed:
        _library(folder).prompts()
    assert emptied.value.path == removed.value.path == str(path)


@pytest.mark.parametrize("name", sorted(LATER))
def test_a_folder_from_before_a_prompt_reads_the_built_in_one_until_it_has_its_own(folder: Path, name: str) -> None:
    path, built_in = folder / f"{name}.md", builtin_prompts() / f"{name}.md"
    text = path.read_text(encoding="utf-8")
    path.unlink()
    library = _library(folder)
    assert getattr(library.prompts(), name).path == str(built_in)
    assert [(one.path, one.built_in, one.fault) for one in library.files() if one.name == name] == [
        (str(built_in), True, "")
    ]
    library.write("prompt", name, f"{text}Truly.\n")
    assert built_in.read_text(encoding="utf-8") == text
    assert getattr(library.prompts(), name).text.endswith("Truly.")
    path.write_text("\n", encoding="utf-8")
    with pytest.raises(LibraryError, match="is empty"):
        library.prompts()


def test_a_file_that_is_no_prompt_is_reported_and_does_no_harm(folder: Path) -> None:
    (folder / "hous.md").write_text("You draft.", encoding="utf-8")
    library = _library(folder)
    assert library.prompts().house.id == "house"
    assert str(folder / "hous.md") in library.problems()[0]


def test_a_missing_folder_is_an_error_that_names_it(tmp_path: Path) -> None:
    library = _library(tmp_path / "gone")
    with pytest.raises(LibraryError, match="gone"):
        library.prompts()
    assert "gone" in library.problems()[0]


def test_an_edited_prompt_shows_at_once_with_a_digest_of_its_own(folder: Path) -> None:
    library = _library(folder)
    before = library.prompts()
    assert library.prompts().ask is before.ask
    rewrite(folder / "house.md", "You draft reviews.\n")
    after = library.prompts()
    assert after.house.text == "You draft reviews."
    assert after.house.digest != before.house.digest
    assert after.ask is before.ask
