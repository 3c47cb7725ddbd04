"""The schema of the page as JSON: it travels with every export."""

from __future__ import annotations

from typing import Any, get_args

from workbench.domain.comparison import LENS_KIND, REHEARSAL_NOTICE
from workbench.domain.dossier import Entry
from workbench.domain.interest import Interest
from workbench.domain.piece import PieceSource
from workbench.domain.review import VERDICTS

SCHEMA_VERSION = 1


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": sorted(properties),
        "additionalProperties": False,
    }


def _maybe(schema: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [schema, {"type": "null"}]}


def _list(schema: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": schema}


_TEXT = {"type": "string"}
_COUNT = {"type": "integer", "minimum": 0}
_PERCENT = {"type": "integer", "minimum": 0, "maximum": 100}
_SHARE = {"type": "number", "minimum": 0, "maximum": 1}
_MOMENT = {"type": "string", "format": "date-time"}
_DAY = {"type": "string", "format": "date"}
_NOTICE = _maybe({"const": REHEARSAL_NOTICE})

_TOOL = _object(
    id=_TEXT,
    name=_TEXT,
    vendor=_TEXT,
    category=_TEXT,
    tagline=_TEXT,
    entry={"enum": [*(entry.value for entry in Entry), None]},
    url=_TEXT,
    description=_TEXT,
    facts=_list(_object(text=_TEXT, source=_TEXT, checked_on=_TEXT)),
    dossier_sha256=_TEXT,
    panel_ship_percent=_maybe(_PERCENT),
    reviewer_split=_object(ship=_COUNT, skip=_COUNT),
    community=_maybe(_object(ships=_COUNT, votes=_COUNT, ship_percent=_maybe(_PERCENT))),
    missing_personas=_list(_TEXT),
)
_FORECAST = _object(
    what=_TEXT,
    when=_TEXT,
    due=_DAY,
    due_on=_DAY,
    state={"enum": ["open", "held", "failed"]},
    found=_maybe(_object(editor=_TEXT, at=_MOMENT, note=_TEXT)),
)
_QUOTE = _object(
    tool=_TEXT,
    text=_TEXT,
    sha256=_TEXT,
    verdict={"enum": [*VERDICTS, None]},
    persona=_object(id=_TEXT, label=_TEXT, order={"type": "integer"}, kind={"const": LENS_KIND}, sha256=_TEXT),
    dossier=_object(sha256=_TEXT, older={"type": "boolean"}),
    under_review=_maybe(
        _object(since=_MOMENT, changes=_list(_object(fact=_TEXT, before=_TEXT, after=_maybe(_TEXT)))),
    ),
    forecasts=_list(_FORECAST),
    generation=_maybe(
        _object(draft=_TEXT, provider=_TEXT, model=_TEXT, take=_COUNT, note=_maybe(_TEXT), rehearsal=_NOTICE)
    ),
    interest={"enum": list(get_args(Interest))},
    human=_object(
        decision={"enum": ["accepted", "edited", "written"]},
        editor=_TEXT,
        decided_at=_MOMENT,
        kept_of_draft=_SHARE,
        masked={"type": "boolean"},
        seconded_by=_maybe(_TEXT),
    ),
    sources=_list(
        _object(
            text=_TEXT,
            beat=_TEXT,
            draft=_maybe(_object(id=_TEXT, provider=_TEXT, model=_TEXT, kept=_SHARE, rehearsal=_NOTICE)),
            source={"enum": [*(one for one in get_args(PieceSource) if one), None]},
        )
    ),
    remarks=_object(
        open=_COUNT,
        sourced=_COUNT,
        reworded=_COUNT,
        kept=_list(_object(rule=_TEXT, words=_TEXT, reason=_TEXT, editor=_TEXT, at=_MOMENT)),
    ),
    disclosure=_object(text=_TEXT, digital_source_type=_maybe(_TEXT)),
)
SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Comparison page",
    **_object(
        schema_version={"const": SCHEMA_VERSION},
        id=_TEXT,
        kicker=_TEXT,
        title=_TEXT,
        deck=_TEXT,
        footer=_list(_TEXT),
        made_at=_maybe(_MOMENT),
        rehearsal=_NOTICE,
        editors_call=_maybe(_object(text=_TEXT, editor=_TEXT, at=_maybe(_MOMENT))),
        sign_off=_maybe(
            _object(editor=_TEXT, at=_MOMENT, statement=_TEXT, sha256=_TEXT, changed_since=_list(_TEXT)),
        ),
        interest=_maybe(_TEXT),
        tools=_list(_TOOL),
        quotes=_list(_QUOTE),
    ),
}
"""JSON Schema of the `document`."""
