"""A small lens, a small dossier, and reviews drafted for them."""

from __future__ import annotations

from dataclasses import replace

from workbench.domain.dossier import Dossier, Tool, make_dossier
from workbench.domain.finding import Background
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.persona import Band, Beat, Persona
from workbench.domain.review import Review, Sentence

PERSONA = Persona(
    id=PersonaId("gardener"),
    label="Gardener",
    order=1,
    color="#336633",
    summary="Asks what has to be weeded.",
    beats=tuple(
        Beat(id=name, label=name.title(), brief="Say it.", opener=f"The {name} is") for name in ("soil", "sun", "rain")
    ),
    band=Band(low=6, high=12),
    banned=("evergreen", "low-hanging fruit", "fruit", "it's fine", "C++"),
    voice="You tend software for years.",
    exemplars=(),
    digest=Digest("0" * 64),
)
DOSSIER: Dossier = make_dossier(Tool(id=ToolId("make"), name="Make"), "Make reads rules. Make runs commands.")


BACKGROUND = Background(persona=PERSONA, dossier=DOSSIER)


def review(*parts: tuple[str, str] | tuple[str, str, tuple[str, ...]]) -> Review:
    """A review of (beat, text) or (beat, text, facts)."""
    return Review(
        sentences=tuple(Sentence(beat=part[0], text=part[1], facts=part[2] if len(part) == 3 else ()) for part in parts)
    )


def avoiding(*banned: str) -> Background:
    """The lens with other banned words."""
    return replace(BACKGROUND, persona=replace(PERSONA, banned=banned))
