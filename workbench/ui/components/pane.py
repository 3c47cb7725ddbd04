"""A draft's pane: streams without reruns while the draft is live, shows the same text afterwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from workbench.bootstrap import Workbench
from workbench.domain.answer import Remark
from workbench.domain.draft import Draft
from workbench.domain.events import Usage
from workbench.domain.review import Review
from workbench.services.accounting import explain
from workbench.ui import state
from workbench.ui.board import Side, Slot
from workbench.ui.components.acts import nothing
from workbench.ui.components.words import money
from workbench.ui.live_socket import SOCKET_PATH
from workbench.ui.marks import Mark, marked, sent
from workbench.ui.scripts import based, element

_mount = element("live_pane", '<article class="pane" role="region"></article>', "marks")
Standing = tuple[str, str]
"""What an editor has made of a draft: `accepted`, `edited`, `rejected` or "", and the words for it."""
NOTHING_YET: Standing = ("", "")
_INTERESTS = {
    "self": "The company that makes this drafter also makes the tool under review.",
    "rival": "The company that makes this drafter makes the other tool on the desk.",
}


def pane(bench: Workbench, slot: Slot, side: Side, *, now: datetime, standing: Standing = NOTHING_YET) -> None:
    """Draw the draft of the side that is looked at; nothing for a side without one."""
    if side.draft is not None:
        marks = [one for one, _ in pane_marks(bench, slot, side)]
        data = pane_data(slot, side, marks=marks, token=state.token(bench.settings.editor), now=now, standing=standing)
        _mount(key=f"pane-{side.draft.id}", data=data, on_ended_change=nothing)


def pane_marks(bench: Workbench, slot: Slot, side: Side) -> list[tuple[Mark, Remark]]:
    """What is marked of the draft that is looked at; nothing while it is held back."""
    if side.shown is None or slot.holds(side.shown.draft):
        return []
    hide = partial(bench.masking.hidden, dossier=side.dossier) if slot.masked else None
    return marked(side.shown.review, side.remarks, hide=hide, whole=side.shown.draft.state == "done")


def pane_data(
    slot: Slot, side: Side, *, marks: Sequence[Mark], token: str, now: datetime, standing: Standing = NOTHING_YET
) -> dict[str, Any]:
    """What the pane's script gets: scalars only, since Streamlit imports pandas to look into lists.

    Of a masked draft nothing leaves that tells its provider: no name, model, cost, or time.
    """
    assert side.shown is not None
    draft, persona = side.shown.draft, slot.persona
    facts = {fact.ref: f"{fact.text} ({fact.source})" for fact in side.dossier.facts}
    of_tool = f" of {slot.dossier.tool.name}" if slot.others else ""
    return {
        "draft": draft.id,
        "state": draft.state,
        "round": f"{slot.place} {slot.round(draft)}",
        "masked": slot.masked,
        "stands": standing[0],
        "standing": standing[1],
        "label": f"{persona.label}{of_tool} by {side.label}, take {draft.origin.take}",
        "who": side.label,
        "interest": side.interest if side.interest in _INTERESTS else "",
        "interest_says": _stake(side, draft),
        "color": persona.color,
        "beats": json.dumps([{"id": beat.id, "label": beat.label} for beat in persona.beats]),
        "facts": json.dumps(facts, ensure_ascii=False),
        "low": persona.band.low,
        "high": persona.band.high,
        "notice": side.notice,
        "figures": _figures(draft, side.aged, masked=slot.masked),
        "place": slot.place,
        "marks": sent(marks),
        "token": token,
        "socket": based(SOCKET_PATH),
        **_written(Review() if draft.live else side.review),
        **_telling(draft, now, masked=slot.masked),
    }


def _stake(side: Side, draft: Draft) -> str:
    told = _INTERESTS.get(side.interest, "")
    if side.interest != "self":
        return told
    follows = "A rehearsal needs no second editor" if draft.origin.rehearsal else "Unedited, it needs a second editor"
    return f"{told} {follows}."


def _written(review: Review) -> dict[str, Any]:
    """What a draft says once it is whole; while it is live, its text comes by the socket."""
    sentences = [{"beat": one.beat, "facts": list(one.facts), "text": one.text} for one in review.sentences]
    return {
        "sentences": json.dumps(sentences, ensure_ascii=False),
        "words": review.words,
        "opinion": _opinion(review),
    }


def _telling(draft: Draft, now: datetime, *, masked: bool) -> dict[str, Any]:
    """What tells a draft's provider."""
    if masked:
        return {"model": "", "elapsed": 0.0, "expected": ""}
    since = draft.started_at or draft.origin.created_at
    return {
        "model": draft.model_reported or draft.origin.model,
        "elapsed": max(0.0, ((draft.ended_at or now) - since).total_seconds()),
        "expected": _expected(draft),
    }


def _opinion(review: Review) -> str:
    if review.verdict is None:
        return ""
    return f"Suggests {review.verdict} ({review.confidence} confidence): {review.reason}"


def _figures(draft: Draft, aged: str, *, masked: bool) -> str:
    """The line under the pane: what the draft took."""
    if draft.live:
        return ""
    parts: list[str] = []
    if draft.origin.note:
        parts.append(f"after your note “{draft.origin.note}”")
    if draft.usage is not None and not masked:
        # A stream that was cut off never told its final usage: what is known is a lower bound.
        least = "" if draft.state in ("done", "truncated", "refused") else "≥ "
        cost = money(draft.cost, rehearsal=draft.origin.rehearsal)
        parts.append(f"{_tokens(draft.usage, least)} · {least if draft.cost is not None else ''}{cost}")
        if explain(draft):
            parts.append("cache hit missed")
    if aged:
        parts.append(aged)
    return " · ".join(parts)


def _expected(draft: Draft) -> str:
    """What the figures are to be held against: the plan's own, the price without caching, and why they differ."""
    if draft.usage is None or draft.live:
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
