"""Nothing a masked editor reads names the drafter, at no moment of its growing."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes import NOON
from workbench.domain.decision import Accepted, Cell, Decision, Rejected, Undone, VerdictSet, Withdrawn, cell_of
from workbench.domain.ids import DraftId, PersonaId, ToolId
from workbench.domain.mask import HIDDEN, hidden, hide, masked, names_to_hide, side_names

NAMES = names_to_hide(
    [("claude", "claude-sonnet-5-5", "Anthropic"), ("codestral", "codestral-2508", "Mistral"), ("fast", "qwen3", "")]
)
UNSPOKEN = "Kettle boils a build down to one file."
OF_CLAUDE = "Claude 4 API: Tool Use Streaming. Anthropic. Paid."
GIVEAWAYS = ("Claude", "claude-sonnet-5-5", "Anthropic", "Codestral", "CODESTRAL", "Mistral AI", "mistral", "Qwen")
ABOUT_ITSELF = (
    "As {}, I like it",
    "as {} I like it",
    "As {}, an AI model, this is",
    "I'm {} and it works",
    "I am {}.",
    "As an AI model made by {}, it",
    "as a language model trained by {} I see",
    "I was built by {} to",
    "{}, who made me, says",
    "{} trained me for it",
    "{}, my maker, ships",
    "We at {} think",
    "my creators at {} hold",
    "I'm {}, a model by {}, and",
)
LETTERS = re.compile("|".join(sorted(map(re.escape, GIVEAWAYS), key=len, reverse=True)), re.IGNORECASE)
words = some.sampled_from(
    (
        *GIVEAWAYS,
        *(one.format("Claude", "Anthropic") for one in ABOUT_ITSELF),
        *(
            "Sonnet",
            "a sonnet",
            "Mistral Large 2",
            "cloud",
            "mist",
            "clear",
            "it ships.",
            "as",
            "I",
            "made me",
            "my maker",
        ),
        *("4.5", "-", "\n", ", ", "“", "'s", "s"),
    )
)
texts = some.lists(words | some.text(max_size=4), max_size=12).flatmap(
    lambda parts: some.sampled_from([" ", ""]).map(lambda gap: gap.join(parts))
)
spoken = some.sampled_from([UNSPOKEN, OF_CLAUDE, "", "Codestral by Mistral AI and Claude by Anthropic"])


def test_a_name_is_hidden_wherever_it_stands() -> None:
    said = "Codestral's window beats Mistral's rest; codestral-2508, Codestral 25.08 and CodestralAPI, too."
    assert hide(said, NAMES, UNSPOKEN, whole=True) == (
        f"{HIDDEN}'s window beats {HIDDEN}'s rest; {HIDDEN}, {HIDDEN} and {HIDDEN}API, too."
    )


def test_what_the_material_speaks_of_is_said_by_both() -> None:
    said = "Claude streams tool calls, and Anthropic prices them; Codestral does not."
    assert hide(said, NAMES, OF_CLAUDE, whole=True) == (
        f"Claude streams tool calls, and Anthropic prices them; {HIDDEN} does not."
    )


@pytest.mark.parametrize("said", ABOUT_ITSELF)
@pytest.mark.parametrize("told", [UNSPOKEN, OF_CLAUDE])
def test_a_drafter_s_words_about_itself_are_hidden_even_then(said: str, told: str) -> None:
    shown = hide(said.format("Claude", "Anthropic"), NAMES, told, whole=True)
    assert shown == said.format(HIDDEN, HIDDEN)


@pytest.mark.parametrize(
    "said",
    ["It is as good as Claude, and cheap.", "Built for Claude by Anthropic.", "Claude made mere caching useful."],
)
def test_a_review_may_speak_of_its_subject(said: str) -> None:
    assert hide(said, NAMES, OF_CLAUDE, whole=True) == said


@pytest.mark.parametrize("said", ["The metal mist clears the cloud.", "A sonnet in fast code.", "It claudicates.", ""])
def test_words_that_only_look_alike_stay(said: str) -> None:
    assert hide(said, NAMES, UNSPOKEN, whole=True) == said


def test_a_provider_called_by_a_plain_word_takes_nothing_out_of_a_text() -> None:
    assert "fast" not in NAMES
    assert {"claude", "claude-sonnet-5-5", "Anthropic", "qwen3", "Qwen", "Mistral AI"} <= NAMES
    assert names_to_hide([("ab", "m", "")]) == frozenset()
    assert hide("Anything.", frozenset(), "", whole=False) == "Anything."


@given(some.text(), spoken)
def test_text_without_names_is_unchanged(text: str, told: str) -> None:
    clear = re.sub(r"[A-Za-zſK]", "", text)
    assert hide(clear, NAMES, told, whole=True) == clear


@given(texts, spoken)
def test_hiding_twice_is_hiding_once(text: str, told: str) -> None:
    for whole in (True, False):
        once = hide(text, NAMES, told, whole=whole)
        assert hide(once, NAMES, told, whole=whole) == once


@given(some.lists(words, min_size=1, max_size=8).map(" ".join))
def test_no_moment_of_a_growing_text_names_anyone(text: str) -> None:
    for end in range(len(text) + 1):
        shown = hide(text[:end], NAMES, UNSPOKEN, whole=False)
        assert LETTERS.search(shown) is None


@given(texts, spoken)
def test_what_was_shown_of_a_growing_text_stays(text: str, told: str) -> None:
    before = ""
    for end in range(len(text) + 1):
        shown = hide(text[:end], NAMES, told, whole=False)
        assert shown.startswith(before)
        before = shown
    assert hide(text, NAMES, told, whole=True).startswith(before)


@pytest.mark.parametrize("cut", ["Claud", "claude-sonn", "codes", "Mistra", "Codestral 2"])
def test_a_name_cut_in_half_is_held_back(cut: str) -> None:
    assert hide(f"It ships. {cut}", NAMES, UNSPOKEN, whole=False) == "It ships. "


def test_sides_are_named_by_their_number() -> None:
    assert [side_names(count) for count in range(4)] == [(), ("Left",), ("Left", "Right"), ("A", "B", "C")]
    assert len(set(side_names(60))) == 60


def decided(*acts: Accepted | Rejected | VerdictSet | Withdrawn | Undone) -> Cell:
    tool_id, persona_id = ToolId("t"), PersonaId("p")
    return cell_of(
        tool_id,
        persona_id,
        [
            Decision(tool_id=tool_id, persona_id=persona_id, number=number, editor="Ann", at=NOON, act=act)
            for number, act in enumerate(acts, start=1)
        ],
    )


ACCEPTED = Accepted(draft_id=DraftId("d"), text="It ships.")


def test_a_cell_is_masked_until_there_was_a_quote_and_never_again() -> None:
    assert masked(None, on=True)
    assert masked(decided(Rejected(draft_id=DraftId("d"), reason="generic"), VerdictSet(verdict="skip")), on=True)
    assert not masked(decided(ACCEPTED), on=True)
    assert not masked(decided(ACCEPTED, Withdrawn()), on=True)
    assert not masked(decided(ACCEPTED, Undone(to=0)), on=True)
    assert not masked(None, on=False)


@given(texts, texts, some.sampled_from(["⟪two words⟫", "⟪🫖⟫"]), spoken)
def test_words_that_are_no_name_are_found_again_where_they_stand_in_the_hidden_text(
    before: str, after: str, words_kept: str, said: str
) -> None:
    text = before + words_kept + after
    shown = hidden(text, NAMES, said, whole=True)
    start, end = shown.span(len(before), len(before) + len(words_kept))
    assert shown.text[start:end] == words_kept
    assert shown.text.index(words_kept) == start


@pytest.mark.parametrize(
    ("words", "shown"),
    [("Claude", "▇▇▇"), ("de", "▇▇▇"), ("Cl", "▇▇▇"), ("and Claude", "and ▇▇▇"), ("Claude 4 ships", "▇▇▇ ships")],
)
def test_words_that_cut_a_name_lie_on_all_that_hides_it(words: str, shown: str) -> None:
    text = "Fast and Claude 4 ships."
    found = hidden(text, NAMES, UNSPOKEN, whole=True)
    start, end = found.span(text.index(words), text.index(words) + len(words))
    assert found.text == "Fast and ▇▇▇ ships."
    assert found.text[start:end] == shown
