"""An inspection as SARIF 2.1.0 (OASIS), the format code hosts and editors read findings from.

Offsets and columns count Unicode code points. What is not a file of the reader's has its text in `artifacts`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from workbench.domain.contradiction import Contradiction, Place
    from workbench.domain.finding import Severity
    from workbench.domain.located import Located
    from workbench.services.inspecting import Inspection, Noticed

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
LEVELS: Mapping[Severity, str] = {"conflict": "error", "warning": "warning", "note": "note"}
OF_THE_WHOLE = {
    "contradiction": (
        "Finds places of a page that cannot both be so: two quotes, or a quote and the tool's card.",
        "The editor says which of the two is wrong.",
    ),
    "injection": (
        "Finds what in a dossier is meant for a model or hidden from its reader.",
        "It stays material: nothing in a dossier is ever an instruction.",
    ),
    "sufficiency": (
        "Finds beats that have no fact of the dossier to stand on.",
        "Add a fact, or let the beat be opinion.",
    ),
    "prediction": ("Lists dated predictions, with the day they fall due.", "Said, not judged."),
}
"""Rules that are not of one text: what each does, and what it does and does not mean."""
_TEXT_OF_NO_FILE = ("stdin", "workbench:")


def log(found: Inspection, rules: Mapping[str, tuple[str, str]]) -> dict[str, Any]:
    """The SARIF log. `rules` are the checks' own: what each does, and what it means."""
    known = {**rules, **OF_THE_WHOLE}
    places = {name: place for place, name in enumerate(known)}
    results = [{**one, "ruleIndex": places[one["ruleId"]]} for one in _results(found)]
    run = {
        "tool": {
            "driver": {
                "name": "workbench",
                "version": version("review-workbench"),
                "rules": [_rule(name, *said) for name, said in known.items()],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "artifacts": [_artifact(one.text) for one in found.looked],
        "results": results,
        "properties": {"tool": found.dossier.tool.id, "dossierDigest": found.dossier.digest},
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(name: str, does: str, means: str) -> dict[str, Any]:
    told = f"{does} {means}".strip()
    return {
        "id": name,
        "name": "".join(part.capitalize() for part in name.split("_")),
        "shortDescription": {"text": does},
        "fullDescription": {"text": told},
        "help": {"text": told},
        "defaultConfiguration": {"level": "note" if name in {"sufficiency", "prediction"} else "warning"},
    }


def _artifact(text: Located) -> dict[str, Any]:
    made: dict[str, Any] = {"location": {"uri": _uri(text)}, "description": {"text": text.label}}
    if text.name.startswith(_TEXT_OF_NO_FILE):
        made["contents"] = {"text": text.source}
    return made


def _uri(text: Located) -> str:
    if text.name.startswith(_TEXT_OF_NO_FILE):
        return text.name
    path = Path(text.name)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def _results(found: Inspection) -> Iterator[dict[str, Any]]:
    for place, looked in enumerate(found.looked):
        for one in looked.noticed:
            yield _noticed(looked.text, place, one)
    for pair in found.contradictions:
        yield _contradiction(found, pair)
    for hint in found.suspicions:
        yield _of_dossier(found, "injection", "warning", f"{hint.field}: “{hint.words}” ({hint.kind}).", hint.field)
    for lens in found.sufficiency:
        for need in lens.missing:
            text = f"{lens.summary}: the beat “{need.beat.label}” wants {need.asks}."
            yield _of_dossier(found, "sufficiency", "note", text, f"{lens.persona_id}/{need.beat.id}")
    for said in found.predictions:
        text = f"Due {said.due.isoformat()}: {said.what}"
        yield {
            **_of_dossier(found, "prediction", "note", text, said.persona_id),
            "kind": "informational",
            "level": "none",
        }


def _noticed(text: Located, place: int, one: Noticed) -> dict[str, Any]:
    finding = one.finding
    made: dict[str, Any] = {
        "ruleId": finding.rule,
        "level": LEVELS[finding.severity],
        "message": {"text": finding.reason},
        "locations": [_location(text, place, finding.start, finding.end)],
        "partialFingerprints": {
            "workbench/v1": _print(finding.rule, text.quote[finding.start : finding.end], finding.reason)
        },
        "properties": {"evidence": finding.evidence, "remedies": list(finding.remedies)},
    }
    if one.kept:
        made["suppressions"] = [{"kind": "external", "status": "accepted", "justification": one.kept}]
    return made


def _location(text: Located, place: int, start: int, end: int) -> dict[str, Any]:
    at = text.region(start, end)
    region: dict[str, Any] = {
        "startLine": at.line,
        "startColumn": at.column,
        "endLine": at.end_line,
        "endColumn": at.end_column,
        "charOffset": at.offset,
        "charLength": at.length,
    }
    if at.length:
        region["snippet"] = {"text": text.source[at.offset : at.offset + at.length]}
    return {"physicalLocation": {"artifactLocation": {"uri": _uri(text), "index": place}, "region": region}}


def _contradiction(found: Inspection, pair: Contradiction) -> dict[str, Any]:
    one, other = (_spot(found, place) for place in (pair.one, pair.other))
    return {
        "ruleId": "contradiction",
        "level": "warning",
        "message": {"text": pair.reason},
        "locations": [one],
        "relatedLocations": [{**other, "id": 1, "message": {"text": f"{pair.other.label}: “{pair.other.words}”"}}],
        "partialFingerprints": {"workbench/v1": _print("contradiction", pair.matter, pair.reason)},
    }


def _spot(found: Inspection, place: Place) -> dict[str, Any]:
    for index, one in enumerate(found.looked):
        if place.persona_id is not None and one.persona.id == place.persona_id and one.text.name.endswith("/quote"):
            return _location(one.text, index, place.start, place.end)
    return {"logicalLocations": [{"name": place.label, "fullyQualifiedName": f"{place.tool_id}/card"}]}


def _of_dossier(found: Inspection, rule: str, level: str, text: str, where: str) -> dict[str, Any]:
    name = f"{found.dossier.tool.id}/{where}"
    return {
        "ruleId": rule,
        "level": level,
        "message": {"text": text},
        "locations": [{"logicalLocations": [{"name": where, "fullyQualifiedName": name}]}],
        "partialFingerprints": {"workbench/v1": _print(rule, where, text)},
    }


def _print(*parts: str) -> str:
    return hashlib.sha256("\x00".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
