"""The page's quotes as CSV, one row each, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Callable
from dataclasses import dataclass

from workbench.domain.comparison import (
    REHEARSAL_NOTICE,
    Page,
    digital_source_type,
    disclosure,
    kept_lines,
    kept_of_draft,
    under_review,
    verdict_label,
)
from workbench.domain.dossier import Community
from workbench.domain.scorecard import Quote, Scorecard
from workbench.domain.text import percent

_FORMULA = re.compile(r"\A(?=[\t\r])|(?:\A|(?<=[;\r\n]))(?=[^\S\r\n]*[=+\-@＝＋－＠])")


@dataclass(frozen=True, slots=True, kw_only=True)
class CsvTable:
    """Exports one row per approved quote, persona by persona."""

    name: str = "csv"
    label: str = "CSV"
    suffix: str = ".csv"
    media_type: str = "text/csv"

    def render(self, page: Page) -> bytes:
        """UTF-8 with a byte order mark, CRLF, every cell quoted, formulas disarmed."""
        import pandas as pd

        rows = [
            [disarm(cell(_Row(page=page, card=card, quote=quote))) for cell in CELLS.values()]
            for card, quote in page.quotes
        ]
        frame = pd.DataFrame(rows, columns=list(CELLS), dtype="object")
        text = frame.to_csv(index=False, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
        return text.encode("utf-8-sig")


def disarm(cell: str) -> str:
    """The cell with `'` wherever a spreadsheet would start a formula.

    That is at its start, and after a line break or `;`, where some take a new cell to begin.
    """
    return _FORMULA.sub("'", cell)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Row:
    page: Page
    card: Scorecard
    quote: Quote


def _whole(number: int | None) -> str:
    return "" if number is None else str(number)


def _share(votes: Community | None) -> int | None:
    return percent(votes.ships, votes.votes) if votes is not None and votes.votes else None


CELLS: dict[str, Callable[[_Row], str]] = {
    "comparison": lambda row: row.page.comparison.id,
    "title": lambda row: row.page.title,
    "tool": lambda row: row.card.tool.name,
    "vendor": lambda row: row.card.tool.vendor,
    "category": lambda row: row.card.tool.category,
    "tagline": lambda row: row.card.tool.tagline,
    "entry": lambda row: row.card.tool.entry or "",
    "url": lambda row: row.card.tool.url,
    "panel_ship_percent": lambda row: _whole(row.card.panel),
    "reviewer_split": lambda row: row.card.split,
    "community_ship_percent": lambda row: _whole(_share(row.card.tool.community)),
    "community_votes": lambda row: _whole(row.card.tool.community.votes if row.card.tool.community else None),
    "persona": lambda row: row.quote.persona_label,
    "verdict": lambda row: verdict_label(row.quote.verdict).lower(),
    "quote": lambda row: row.quote.text,
    "disclosure": lambda row: disclosure(row.quote),
    "editor": lambda row: row.quote.provenance.editor,
    "decided_at": lambda row: row.quote.provenance.decided_at.isoformat(),
    "provider": lambda row: row.quote.provenance.provider,
    "model": lambda row: row.quote.provenance.model,
    "take": lambda row: _whole(row.quote.provenance.take or None),
    "draft": lambda row: row.quote.provenance.draft_id or "",
    "edited": lambda row: "yes" if row.quote.provenance.edited else "no",
    "kept_of_draft": lambda row: f"{kept_of_draft(row.quote):.2f}",
    "digital_source_type": lambda row: digital_source_type(row.quote),
    "interest": lambda row: row.quote.provenance.interest,
    "masked": lambda row: "yes" if row.quote.provenance.masked else "no",
    "seconded_by": lambda row: row.quote.provenance.seconded_by,
    "remarks_open": lambda row: str(row.quote.remarked.open),
    "remarks_kept": lambda row: " | ".join(kept_lines(row.quote)),
    "dossier_sha256": lambda row: row.quote.provenance.dossier_digest,
    "persona_sha256": lambda row: row.quote.provenance.persona_digest,
    "under_review": lambda row: under_review(row.quote),
    "rehearsal": lambda row: REHEARSAL_NOTICE if row.quote.provenance.rehearsal else "",
    "editors_call": lambda row: row.page.comparison.call,
    "editors_call_by": lambda row: row.page.call_signature,
}
"""The columns in order, and what stands in each."""

EXPORTER = CsvTable()
