"""Every reader keeps the port's promises."""

from __future__ import annotations

import pytest

import workbench.intake
from workbench.plugins import discover
from workbench.ports import Reader

READERS: list[Reader] = discover(workbench.intake, "READER")


def test_the_readers_are_found_by_name() -> None:
    assert sorted(reader.name for reader in READERS) == ["csv", "json", "markdown", "paste"]


def test_no_two_readers_claim_one_ending() -> None:
    suffixes = [suffix for reader in READERS for suffix in reader.suffixes]
    assert len(suffixes) == len(set(suffixes))
    assert all(suffix.startswith(".") for suffix in suffixes)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
def test_a_reader_is_a_value(reader: Reader) -> None:
    assert hash(reader) == hash(type(reader)())
