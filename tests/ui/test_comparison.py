"""The comparison page: figures from human verdicts only, what is missing said, and nobody's call overwritten."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from tests.ui.screen import Screen
from tests.ui.staging import ANVIL, KETTLE, NO_REHEARSAL, PERSONAS, Stage, staged
from workbench.domain.comparison import Comparison
from workbench.domain.ids import PersonaId, ToolId
from workbench.domain.review import Verdict
from workbench.services.deciding import Signature

ANN = Signature(editor="Ann")
REVISED = "Name: Kettle\nVendor: Steam Works\nCategory: Developer Tools\n\nKettle boils it down to two files now.\n"


@pytest.fixture
def keyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    """As if there were keys: its drafts are no rehearsals."""
    with staged(tmp_path, monkeypatch, rehearsal=NO_REHEARSAL) as made:
        yield made


@pytest.fixture
def stage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    with staged(tmp_path, monkeypatch) as made:
        yield made


def write(stage: Stage, tool: ToolId, persona: str, verdict: Verdict | None = "ship") -> None:
    deciding = stage.bench.deciding
    deciding.edit(tool, PersonaId(persona), f"{persona} on {tool}.", ANN, verdict=verdict)


def comparison(stage: Stage) -> Comparison:
    return stage.bench.publishing.comparison(KETTLE, ANVIL)


def opened() -> Screen:
    return Screen("comparison", tool=[KETTLE, ANVIL])


def drawn(screen: Screen) -> str:
    """What the page draws by itself: the board and the promises."""
    return "".join(str(one.proto.body) for one in screen.at.get("html"))


def figures(screen: Screen) -> list[list[str]]:
    """Panel, split, community and entry of each side."""
    heads = re.findall(r'<th scope="col">(.*?)</th>', drawn(screen))
    return [re.findall(r"<b>(.*?)</b>", one) for one in heads]


def chips(screen: Screen) -> list[str]:
    """The verdicts on the board, row by row."""
    return re.findall(r'<span class="verdict [^>]*>([A-Z][a-z ]+)', drawn(screen))


def previewed(screen: Screen) -> str:
    """What stands above the preview."""
    (found,) = [one.label for one in screen.at.expander if one.label.startswith("Preview")]
    assert len(screen.at.get("iframe")) == 1
    return str(found)


def open_points(screen: Screen) -> list[str]:
    return [one for one in screen.said("text") if one.endswith((".", "”."))]


def test_figures_are_dashes_until_somebody_decides(stage: Stage) -> None:
    stage.drafted()
    screen = opened()
    assert figures(screen) == [["—", "—", "—", "Free"], ["—", "—", "—", "Paid"]]
    assert "Nobody has given a verdict yet." in drawn(screen)
    assert chips(screen) == ["No quote"] * 8
    assert len(screen.at.download_button) == 0
    assert previewed(screen) == "Preview, not publishable yet: a tool has no approved quote"


def test_what_keeps_a_page_back_is_said_for_the_screen_with_the_way_there(keyed: Stage) -> None:
    stage = keyed  # a rehearsal needs no second editor
    own = "Name: Claude Desk\nVendor: Anthropic\n\nIt answers letters from readers."
    (tool,) = stage.bench.importing.commit(stage.bench.importing.preview_text(own))
    (draft,) = stage.drafted(ToolId(tool), personas=["skeptic"], providers=["claude"])
    stage.bench.deciding.accept(draft.id, "ship", ANN)
    screen = Screen("comparison", tool=[tool, ANVIL])
    assert any("Anvil DB has no approved quote yet" in one for one in screen.said("markdown"))
    write(stage, ANVIL, "builder")
    screen.run()
    (said,) = [one for one in screen.said("markdown") if "Not publishable yet" in one]
    assert "Skeptic on Claude Desk" in said
    assert "A second editor stands by it there, or you edit it." in said
    assert [one for one in screen.texts() if "workbench second" in one] == []
    assert previewed(screen) == "Preview, not publishable yet: a second look is open"
    assert len(screen.at.download_button) == 0
    screen.click("to-kept-back")
    assert screen.title == "Draft room"
    assert screen.at.query_params["cell"] == "skeptic"


def test_a_page_is_called_publishable_once_it_is_settled_and_signed(stage: Stage) -> None:
    for tool in (KETTLE, ANVIL):
        for persona in PERSONAS:
            write(stage, tool, persona)
    screen = opened()
    assert previewed(screen) == "Preview, not publishable yet: 1 point to settle"
    assert len(screen.at.download_button) == len(stage.bench.publishing.exporters)
    stage.bench.publishing.call(comparison(stage), "Kettle.", "Ann")
    assert previewed(screen.run()) == "Preview, not publishable yet: not signed"
    stage.bench.signing.sign(stage.bench.publishing.page(comparison(stage)), "", "Ann")
    assert previewed(screen.run()) == "Preview"
    write(stage, ANVIL, "builder", "skip")
    assert previewed(screen.run()) == "Preview, not publishable yet: changed since it was signed"


def test_figures_count_the_editors_verdicts(stage: Stage) -> None:
    verdicts: tuple[Verdict | None, ...] = ("ship", "skip", "ship", None)
    for persona, verdict in zip(PERSONAS, verdicts, strict=True):
        write(stage, KETTLE, persona, verdict)
    write(stage, ANVIL, "builder", "skip")
    screen = opened()
    assert figures(screen) == [["67%", "2–1", "—", "Free"], ["0%", "0–1", "—", "Paid"]]
    assert "2 ships ÷ 3 decided verdicts = 67%, halves rounded up." in drawn(screen)
    assert "Split: 2–1 vs 0–1" in drawn(screen)
    assert chips(screen) == ["Ship", "Skip", "Skip", "No quote", "Ship", "No quote", "Undecided", "No quote"]
    assert "Business of Kettle has no verdict." in open_points(screen)
    assert [one.label for one in screen.at.download_button] == [one.label for one in stage.bench.publishing.exporters]


def test_missing_quotes_are_named(stage: Stage) -> None:
    write(stage, KETTLE, "skeptic")
    missing = [one for one in open_points(opened()) if "no approved quote" in one]
    labels = ("Builder", "Skeptic", "Futurist", "Business")
    names = [f"{label} of {tool}" for label in labels for tool in ("Kettle", "Anvil DB")]
    assert missing == [f"{name} has no approved quote." for name in names if name != "Skeptic of Kettle"]


def test_a_draft_nobody_approved_is_not_on_the_page(stage: Stage) -> None:
    stage.drafted(KETTLE, ANVIL)
    write(stage, KETTLE, "builder")
    screen = opened()
    assert "builder on kettle." in screen.said("text")
    assert [one for one in screen.texts() if "says so" in one] == []


def test_a_quote_approved_before_the_dossier_changed_is_marked(stage: Stage) -> None:
    draft = stage.drafted(personas=["builder"], providers=["claude"])[0]
    stage.bench.deciding.accept(draft.id, "ship", ANN)
    write(stage, ANVIL, "builder")
    assert [one for one in open_points(opened()) if "under review" in one] == []
    stage.bench.importing.commit(stage.bench.importing.preview_text(REVISED))
    assert [one.startswith("Builder of Kettle is under review") for one in open_points(opened())].count(True) == 1


def test_a_call_is_signed_and_kept(stage: Stage) -> None:
    screen = opened()
    key = f"call-{comparison(stage).id}"
    screen.type(key, "Kettle, if one file is enough.").click("save-call")
    saved = comparison(stage)
    assert (saved.call, saved.call_editor) == ("Kettle, if one file is enough.", "Edith Editor")
    assert [one for one in screen.said("caption") if one.startswith("Saved by Edith Editor")]
    assert opened().at.text_area(key=key).value == "Kettle, if one file is enough."


def test_somebody_elses_call_is_said_and_not_overwritten(stage: Stage) -> None:
    screen = opened()
    key = f"call-{comparison(stage).id}"
    stage.bench.publishing.call(comparison(stage), "Anvil, says Ann.", "Ann")
    screen.type(key, "Kettle, I say.")
    screen.click("save-call")
    assert ["Ann saved another call meanwhile" in one for one in screen.said("error")] == [True]
    assert screen.at.text_area(key=key).value == "Kettle, I say."
    assert comparison(stage).call == "Anvil, says Ann."
    screen.click("save-call")
    assert comparison(stage).call == "Kettle, I say."


def test_a_rerun_between_typing_and_saving_does_not_hide_somebody_elses_call(stage: Stage) -> None:
    screen = opened()
    key = f"call-{comparison(stage).id}"
    stage.bench.publishing.call(comparison(stage), "Anvil, says Ann.", "Ann")
    screen.type(key, "Kettle, I say.")
    screen.run()
    screen.click("save-call")
    assert ["Ann saved another call meanwhile" in one for one in screen.said("error")] == [True]
    assert comparison(stage).call == "Anvil, says Ann."


def test_a_call_is_saved_when_its_box_is_left(stage: Stage) -> None:
    screen = opened().type(f"call-{comparison(stage).id}", "Kettle, I say.")
    assert comparison(stage).call == "Kettle, I say."
    assert any(one.startswith("Saved by ") for one in screen.said("caption"))


def test_a_box_nobody_typed_in_follows_what_is_stored(stage: Stage) -> None:
    screen = opened()
    stage.bench.publishing.call(comparison(stage), "Anvil, says Ann.", "Ann")
    screen.run()
    assert screen.at.text_area(key=f"call-{comparison(stage).id}").value == "Anvil, says Ann."


def test_a_call_saved_twice_is_saved_once(stage: Stage) -> None:
    screen = opened()
    screen.type(f"call-{comparison(stage).id}", "Kettle.")
    button = screen.at.button(key="save-call")
    screen.click("save-call").deliver_again(button)
    assert replace(comparison(stage), call_at=None).call == "Kettle."
    assert screen.said("error") == []


def test_a_call_too_long_is_refused_and_still_on_the_screen(stage: Stage) -> None:
    screen = opened()
    key, long = f"call-{comparison(stage).id}", "word " * 500
    screen.type(key, long).click("save-call")
    assert [one for one in screen.said("error") if "the limit is 2,000" in one]
    assert screen.at.text_area(key=key).value == long
    assert comparison(stage).call == ""


def test_a_tool_is_not_compared_with_itself(stage: Stage) -> None:
    assert stage.drafts() == []
    screen = opened()
    screen.at.selectbox(key="comparison.right").set_value(KETTLE)
    screen.run()
    assert ["two different tools" in one for one in screen.said("error")] == [True]


def test_the_sides_can_be_exchanged(stage: Stage) -> None:
    write(stage, KETTLE, "builder")
    write(stage, ANVIL, "builder", "skip")
    screen = opened()
    screen.at.selectbox(key="comparison.left").set_value(ANVIL)
    screen.at.selectbox(key="comparison.right").set_value(KETTLE)
    screen.run()
    assert [one[0] for one in figures(screen)] == ["0%", "100%"]


def test_a_rehearsed_page_says_so_wherever_it_is_read(stage: Stage) -> None:
    for tool in (KETTLE, ANVIL):
        stage.bench.deciding.accept(stage.drafted(tool, personas=["builder"])[0].id, "ship", ANN)
    screen = opened()
    assert any("Rehearsal: no model was called" in one for one in screen.said("markdown"))
    assert sum("Rehearsal\\: no model was called" in one for one in screen.said("caption")) == 2
    page = stage.bench.publishing.page(comparison(stage))
    files = [stage.bench.publishing.export(page, one.name).data for one in stage.bench.publishing.exporters]
    assert [b"no model was called" in one for one in files] == [True] * len(files)


def test_a_conflict_is_to_settle_and_what_was_kept_stands_apart_with_its_reason(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench, builder = stage.bench, PersonaId("builder")
    monkeypatch.setattr(bench.deciding, "_guard", None)  # approved before anybody minded
    bench.deciding.edit(KETTLE, builder, "Kettle boils a build down to 7 files.", ANN, verdict="ship")
    write(stage, ANVIL, "builder")
    assert _listed(opened(), "conflict") == 1
    with bench.store.reading() as repositories:
        found = bench.remarking.on(repositories, KETTLE).on_cell(bench.deciding.cells(KETTLE)[builder])
    remark = next(one for one in found if one.conflicts)
    bench.answering.keep(KETTLE, builder, remark.mark, "The vendor wrote to us.", editor="Ann")
    screen = opened()
    assert (_listed(screen, "conflict"), _listed(screen, "answered")) == (0, 1)
    assert any(one.endswith("Kept by Ann: The vendor wrote to us.") for one in screen.said("text"))
    assert any(one.startswith("**Kept with a reason** · 1") for one in screen.said("markdown"))


def _listed(screen: Screen, kind: str) -> int:
    return sum(one.key is not None and one.key.startswith(f"to-{kind}-") for one in screen.at.button)


def test_a_tool_that_is_not_on_offer_is_found_by_what_is_typed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.ui.components.picker.OFFERED", 1)
    third = "Name: Sieve\nVendor: Steam Works\nCategory: Filters\n\nSieve keeps what matters.\n"
    stage.bench.importing.commit(stage.bench.importing.preview_text(third))  # changed last: the one on offer
    screen = opened()
    assert screen.at.selectbox(key="comparison.left").options == ["Sieve", "Kettle", "Anvil DB"]
    screen = Screen("comparison", tool=[KETTLE, "sieve"])
    assert screen.at.selectbox(key="comparison.right").options == ["Sieve", "Kettle"]
    screen.type_into_box("comparison.right", "forge la")
    assert screen.at.selectbox(key="comparison.right").value == ANVIL
    assert screen.at.query_params["tool"] == [KETTLE, ANVIL]
    screen.type_into_box("comparison.right", "no such tool")
    assert screen.at.selectbox(key="comparison.right").value == ANVIL
    assert screen.said("warning") == ["No tool has “no such tool” in its name, vendor or category\\."]


def test_quotes_that_disagree_wear_a_badge_and_are_worth_a_look(stage: Stage) -> None:
    deciding = stage.bench.deciding
    deciding.edit(KETTLE, PersonaId("skeptic"), "Its source is open.", ANN, verdict="ship")
    deciding.edit(KETTLE, PersonaId("business"), "It is closed source.", ANN, verdict="ship")
    write(stage, KETTLE, "builder")
    screen = opened()
    said = "Skeptic of Kettle says “source is open”, Business of Kettle says “closed source”"
    assert [one for one in open_points(screen) if one.startswith(said)]
    badges = re.findall(r'<span class="badge tip" tabindex="0">disagrees<em class="why">(.*?)</em>', drawn(screen))
    assert len(badges) == 2
    assert all(one.startswith(said) for one in badges)


def test_much_advice_is_put_together_by_rule(stage: Stage) -> None:
    for tool in (KETTLE, ANVIL):
        for persona in ("builder", "skeptic", "futurist", "business"):
            write(stage, tool, persona)
    screen = opened()
    alike = {one.label: len(one.text) for one in screen.at.expander if " · " in one.label}
    assert alike["Length · 8"] == 8
    assert all(label.endswith(f" · {points}") for label, points in alike.items())
    [title] = [one for one in screen.said("markdown") if one.startswith("**Worth a look**")]
    assert title == f"**Worth a look** · {sum(alike.values())}"
