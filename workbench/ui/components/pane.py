"""A draft's pane: streams without reruns while the draft is live, shows the same text afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from workbench.domain.dossier import Dossier
from workbench.domain.draft import Draft
from workbench.domain.events import Usage
from workbench.domain.persona import Persona
from workbench.services.accounting import explain
from workbench.services.live import Snapshot
from workbench.ui import state
from workbench.ui.components.words import money
from workbench.ui.live_socket import SOCKET_PATH
from workbench.ui.scripts import based, element

_mount = element("live_pane", '<article class="pane" role="region"></article>')


def pane(
    snapshot: Snapshot, persona: Persona, dossier: Dossier, *, editor: str, now: datetime, on_end: Callable[[], None]
) -> None:
    """Draw one draft. `on_end` is called in the rerun that follows the draft's end."""
    _mount(
        key=f"pane-{snapshot.draft.id}",
        data=pane_data(snapshot, persona, dossier, token=state.token(editor), now=now),
        on_ended_change=on_end,
    )


def pane_data(snapshot: Snapshot, persona: Persona, dossier: Dossier, *, token: str, now: datetime) -> dict[str, Any]:
    """What the pane's script gets: scalars only, since Streamlit imports pandas to look into lists."""
    draft, review = snapshot.draft, snapshot.review
    facts = {fact.ref: f"{fact.text} ({fact.source})" for fact in dossier.facts}
    since = draft.started_at or draft.origin.created_at
    shown = [] if draft.live else [[one.beat, list(one.facts), one.text] for one in review.sentences]
    return {
        "draft": draft.id,
        "state": draft.state,
        "label": f"{persona.label} by {draft.origin.provider}, take {draft.origin.take}",
        "provider": draft.origin.provider,
        "model": draft.model_reported or draft.origin.model,
        "color": persona.color,
        "beats": json.dumps([{"id": beat.id, "label": beat.label} for beat in persona.beats]),
        "facts": json.dumps(facts, ensure_ascii=False),
        "sentences": json.dumps([{"beat": b, "facts": f, "text": t} for b, f, t in shown], ensure_ascii=False),
        "words": 0 if draft.live else review.words,
        "low": persona.band.low,
        "high": persona.band.high,
        "elapsed": max(0.0, ((draft.ended_at or now) - since).total_seconds()),
        "notice": _notice(snapshot),
        "opinion": _opinion(snapshot),
        "figures": _figures(draft),
        "expected": _expected(draft),
        "token": token,
        "socket": based(SOCKET_PATH),
    }


def _notice(snapshot: Snapshot) -> str:
    draft = snapshot.draft
    if draft.failure is not None:
        return f"{draft.failure.message} {draft.failure.remedy}".strip()
    if draft.state == "refused":
        why = f" ({draft.detail})" if draft.detail else ""
        return f"The model declined{why}. Its partial text cannot be used; ask for another take."
    if draft.state == "truncated":
        return "The answer hit the token limit. Edit it to an end, or ask for another take."
    if draft.state == "stopped":
        return "Stopped; what was written is kept. Edit it, or ask for another take."
    return ""


def _opinion(snapshot: Snapshot) -> str:
    review = snapshot.review
    if snapshot.draft.live or review.verdict is None:
        return ""
    return f"Suggests {review.verdict} ({review.confidence} confidence): {review.reason}"


def _figures(draft: Draft) -> str:
    if draft.usage is None or draft.live:
        return ""
    # A stream that was cut off never told its final usage: what is known is a lower bound.
    least = "" if draft.state in ("done", "truncated", "refused") else "≥ "
    cost = money(draft.cost, rehearsal=draft.origin.rehearsal)
    missed = " · cache hit missed" if explain(draft) else ""
    return f"{_tokens(draft.usage, least)} · {least if draft.cost is not None else ''}{cost}{missed}"


def _expected(draft: Draft) -> str:
    """What the figures are to be held against: the plan's own, the price without caching, and why they differ."""
    if not _figures(draft):
        return ""
    forecast = draft.origin.forecast
    said = "Nothing was predicted."
    if forecast is not None:
        said = f"Predicted: {_tokens(forecast.usage)} · {money(forecast.cost)}."
    if draft.uncached is not None:
        said += f" Without caching: {money(draft.uncached)}."
    return f"{said} {explain(draft)}".strip()


def _tokens(usage: Usage, least: str = "") -> str:
    """Tokens by what they cost; what was not is left out."""
    kinds = (
        (usage.cache_read_tokens, "read"),
        (usage.cache_write_1h_tokens, "written for 1 h"),
        (usage.cache_write_5m_tokens, "written for 5 min"),
        (usage.input_tokens, "uncached"),
    )
    return " · ".join(
        [*(f"{tokens:,} {kind}" for tokens, kind in kinds if tokens), f"{least}{usage.output_tokens:,} out"]
    )
