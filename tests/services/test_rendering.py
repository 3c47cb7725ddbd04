"""A request as it would be sent: parts to scale, cuts where the cache's entries end, and prices cold and warm."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.fakes import FakeClock, WilfulStore, a_dossier
from workbench.errors import UnknownNameError
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts
from workbench.ports import Library, ProviderConfig, Secret
from workbench.pricing import ListPrices
from workbench.services.counting import Counting
from workbench.services.planning import Planning
from workbench.services.rendering import Rendered, Rendering

LIBRARY = FileLibrary(builtin_personas(), builtin_prompts())
CONFIGS = {
    "claude": ProviderConfig(name="claude", api="anthropic", model="claude-sonnet-5-5", key=Secret("k")),
    "codestral": ProviderConfig(name="codestral", api="mistral", model="codestral-2508", key=Secret("k")),
    "own": ProviderConfig(name="own", api="mistral", model="nobody-knows-it", key=Secret("k")),
}


@pytest.fixture
def rendering(store: WilfulStore) -> Rendering:
    clock, counting = FakeClock(), Counting(store=store)

    def planning(library: Library) -> Planning:
        return Planning(
            library=library, providers=CONFIGS, idle={}, prices=ListPrices(), clock=clock, counting=counting
        )

    return Rendering(planning=planning, counting=counting, prices=ListPrices(), clock=clock)


def rendered(rendering: Rendering, provider: str = "claude", library: Library = LIBRARY) -> Rendered:
    return rendering.render(library, a_dossier(), "builder", provider)


def test_the_parts_are_what_the_model_is_told_in_its_order(rendering: Rendering) -> None:
    found = rendered(rendering)
    assert [part.segment.kind for part in found.parts] == ["house", "briefs", "dossier", "ask"]
    assert found.tokens == sum(part.tokens for part in found.parts) == found.parts[-1].reached
    assert "`builder`" in found.parts[-1].segment.text
    assert not found.counted


def test_cuts_stand_where_entries_end_and_all_drafts_share_what_is_before_the_first(rendering: Rendering) -> None:
    found = rendered(rendering)
    assert [part.segment.breakpoint for part in found.parts][:2] == [None, "1h"]
    assert found.shared == found.parts[1].reached


def test_the_first_draft_writes_what_others_read(rendering: Rendering) -> None:
    for provider in ("claude", "codestral"):
        found = rendered(rendering, provider)
        assert found.cold is not None
        assert found.warm is not None
        assert found.anew is not None
        assert found.cold > found.warm > 0
        assert Decimal(0) < found.anew <= found.cold - found.warm


def test_of_an_unknown_model_nothing_is_made_up(rendering: Rendering) -> None:
    found = rendered(rendering, "own")
    assert (found.cold, found.warm, found.anew) == (None, None, None)
    assert any("Nothing is known of the cache" in note for note in found.notes)


def test_an_unsaved_text_is_what_is_rendered(rendering: Rendering) -> None:
    text = (builtin_prompts() / "house.md").read_text(encoding="utf-8")
    tried = LIBRARY.trying("prompt", "house", text.replace("You draft reviews", "You write drafts"))
    assert rendered(rendering, library=tried).parts[0].segment.text.startswith("You write drafts")
    assert rendered(rendering).parts[0].segment.text.startswith("You draft reviews")


def test_a_persona_nobody_has_is_named(rendering: Rendering) -> None:
    with pytest.raises(UnknownNameError, match="no persona called “gardener”"):
        rendering.render(LIBRARY, a_dossier(), "gardener", "claude")
