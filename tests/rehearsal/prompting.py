"""Prompts as the workbench writes them, from personas and facts made up for the tests."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.persona import Beat

FACTS = (
    "Lanternfish is a queue that keeps its messages in one file next to the program.",
    "The broker starts with a single command and answers on a local socket.",
    "It supports delayed delivery, retries and dead letters.",
    "Price: $12 a month for each team",
    "Rivals: RabbitMQ, NATS",
    "A queue without the server",
    "The file format is documented and under an open-source licence.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lens:
    """A persona as far as the prompt shows it."""

    id: str
    label: str
    summary: str
    beats: tuple[Beat, ...]
    banned: tuple[str, ...] = ("game-changer",)


def beat(identity: str, opener: str, brief: str = "Say what matters here.") -> Beat:
    """A beat whose label is its id."""
    return Beat(id=identity, label=identity.capitalize(), brief=brief, opener=opener)


LENSES = (
    Lens(
        id="builder",
        label="Builder",
        summary="Asks what the thing is made of, for an engineer who has to call it.",
        beats=(
            beat("primitive", "The primitive here is"),
            beat("dx-bet", "The DX bet is that"),
            beat("moment", "The moment of truth is"),
            beat("weekend", "The weekend-script test:"),
            beat("win", "The decision that settles it:", "End with the verdict, a ship or a skip."),
        ),
    ),
    Lens(
        id="skeptic",
        label="Skeptic",
        summary="Asks where it breaks and who the rivals are.",
        beats=(
            beat("rivals", "Direct competitors are"),
            beat("breakage", "The scenario where this breaks:"),
            beat("prediction", "The prediction:"),
            beat("falsifier", "What would have to be true for me to be wrong:"),
            beat("verdict", "Still a"),
        ),
    ),
    Lens(
        id="futurist",
        label="Futurist",
        summary="Asks what future the tool bets on.",
        beats=(
            beat("thesis", "The thesis this bets on:"),
            beat("dependency", "The dependency that has to hold:"),
            beat("second-order", "The second-order effect that matters most:"),
            beat("trend", "This is riding the trend of"),
            beat("end-state", "The future state where this is infrastructure:"),
        ),
    ),
    Lens(
        id="business",
        label="Business",
        summary="Asks who pays and from which budget.",
        beats=(
            beat("buyer", "The buyer is"),
            beat("pricing", "The pricing architecture is"),
            beat("moat", "The moat question is"),
            beat("ten-x", "What survives a price drop:"),
            beat("point", "The business decision that counts:"),
        ),
    ),
)


def system_text(lenses: Sequence[Lens] = LENSES, *, low: int = 130, high: int = 180) -> str:
    """House rules and every lens's brief."""
    return "\n\n".join(["You draft reviews of developer tools.", *(_brief(lens, low, high) for lens in lenses)])


def material_text(facts: Sequence[str] = FACTS, tool: str = "Lanternfish") -> str:
    """The dossier between its markers."""
    listed = [
        {"id": f"F{number}", "text": text, "source": "description" if number < 4 else "editor", "checked_on": ""}
        for number, text in enumerate(facts, start=1)
    ]
    dossier = json.dumps({"tool": {"name": tool, "vendor": "Deep Sea"}, "facts": listed}, ensure_ascii=False)
    inside = dossier.replace("<", "\\u003c").replace(">", "\\u003e")
    return f"The dossier follows.\n\n<dossier-0123456789abcdef>\n{inside}\n</dossier-0123456789abcdef>"


def ask_text(lens: Lens) -> str:
    """Whose draft this is."""
    named = ", ".join(f"`{one.id}`" for one in lens.beats)
    return f"Write the review through the lens `{lens.id}` ({lens.label}). Its beats, in\norder: {named}."


def user_text(lens: Lens, facts: Sequence[str] = FACTS, tool: str = "Lanternfish") -> str:
    """Dossier and ask as one text."""
    return f"{material_text(facts, tool)}\n\n{ask_text(lens)}"


def _brief(lens: Lens, low: int, high: int) -> str:
    beats = "\n".join(
        f"{number}. `{one.id}` ({one.label}): {one.brief} Opens “{one.opener}”."
        for number, one in enumerate(lens.beats, start=1)
    )
    banned = ", ".join(f"“{word}”" for word in lens.banned) or "none"
    return (
        f"## Lens `{lens.id}`: {lens.label}\n\n{lens.summary}\n\nLength: {low} to {high} words in all.\n\n"
        f"Never use: {banned}.\n\nBeats:\n\n{beats}"
    )
