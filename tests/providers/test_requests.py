"""What is sent, to the byte where it matters, and under which settings."""

from __future__ import annotations

import dataclasses
import json
import re

import httpx2
import pytest

from tests.providers.wires import (
    BOTH,
    KEY,
    PLAN,
    STREAMS,
    Wire,
    claude,
    claude_config,
    claude_stream,
    codestral,
    codestral_config,
    codestral_stream,
    drafted,
)
from tests.running import run
from workbench.domain.plan import Segment
from workbench.domain.review import REVIEW_SCHEMA
from workbench.errors import SettingsError
from workbench.ports import ProviderConfig, Secret
from workbench.providers import _wire
from workbench.providers import claude as claude_module
from workbench.providers import codestral as codestral_module

SYSTEM = [
    {"type": "text", "text": "House rules."},
    {"type": "text", "text": "Four briefs.", "cache_control": {"type": "ephemeral", "ttl": "1h"}},
]
USER = [
    {"type": "text", "text": "A dossier.", "cache_control": {"type": "ephemeral", "ttl": "5m"}},
    {"type": "text", "text": "As the builder."},
]


def test_claude_gets_segments_as_blocks_with_their_breakpoints_and_the_schema() -> None:
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire)))
    assert wire.sent == {
        "model": "claude-sonnet-5-5",
        "max_tokens": 900,
        "system": SYSTEM,
        "messages": [{"role": "user", "content": USER}],
        "output_config": {"format": {"type": "json_schema", "schema": REVIEW_SCHEMA}},
        "diagnostics": {"previous_message_id": None},
        "stream": True,
    }


def test_claude_in_tool_mode_offers_one_strict_eager_tool_and_does_not_force_it() -> None:
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire, claude_config(mode="tool", thinking="between_tools"))))
    (tool,) = wire.sent["tools"]
    assert {key: tool[key] for key in ("name", "strict", "eager_input_streaming", "input_schema")} == {
        "name": "submit_review",
        "strict": True,
        "eager_input_streaming": True,
        "input_schema": REVIEW_SCHEMA,
    }
    assert wire.sent["tool_choice"] == {"type": "auto", "disable_parallel_tool_use": True}
    assert wire.sent["thinking"] == {"type": "between_tools"}
    assert "output_config" not in wire.sent


def test_an_empty_thinking_option_is_not_sent() -> None:
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire, claude_config(thinking=""))))
    assert "thinking" not in wire.sent


def test_the_schema_keeps_its_order_on_the_wire() -> None:
    for provider, stream in ((claude, claude_stream), (codestral, codestral_stream)):
        wire = Wire(body=stream("{}"))
        run(drafted(provider(wire)))
        raw = wire.requests[0].content.decode()
        places = [raw.index(f'"{name}":') for name in ("sentences", "beat", "facts", "verdict", "confidence", "reason")]
        assert places == sorted(places)


def test_codestral_gets_two_messages_the_schema_and_the_cache_key() -> None:
    wire = Wire(body=codestral_stream("{}"))
    run(drafted(codestral(wire)))
    assert wire.sent == {
        "model": "codestral-2508",
        "messages": [
            {"role": "system", "content": "House rules.\n\nFour briefs."},
            {"role": "user", "content": "A dossier.\n\nAs the builder."},
        ],
        "max_tokens": 900,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "review", "schema": REVIEW_SCHEMA, "strict": True},
        },
        "prompt_cache_key": "workbench-1",
        "stream": True,
    }


ANSWER = '{"sentences":[],"verdict":"skip"}'
NOTED = dataclasses.replace(
    PLAN,
    segments=(
        *PLAN.segments,
        Segment(kind="answer", role="assistant", text=ANSWER),
        Segment(kind="note", role="user", text="Shorter."),
    ),
)


def test_a_note_goes_to_claude_after_the_earlier_answer() -> None:
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire), NOTED))
    assert wire.sent["system"] == SYSTEM
    assert wire.sent["messages"] == [
        {"role": "user", "content": USER},
        {"role": "assistant", "content": [{"type": "text", "text": ANSWER}]},
        {"role": "user", "content": [{"type": "text", "text": "Shorter."}]},
    ]


def test_an_earlier_answer_that_was_a_call_comes_back_as_one_with_its_result_before_the_note() -> None:
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire, claude_config(mode="tool")), NOTED))
    first, called, noted = wire.sent["messages"]
    [call], [result, note] = called["content"], noted["content"]
    assert first == {"role": "user", "content": USER}
    assert call == {"type": "tool_use", "id": call["id"], "name": "submit_review", "input": json.loads(ANSWER)}
    assert re.fullmatch(r"toolu_[a-zA-Z0-9_-]+", call["id"])
    assert (result["type"], result["tool_use_id"]) == ("tool_result", call["id"])
    assert note == {"type": "text", "text": "Shorter."}


def test_no_call_comes_back_where_the_vendor_would_ask_for_the_thoughts_before_it() -> None:
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire, claude_config(model="claude-haiku-4-5", mode="tool", thinking="enabled")), NOTED))
    assert [block["type"] for message in wire.sent["messages"][1:] for block in message["content"]] == ["text", "text"]


