from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.library.files import GOOD, library_with, rewrite
from workbench.errors import LibraryError
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts

BEAT = "  - {id: soil, label: More soil, brief: Say more., opener: And the soil is}\n"

BAD: dict[str, tuple[str | bytes, str, int | None]] = {
    "empty": ("", "is empty", None),
    "blank": (" \n\n", "is empty", None),
    "not UTF-8": (GOOD.replace("years", "a siècle").encode("cp1252"), "is not UTF-8", 18),
    "a NUL character": (GOOD.replace("years", "ye\0rs"), "a NUL character", 18),
    "no front matter": ("You tend software.\n", "no front matter", 1),
    "front matter without end": (GOOD[: GOOD.rindex("---")], "never ends", 1),
    "front matter without keys": ("---\n---\nYou tend.\n", "holds no keys", 1),
    "front matter that is a list": ("---\n- label\n---\nYou tend.\n", "holds no keys", 2),
    "broken YAML": (GOOD.replace("Say what it grows in.", "Say: what: it grows in."), "not valid YAML", 11),
    "YAML nested without end": (GOOD.replace("[evergreen]", "[" * 500), "not valid YAML", None),
    "a YAML tag": (GOOD.replace("[evergreen]", "!!python/name:os.system"), "not valid YAML", 7),
    "a date that is none": (GOOD.replace("order: 5", "order: 2026-02-31"), "not valid YAML", None),
    "a missing key": (GOOD.replace("order: 5\n", ""), "the key “order” is missing", 2),
    "a missing key of a beat": (GOOD.replace("    opener: The soil is\n", ""), "“beats.1.opener” is missing", 9),
    "an unknown key": (GOOD.replace("color:", "colour:"), "the key “colour” is unknown", 4),
    "one key too many": (GOOD.replace("order: 5", "order: 5\nmood: sunny"), "the key “mood” is unknown", 4),
    "a key given twice": (GOOD.replace("order: 5", "order: 5\nlabel: Again"), "“label” is given twice", 4),
    "a beat's key given twice": (
        GOOD.replace("    label: Soil\n", "    label: Soil\n    label: Mud\n"),
        "“label” is given twice",
        11,
    ),
    "order as text": (GOOD.replace("order: 5", "order: fifth"), "value of “order” is wrong", 3),
    "order as a truth value": (GOOD.replace("order: 5", "order: yes"), "value of “order” is wrong", 3),
    "a banned word that YAML reads as false": (GOOD.replace("[evergreen]", "[no]"), "value of “banned.1” is wrong", 7),
    "a color by name": (GOOD.replace('"#336633"', "green"), "value of “color” is wrong", 4),
    "a band of one number": (GOOD.replace("[20, 60]", "[20]"), "value of “length” is wrong", 6),
    "a band of text": (GOOD.replace("[20, 60]", "20 to 60"), "value of “length” is wrong", 6),
    "a band upside down": (GOOD.replace("[20, 60]", "[60, 20]"), "the length 60 to 20 is empty", 6),
    "a beat called twice": (GOOD.replace("exemplars:", BEAT + "exemplars:"), "two beats are called “soil”", 13),
    "a beat id with blanks": (GOOD.replace("id: soil", "id: top soil"), "value of “beats.1.id” is wrong", 9),
    "no beats": (
        GOOD[: GOOD.index("beats:")] + "beats: []\n" + GOOD[GOOD.index("exemplars:") :],
        "“beats” is wrong",
        8,
    ),
    "an opener of blanks": (GOOD.replace("The soil is\nex", "' '\nex"), "value of “beats.1.opener” is wrong", 12),
    "a need nobody knows": (
        GOOD.replace("    opener: The soil is\n", "    opener: The soil is\n    needs: [water]\n"),
        "value of “beats.1.needs.1” is wrong",
        13,
    ),
    "a verdict in between": (GOOD.replace("verdict: ship", "verdict: maybe"), "“exemplars.1.verdict” is wrong", 15),
    "no voice": (GOOD.replace("You tend software for years.\n", ""), "the voice is missing", None),
    "far too long": (GOOD + "You tend. " * 40_000, "bytes", None),
}


@pytest.mark.parametrize(("content", "said", "line"), BAD.values(), ids=BAD.keys())
def test_a_bad_file_is_named_with_its_line(tmp_path: Path, content: str | bytes, said: str, line: int | None) -> None:
    library = library_with(tmp_path, content)
    where = str(tmp_path / "gardener.md")
    (problem,) = library.problems()
    assert problem.startswith(where if line is None else f"{where}:{line}: ")
    assert said in problem
    assert problem.endswith(".")
    with pytest.raises(LibraryError, match="no persona here can be used") as caught:
        library.personas()
    assert where in str(caught.value)


@pytest.mark.parametrize(
    "name", ["Gardener.md", "a b.md", "garden_er.md", "x" * 41 + ".md", "nul.md", "com1.md", "ö.md"]
)
def test_a_file_name_that_is_no_slug_is_refused(tmp_path: Path, name: str) -> None:
    (problem,) = library_with(tmp_path, GOOD, name).problems()
    assert str(tmp_path / name) in problem
    assert "name cannot be used" in problem


