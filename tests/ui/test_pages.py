"""The tools page, the way from it to the draft room, and errors as words with their remedy."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, Stage, alone, some_settings, staged
from workbench.bootstrap import build
from workbench.library.builtin import builtin_personas
from workbench.ui import runtime

PASTED = "Name: Lantern\nVendor: Lumen Works\n\nLantern traces every request through every service.\n"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A user whose workbench the first page opens by itself."""
    alone(tmp_path, monkeypatch)
    monkeypatch.setattr(runtime, "_workbench", None)
    yield tmp_path
    runtime.close()


def many(stage: Stage, number: int) -> None:
    rows = "".join(
        f'Widget {n:02d},Vendor {n % 3},"Widget {n:02d} does one thing, and does it well."\n' for n in range(number)
    )
    preview = stage.bench.importing.preview_file("tools.csv", f"name,vendor,description\n{rows}".encode())
    stage.bench.importing.commit(preview)


def names(screen: Screen) -> list[str]:
    return [one.removeprefix("**").removesuffix("**") for one in screen.said("markdown") if one.startswith("**")]


# --- the list


def test_an_empty_workspace_says_what_to_do_first(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_SAMPLE", "false")
    screen = Screen()
    assert screen.said("info") == ["No tools yet: paste a description above."]
    assert screen.go("room").said("info") == ["No tool is on the desk. Add one under Tools, or choose one here."]
    assert screen.go("comparison").said("info") == ["A comparison needs two tools. Add them under Tools."]
    assert (home / "desk.db").exists()


def test_a_new_workspace_lists_two_samples_ready_to_be_drafted(home: Path) -> None:
    screen = Screen()
    assert (home / "desk.db").exists()
    assert len(names(screen)) == 2
    assert "2 tools" in screen.said("caption")
    assert screen.buttons("compare-selected") == {"compare-selected": "Draft and compare these two"}
    assert any("Rehearsal: no model was called" in one for one in screen.said("markdown"))


def test_forty_five_tools_come_in_pages(stage: Stage) -> None:
    many(stage, 43)
    screen = Screen()
    seen = names(screen)
    assert len(seen) == 20
    for page, expected in ((2, 20), (3, 5)):
        screen.at.pagination(key="tools.page").set_value(page)
        screen.run()
        assert len(names(screen)) == expected
        seen += names(screen)
    assert len(set(seen)) == 45
    assert "45 tools" in screen.said("caption")


def test_search_finds_names_and_vendors_from_any_page(stage: Stage) -> None:
    many(stage, 43)
    screen = Screen()
    screen.at.pagination(key="tools.page").set_value(3)
    screen.run()
    for search, expected in (("forge", {"Anvil DB"}), ("KETTLE", {"Kettle"}), ("widget 4", {"Widget 40", "Widget 41"})):
        screen.at.text_input(key="tools.search").set_value(search)
        screen.run()
        assert expected <= set(names(screen))
        assert all("Widget 1" not in one for one in names(screen))
    screen.at.text_input(key="tools.search").set_value("*nobody* [x](http://evil.example)")
    screen.run()
    assert screen.said("info") == [r"No tool matches “\*nobody\* \[x\]\(http\://evil\.example\)”."]


def test_two_tools_are_chosen_for_the_room(stage: Stage) -> None:
    many(stage, 1)
    screen = Screen()
    assert "compare-selected" not in screen.buttons()
    for tool in (KETTLE, ANVIL):
        screen.at.checkbox(key=f"choose-{tool}").check()
        screen.run()
    screen.click("compare-selected")
    assert screen.title == "Draft room"
    assert screen.at.query_params["tool"] == [KETTLE, ANVIL]
    assert screen.buttons("draft-all") == {"draft-all": "Draft all 16"}


def test_a_third_choice_lets_go_of_the_first(stage: Stage) -> None:
    many(stage, 1)
    screen = Screen()
    for tool in ("widget-00", KETTLE, ANVIL):
        screen.at.checkbox(key=f"choose-{tool}").check()
        screen.run()
    marked = {str(one.key): one.value for one in screen.at.checkbox}
    assert marked == {"choose-widget-00": False, f"choose-{KETTLE}": True, f"choose-{ANVIL}": True}


def test_the_list_says_how_far_each_tool_has_come(stage: Stage) -> None:
    accepted = stage.drafted(personas=["builder"])[0]
    from workbench.services.deciding import Signature

    stage.bench.deciding.accept(accepted.id, "ship", Signature(editor="Ann"))
    screen = Screen()
    told = [one.proto.text for one in screen.at.get("progress")]
    assert sorted(told) == ["0/4 quotes · not drafted", "1/4 quotes · 2 drafts · price unknown"]


# --- adding


def test_a_pasted_description_is_shown_before_it_is_kept(stage: Stage) -> None:
    screen = Screen().type("paste.text", PASTED)
    assert screen.buttons("paste.add") == {"paste.add": "Add 1 tool and open the draft room"}
    assert "**Lantern**" in screen.said("markdown")
    with stage.bench.store.reading() as repositories:
        assert repositories.tools.count() == 2
    screen.click("paste.add")
    assert (screen.title, screen.at.query_params["tool"]) == ("Draft room", "lantern")
    with stage.bench.store.reading() as repositories:
        assert repositories.tools.count() == 3


def test_adding_twice_adds_once(stage: Stage) -> None:
    one, other = Screen().type("paste.text", PASTED), Screen().type("paste.text", PASTED)
    one.click("paste.add")
    other.click("paste.add")
    assert "paste.add" not in other.buttons()
    assert any("Already here, unchanged" in said for said in other.said("markdown"))
    with stage.bench.store.reading() as repositories:
        assert repositories.tools.count() == 3


def test_what_cannot_be_read_is_said_with_its_remedy(stage: Stage) -> None:
    assert stage.drafts() == []
    screen = Screen().type("paste.text", "Name: Lantern\n\nToo short.")
    assert [one for one in screen.said("error") if "at least 20 characters" in one]
    assert "paste.add" not in screen.buttons()


def test_a_form_names_the_field_that_is_wrong(stage: Stage) -> None:
    assert stage.drafts() == []
    screen = Screen()
    screen.at.text_input(key="form.name").set_value("Lantern")
    screen.at.text_input(key="form.url").set_value("javascript:alert(1)")
    screen.at.text_area(key="form.description").set_value("Lantern traces every request through services.")
    next(one for one in screen.at.button if one.label == "Add this tool").click()
    screen.run()
    assert ["is not a web address" in one for one in screen.said("error")] == [True]


def test_a_form_that_changes_a_known_tool_asks_first_and_keeps_what_it_does_not_say(stage: Stage) -> None:
    screen = Screen()
    screen.at.text_input(key="form.name").set_value("Kettle")
    screen.at.text_area(key="form.description").set_value("Kettle boils a build down to two files.")
    next(one for one in screen.at.button if one.label == "Add this tool").click()
    screen.run()
    assert any("Becomes revision 2" in said for said in screen.said("markdown"))
    assert any("vendor, category, tagline and entry" in said for said in screen.said("info"))
    assert stage.dossier(KETTLE).revision == 1
    screen.click("form.add")
    dossier = stage.dossier(KETTLE)
    assert (dossier.revision, dossier.description) == (2, "Kettle boils a build down to two files.")
    assert (dossier.tool.vendor, dossier.tool.tagline) == ("Steam Works", "Boils a build down")


# --- errors


def test_without_keys_and_rehearsal_the_room_says_which_key_is_missing(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WORKBENCH_REHEARSAL__MODE", "never")
    screen = Screen("room")
    assert (home / "desk.db").exists()
    refused = screen.said("error")
    assert [r"claude\: ANTHROPIC\_API\_KEY is not set" in one for one in refused] == [True]
    assert "Set a key in the environment" in refused[0]
    assert "draft-all" not in screen.buttons()


def lenses(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = home / "lenses"
    folder.mkdir()
    for path in builtin_personas().glob("*.md"):
        (folder / path.name).write_bytes(path.read_bytes())
    monkeypatch.setenv("WORKBENCH_PERSONAS", str(folder))
    return folder


def test_a_broken_persona_is_named_and_the_others_stay(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lenses(home, monkeypatch)
    (folder / "skeptic.md").write_text("---\nlabel: [\n---\n", encoding="utf-8")
    screen = Screen("room")
    assert ["skeptic" in one for one in screen.said("warning")] == [True]
    assert {one["label"] for one in screen.rail["cells"]} == {"Builder", "Futurist", "Business"}
    assert screen.buttons("draft-all") == {"draft-all": "Draft all 12"}


def test_no_persona_at_all_is_said_on_every_page(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = lenses(home, monkeypatch)
    for path in folder.iterdir():
        path.unlink()
    screen = Screen()
    for page in ("tools", "room", "comparison"):
        assert [one for one in screen.go(page).said("error") if "no persona here" in one]


def test_a_broken_prompt_is_named_where_it_is_needed(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "prompts").mkdir()
    monkeypatch.setenv("WORKBENCH_PROMPTS", str(home / "prompts"))
    assert ["house" in one for one in Screen("room").said("error")] == [True]


def test_a_file_of_something_else_is_no_workspace(home: Path) -> None:
    (home / "desk.db").write_text("a letter to my aunt", encoding="utf-8")
    screen = Screen("desk")
    assert screen.title == "The workspace cannot be opened"
    assert [r"desk\.db" in one for one in screen.said("error")] == [True]
    assert (home / "desk.db").read_text(encoding="utf-8") == "a letter to my aunt"


def test_another_programs_database_is_no_workspace(home: Path) -> None:
    with sqlite3.connect(home / "desk.db") as connection:
        connection.execute("CREATE TABLE recipes (name TEXT)")
    connection.close()
    screen = Screen("desk")
    assert screen.title == "The workspace cannot be opened"
    assert len(screen.said("error")) == 1


def test_a_newer_workspace_is_left_alone(home: Path) -> None:
    build(some_settings(home)).close()
    with sqlite3.connect(home / "desk.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    screen = Screen("desk")
    assert screen.title == "The workspace cannot be opened"
    assert ["newer" in one for one in screen.said("error")] == [True]


def test_a_folder_that_cannot_be_made_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("WORKBENCH_WORKSPACE", str(home / "file" / "desk.db"))
    screen = Screen("desk")
    assert screen.title == "The workspace cannot be opened"
    assert len(screen.said("error")) == 1


def test_a_setting_that_makes_no_sense_is_named(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_DRAFTING__CONCURRENCY", "many")
    screen = Screen("desk")
    assert ["concurrency" in one for one in screen.said("error")] == [True]
    assert not (home / "desk.db").exists()


def test_the_page_recovers_when_the_cause_is_gone(home: Path) -> None:
    (home / "desk.db").write_text("a letter to my aunt", encoding="utf-8")
    screen = Screen("desk")
    (home / "desk.db").unlink()
    assert screen.run().title == "Desk"
