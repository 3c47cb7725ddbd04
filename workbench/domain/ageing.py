"""Whether the texts a draft was made with are still those of today."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from workbench.domain.draft import Origin
from workbench.domain.persona import Persona
from workbench.domain.plan import PromptSet, asked, brief

Aged = Literal["persona", "prompt"]


def aged(origin: Origin, sent: Mapping[str, str], prompts: PromptSet, persona: Persona) -> tuple[Aged, ...]:
    """What of a draft's request would be another text today. `sent` are its segments' texts by kind; none: not kept.

    A shared prefix holds all briefs: that of another lens may change without a word of this one.
    """
    found: list[Aged] = []
    if origin.persona_digest != persona.digest:
        found.append("persona")
    told = sent.get("briefs", "") or sent.get("brief", "")
    known = brief(prompts.brief, persona) in told and asked(prompts.ask, persona) in sent.get("ask", "")
    # With another persona its brief is another one for that reason alone.
    if sent and (prompts.house.fill() != sent.get("house") or not (known or found)):
        found.append("prompt")
    return tuple(found)


def says(found: tuple[Aged, ...]) -> str:
    """`persona and prompt changed since`; empty for nothing."""
    return f"{' and '.join(found)} changed since" if found else ""
