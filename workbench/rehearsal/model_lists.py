"""`/v1/models` of both vendors: the list, page by page where the vendor pages it, and one model by its id."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from starlette.requests import Request
from starlette.responses import Response

from workbench.rehearsal import anthropic_models
from workbench.rehearsal.refusals import RefusalError, anthropic, mistral
from workbench.rehearsal.replies import anthropic_endpoint, anthropic_page, mistral_endpoint

_LIFE = ("active", "deprecated", "retired")
_CODESTRAL = ("codestral-2508", "codestral-latest", "mistral-code-latest", "mistral-code-fim-latest")
"""Each alias is listed again as a model of its own."""
_ABLE = ("completion_chat", "function_calling", "unified_resources")
_UNABLE = (
    "completion_fim",
    "reasoning",
    "fine_tuning",
    "vision",
    "ocr",
    "classification",
    "moderation",
    "audio",
    "audio_transcription",
    "audio_transcription_realtime",
    "audio_speech",
)


async def models(request: Request) -> Response:
    """`GET /v1/models` and `/v1/models/{id}`: both vendors have them; only Anthropic's clients name a version."""
    return await (_anthropic if "anthropic-version" in request.headers else _mistral)(request)


async def _anthropic_models(request: Request, _key: str) -> Mapping[str, object]:
    wanted = request.query_params.getlist("lifecycle[]") or request.query_params.getlist("lifecycle")
    if strange := [one for one in wanted if one not in _LIFE]:
        raise RefusalError(
            anthropic(400, f"lifecycle: Input should be 'active', 'deprecated' or 'retired', not {strange}")
        )
    cards = anthropic_models.cards()
    if name := request.path_params.get("id"):
        found = next((card for card in cards if card["id"] == name), None)
        if found is None:
            raise RefusalError(anthropic(404, f"model: {name}"))
        return found
    return anthropic_page([card for card in cards if card["lifecycle"] in (wanted or _LIFE[:2])], request)


async def _mistral_models(request: Request, _key: str) -> Mapping[str, object]:
    cards = [_card(name) for name in _CODESTRAL]
    if name := request.path_params.get("id"):
        found = next((card for card in cards if card["id"] == name), None)
        if found is None:
            raise RefusalError(mistral(404, f"Invalid model: {name}", "invalid_model", "1500"))
        return found
    return {"object": "list", "data": cards}


_anthropic, _mistral = anthropic_endpoint(_anthropic_models), mistral_endpoint(_mistral_models)


def _card(name: str) -> dict[str, object]:
    return {
        "id": name,
        "object": "model",
        "created": 1_756_339_200,
        "owned_by": "mistralai",
        "capabilities": dict(chain(((one, True) for one in _ABLE), ((one, False) for one in _UNABLE))),
        "name": _CODESTRAL[0],
        "description": "Rehearsal: drafts composed by rule.",
        "max_context_length": 256_000,
        "aliases": [alias for alias in _CODESTRAL if alias != name],
        "deprecation": None,
        "deprecation_replacement_model": None,
        "default_model_temperature": 0.3,
        "type": "base",
    }
