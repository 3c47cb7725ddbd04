"""What a dossier lacks is said before anything is drafted, and a beat may be opinion."""

from __future__ import annotations

from tests.cli.shell import ANVIL, KETTLE, Shell

RICH = """---
name: Loom
vendor: Thread Works
facts:
  - text: "The `weave` endpoint takes a pattern. It is limited to 400 threads."
    source: manual
  - text: "It costs $12 a month per seat; the buyer is the head of a mill."
    source: price page
  - text: "Rival: Spindle weaves the same patterns."
    source: mill survey
  - text: "Trend: hand looms have been retired by mills since 2019."
    source: mill survey
---
Loom turns patterns into cloth for mills that know what they want.
"""


def needs(shell: Shell, tool: str = KETTLE) -> dict[str, tuple[int, int]]:
    found = shell("show", tool, "--json").json["sufficiency"]
    return {one["persona"]: (one["answered"], one["of"]) for one in found}


def test_a_plan_says_what_each_dossier_lacks_and_what_to_add(stocked: Shell) -> None:
    said = stocked("plan", "--all").out
    assert f"{KETTLE}: " in said
    assert "Skeptic 0/2, add a named rival, with a source (rivals) and a limit or a known failure (breakage)" in said
    assert "workbench opinion TOOL PERSONA BEAT" in said
    assert set(stocked("plan", "--all", "--json").json["sufficiency"]) == {KETTLE, ANVIL}


def test_a_draft_says_so_too_before_it_begins(stocked: Shell) -> None:
    result = stocked("draft", KETTLE, "-p", "skeptic", "--provider", "claude")
    assert result.code == 0
    assert "Skeptic 0/2" in result.out + result.err


def test_a_dossier_with_everything_is_no_word_of(shell: Shell) -> None:
    (shell.home / "loom.md").write_text(RICH, encoding="utf-8")
    assert shell("import", "loom.md").code == 0
    assert "opinion" not in shell("plan", "loom").out
    assert all(answered == of > 0 for answered, of in needs(shell, "loom").values())
    assert "Facts for the beats: Builder 1/1 · Skeptic 2/2" in shell("show", "loom").out


def test_a_beat_may_be_opinion_and_need_a_fact_again(stocked: Shell) -> None:
    assert needs(stocked)["skeptic"] == (0, 2)
    marked = stocked("opinion", KETTLE, "Skeptic", "rivals")
    assert (marked.code, "may be opinion from the next draft on" in marked.out) == (0, True)
    assert needs(stocked)["skeptic"] == (1, 2)
    shown = stocked("show", KETTLE).out
    assert "skeptic: rivals may be opinion." in shown
    assert "skeptic/breakage: add a limit or a known failure, or let it be opinion." in shown
    undone = stocked("opinion", KETTLE, "skeptic", "rivals", "--undo", "--json").json
    assert [one["answered"] for one in undone["sufficiency"] if one["persona"] == "skeptic"] == [0]


def test_a_beat_nobody_knows_is_met_with_those_there_are(stocked: Shell) -> None:
    result = stocked("opinion", KETTLE, "skeptic", "rhyme")
    assert result.code == 2
    assert "There is no beat called “rhyme”" in result.err
    assert "rivals, breakage" in result.err
