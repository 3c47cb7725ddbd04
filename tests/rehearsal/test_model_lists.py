from __future__ import annotations

from typing import Any

import anthropic
import httpx2
import pytest
from mistralai.client import Mistral
from mistralai.client import errors as mistral_errors

from tests.rehearsal import test_anthropic as claude
from tests.rehearsal import test_mistral as codestral
from workbench.domain.models import MODELS, facts
from workbench.rehearsal import anthropic_models


def test_claudes_models_come_page_by_page_without_the_retired_ones(url: str) -> None:
    async def listed(client: anthropic.AsyncAnthropic) -> tuple[list[Any], Any, list[Any]]:
        first = await client.models.list(limit=3)
        retired = [card async for card in client.models.list(lifecycle=["retired"])]
        return [card async for card in client.models.list(limit=3)], first, retired

    everything, first, retired = claude.talk(url, listed)
    ids = [card.id for card in everything]
    assert len(set(ids)) == len(ids) > 10
    assert ([card.id for card in first.data], first.has_more) == (ids[:3], True)
    assert {card.lifecycle for card in everything} <= {"active", "deprecated"}
    assert {card.lifecycle for card in retired} == {"retired"}
    known = {one.model for one in MODELS if one.api == "anthropic"}
    assert known == {*ids, *(card.id for card in retired)}


def test_a_card_says_what_the_workbench_goes_by(url: str) -> None:
    async def found(client: anthropic.AsyncAnthropic) -> Any:
        return await client.models.retrieve("claude-haiku-4-5")

    card = claude.talk(url, found)
    known = facts("anthropic", "claude-haiku-4-5")
    assert known is not None
    assert (card.max_input_tokens, card.max_tokens, card.line) == (known.context, known.longest_answer, "haiku")
    assert card.capabilities.thinking.types.enabled.supported
    assert not card.capabilities.thinking.types.adaptive.supported


def test_a_model_nobody_lists_is_not_found(url: str) -> None:
    async def missing(client: anthropic.AsyncAnthropic) -> None:
        await client.models.retrieve("claude-3-opus")

    async def lost(client: Mistral) -> None:
        await client.models.retrieve_async(model_id="gpt-5")

    with pytest.raises(anthropic.NotFoundError):
        claude.talk(url, missing)
    with pytest.raises(mistral_errors.SDKError, match="Invalid model"):
        codestral.talk(url, lost)


def test_a_strange_lifecycle_or_limit_is_refused(url: str) -> None:
    headers = {"authorization": "Bearer key", "anthropic-version": "2026-10-21"}
    for query in ("lifecycle[]=unborn", "limit=0", "limit=1001", "limit=x"):
        reply = httpx2.get(f"{url}/v1/models?{query}", headers=headers, trust_env=False)
        assert (reply.status_code, reply.json()["error"]["type"]) == (400, "invalid_request_error")


def test_a_retired_model_drafts_no_more(url: str) -> None:
    headers = {"authorization": "Bearer key", "anthropic-version": "2026-10-21"}
    body = claude.body(model="claude-3-opus-20240229", thinking=None)
    reply = httpx2.post(f"{url}/v1/messages", json=body, headers=headers, trust_env=False)
    assert (reply.status_code, reply.json()["error"]["message"]) == (404, "model: claude-3-opus-20240229")
    assert anthropic_models.known("claude-opus-9")


def test_mistrals_counter_agrees_with_its_bill(url: str) -> None:
    messages = codestral.body()["messages"]

    async def both(client: Mistral) -> tuple[int, int]:
        counted = await client.responses.count_input_tokens_async(model=codestral.MODEL, input=messages)
        billed = await client.chat.complete_async(**codestral.body())
        assert billed is not None
        return counted.input_tokens, billed.usage.prompt_tokens or 0

    counted, billed = codestral.talk(url, both)
    assert counted == billed > 0


@pytest.mark.parametrize(
    ("body", "status"), [({}, 422), ({"model": "codestral-2508"}, 422), ({"model": "gpt-5", "input": "x"}, 400)]
)
def test_mistrals_counter_refuses_what_it_cannot_count(url: str, body: Any, status: int) -> None:
    headers = {"authorization": "Bearer key"}
    reply = httpx2.post(f"{url}/v1/responses/input_tokens", json=body, headers=headers, trust_env=False)
    assert reply.status_code == status
