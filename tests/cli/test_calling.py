"""`workbench call` and `workbench export`: the answer and the page."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from pathlib import Path

import pytest

from tests.cli.shell import ANVIL, KETTLE, Shell

PAGE = f"{KETTLE}-vs-{ANVIL}"
"""What its files are called."""


@pytest.fixture
def decided(drafted: Shell) -> Shell:
    """One approved quote a side."""
    for tool in (KETTLE, ANVIL):
        assert drafted("decide", tool, "builder", "--accept", "claude", "--verdict", "ship").code == 0
    return drafted


def leftovers(folder: Path) -> list[str]:
    """Unfinished files."""
    return [one.name for one in folder.iterdir() if one.name.endswith(".part")]


def test_the_call_is_saved_and_signed(stocked: Shell) -> None:
    saved = stocked("call", KETTLE, ANVIL, "--text", "Ship the first.", "--editor", "Ada", "--json").json["comparison"]
    assert set(saved["id"].split("--vs--")) == {KETTLE, ANVIL}
    assert (saved["call"], saved["editor"], saved["version"]) == ("Ship the first.", "Ada", 1)
    (stocked.home / "call.txt").write_text("Ship neither.\n", encoding="utf-8")
    again = stocked("call", KETTLE, ANVIL, "--file", "call.txt", "--json").json["comparison"]
    assert (again["call"], again["version"]) == ("Ship neither.", 2)
    assert "Saved the call" in stocked("call", KETTLE, ANVIL, "--file", "-", stdin=b"Ship both.").out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((KETTLE, ANVIL), "--text or --file"),
        ((KETTLE, ANVIL, "--text", "a", "--file", "b"), "one of them"),
        ((KETTLE, ANVIL, "--file", "nowhere.txt"), "cannot be read"),
        ((KETTLE, ANVIL, "--file", "latin.txt"), "not UTF-8"),
        ((KETTLE, ANVIL, "--text", "x" * 2_001), "limit"),
        ((KETTLE, ANVIL, "--text", "a", "--editor", " "), "needs a name"),
        ((KETTLE, KETTLE, "--text", "a"), "two different"),
        ((KETTLE, "zeppelin", "--text", "a"), ANVIL),
    ],
)
def test_a_call_that_makes_no_sense_is_refused(stocked: Shell, words: tuple[str, ...], said: str) -> None:
    (stocked.home / "latin.txt").write_bytes(b"Caf\xe9")
    result = stocked("call", *words)
    assert result.code == 2
    assert said in result.err


@pytest.mark.parametrize(
    ("name", "suffix"), [("html", ".html"), ("markdown", ".md"), ("text", ".txt"), ("json", ".json"), ("csv", ".csv")]
)
def test_every_format_is_written_under_its_own_name(decided: Shell, name: str, suffix: str) -> None:
    result = decided("export", KETTLE, ANVIL, "--format", name)
    assert result.code == 0, result.err
    written = decided.home / f"{PAGE}{suffix}"
    assert "Kettle" in written.read_text(encoding="utf-8")
    assert str(written) in result.out
    assert leftovers(decided.home) == []


def test_a_file_that_was_there_is_said_to_be_replaced(decided: Shell) -> None:
    said = [decided("export", KETTLE, ANVIL, "-o", "page.html").out.split(" ")[0] for _ in range(2)]
    assert said == ["Wrote", "Replaced"]


def test_the_same_decisions_make_the_same_file(decided: Shell) -> None:
    decided("export", KETTLE, ANVIL, "-o", "one.html")
    decided("export", KETTLE, ANVIL, "-o", "two.html")
    assert (decided.home / "one.html").read_bytes() == (decided.home / "two.html").read_bytes()


def test_standard_output_holds_the_file_and_nothing_else(decided: Shell) -> None:
    result = decided("export", KETTLE, ANVIL, "--format", "json", "--output", "-")
    assert json.loads(result.out)
    assert "no approved quote from" in result.err
    rows = list(csv.DictReader(io.StringIO(decided("export", KETTLE, ANVIL, "-f", "csv", "-o", "-").out)))
    assert len(rows) == 2


def test_a_machine_is_told_what_was_written(decided: Shell) -> None:
    written = decided("export", "kettle", "anvil-db", "-f", "csv", "--json").json["file"]
    data = Path(written["path"]).read_bytes()
    assert Path(written["path"]).parent == decided.home.resolve()
    assert written == {
        "path": written["path"],
        "format": "csv",
        "media_type": "text/csv",
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
        "replaced": False,
        "rehearsal": True,
    }
    assert decided("export", "kettle", "anvil-db", "-f", "csv", "--json").json["file"]["replaced"] is True
    both = decided("export", "kettle", "anvil-db", "-o", "-", "--json")
    assert (both.code, "-f json -o -" in both.err) == (2, True)


def test_a_folder_gets_the_file_under_its_name(decided: Shell) -> None:
    (decided.home / "pages").mkdir()
    assert decided("export", KETTLE, ANVIL, "-o", "pages").code == 0
    assert [one.name for one in (decided.home / "pages").iterdir()] == [f"{PAGE}.html"]


def test_an_existing_file_is_replaced_and_a_link_stays_a_link(decided: Shell) -> None:
    real, link = decided.home / "real.html", decided.home / "link.html"
    real.write_text("old", encoding="utf-8")
    link.symlink_to(real)
    assert decided("export", KETTLE, ANVIL, "-o", "link.html").code == 0
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8").startswith("<!")


def test_a_device_is_written_to_not_replaced(decided: Shell) -> None:
    assert decided("export", KETTLE, ANVIL, "-o", os.devnull).code == 0
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("target", ["missing/page.html", "tools.txt/page.html", f"{'n' * 300}.html"])
def test_a_place_that_cannot_be_written_is_exit_code_5_and_leaves_nothing(decided: Shell, target: str) -> None:
    (decided.home / "tools.txt").write_text("a file", encoding="utf-8")
    before = sorted(one.name for one in decided.home.iterdir())
    result = decided("export", KETTLE, ANVIL, "-o", target)
    assert result.code == 5
    assert "could not be written" in result.err
    assert sorted(one.name for one in decided.home.iterdir()) == before


def test_a_full_disk_leaves_the_old_file_whole(decided: Shell) -> None:
    result = decided("export", KETTLE, ANVIL, "-o", "/dev/full")
    assert result.code == 5
    assert "No space left" in result.err


def test_unapproved_text_is_not_exported(drafted: Shell) -> None:
    result = drafted("export", KETTLE, ANVIL)
    assert result.code == 5
    assert "no approved quote" in result.err
    assert not (drafted.home / f"{PAGE}.html").exists()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((KETTLE, ANVIL, "--format", "pdf"), "markdown"),
        ((KETTLE, "zeppelin"), ANVIL),
        ((KETTLE, KETTLE), "two different"),
    ],
)
def test_an_unknown_format_or_tool_is_refused(decided: Shell, words: tuple[str, ...], said: str) -> None:
    result = decided("export", *words)
    assert result.code == 2
    assert said in result.err


def test_what_a_reader_would_miss_is_said(decided: Shell) -> None:
    decided("decide", KETTLE, "builder", "--verdict", "none")
    said = decided("export", KETTLE, ANVIL).err
    assert "Rehearsal" in said
    assert "Kettle: no approved quote from Skeptic" in said
    assert "1 quote without a verdict" in said
    assert "workbench call" in said