def test_a_note_goes_to_codestral_after_the_earlier_answer() -> None:
    wire = Wire(body=codestral_stream("{}"))
    run(drafted(codestral(wire), NOTED))
    assert wire.sent["messages"][1:] == [
        {"role": "user", "content": "A dossier.\n\nAs the builder."},
        {"role": "assistant", "content": ANSWER, "prefix": False},
        {"role": "user", "content": "Shorter."},
    ]


@pytest.mark.parametrize("name", BOTH)
def test_a_segment_without_text_is_left_out(name: str) -> None:
    wire = Wire(body=STREAMS[name]("{}"))
    plan = dataclasses.replace(PLAN, segments=(Segment(kind="house", role="system", text=""), *PLAN.segments[2:]))
    run(drafted(BOTH[name](wire), plan))
    assert '"text":""' not in wire.requests[0].content.decode()
    assert [message["role"] for message in wire.sent["messages"]] == ["user"]


@pytest.mark.parametrize("name", BOTH)
def test_the_key_goes_into_one_header_and_nothing_comes_back_compressed(name: str) -> None:
    wire = Wire(body=STREAMS[name]("{}"))
    run(drafted(BOTH[name](wire)))
    headers = wire.requests[0].headers
    assert [key for key, value in headers.items() if KEY in value] == ["authorization"]
    assert headers["accept-encoding"] == "identity"
    assert KEY not in wire.requests[0].content.decode()


@pytest.mark.parametrize("name", BOTH)
def test_connecting_has_its_own_short_clock(name: str) -> None:
    wire = Wire(body=STREAMS[name]("{}"))
    run(drafted(BOTH[name](wire)))
    assert wire.requests[0].extensions["timeout"] == {"connect": 5.0, "read": 600.0, "write": 600.0, "pool": 600.0}


@pytest.mark.parametrize(
    ("base", "rehearsal", "option", "sent"),
    [
        ("", False, "", True),
        ("https://api.eu.anthropic.com", False, "", True),
        ("http://127.0.0.1:9", True, "", True),
        ("http://127.0.0.1:9", False, "", False),
        ("http://127.0.0.1:9", False, "on", True),
        ("", False, "off", False),
    ],
)
def test_what_only_the_vendor_knows_is_sent_to_nobody_else_unasked(
    base: str, rehearsal: bool, option: str, sent: bool
) -> None:
    wire = Wire(body=claude_stream("{}"))
    config = dataclasses.replace(claude_config(base_url=base, diagnostics=option), rehearsal=rehearsal)
    run(drafted(claude(wire, config), dataclasses.replace(PLAN, previous="msg_1")))
    assert wire.sent.get("diagnostics") == ({"previous_message_id": "msg_1"} if sent else None)
    wire = Wire(body=codestral_stream("{}"))
    base = base.replace("anthropic.com", "mistral.ai")
    config = dataclasses.replace(codestral_config(base_url=base, cache_key=option), rehearsal=rehearsal)
    run(drafted(codestral(wire, config)))
    assert wire.sent.get("prompt_cache_key") == ("workbench-1" if sent else None)


@pytest.mark.parametrize(
    ("model", "mode", "allowed"),
    [
        ("claude-sonnet-5-5", "disabled", "adaptive, or between_tools"),
        ("claude-opus-5-5", "enabled", "adaptive"),
        ("claude-haiku-4-5-20251001", "adaptive", "disabled, or enabled"),
        ("qwen3-coder", "hard", "adaptive, or enabled, or between_tools, or disabled"),
    ],
)
def test_a_way_of_thinking_the_model_refuses_is_a_settings_error_that_names_the_others(
    model: str, mode: str, allowed: str
) -> None:
    with pytest.raises(SettingsError, match=rf"providers\.claude\.thinking.*{model}.*Use {allowed}\."):
        claude_module.ADAPTER.open(claude_config(model=model, thinking=mode))


def test_thinking_that_needs_a_budget_gets_the_smallest() -> None:
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire, claude_config(model="claude-haiku-4-5", thinking="enabled"))))
    assert wire.sent["thinking"] == {"type": "enabled", "budget_tokens": 1024}


@pytest.mark.parametrize("word", ["maybe", "true"])
def test_a_switch_is_on_or_off(word: str) -> None:
    with pytest.raises(SettingsError, match=r"providers\.claude\.diagnostics.*Use on, or off"):
        claude_module.ADAPTER.open(claude_config(diagnostics=word))
    with pytest.raises(SettingsError, match=r"providers\.codestral\.cache_key.*Use on, or off"):
        codestral_module.ADAPTER.open(codestral_config(cache_key=word))


