"""What of the SARIF 2.1.0 schema (OASIS, errata 01) our logs use, written down from it: no property it does not have,
none of those it requires left out, its enumerations and least values."""

from __future__ import annotations

from typing import Any


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": required.split(),
        "properties": {"properties": {"type": "object"}, **properties},
    }


def _list(items: dict[str, Any], *, least: int = 0) -> dict[str, Any]:
    return {"type": "array", "items": items, "minItems": least}


_STRING = {"type": "string"}
_URI = {"type": "string", "format": "uri-reference", "pattern": r"^[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+$"}
_COUNT = {"type": "integer", "minimum": 0}
_FROM_ONE = {"type": "integer", "minimum": 1}
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_FORMATTED = _object("text", text=_STRING, markdown=_STRING)
_MESSAGE = _object("text", text={**_STRING, "minLength": 1}, markdown=_STRING, id=_STRING)
_CONTENT = _object("", text=_STRING, binary=_STRING)
_ARTIFACT_LOCATION = _object("", uri=_URI, uriBaseId=_STRING, index=_COUNT, description=_MESSAGE)
_REGION = _object(
    "",
    startLine=_FROM_ONE,
    startColumn=_FROM_ONE,
    endLine=_FROM_ONE,
    endColumn=_FROM_ONE,
    charOffset=_COUNT,
    charLength=_COUNT,
    snippet=_CONTENT,
    message=_MESSAGE,
)
_PHYSICAL = _object("artifactLocation", artifactLocation=_ARTIFACT_LOCATION, region=_REGION)
_LOGICAL = _object("", name=_STRING, fullyQualifiedName=_STRING, kind=_STRING, index=_COUNT)
_LOCATION = _object(
    "",
    id={"type": "integer", "minimum": -1},
    physicalLocation=_PHYSICAL,
    logicalLocations=_list(_LOGICAL),
    message=_MESSAGE,
)
_SUPPRESSION = _object(
    "kind",
    kind={"enum": ["inSource", "external"]},
    status={"enum": ["accepted", "underReview", "rejected"]},
    justification=_STRING,
)
_RESULT = _object(
    "message",
    ruleId=_STRING,
    ruleIndex=_COUNT,
    kind={"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
    level=_LEVEL,
    message=_MESSAGE,
    locations=_list(_LOCATION),
    relatedLocations=_list(_LOCATION),
    suppressions=_list(_SUPPRESSION),
    partialFingerprints={"type": "object", "additionalProperties": _STRING},
)
_RULE = _object(
    "id",
    id=_STRING,
    name=_STRING,
    shortDescription=_FORMATTED,
    fullDescription=_FORMATTED,
    help=_FORMATTED,
    defaultConfiguration=_object("", level=_LEVEL, enabled={"type": "boolean"}),
)
_DRIVER = _object("name", name=_STRING, version=_STRING, rules=_list(_RULE))
_ARTIFACT = _object("", location=_ARTIFACT_LOCATION, description=_MESSAGE, contents=_CONTENT)
_RUN = _object(
    "tool",
    tool=_object("driver", driver=_DRIVER),
    invocations=_list(_object("executionSuccessful", executionSuccessful={"type": "boolean"})),
    columnKind={"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
    artifacts=_list(_ARTIFACT),
    results=_list(_RESULT),
)
SARIF = {**_object("version runs", version={"enum": ["2.1.0"]}, runs=_list(_RUN, least=1))}
SARIF["properties"]["$schema"] = {"type": "string", "format": "uri"}