def test_a_good_file_becomes_a_persona(tmp_path: Path) -> None:
    (persona,) = library_with(tmp_path, GOOD).personas()
    assert (persona.id, persona.label, persona.order, persona.color) == ("gardener", "Gardener", 5, "#336633")
    assert (persona.band.low, persona.band.high, persona.banned) == (20, 60, ("evergreen",))
    assert [beat.opener for beat in persona.beats] == ["The soil is"]
    assert persona.voice == "You tend software for years."


def test_a_beat_may_say_what_facts_it_needs(tmp_path: Path) -> None:
    needing = GOOD.replace("    opener: The soil is\n", "    opener: The soil is\n    needs: [price, rival, price]\n")
    (persona,) = library_with(tmp_path, needing).personas()
    assert [beat.needs for beat in persona.beats] == [("price", "rival")]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    for folder, content in {
        "unix": GOOD.encode(),
        "windows": b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode(),
    }.items():
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "gardener.md").write_bytes(content)
    read = [FileLibrary(tmp_path / folder, builtin_prompts()).personas() for folder in ("unix", "windows")]
    assert read[0] == read[1]


def test_one_broken_file_leaves_the_others_working(tmp_path: Path) -> None:
    shutil.copytree(builtin_personas(), tmp_path, dirs_exist_ok=True)
    (tmp_path / "skeptic.md").write_text("", encoding="utf-8")
    library = FileLibrary(tmp_path, builtin_prompts())
    assert [persona.id for persona in library.personas()] == ["builder", "futurist", "business"]
    (problem,) = library.problems()
    assert str(tmp_path / "skeptic.md") in problem


def test_a_second_lens_of_the_same_label_is_left_out(tmp_path: Path) -> None:
    library = library_with(tmp_path, GOOD)
    library_with(tmp_path, GOOD.replace("label: Gardener", "label: gardener"), "hedge.md")
    assert [persona.id for persona in library.personas()] == ["gardener"]
    assert "hedge.md" in library.problems()[0]


def test_an_unfinished_pair_of_links_never_escapes_the_folder(tmp_path: Path) -> None:
    inside, outside = tmp_path / "personas", tmp_path / "secret.md"
    inside.mkdir()
    outside.write_text(GOOD, encoding="utf-8")
    (inside / "leaving.md").symlink_to(outside)
    (inside / "nowhere.md").symlink_to(tmp_path / "gone.md")
    (inside / "round.md").symlink_to(inside / "round.md")
    (inside / "folder.md").mkdir()
    (inside / "plain.md").write_text(GOOD, encoding="utf-8")
    (inside / "staying.md").symlink_to(inside / "plain.md")
    library = FileLibrary(inside, builtin_prompts())
    problems = dict(zip(["folder", "leaving", "nowhere", "round", "staying"], library.problems(), strict=True))
    assert [persona.id for persona in library.personas()] == ["plain"]
    assert all(f"{name}.md" in problem for name, problem in problems.items())
    assert "leaves its folder" in problems["leaving"]
    assert "is missing" in problems["nowhere"]
    assert "not a file" in problems["folder"]
    assert "has the label" in problems["staying"]


def test_an_unreadable_file_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    library = library_with(tmp_path, GOOD)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refuse)
        (problem,) = library.problems()
    assert "gardener.md: the file cannot be read (Permission denied)" in problem
    assert library.problems() == ()


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_personas_is_an_error_that_names_it(tmp_path: Path, *, there: bool) -> None:
    folder = tmp_path if there else tmp_path / "gone"
    library = FileLibrary(folder, builtin_prompts())
    with pytest.raises(LibraryError) as caught:
        library.personas()
    assert str(folder) in str(caught.value)
    assert len(library.problems()) == (0 if there else 1)


def test_hidden_and_other_files_are_nobodys_business(tmp_path: Path) -> None:
    library = library_with(tmp_path, GOOD)
    for name in (".#gardener.md", "gardener.md~", "notes.txt"):
        (tmp_path / name).write_text("scratch", encoding="utf-8")
    assert len(library.personas()) == 1
    assert library.problems() == ()


def test_a_changed_file_shows_at_once_and_an_unchanged_one_is_not_read_again(tmp_path: Path) -> None:
    library = library_with(tmp_path, GOOD)
    (before,) = library.personas()
    assert library.personas()[0] is before
    rewrite(tmp_path / "gardener.md", GOOD.replace("years", "decades"))
    (after,) = library.personas()
    assert after.voice.endswith("decades.")
    assert after.digest != before.digest
    rewrite(tmp_path / "gardener.md", GOOD.replace("label: Gardener", "lable: Gardener"))
    assert "“lable” is unknown" in library.problems()[0]
    (tmp_path / "gardener.md").unlink()
    assert library.problems() == ()
