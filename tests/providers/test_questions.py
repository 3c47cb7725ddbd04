"""What is asked besides drafts: the tokens of a prompt, the models of a key, the cache to be written ahead."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import date

import httpx2
import pytest

from tests.providers.wires import (
    BOTH,
    KEY,
    PLAN,
    Pieces,
    Wire,
    claude,
    claude_config,
    codestral,
    codestral_config,
    listed,
)
from tests.running import run
from workbench.domain.events import Usage
from workbench.domain.models import ModelCard
from workbench.domain.review import REVIEW_SCHEMA
from workbench.errors import ProviderError
from workbench.ports import Provider
from workbench.providers.claude import Claude

JSON = {"content-type": "application/json"}
OWN = "http://127.0.0.1:9"
AT_HOME: dict[str, Callable[[Wire], Provider]] = {
    "claude": lambda wire: claude(wire, claude_config(base_url=OWN)),
    "codestral": lambda wire: codestral(wire, codestral_config(base_url=OWN)),
}


def reply(body: object, status: int = 200) -> Wire:
    return Wire(body=json.dumps(body).encode(), status=status, headers=JSON)


def test_claude_counts_the_very_prompt_it_would_draft_from() -> None:
    wire = reply({"input_tokens": 588})
    assert run(claude(wire).count(PLAN)) == 588
    assert wire.requests[0].url.path == "/v1/messages/count_tokens"
    assert set(wire.sent) == {"model", "system", "messages", "output_config"}
    assert wire.sent["output_config"]["format"]["schema"] == REVIEW_SCHEMA
    wire = reply({"input_tokens": 1})
    run(claude(wire, claude_config(mode="tool", thinking="between_tools")).count(PLAN))
    assert set(wire.sent) == {"model", "system", "messages", "tools", "tool_choice", "thinking"}


def test_mistral_counts_the_same_two_messages() -> None:
    wire = reply({"object": "response.input_tokens", "input_tokens": 12})
    assert run(codestral(wire).count(PLAN)) == 12
    assert wire.requests[0].url.path == "/v1/responses/input_tokens"
    assert [(one["role"], one["content"]) for one in wire.sent["input"]] == [
        ("system", "House rules.\n\nFour briefs."),
        ("user", "A dossier.\n\nAs the builder."),
    ]


@pytest.mark.parametrize("status", [400, 404, 405, 422, 501])
@pytest.mark.parametrize("opened", [AT_HOME["claude"], AT_HOME["codestral"], codestral], ids=[*AT_HOME, "mistral"])
def test_an_endpoint_without_a_counter_is_asked_once(opened: Callable[[Wire], Provider], status: int) -> None:
    wire = reply({"detail": "Not Found"}, status)

    async def twice() -> list[int | None]:
        provider = opened(wire)
        return [await provider.count(PLAN), await provider.count(PLAN)]

    assert run(twice()) == [None, None]
    assert len(wire.requests) == 1


def test_the_vendors_own_refusal_to_count_is_an_error() -> None:
    body = {"type": "error", "error": {"type": "not_found_error", "message": "model: claude-9"}}
    with pytest.raises(ProviderError) as caught:
        run(claude(reply(body, 404)).count(PLAN))
    assert caught.value.kind == "unknown_model"


@pytest.mark.parametrize("name", BOTH)
def test_a_count_in_another_shape_is_none(name: str) -> None:
    assert run(BOTH[name](reply({"tokens": []})).count(PLAN)) is None


@pytest.mark.parametrize("question", ["count", "models"])
@pytest.mark.parametrize("name", BOTH)
def test_a_refused_question_is_translated_like_a_refused_draft(name: str, question: str) -> None:
    with pytest.raises(ProviderError) as caught:
        run(asked(BOTH[name](reply({"detail": "Invalid API Key"}, 401)), question))
    assert caught.value.kind == "key_refused"
    with pytest.raises(ProviderError) as caught:
        run(asked(BOTH[name](Wire(error=httpx2.ConnectError("refused"))), question))
    assert caught.value.kind == "unreachable"


@pytest.mark.parametrize("question", ["count", "models"])
@pytest.mark.parametrize("name", BOTH)
def test_a_question_nobody_answers_is_given_up(name: str, question: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("workbench.providers._wire.BRIEF", 0.05)

    async def wait() -> None:
        await asked(BOTH[name](Wire(body=Pieces(asyncio.Event()), headers=JSON)), question)

    with pytest.raises(ProviderError) as caught:
        run(wait())
    assert (caught.value.kind, caught.value.retryable) == ("timed_out", True)


async def asked(provider: Provider, question: str) -> object:
    try:
        return await (provider.count(PLAN) if question == "count" else provider.models())
    finally:
        await provider.close()


class Pages:
    """Answers with one page after the other, and remembers what was asked for."""

    def __init__(self, *pages: object) -> None:
        self.pages = list(pages)
        self.asked: list[str] = []

    async def __call__(self, request: httpx2.Request) -> httpx2.Response:
        self.asked.append(request.url.query.decode())
        return httpx2.Response(200, headers=JSON, json=self.pages[min(len(self.asked), len(self.pages)) - 1])


def test_claudes_models_are_read_page_by_page() -> None:
    card = {
        "type": "model",
        "id": "claude-sonnet-4-5",
        "display_name": "Claude Sonnet 4.5",
        "lifecycle": "deprecated",
        "retires_at": "2026-11-30T00:00:00Z",
        "max_input_tokens": 200_000,
        "max_tokens": 64_000,
    }
    pages = Pages(
        {"data": [card], "has_more": True, "last_id": "claude-sonnet-4-5"},
        {"data": [{"id": "claude-new", "lifecycle": "dreamt"}, {"no": "id"}], "has_more": False, "last_id": None},
    )
    provider = Claude(claude_config(), httpx2.MockTransport(pages))
    assert run(listed(provider)) == (
        ModelCard(
            id="claude-sonnet-4-5",
            name="Claude Sonnet 4.5",
            context=200_000,
            longest_answer=64_000,
            lifecycle="deprecated",
            retires_on=date(2026, 11, 30),
        ),
        ModelCard(id="claude-new"),
    )
    assert pages.asked == ["limit=1000", "after_id=claude-sonnet-4-5&limit=1000"]


def test_a_list_that_never_ends_is_left() -> None:
    pages = Pages({"data": [{"id": "m"}], "has_more": True, "last_id": "m"})
    provider = Claude(claude_config(), httpx2.MockTransport(pages))
    assert len(run(listed(provider))) == 20


@pytest.mark.parametrize("name", AT_HOME)
def test_an_endpoint_that_knows_little_more_than_ids_lists_them(name: str) -> None:
    body = {"object": "list", "data": [{"id": "qwen3", "object": "model", "created": 1, "owned_by": "me"}]}
    assert run(listed(AT_HOME[name](reply(body)))) == (ModelCard(id="qwen3"),)


def test_the_key_goes_with_the_question_for_models() -> None:
    wire = reply({"data": []})
    assert run(listed(codestral(wire))) == ()
    assert wire.requests[0].headers["authorization"] == f"Bearer {KEY}"
    assert str(wire.requests[0].url) == "https://api.mistral.ai/v1/models"


@pytest.mark.parametrize("name", BOTH)
@pytest.mark.parametrize("body", [b"<html>Please log in</html>", b'{"models": []}', b"[1]"])
def test_what_is_no_list_of_models_is_not_a_provider(name: str, body: bytes) -> None:
    with pytest.raises(ProviderError) as caught:
        run(listed(BOTH[name](Wire(body=body, headers=JSON))))
    assert caught.value.kind == "not_a_provider"


def test_claude_writes_the_prefixes_ahead_without_an_answer_where_a_tool_carries_it() -> None:
    usage = {"input_tokens": 9, "cache_creation_input_tokens": 700, "output_tokens": 0}
    split = {"cache_creation": {"ephemeral_1h_input_tokens": 600, "ephemeral_5m_input_tokens": 100}}
    wire = reply({"id": "msg_1", "model": "m", "content": [], "stop_reason": "max_tokens", "usage": {**usage, **split}})
    provider = claude(wire, claude_config(mode="tool", thinking="between_tools"))
    assert run(provider.warm(PLAN)) == Usage(input_tokens=9, cache_write_5m_tokens=100, cache_write_1h_tokens=600)
    assert wire.sent["max_tokens"] == 0
    assert "stream" not in wire.sent
    assert wire.sent["tool_choice"]["type"] == "auto"
    assert [block.get("cache_control", {}).get("ttl") for block in wire.sent["system"]] == [None, "1h"]


UNWARMED: dict[str, Callable[[Wire], Provider]] = {
    "output format": claude,
    "thinking budget": lambda wire: claude(
        wire, claude_config(model="claude-haiku-4-5", mode="tool", thinking="enabled")
    ),
    "strange endpoint": lambda wire: claude(wire, claude_config(mode="tool", base_url=OWN)),
    "mistral": codestral,
}


@pytest.mark.parametrize("case", UNWARMED)
def test_where_the_cache_cannot_be_written_ahead_nothing_is_sent(case: str) -> None:
    wire = reply({})
    assert run(UNWARMED[case](wire).warm(PLAN)) is None
    assert wire.requests == []


def test_a_vendor_that_will_not_write_ahead_is_no_failure_but_a_refused_key_is() -> None:
    tool = claude_config(mode="tool")
    assert run(claude(reply({"error": {"message": "max_tokens: at least 1"}}, 400), tool).warm(PLAN)) is None
    with pytest.raises(ProviderError):
        run(claude(reply({}, 401), tool).warm(PLAN))
