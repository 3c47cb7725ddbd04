"""A second model's reading of a quote against its dossier: what it may hand in, and which of it counts.

It adds marks and clears none. A model's word is no evidence: a row counts only if its words stand in the quote, letter
for letter, and every fact it names is in the dossier. A contradiction has to name the fact it is one of.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal, NamedTuple, cast, get_args

from workbench.domain.dossier import Dossier
from workbench.domain.finding import Finding, Severity
from workbench.domain.ids import Digest, PersonaId, ToolId
from workbench.domain.plan import Plan, PromptSet, Segment, Shape, material
from workbench.domain.review import WrongShapeError
from workbench.domain.text import digest, first_unusable, one_line

RULE = "second_reading"
Kind = Literal["absent", "contradicted"]
_SEVERITY: Mapping[Kind, Severity] = {"absent": "note", "contradicted": "warning"}
"""Never a conflict: what holds an approval up is decided by rules that anybody can read."""
LONGEST_WHY = 300
"""Characters of a model's reason that are kept."""

READING_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rows": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "words": {"type": "string"},
                    "kind": {"type": "string", "enum": list(get_args(Kind))},
                    "facts": {"type": "array", "items": {"type": "string"}},
                    "why": {"type": "string"},
                },
                "required": ["words", "kind", "facts", "why"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["rows"],
    "additionalProperties": False,
}
"""JSON Schema of a reading. All properties are required."""
READING = Shape(
    name="reading",
    schema=READING_SCHEMA,
    tool="submit_reading",
    says="Hands in the rows. Call it exactly once, with no rows where there are none; it is the only way to answer.",
)


class Row(NamedTuple):
    """What the model says of some words: that no fact holds them, or that a fact says otherwise."""

    words: str
    kind: Kind
    facts: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One reading of one text, kept. `text` is the digest of the quote it was of, `refused` counts rows that did not
    count, `cost` is in US dollars and None when nobody knows the price."""

    tool_id: ToolId
    persona_id: PersonaId
    text: Digest
    rows: tuple[Row, ...]
    refused: int
    provider: str
    model: str
    prompt: Digest
    cost: Decimal | None
    rehearsal: bool
    editor: str
    at: datetime


def plan_of(prompts: PromptSet, dossier: Dossier, quote: str) -> Plan:
    """The request: the dossier as every draft's has it, then the quote as JSON, which no text can break out of."""
    said = json.dumps(quote, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e")
    return Plan(
        segments=(
            Segment(kind="dossier", role="user", text=material(prompts.dossier, dossier)),
            Segment(kind="ask", role="user", text=prompts.reading.fill(quote=said)),
        ),
        cache_key=f"workbench-{digest(dossier.digest)[:24]}",
        shape=READING,
    )


def read_rows(text: str) -> tuple[Row, ...]:
    """A finished answer's rows. Raises WrongShapeError; nothing is coerced."""
    try:
        value: object = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise WrongShapeError(f"the answer is not JSON ({error})") from None
    rows = cast("dict[str, object]", value).get("rows") if isinstance(value, dict) else None
    if not isinstance(rows, list):
        raise WrongShapeError("the answer holds no list of rows")
    return tuple(_row(number, one) for number, one in enumerate(cast("list[object]", rows), start=1))


def judged(rows: Sequence[Row], quote: str, dossier: Dossier) -> tuple[tuple[Row, ...], int]:
    """The rows that count, each once, and how many do not."""
    known = {one.ref for one in dossier.facts}
    kept = tuple(
        dict.fromkeys(
            row
            for row in rows
            if row.words.strip()
            and row.words in quote
            and known.issuperset(row.facts)
            and (row.facts or row.kind == "absent")
            and first_unusable(row.why) is None
        )
    )
    return kept, len(rows) - len(kept)


def findings(reading: Reading, quote: str, dossier: Dossier) -> list[Finding]:
    """The rows as findings on this quote; of one whose facts are no longer there, none."""
    facts = {one.ref: one.text for one in dossier.facts}
    found: list[Finding] = []
    for row in judged(reading.rows, quote, dossier)[0]:
        start = quote.index(row.words)
        found.append(
            Finding(
                rule=RULE,
                severity=_SEVERITY[row.kind],
                reason=f"{reading.model} reads: {one_line(row.why)[:LONGEST_WHY]}",
                start=start,
                end=start + len(row.words),
                evidence="; ".join(f"{ref}: {facts[ref]}" for ref in row.facts),
                remedies=("add_source", "reword", "keep"),
            )
        )
    return found


def _row(number: int, value: object) -> Row:
    part = cast("dict[str, object]", value) if isinstance(value, dict) else {}
    words, kind, facts, why = (part.get(name) for name in ("words", "kind", "facts", "why"))
    refs = cast("list[object]", facts) if isinstance(facts, list) else [None]
    if not isinstance(words, str) or not isinstance(why, str) or kind not in get_args(Kind):
        raise WrongShapeError(f"row {number} lacks words, a kind or a reason")
    if not all(isinstance(one, str) for one in refs):
        raise WrongShapeError(f"row {number} names something that is not a fact id")
    return Row(words=words, kind=cast("Kind", kind), facts=tuple(cast("list[str]", refs)), why=why)
