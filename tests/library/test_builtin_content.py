from __future__ import annotations

import re
from dataclasses import replace

import frontmatter
import pytest

from workbench.checks import banned, beats, echo, fatigue, first_hand, length, openers, verdict
from workbench.domain.dossier import Entry, Tool, make_dossier
from workbench.domain.finding import Background
from workbench.domain.ids import ToolId
from workbench.domain.persona import Exemplar, Persona
from workbench.domain.plan import compose
from workbench.domain.review import VERDICTS, Review, Sentence
from workbench.domain.submission import check
from workbench.domain.sufficiency import sufficiency
from workbench.domain.text import sentences, word_count
from workbench.intake.markdown_file import READER
from workbench.library.files import FileLibrary, builtin_personas, builtin_prompts
from workbench.library.prompt_files import SLOTS

LIBRARY = FileLibrary(builtin_personas(), builtin_prompts())
PERSONAS = LIBRARY.personas()
EXEMPLARS = [(persona, exemplar) for persona in PERSONAS for exemplar in persona.exemplars]
HELD_TO = (banned, beats, echo, fatigue, first_hand, length, openers, verdict)
"""The checks of how a quote is written; what it claims is held against its own tool's dossier."""
DOSSIER = make_dossier(Tool(id=ToolId("x"), name="X", entry=Entry.FREE), "X turns one file into two files.")

each_persona = pytest.mark.parametrize("persona", PERSONAS, ids=lambda persona: persona.id)
each_exemplar = pytest.mark.parametrize(
    ("persona", "exemplar"), EXEMPLARS, ids=[f"{persona.id}-{exemplar.tool}" for persona, exemplar in EXEMPLARS]
)


def _as_review(persona: Persona, exemplar: Exemplar) -> Review:
    pairs = zip(persona.beats, sentences(exemplar.text), strict=True)
    return Review(sentences=tuple(Sentence(beat=beat.id, facts=(), text=text) for beat, text in pairs))


