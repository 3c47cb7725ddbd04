"""`workbench export --diff`: what changed since a page last left."""

from __future__ import annotations

from tests.cli.shell import ANVIL, KETTLE, Shell


def written(shell: Shell, tool: str, text: bytes) -> None:
    assert shell("decide", tool, "builder", "--edit-file", "-", "--verdict", "ship", stdin=text).code == 0


def test_a_pair_is_compared_with_its_last_export_and_nothing_is_written(stocked: Shell) -> None:
    written(stocked, KETTLE, b"It is a thing.")
    written(stocked, ANVIL, b"It is another.")
    page = (KETTLE, ANVIL, "--format", "text")
    assert "This pair has not been exported yet." in stocked("export", *page, "--diff").out
    assert stocked("export", *page, "--output", "out.txt", "--editor", "Ann").code == 0
    assert "Nothing has changed since the export of" in stocked("export", *page, "--diff").out
    written(stocked, KETTLE, b"It is a better thing.")
    told = stocked("export", *page, "--diff", "--output", "two.txt")
    assert told.code == 0
    assert "UTC (text, Ann):" in told.out
    assert "- “It is a thing.”\n+ “It is a better thing.”" in told.out
    assert not (stocked.home / "two.txt").exists()


def test_a_file_that_could_not_be_written_was_not_exported(stocked: Shell) -> None:
    written(stocked, KETTLE, b"It is a thing.")
    written(stocked, ANVIL, b"It is another.")
    assert stocked("export", KETTLE, ANVIL, "--output", "no/such/folder/out.html").code != 0
    assert "This pair has not been exported yet." in stocked("export", KETTLE, ANVIL, "--diff").out
