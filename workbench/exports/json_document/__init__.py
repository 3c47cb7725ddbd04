"""The page as JSON with the schema it follows: raw text, numbers as numbers, and each quote's whole provenance."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from workbench.domain.comparison import (
    DECK,
    FOOTER,
    KICKER,
    LENS_KIND,
    REHEARSAL_NOTICE,
    Comparison,
    Page,
    digital_source_type,
    disclosure,
    interest_notice,
    is_against_older_dossier,
    kept_of_draft,
)
from workbench.domain.dossier import Community
from workbench.domain.ledger import Foretold
from workbench.domain.scorecard import Quote, Remarked, Scorecard, Source
from workbench.domain.staleness import Reopened
from workbench.domain.text import digest, percent
from workbench.exports.json_document.schema import SCHEMA, SCHEMA_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonDocument:
    """Exports `{"document": …, "schema": …}` with sorted keys."""

    name: str = "json"
    label: str = "JSON"
    suffix: str = ".json"
    media_type: str = "application/json"

    def render(self, page: Page) -> bytes:
        """Indented UTF-8 ending in a line break."""
        whole = {"schema": SCHEMA, "document": _document(page)}
        return (json.dumps(whole, ensure_ascii=False, sort_keys=True, indent=2) + "\n").encode()


def _document(page: Page) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "id": page.comparison.id,
        "kicker": KICKER,
        "title": page.title,
        "deck": DECK,
        "footer": list(FOOTER),
        "made_at": _time(page.made_at),
        "rehearsal": REHEARSAL_NOTICE if page.rehearsal else None,
        "editors_call": _call(page.comparison),
        "sign_off": _sign_off(page),
        "interest": interest_notice(page) or None,
        "tools": [_tool(card) for card in page.cards],
        "quotes": [_quote(card, quote) for card, quote in page.quotes],
    }


def _call(comparison: Comparison) -> dict[str, Any] | None:
    if not comparison.call:
        return None
    return {"text": comparison.call, "editor": comparison.call_editor, "at": _time(comparison.call_at)}


def _sign_off(page: Page) -> dict[str, Any] | None:
    made = page.comparison
    if made.signed_at is None:
        return None
    return {
        "editor": made.signed_by,
        "at": _time(made.signed_at),
        "statement": made.statement,
        "sha256": made.signed_digest,
        "changed_since": list(page.changed),
    }


def _tool(card: Scorecard) -> dict[str, Any]:
    tool = card.tool
    ships = card.verdicts.count("ship")
    return {
        "id": tool.id,
        "name": tool.name,
        "vendor": tool.vendor,
        "category": tool.category,
        "tagline": tool.tagline,
        "entry": tool.entry,
        "url": tool.url,
        "description": card.description,
        "facts": [{"text": one.text, "source": one.source, "checked_on": one.checked_on} for one in card.facts],
        "dossier_sha256": card.dossier_digest,
        "panel_ship_percent": card.panel,
        "reviewer_split": {"ship": ships, "skip": len(card.verdicts) - ships},
        "community": _community(tool.community),
        "missing_personas": list(card.missing),
    }


def _community(votes: Community | None) -> dict[str, int | None] | None:
    if votes is None:
        return None
    share = percent(votes.ships, votes.votes) if votes.votes else None
    return {"ships": votes.ships, "votes": votes.votes, "ship_percent": share}


def _quote(card: Scorecard, quote: Quote) -> dict[str, Any]:
    origin = quote.provenance
    return {
        "tool": card.tool.id,
        "text": quote.text,
        "sha256": digest(quote.text),
        "verdict": quote.verdict,
        "persona": {
            "id": quote.persona_id,
            "label": quote.persona_label,
            "order": quote.persona_order,
            "kind": LENS_KIND,
            "sha256": origin.persona_digest,
        },
        "dossier": {"sha256": origin.dossier_digest, "older": is_against_older_dossier(card, quote)},
        "under_review": _under_review(quote.reopened),
        "forecasts": [_forecast(one) for one in quote.forecasts],
        "generation": _generation(quote),
        "interest": origin.interest,
        "human": {
            "decision": "written" if origin.draft_id is None else "edited" if origin.edited else "accepted",
            "editor": origin.editor,
            "decided_at": _time(origin.decided_at),
            "kept_of_draft": kept_of_draft(quote),
            "masked": origin.masked,
            "seconded_by": origin.seconded_by or None,
        },
        "sources": [_source(one) for one in origin.sources],
        "remarks": _remarks(quote.remarked),
        "disclosure": {"text": disclosure(quote), "digital_source_type": digital_source_type(quote) or None},
    }


def _under_review(why: Reopened | None) -> dict[str, Any] | None:
    if why is None:
        return None
    changes = [
        {"fact": one.before.ref, "before": one.before.text, "after": None if one.after is None else one.after.text}
        for one in why.changes
    ]
    return {"since": _time(why.since), "changes": changes}


def _forecast(one: Foretold) -> dict[str, Any]:
    found = one.judgement
    return {
        "what": one.what,
        "when": one.when,
        "due": one.due.isoformat(),
        "due_on": one.due_on.isoformat(),
        "state": one.state,
        "found": None if found is None else {"editor": found.editor, "at": _time(found.at), "note": found.note},
    }


def _generation(quote: Quote) -> dict[str, Any] | None:
    origin = quote.provenance
    if origin.draft_id is None:
        return None
    return {
        "draft": origin.draft_id,
        "provider": origin.provider,
        "model": origin.model,
        "take": origin.take,
        "note": origin.note or None,
        "rehearsal": REHEARSAL_NOTICE if origin.rehearsal else None,
    }


def _source(one: Source) -> dict[str, Any]:
    """Where a sentence came from: a draft, or else what was pasted, or else its editor."""
    draft = {"id": one.draft_id, "provider": one.provider, "model": one.model, "kept": one.kept}
    draft["rehearsal"] = REHEARSAL_NOTICE if one.rehearsal else None
    taken = draft if one.draft_id is not None else None
    return {"text": one.text, "beat": one.beat, "draft": taken, "source": one.source or None}


def _remarks(remarked: Remarked) -> dict[str, Any]:
    """What the checks said of the quote, and what its editors answered."""
    return {
        "open": remarked.open,
        "sourced": remarked.sourced,
        "reworded": remarked.reworded,
        "kept": [
            {
                "rule": one.mark.rule,
                "words": one.mark.words,
                "reason": one.reason,
                "editor": one.editor,
                "at": _time(one.at),
            }
            for one in remarked.kept
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


EXPORTER = JsonDocument()
