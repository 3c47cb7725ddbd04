"""`workbench sign`: a name under the page, once nothing is left to settle."""

from __future__ import annotations

import json

import pytest

from tests.cli.shell import ANVIL, KETTLE, PERSONAS, Shell


@pytest.fixture
def decided(drafted: Shell) -> Shell:
    """Everything that a page needs, with nothing left to settle."""
    for tool in (KETTLE, ANVIL):
        for persona in PERSONAS:
            assert drafted("decide", tool, persona, "--accept", "claude", "--verdict", "ship").code == 0
    assert drafted("call", KETTLE, ANVIL, "--text", "Ship the first.").code == 0
    return drafted


def test_a_page_is_signed_and_every_export_says_so(decided: Shell) -> None:
    said = decided("sign", KETTLE, ANVIL, "--editor", "Ana", "--statement", "I read it.", "--json").json["sign_off"]
    assert (said["editor"], said["statement"], len(said["sha256"])) == ("Ana", "I read it.", 64)
    for name in ("html", "markdown", "text"):
        exported = decided("export", KETTLE, ANVIL, "--format", name, "--output", "-").out
        assert "Signed off by Ana on" in exported
    page = json.loads(decided("export", KETTLE, ANVIL, "--format", "json", "--output", "-").out)
    assert page["document"]["sign_off"]["sha256"] == said["sha256"]
    assert page["document"]["sign_off"]["changed_since"] == []


def test_a_later_decision_lapses_the_signature_by_name(decided: Shell) -> None:
    assert decided("sign", KETTLE, ANVIL, "--editor", "Ana").code == 0
    assert decided("decide", ANVIL, "skeptic", "--verdict", "skip").code == 0
    exported = decided("export", KETTLE, ANVIL, "--format", "text", "--output", "-")
    assert "changed since: Skeptic of Anvil DB" in exported.out
    assert "changed since: Skeptic of Anvil DB" in exported.err


def test_a_page_with_open_points_is_not_signed_and_they_are_named(drafted: Shell) -> None:
    refused = drafted("sign", KETTLE, ANVIL, "--editor", "Ana")
    assert refused.code == 2
    assert "Builder of Kettle has no approved quote." in refused.err
    assert "no editor’s call" in refused.err
