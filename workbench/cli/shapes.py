"""What `--json` prints of tools, drafts and decisions: plain names, ids as they are typed back in."""

from __future__ import annotations

from typing import Any, Literal

from workbench.cli.printing import figure, stamp
from workbench.domain.bill import Bill
from workbench.domain.decision import Cell, Decision, Edited, Rejected, Upheld, VerdictSet
from workbench.domain.dossier import Dossier, Tool
from workbench.domain.draft import Origin
from workbench.domain.events import Tokens
from workbench.domain.interest import Makers
from workbench.domain.persona import Persona
from workbench.domain.staleness import Reopened
from workbench.ports import ToolSummary
from workbench.services.accounting import explain
from workbench.services.live import Snapshot

Progress = Literal["streaming", "approved", "undecided", "not drafted"]


def progress(row: ToolSummary, personas: int) -> Progress:
    """How far a tool has come, in one word."""
    if row.live:
        return "streaming"
    if personas and row.approved >= personas:
        return "approved"
    return "undecided" if row.drafts or row.approved else "not drafted"


def tool_shape(row: ToolSummary, personas: int, spent: Bill) -> dict[str, Any]:
    """A row of the tools list, with what its drafts cost together."""
    tool = row.tool
    return {
        "id": tool.id,
        "name": tool.name,
        "vendor": tool.vendor,
        "category": tool.category,
        "entry": tool.entry.value if tool.entry is not None else None,
        "revision": row.revision,
        "state": progress(row, personas),
        "approved": row.approved,
        "verdicts": row.verdicts,
        "drafts": row.drafts,
        "live": row.live,
        "spent": figure(spent.cost) if spent.drafts else 0.0,
        "changed_at": stamp(row.changed_at),
    }


def persona_shape(persona: Persona) -> dict[str, Any]:
    """A persona with its beats and length band."""
    return {
        "id": persona.id,
        "label": persona.label,
        "summary": persona.summary,
        "words": {"low": persona.band.low, "high": persona.band.high},
        "beats": [
            {"id": beat.id, "label": beat.label, "brief": beat.brief, "opener": beat.opener} for beat in persona.beats
        ],
        "banned": list(persona.banned),
        "sha256": persona.digest,
    }


def dossier_shape(dossier: Dossier) -> dict[str, Any]:
    """A tool and its numbered facts."""
    tool = dossier.tool
    return {
        "id": tool.id,
        "name": tool.name,
        "vendor": tool.vendor,
        "category": tool.category,
        "tagline": tool.tagline,
        "entry": tool.entry.value if tool.entry is not None else None,
        "url": tool.url,
        "community": {"ships": tool.community.ships, "votes": tool.community.votes} if tool.community else None,
        "revision": dossier.revision,
        "sha256": dossier.digest,
        "facts": [
            {"id": fact.ref, "text": fact.text, "source": fact.source, "checked_on": fact.checked_on or None}
            for fact in dossier.facts
        ],
    }


def tokens_shape(usage: Tokens) -> dict[str, int]:
    """Tokens as they are billed."""
    return {
        "input": usage.input_tokens,
        "cache_read": usage.cache_read_tokens,
        "cache_write_5m": usage.cache_write_5m_tokens,
        "cache_write_1h": usage.cache_write_1h_tokens,
        "output": usage.output_tokens,
    }


def bill_shape(one: Bill) -> dict[str, Any]:
    """Several drafts together; US dollars at list price, null where unknown; `saved` is a share, 0 to 1."""
    return {
        "drafts": one.drafts,
        "unpriced": one.unpriced,
        "tokens": tokens_shape(one.usage),
        "cost": figure(one.cost),
        "predicted": figure(one.predicted),
        "uncached": figure(one.uncached),
        "saved": one.saved,
        "rehearsal": one.rehearsal,
    }


def stake_shape(makers: Makers, origin: Origin, tool: Tool) -> dict[str, Any]:
    """Who makes a draft's model, null when unknown, and what that maker has at stake in the tool."""
    return {"maker": makers.of(origin) or None, "interest": makers.interest(origin, tool)}


def draft_shape(snapshot: Snapshot) -> dict[str, Any]:
    """A draft with its text; `verdict` is the model's suggestion, `cost` in US dollars at list price."""
    draft, review = snapshot.draft, snapshot.review
    origin, usage, failure = draft.origin, draft.usage, draft.failure
    return {
        "id": draft.id,
        "tool": origin.tool_id,
        "persona": origin.persona_id,
        "provider": origin.provider,
        "model": draft.model_reported or origin.model,
        "take": origin.take,
        "note": origin.note or None,
        "follows": origin.follows,
        "state": draft.state,
        "words": review.words,
        "quote": review.quote,
        "sentences": [
            {"beat": one.beat, "facts": list(one.facts), "text": one.text} for one in review.sentences if one.text
        ],
        "verdict": review.verdict,
        "confidence": review.confidence,
        "reason": review.reason,
        "rehearsal": origin.rehearsal,
        "usage": tokens_shape(usage) if usage is not None else None,
        "cost": figure(draft.cost),
        "predicted": figure(origin.forecast.cost) if origin.forecast is not None else None,
        "uncached": figure(draft.uncached),
        "cache_miss": explain(draft) or None,
        "failure": {"kind": failure.failure, "message": failure.message, "remedy": failure.remedy}
        if failure is not None
        else None,
        "created_at": stamp(origin.created_at),
        "ended_at": stamp(draft.ended_at),
    }


def cell_shape(cell: Cell) -> dict[str, Any]:
    """Where one persona's quote for one tool stands."""
    return {
        "tool": cell.tool_id,
        "persona": cell.persona_id,
        "version": cell.version,
        "approved": cell.approved,
        "quote": cell.text,
        "verdict": cell.verdict,
        "draft": cell.draft_id,
        "edited": cell.edited,
        "editor": cell.editor,
        "decided_at": stamp(cell.decided_at),
        "masked": cell.masked,
        "seconded_by": cell.seconded_by or None,
        "rejected": sorted(cell.rejected),
    }


def reopened_shape(why: Reopened | None) -> dict[str, Any] | None:
    """Since when a quote is under review, and what changed in the facts it rests on; null for a quote that is not."""
    if why is None:
        return None
    changes = [
        {"fact": one.before.ref, "before": one.before.text, "after": None if one.after is None else one.after.text}
        for one in why.changes
    ]
    return {"since": stamp(why.since), "revision": why.revision, "changes": changes}


def decision_shape(decision: Decision) -> dict[str, Any]:
    """One event of a cell's history."""
    act = decision.act
    shape: dict[str, Any] = {
        "persona": decision.persona_id,
        "number": decision.number,
        "act": act.kind,
        "editor": decision.editor,
        "at": stamp(decision.at),
        "draft": getattr(act, "draft_id", None),
        "masked": getattr(act, "masked", False),
    }
    if isinstance(act, Upheld):
        return {**shape, "reason": act.reason}
    if isinstance(act, Rejected):
        return {**shape, "reason": act.reason, "note": act.note}
    if isinstance(act, VerdictSet):
        return {**shape, "verdict": act.verdict}
    return {**shape, "verdict": getattr(act, "verdict", None), "by_hand": isinstance(act, Edited) and not act.draft_id}