@pytest.mark.parametrize("base", ["", "http://127.0.0.1:9"])
def test_no_header_from_the_environment_is_sent_to_anybody(base: str, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = ("Authorization: Bearer somebody-elses", "x-api-key: somebody-elses", "X-Team: ours", "host: elsewhere")
    monkeypatch.setenv("ANTHROPIC_CUSTOM_HEADERS", "\n".join(lines))
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire, claude_config(base_url=base))))
    headers = wire.requests[0].headers
    assert headers["authorization"] == f"Bearer {KEY}"
    assert headers["host"] in {"api.anthropic.com", "127.0.0.1:9"}
    assert not {"x-api-key", "x-team"} & set(headers)


@pytest.mark.parametrize("tail", ["", "/", "/v1", "/v1/"])
def test_a_base_url_may_end_as_people_write_it(tail: str) -> None:
    base = f"http://127.0.0.1:9/prefix{tail}"
    wire = Wire(body=claude_stream("{}"))
    run(drafted(claude(wire, claude_config(base_url=base))))
    assert str(wire.requests[0].url) == "http://127.0.0.1:9/prefix/v1/messages"
    wire = Wire(body=codestral_stream("{}"))
    run(drafted(codestral(wire, codestral_config(base_url=base))))
    assert str(wire.requests[0].url).partition("#")[0] == "http://127.0.0.1:9/prefix/v1/chat/completions"


@pytest.mark.parametrize("base", ["gateway.example", "ftp://gateway.example", "http://", "not a url", "file:///etc"])
def test_a_base_url_that_is_no_web_address_is_a_settings_error(base: str) -> None:
    with pytest.raises(SettingsError, match=r"providers\.claude\.base_url"):
        claude_module.ADAPTER.open(claude_config(base_url=base))
    with pytest.raises(SettingsError, match=r"providers\.codestral\.base_url"):
        codestral_module.ADAPTER.open(codestral_config(base_url=base))


def test_an_unknown_mode_is_a_settings_error_that_names_the_choices() -> None:
    with pytest.raises(SettingsError, match=r"providers\.claude\.mode.*schema, or tool"):
        claude_module.ADAPTER.open(claude_config(mode="forced"))


@pytest.mark.parametrize(
    ("url", "trusted"),
    [
        ("https://api.anthropic.com", True),
        ("https://api.eu.anthropic.com", True),
        ("https://api.notanthropic.com", False),
        ("http://127.0.0.1:8080", False),
        ("https://gateway.example", False),
    ],
)
def test_only_the_vendors_own_host_is_reached_through_a_proxy(url: str, trusted: bool) -> None:
    client = _wire.client(url, claude_module.API, httpx2.MockTransport(lambda _: httpx2.Response(200)))
    assert client.trust_env is trusted
    assert not client.follow_redirects


def test_the_environment_does_not_steer_the_sdks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-somebody-elses")
    monkeypatch.setenv("ANTHROPIC_AUTH_TOKEN", "somebody-elses")
    monkeypatch.setenv("ANTHROPIC_BASE_URL", "https://elsewhere.example")
    monkeypatch.setenv("MISTRAL_API_KEY", "somebody-elses")
    monkeypatch.setenv("MISTRAL_SA_TOKEN_PATH", "/does/not/exist")
    monkeypatch.setenv("MISTRAL_SDK_TELEMETRY", "dedicated")
    keyless = ProviderConfig(name="local", api="mistral", model="m", key=Secret(""))
    for provider, stream in ((claude, claude_stream), (codestral, codestral_stream)):
        wire = Wire(body=stream("{}"))
        run(drafted(provider(wire)))
        run(drafted(provider(wire, keyless)))
        assert [request.headers["authorization"] for request in wire.requests] == [f"Bearer {KEY}", "Bearer none"]
        assert {request.url.host.rpartition(".")[0] for request in wire.requests} <= {"api.anthropic", "api.mistral"}


def test_codestral_leaves_only_the_hook_that_names_the_sdk() -> None:
    provider = codestral_module.Codestral(codestral_config(), Wire().transport)
    hooks = vars(provider._connected().sdk_configuration)["_hooks"]
    assert [type(hook).__name__ for hook in hooks.before_request_hooks] == ["CustomUserAgentHook"]
    assert (hooks.after_success_hooks, hooks.after_error_hooks) == ([], [])
    run(provider.close())


def test_each_adapter_says_what_it_speaks_and_which_settings_it_knows() -> None:
    one, other = claude_module.ADAPTER, codestral_module.ADAPTER
    assert (one.api, one.vendor, one.key_name) == ("anthropic", "Anthropic", "ANTHROPIC_API_KEY")
    assert (other.api, other.vendor, other.key_name) == ("mistral", "Mistral", "MISTRAL_API_KEY")
    assert one.options == frozenset({"mode", "thinking", "diagnostics"})
    assert other.options == frozenset({"cache_key"})


@pytest.mark.parametrize("name", BOTH)
def test_opening_needs_no_loop_and_keeps_the_configuration(name: str) -> None:
    module, config = {
        "claude": (claude_module, claude_config()),
        "codestral": (codestral_module, codestral_config()),
    }[name]
    provider = module.ADAPTER.open(config)
    assert provider.config is config
    run(provider.close())