def _luminance(color: str) -> float:
    channels = [int(color[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _contrast(one: str, other: str) -> float:
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_the_four_lenses_are_there_in_their_order_and_nothing_is_left_out() -> None:
    assert [persona.id for persona in PERSONAS] == ["builder", "skeptic", "futurist", "business"]
    assert LIBRARY.problems() == ()


@each_persona
def test_a_lens_has_five_beats_and_composes_into_a_plan_that_names_them(persona: Persona) -> None:
    plan = compose(LIBRARY.prompts(), PERSONAS, persona, DOSSIER)
    briefs, ask = plan.segments[1].text, plan.segments[3].text
    assert len(persona.beats) == 5
    assert f"lens `{persona.id}`" in ask
    assert all(f"`{beat.id}`" in ask for beat in persona.beats)
    assert f"## Lens `{persona.id}`: {persona.label}\n" in briefs
    assert all(f"`{beat.id}` ({beat.label}): {beat.brief} Opens “{beat.opener}”." in briefs for beat in persona.beats)
    assert f"Length: {persona.band.low} to {persona.band.high} words in all." in briefs


def test_no_slot_survives_in_what_a_model_reads() -> None:
    plans = [compose(LIBRARY.prompts(), PERSONAS, persona, DOSSIER) for persona in PERSONAS]
    assert not [match for plan in plans for part in plan.segments for match in re.findall(r"\$\{?[a-z_]+", part.text)]


def test_the_shared_prefix_is_the_same_for_all_lenses() -> None:
    plans = [compose(LIBRARY.prompts(), PERSONAS, persona, DOSSIER) for persona in PERSONAS]
    assert len({plan.segments[:-1] for plan in plans}) == 1
    assert len({plan.segments[-1].text for plan in plans}) == len(PERSONAS)


@each_persona
def test_a_lens_shows_one_ship_and_one_skip_in_at_least_two_exemplars(persona: Persona) -> None:
    assert {exemplar.verdict for exemplar in persona.exemplars} == set(VERDICTS)
    assert len({exemplar.tool for exemplar in persona.exemplars}) == len(persona.exemplars) >= 2


@each_exemplar
def test_an_exemplar_passes_the_checks_its_lens_is_held_to(persona: Persona, exemplar: Exemplar) -> None:
    review = _as_review(persona, exemplar)._replace(verdict="ship" if exemplar.verdict == "ship" else "skip")
    background = Background(persona=persona, dossier=DOSSIER, others=PERSONAS)
    assert [one for check in HELD_TO for one in check.CHECK.findings(review, background)] == []
    assert review.quote == exemplar.text


@each_exemplar
def test_an_exemplar_opens_each_beat_as_the_lens_does(persona: Persona, exemplar: Exemplar) -> None:
    written = sentences(exemplar.text)
    assert len(written) == len(persona.beats) == 5
    assert all(text.startswith(beat.opener) for beat, text in zip(persona.beats, written, strict=True))


@each_exemplar
def test_an_exemplar_keeps_the_house_typography(persona: Persona, exemplar: Exemplar) -> None:
    prose = re.sub("`[^`]+`", "code", exemplar.text)
    assert not set(prose) & set("’‘“”*_[]#<>$…–")
    assert exemplar.text.count("`") % 2 == 0
    assert not re.search(r"\b(?:I|I'm|I've|we|our|us)\b", exemplar.text)
    assert persona.id == "skeptic" or not re.search(r"\b(?:me|my)\b", exemplar.text)
    assert exemplar.text.count("—") <= 2


def test_no_lens_speaks_with_the_openers_of_another() -> None:
    mixed = [
        (persona.id, beat.opener, other.id)
        for persona in PERSONAS
        for beat in persona.beats
        for other in PERSONAS
        if other.id != persona.id
        for exemplar in other.exemplars
        if beat.opener in exemplar.text
    ]
    assert mixed == []


def test_exemplars_share_no_long_phrase_beyond_the_openers() -> None:
    grams: dict[str, set[str]] = {}
    for persona, exemplar in EXEMPLARS:
        pairs = zip(persona.beats, sentences(exemplar.text), strict=True)
        for words in (text.removeprefix(beat.opener).split() for beat, text in pairs):
            for start in range(len(words) - 5):
                grams.setdefault(" ".join(words[start : start + 6]), set()).add(exemplar.tool)
    assert [phrase for phrase, tools in grams.items() if len(tools) > 1] == []


@each_persona
def test_a_lens_never_bans_what_its_own_openers_say(persona: Persona) -> None:
    opened = Review(
        sentences=tuple(Sentence(beat=beat.id, facts=(), text=f"{beat.opener} so") for beat in persona.beats)
    )
    assert banned.CHECK.findings(opened, Background(persona=persona, dossier=DOSSIER)) == []


@each_persona
def test_a_lens_color_can_be_read_on_white_and_seen_on_dark(persona: Persona) -> None:
    assert _contrast(persona.color, "#ffffff") >= 4.5
    assert _contrast(persona.color, "#0e1117") >= 3


def test_the_house_rules_explain_every_field_of_a_review() -> None:
    house = LIBRARY.prompts().house.text
    explained = {"sentences", "beat", "facts", "text", "verdict", "confidence", "reason"}
    assert all(f"- `{field}`:" in house for field in explained)
    assert 450 <= word_count(house) <= 750


def test_each_prompt_uses_exactly_the_slots_it_is_given() -> None:
    prompts = LIBRARY.prompts()
    found = {name: getattr(prompts, name) for name in SLOTS}
    assert {one.id: one.slots for one in found.values()} == SLOTS


@pytest.mark.parametrize("text", LIBRARY.sample())
def test_a_sample_is_a_dossier_in_the_markdown_intake_format(text: str) -> None:
    sample = frontmatter.loads(text)
    assert set(sample.metadata) == {"name", "vendor", "category", "tagline", "entry", "url", "facts"}
    assert Entry(str(sample["entry"])) in Entry
    facts = sample["facts"]
    assert isinstance(facts, list)
    assert 3 <= len(facts) <= 5
    for fact in facts:
        assert isinstance(fact, dict)
        assert fact.keys() == {"text", "source", "checked_on"}
        assert len(str(fact["text"])) <= 300
        assert re.fullmatch(r"20\d\d-\d\d-\d\d", str(fact["checked_on"]))
    assert 60 <= word_count(sample.content) <= 90
    # A line end would end a sentence, and so a fact.
    assert all(fact.endswith(".") for fact in sentences(sample.content))


def test_what_a_beat_needs_is_told_to_no_model() -> None:
    bare = [replace(one, beats=tuple(replace(beat, needs=()) for beat in one.beats)) for one in PERSONAS]
    for persona, without in zip(PERSONAS, bare, strict=True):
        assert any(beat.needs for beat in persona.beats)
        told = compose(LIBRARY.prompts(), PERSONAS, persona, DOSSIER)
        assert told.segments == compose(LIBRARY.prompts(), bare, without, DOSSIER).segments


def test_the_samples_feed_the_lenses_and_leave_something_to_add() -> None:
    dossiers = [check(one).dossier for text in LIBRARY.sample() for one in READER.read(text).submissions]
    assert [[sufficiency(persona, dossier).summary for persona in PERSONAS] for dossier in dossiers] == [
        ["Builder 1/1", "Skeptic 2/2", "Futurist 0/1", "Business 1/2"],
        ["Builder 1/1", "Skeptic 2/2", "Futurist 1/1", "Business 1/2"],
    ]


def test_there_are_two_samples_about_two_tools() -> None:
    assert len({frontmatter.loads(text)["name"] for text in LIBRARY.sample()}) == 2
