"""Mistral's counter of input tokens, which takes a request of its Responses API and counts as the chat does."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.routing import Route

from workbench.rehearsal import tokens
from workbench.rehearsal.admission import body_of
from workbench.rehearsal.mistral_api import prompt_of
from workbench.rehearsal.mistral_files import unfit
from workbench.rehearsal.mistral_rules import FAMILIES
from workbench.rehearsal.refusals import RefusalError, mistral
from workbench.rehearsal.replies import mistral_endpoint


async def _count(request: Request, _key: str) -> Mapping[str, object]:
    body = await body_of(request)
    for name in ("model", "input"):
        if not body.get(name):
            raise unfit("missing", "Field required", None, name)
    if not str(body["model"]).startswith(FAMILIES):
        raise RefusalError(mistral(400, f"Invalid model: {body['model']}", "invalid_model", "1500"))
    said = body["input"]
    asked = said if isinstance(said, list) else [{"role": "user", "content": said}]
    ruled = [{"role": "system", "content": body["instructions"]}] if body.get("instructions") else []
    prompt = prompt_of({"messages": [*ruled, *asked], "tools": body.get("tools")})
    return {"object": "response.input_tokens", "input_tokens": tokens.tokens_in(prompt)}


COUNTER = Route("/v1/responses/input_tokens", mistral_endpoint(_count), methods=["POST"])
