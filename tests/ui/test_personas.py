"""Personas and prompts on the screen: edited, refused, saved, restored, rendered and replayed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.ui.conftest import App, child_environment, start, stop
from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, Stage, staged
from workbench.library.builtin import builtin_personas, builtin_prompts
from workbench.services.deciding import Signature

BOX = "text-persona-builder"
NOTE = "note-persona-builder"


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


def tab(screen: Screen, name: str) -> Screen:
    screen.at.session_state["personas.tab"] = name
    return screen.run()


def noted(screen: Screen, note: str) -> Screen:
    screen.at.text_input(key=NOTE).set_value(note)
    return screen


def held(screen: Screen) -> str:
    return str(screen.at.text_area(key=BOX).value)


def alerts(screen: Screen) -> list[str]:
    return [one.replace("\\", "") for one in screen.said("error")]


def used_by(screen: Screen) -> list[int]:
    """How many quotes each version has, newest first."""
    return [int(one) for said in screen.said("markdown") for one in re.findall(r"badge\[used by (\d+) quote", said)]


# --- without a browser


def test_every_file_is_listed_and_its_text_is_in_the_box(stage: Stage) -> None:
    screen = Screen("personas")
    files = stage.bench.authoring.files()
    assert list(screen.buttons("pick-")) == [f"pick-{one.kind}-{one.name}" for one in files]
    for one in files:
        screen.click(f"pick-{one.kind}-{one.name}")
        assert screen.at.text_area(key=f"text-{one.kind}-{one.name}").value == one.text


def test_unsaved_text_outlives_other_files_and_other_pages(stage: Stage) -> None:
    text = stage.bench.authoring.file("persona", "builder").text.replace("[130, 180]", "[100, 150]")
    screen = Screen("personas").type(BOX, text).click("pick-prompt-house").click("pick-persona-builder")
    assert held(screen) == text
    assert screen.buttons("pick-persona-b")["pick-persona-builder"].endswith("✎")
    screen.go("tools").go("personas")
    assert held(screen) == text
    screen.click("discard-file")
    assert "[130, 180]" in held(screen)
    assert not screen.buttons("pick-persona-b")["pick-persona-builder"].endswith("✎")


def test_a_file_that_changes_on_disk_shows_until_it_is_typed_in(stage: Stage, tmp_path: Path) -> None:
    builder = stage.bench.authoring.file("persona", "builder")
    screen = noted(Screen("personas").type(BOX, f"{builder.text}Really.\n"), "surer").click("save-file")
    path = tmp_path / "personas" / "builder.md"
    path.write_text(builder.text, encoding="utf-8")
    assert held(screen.run()) == builder.text

    noted(screen.type(BOX, f"{builder.text}Truly.\n"), "truer")
    path.write_text(f"{builder.text}Madly.\n", encoding="utf-8")
    screen.click("save-file")
    assert "Somebody changed the persona “builder” since you opened it" in alerts(screen)[0]
    assert held(screen).endswith("Truly.\n")
    assert path.read_text(encoding="utf-8").endswith("Madly.\n")
    screen.click("save-file")
    assert path.read_text(encoding="utf-8").endswith("Truly.\n")
    notes = [one.edition.note for one in stage.bench.authoring.versions("persona", "builder")]
    assert notes == ["truer", "found on disk", "surer", "found on disk"]


def test_a_save_needs_a_note_and_text_that_can_be_used(stage: Stage) -> None:
    builder = stage.bench.authoring.file("persona", "builder")
    screen = Screen("personas").type(BOX, builder.text.replace("[130, 180]", "[100, 150]")).click("save-file")
    assert alerts(screen) == ["The note is empty. Say in a few words what this version is for."]
    screen.type(BOX, builder.text.replace("color:", "colour:"))
    noted(screen, "greener").click("save-file")
    assert all("builder.md:4: the key “colour” is unknown" in one for one in alerts(screen))
    assert stage.bench.authoring.file("persona", "builder") == builder
    assert stage.bench.authoring.files()[0].built_in


def test_notes_and_texts_are_never_read_as_markdown(stage: Stage) -> None:
    builder = stage.bench.authoring.file("persona", "builder")
    hostile = "![x](http://evil.example/x.png) <img src=x onerror=alert(1)>"
    screen = noted(Screen("personas").type(BOX, f"{builder.text}{hostile}\n"), hostile).click("save-file")
    tab(screen, "Versions")
    said = [one for kind in ("markdown", "caption", "html") for one in screen.said(kind) if "evil" in one]
    assert said
    assert [one for one in said if re.search(r"(?<!\\)(?:\]\(|<)", one)] == []


def test_a_replay_leaves_out_what_is_undecided_while_providers_are_masked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with staged(tmp_path, monkeypatch, review={"masked": True}) as stage:
        stage.drafted(personas=["builder"])
        screen = tab(Screen("personas"), "Replay")
        assert any("Left out until they are decided" in one and "Kettle" in one for one in screen.said("caption"))
        assert "replay-start" not in screen.buttons()


def test_a_replay_runs_with_the_text_of_the_box_and_leaves_the_board_alone(stage: Stage) -> None:
    before = stage.drafted(personas=["builder"])
    builder = stage.bench.authoring.file("persona", "builder")
    screen = tab(Screen("personas").type(BOX, f"{builder.text}Be brief.\n"), "Replay").click("replay-start")
    pairs = screen.at.session_state["replayed-persona-builder"]
    stage.bench.drafting.wait(after for _, after in pairs)
    screen.run()
    assert [old for old, _ in pairs] == [one.id for one in before]
    assert stage.drafts(KETTLE) == before
    made = {stage.now(after).origin.persona_digest for _, after in pairs}
    assert len(made) == 1
    assert builder.digest not in made
    assert sum("not saved" in one for one in screen.said("caption")) == len(pairs) == 2
    assert sum(text.value.startswith(("Claude says so", "Codestral says so")) for text in screen.at.text) == 4


def test_a_prompt_is_rendered_and_replayed_for_a_persona_one_chooses(stage: Stage) -> None:
    before = stage.drafted(personas=["skeptic"], providers=["claude"])
    house = stage.bench.authoring.file("prompt", "house").text
    screen = Screen("personas").click("pick-prompt-house").type("text-prompt-house", f"{house}Be kind.\n")
    tab(screen, "Rendered prompt")
    screen.at.selectbox(key="personas.lens").set_value("skeptic")
    screen.run()
    parts = [str(one.value) for one in screen.at.code]
    assert "Be kind." in parts[0]
    assert "`skeptic`" in parts[-1]
    tab(screen, "Replay").click("replay-start")
    ((old, after),) = screen.at.session_state["replayed-prompt-house"]
    stage.bench.drafting.wait([after])
    assert old == before[0].id
    assert stage.now(after).origin.plan_digest != before[0].origin.plan_digest
    assert any("with house.md as it was in the box" in one.replace("\\", "") for one in screen.run().said("caption"))


def test_a_prompt_says_how_many_quotes_were_made_with_each_version(stage: Stage) -> None:
    first, other = stage.drafted(personas=["builder", "skeptic"], providers=["claude"])
    for draft in (first, other):
        stage.bench.deciding.accept(draft.id, "ship", Signature(editor="Ann"))
    house = stage.bench.authoring.file("prompt", "house")
    screen = Screen("personas").click("pick-prompt-house").type("text-prompt-house", f"{house.text}Be kind.\n")
    screen.at.text_input(key="note-prompt-house").set_value("kinder")
    tab(screen.click("save-file"), "Versions")
    assert used_by(screen) == [0, 2]
    screen.click("pick-prompt-note")
    assert used_by(screen) == [0]


def test_a_tool_to_render_or_replay_is_found_by_what_is_typed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.ui.components.picker.OFFERED", 1)
    stage.drafted(ANVIL, personas=["builder"])
    stage.drafted(KETTLE, personas=["builder"])  # changed last: the one on offer
    screen = tab(Screen("personas"), "Rendered prompt")
    assert screen.at.selectbox(key="rendered.tool").options == ["Kettle"]
    screen.type_into_box("rendered.tool", "forge")
    assert screen.at.selectbox(key="rendered.tool").value == ANVIL
    assert [one for one in (str(code.value) for code in screen.at.code) if "Anvil DB" in one]
    tab(screen, "Replay")
    screen.at.multiselect(key="replay.tools").set_value([KETTLE, "anvil"])
    assert screen.run().at.multiselect(key="replay.tools").value == [KETTLE, ANVIL]
    assert screen.buttons("replay-start") == {"replay-start": "Replay 4 drafts"}


def test_a_replay_offers_drafted_tools_however_many_others_changed_since(stage: Stage) -> None:
    stage.drafted(KETTLE, personas=["builder"])
    many = "\n---\n".join(f"Name: Tool {one}\n\nTool {one} does a thing.\n" for one in range(120))
    stage.bench.importing.commit(stage.bench.importing.preview_text(many))
    screen = tab(Screen("personas"), "Replay")
    assert screen.at.multiselect(key="replay.tools").options == ["Kettle"]
    screen.at.multiselect(key="replay.tools").set_value([KETTLE, "Tool 7"])
    assert screen.run().at.multiselect(key="replay.tools").value == [KETTLE]
    assert any("No drafted tool has “Tool 7”" in one for one in screen.said("warning"))


def test_a_file_that_is_broken_on_disk_can_be_mended_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for folder in (builtin_personas(), builtin_prompts()):
        shutil.copytree(folder, tmp_path / folder.name)
    ask = tmp_path / "prompts" / "ask.md"
    good = ask.read_text(encoding="utf-8")
    ask.write_text(good.replace("$low", "few"), encoding="utf-8")
    own = {"personas": tmp_path / "personas", "prompts": tmp_path / "prompts"}
    with staged(tmp_path, monkeypatch, **own):
        screen = Screen("personas").click("pick-prompt-ask")
        assert screen.buttons("pick-prompt-a")["pick-prompt-ask"].startswith("⚠")
        assert any("slot $low: the text never uses it." in one for one in alerts(screen))
        for name in ("Rendered prompt", "Replay"):
            assert any("Mend it under File" in one for one in tab(screen, name).said("info"))
        tab(screen, "File").type("text-prompt-ask", good)
        screen.at.text_input(key="note-prompt-ask").set_value("the band is back")
        screen.click("save-file")
        assert alerts(screen) == []
    assert ask.read_text(encoding="utf-8") == good


# --- in a browser


@pytest.fixture
def drafted(tmp_path: Path) -> Iterator[App]:
    """An app over the sample tools, drafted by both providers, with nothing masked."""
    changes = {"WORKBENCH_SAMPLE": "true"}
    quick = {"WORKBENCH_REHEARSAL__FIRST_TOKEN": "0", "WORKBENCH_REHEARSAL__TOKENS_PER_SECOND": "5000"}
    subprocess.run(
        [sys.executable, "-m", "workbench", "draft", "--all"],
        cwd=tmp_path,
        env=child_environment(tmp_path, WORKBENCH_WORKSPACE=str(tmp_path / "work.db"), **changes, **quick),
        check=True,
        capture_output=True,
    )
    running = start(tmp_path, tmp_path / "work.db", **changes, WORKBENCH_REHEARSAL__TOKENS_PER_SECOND="40")
    yield running
    stop(running)


def box(page: Page, name: str = "builder") -> str:
    return page.get_by_role("textbox", name=f"Text of {name}.md").input_value()


def rewrite(page: Page, before: str, after: str, name: str = "builder") -> None:
    area = page.get_by_role("textbox", name=f"Text of {name}.md")
    expect(area).to_have_value(re.compile(re.escape(before)))
    area.fill(area.input_value().replace(before, after))
    page.keyboard.press("Control+Enter")


@pytest.mark.browser
def test_a_persona_is_edited_refused_mended_saved_listed_and_restored(
    drafted: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{drafted.url}/personas")
    rewrite(page, "[130, 180]", "[180, 130]")
    expect(page.get_by_role("alert")).to_contain_text("builder.md:6: the length 180 to 130 is empty.")
    expect(page.get_by_text("→   6 length: [180, 130]")).to_be_visible()
    page.get_by_role("textbox", name="What is this version for?").fill("shorter")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_have_count(2)  # said where it was typed, and where it was saved
    assert not (drafted.workspace.parent / "personas").exists()

    rewrite(page, "[180, 130]", "[90, 140]")
    expect(page.get_by_text("This text can be used.")).to_be_visible()
    expect(
        page.get_by_text(re.compile(r"claude writes [\d,]+ tokens, \$0\.\d{4} more than reading them"))
    ).to_be_visible()
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Drafts are made with it from now on.")).to_be_visible()
    saved = drafted.workspace.parent / "personas" / "builder.md"
    assert "length: [90, 140]" in saved.read_text(encoding="utf-8")

    page.get_by_role("tab", name="Versions").click()
    newest, found = (page.locator("[class*=st-key-version-]").nth(place) for place in (0, 1))
    expect(newest).to_contain_text("On disk")
    expect(newest).to_contain_text(re.compile("shorter.*used by 0 quotes.*Edith Editor", re.DOTALL))
    found.get_by_text("What is different").click()
    expect(found.locator("del")).to_have_text("[130, 180]")
    expect(found.locator("ins")).to_have_text("[90, 140]")
    found.get_by_role("button", name="Restore").click()
    expect(page.get_by_role("textbox", name="What is this version for?")).to_have_value(re.compile("^Back to "))
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Drafts are made with it from now on.")).to_be_visible()
    assert "length: [130, 180]" in saved.read_text(encoding="utf-8")


@pytest.mark.browser
def test_the_rendered_prompt_shows_its_parts_to_scale_and_where_the_cache_is_cut(
    drafted: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{drafted.url}/personas")
    rewrite(page, "You have built on other people's tools", "You have built on **bold** tools")
    page.get_by_role("tab", name="Rendered prompt").click()
    request = page.locator(".request")
    expect(request.locator(".cut")).to_have_text(["cached 1 h", "cached 5 min"])
    told = request.get_attribute("aria-label") or ""
    sizes = [int(one.replace(",", "")) for one in re.findall(r"([\d,]+) tokens", told)]
    widths = [one.bounding_box() for one in request.locator(".part").all()]
    drawn = [one["width"] for one in widths if one is not None]
    assert len(sizes) == len(drawn) == 4
    assert [place for place, _ in sorted(enumerate(sizes), key=lambda one: one[1])] == [
        place for place, _ in sorted(enumerate(drawn), key=lambda one: one[1])
    ]
    assert abs(drawn[0] / drawn[1] - sizes[0] / sizes[1]) < 0.05
    briefs = page.locator(".st-key-part-briefs")
    briefs.locator("summary").click()
    expect(briefs.locator("code")).to_contain_text("You have built on **bold** tools")
    expect(briefs.get_by_text(re.compile(r"cached 1 h: [\d,]+ tokens up to here"))).to_be_visible()
    cold, warm = (page.get_by_test_id("stMetricValue").nth(place).inner_text() for place in (1, 2))
    assert float(cold.removeprefix("$")) > 3 * float(warm.removeprefix("$")) > 0
    page.get_by_role("button", name="Have the vendor count").click()
    expect(page.get_by_text(re.compile("claude-sonnet-5-5; tokens counted by the vendor"))).to_be_visible()


@pytest.mark.browser
def test_a_replay_shows_before_and_after_side_by_side_and_costs_the_day(
    drafted: App, open_page: Callable[[str], Page]
) -> None:
    page = open_page(f"{drafted.url}/personas")
    rewrite(page, "opener: The primitive here is", "opener: The one piece here is")
    expect(page.get_by_text("This text can be used.")).to_be_visible()
    page.get_by_role("tab", name="Replay").click()
    page.get_by_role("button", name="Replay 4 drafts").click()
    live = page.locator(".replay")
    expect(live.first).to_contain_text(re.compile(r"streaming, \d+ words"))
    expect(page.get_by_role("button", name="Stop 4 drafts")).to_be_visible()
    expect(page.get_by_text("Word by word")).to_have_count(4, timeout=60_000)
    expect(live).to_have_count(0)
    figures = page.locator(".bill").first.locator("tbody tr")
    expect(figures).to_have_text(
        [re.compile(r"Words\d+\d+"), "Beats met5/55/5", re.compile("Findings"), re.compile(r"Cost\$0\.\d{4}\$0\.\d{4}")]
    )
    columns = page.get_by_test_id("stColumn")
    expect(columns.filter(has_text="Before: take 1").first).to_contain_text("The primitive here is")
    expect(columns.filter(has_text=re.compile("After: .*not saved")).first).to_contain_text("The one piece here is")
    page.get_by_text("Word by word").first.click()
    expect(page.locator(".differences ins").first).to_contain_text("one piece")

    tool = "codestral-2-1"
    page.goto(f"{drafted.url}/room?tool={tool}")
    expect(page.get_by_text("The one piece here is")).to_have_count(0)
    expect(page.get_by_role("region").first).to_be_visible()
