from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from typing import Any

import anthropic
import httpx2
import pytest

from tests.rehearsal.prompting import LENSES, ask_text, material_text, system_text
from tests.running import run
from workbench.domain.review import REVIEW_SCHEMA, strict_review

MODEL = "claude-sonnet-5-5"
SYSTEM = system_text() + "\n\n" + "House rules go on and on. " * 200
TOOL = {"name": "submit_review", "description": "Hand in the review.", "strict": True, "input_schema": REVIEW_SCHEMA}
Body = dict[str, Any]


def body(lens: int = 0, model: str = MODEL, **changes: Any) -> Body:
    asked = [
        {"type": "text", "text": material_text(), "cache_control": {"type": "ephemeral"}},
        {"type": "text", "text": ask_text(LENSES[lens])},
    ]
    shape = {"format": {"type": "json_schema", "schema": REVIEW_SCHEMA}}
    plain: Body = {
        "model": model,
        "max_tokens": 4000,
        "system": [{"type": "text", "text": SYSTEM, "cache_control": {"type": "ephemeral", "ttl": "1h"}}],
        "messages": [{"role": "user", "content": asked}],
        "thinking": {"type": "between_tools"},
        "output_config": shape,
    }
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def talk(url: str, say: Callable[[anthropic.AsyncAnthropic], Coroutine[Any, Any, Any]], key: str = "key") -> Any:
    async def conversation() -> Any:
        # Nothing here is encrypted: reading the machine's certificates for each client would only cost time.
        async with (
            httpx2.AsyncClient(trust_env=False, verify=False) as http,
            anthropic.AsyncAnthropic(api_key=key, base_url=url, max_retries=0, timeout=10, http_client=http) as client,
        ):
            return await say(client)

    return run(conversation())


async def events(client: anthropic.AsyncAnthropic, request: Body, **extra: Any) -> list[Any]:
    stream = await client.messages.create(**request, stream=True, **extra)
    async with stream:
        return [event async for event in stream]


def streamed(url: str, request: Body, **extra: Any) -> list[Any]:
    return list(talk(url, lambda client: events(client, request, **extra)))


def text_of(found: list[Any]) -> str:
    deltas = [event.delta for event in found if event.type == "content_block_delta"]
    return "".join(str(getattr(delta, "text", None) or getattr(delta, "partial_json", "")) for delta in deltas)


def stop_of(found: list[Any]) -> Any:
    return next((event.delta for event in found if event.type == "message_delta"), None)


def usage_of(found: list[Any]) -> Any:
    return found[0].message.usage


def failing(url: str, request: Body, key: str = "key") -> Any:
    async def ask(client: anthropic.AsyncAnthropic) -> Any:
        return await client.messages.create(**request)

    with pytest.raises(anthropic.APIStatusError) as caught:
        talk(url, ask, key)
    return caught.value


async def until_it_fails(client: anthropic.AsyncAnthropic, fault: str) -> tuple[list[Any], Exception | None]:
    """What a stream sends, and what it ends with: an exception, or None after a second of quiet."""
    stream = await client.messages.create(**body(model=f"{MODEL}+{fault}"), stream=True)
    found: list[Any] = []
    failure: Exception | None = None
    try:
        async with stream, asyncio.timeout(1):
            async for event in stream:
                found.append(event)  # noqa: PERF401 - what came before the failure counts
    except TimeoutError:
        pass
    except (anthropic.APIStatusError, httpx2.TransportError) as error:
        failure = error
    return found, failure


def deltas(found: list[Any]) -> list[Any]:
    return [event for event in found if event.type == "content_block_delta"]


def test_a_schema_stream_is_one_review_in_text_deltas(url: str) -> None:
    found = streamed(url, body())
    kinds = [event.type for event in found]
    assert kinds[:2] == ["message_start", "content_block_start"]
    assert kinds[-3:] == ["content_block_stop", "message_delta", "message_stop"]
    review = strict_review(json.loads(text_of(found)))
    assert [one.beat for one in review.sentences] == [one.id for one in LENSES[0].beats]
    assert stop_of(found).stop_reason == "end_turn"
    assert len(kinds) > 60


def test_usage_is_cumulative_and_the_prompt_is_counted_once(url: str) -> None:
    found = streamed(url, body())
    last = next(event.usage for event in found if event.type == "message_delta")
    start = usage_of(found)
    counted = talk(url, lambda client: client.messages.count_tokens(**body(max_tokens=None)))
    whole = start.input_tokens + start.cache_creation_input_tokens + start.cache_read_input_tokens
    assert last.output_tokens == pytest.approx(len(text_of(found)) / 4, abs=1)
    assert counted.input_tokens == whole
    assert last.input_tokens == start.input_tokens


def test_the_second_request_reads_what_the_first_wrote(fresh_url: str) -> None:
    first, second, third = (usage_of(streamed(fresh_url, body(lens))) for lens in (0, 1, 2))
    split = first.cache_creation
    assert split.ephemeral_1h_input_tokens > split.ephemeral_5m_input_tokens > 0
    assert first.cache_read_input_tokens == 0
    for later in (second, third):
        assert later.cache_read_input_tokens == first.cache_creation_input_tokens
        assert later.cache_creation_input_tokens == 0


def test_another_model_and_another_key_share_no_cache(fresh_url: str) -> None:
    streamed(fresh_url, body())
    other = usage_of(streamed(fresh_url, body(model="claude-opus-5-5", thinking=None)))
    foreign = usage_of(talk(fresh_url, lambda client: events(client, body()), "other-key"))
    assert (other.cache_read_input_tokens, foreign.cache_read_input_tokens) == (0, 0)


def test_requests_that_start_together_all_write(slow_url: str) -> None:
    async def together(client: anthropic.AsyncAnthropic) -> list[int]:
        async def start(lens: int) -> int:
            stream = await client.messages.create(**body(lens), stream=True)
            async with stream:
                return int(usage_of([await anext(aiter(stream))]).cache_read_input_tokens)

        leaders = await asyncio.gather(*(start(lens) for lens in range(3)))
        return [*leaders, await start(3)]

    *leaders, follower = talk(slow_url, together)
    assert leaders == [0, 0, 0]
    assert follower > 0


def test_a_prefix_below_the_minimum_is_not_cached(url: str) -> None:
    short = body(system=[{"type": "text", "text": "Short.", "cache_control": {"type": "ephemeral", "ttl": "1h"}}])
    small = usage_of(streamed(url, body(model="claude-haiku-4-5", thinking=None, system=short["system"])))
    assert (small.cache_creation_input_tokens, small.cache_read_input_tokens) == (0, 0)


def test_an_eager_tool_streams_its_input_from_an_empty_first_piece(url: str) -> None:
    request = body(output_config=None, tools=[{**TOOL, "eager_input_streaming": True}], tool_choice={"type": "auto"})
    found = streamed(url, request)
    pieces = [event.delta.partial_json for event in found if event.type == "content_block_delta"]
    assert found[1].content_block.name == "submit_review"
    assert pieces[0] == ""
    assert max(map(len, pieces)) > 13
    assert strict_review(json.loads("".join(pieces))).verdict == "ship"
    assert stop_of(found).stop_reason == "tool_use"


def test_an_ordinary_tool_sends_pieces_of_at_most_thirteen_characters(url: str) -> None:
    found = streamed(url, body(output_config=None, tools=[TOOL]))
    pieces = [event.delta.partial_json for event in found if event.type == "content_block_delta"]
    assert max(map(len, pieces)) <= 13
    assert strict_review(json.loads("".join(pieces))).words > 0


def test_a_model_that_thinks_sends_an_empty_thinking_block_first(url: str) -> None:
    found = streamed(url, body(model="claude-opus-5-5", thinking=None))
    started = [event.content_block.type for event in found if event.type == "content_block_start"]
    spent = next(event.usage for event in found if event.type == "message_delta")
    assert started == ["thinking", "text"]
    assert spent.output_tokens > spent.output_tokens_details.thinking_tokens > 0


def test_without_a_stream_the_same_review_comes_in_one_piece(fresh_url: str, other_url: str) -> None:
    async def ask(client: anthropic.AsyncAnthropic) -> Any:
        return await client.messages.create(**body())

    whole = talk(fresh_url, ask)
    assert whole.content[0].text == text_of(streamed(other_url, body()))
    assert (whole.stop_reason, whole._request_id[:4]) == ("end_turn", "req_")
    assert whole.usage.output_tokens > 100


def test_every_frame_is_named_padded_json_with_a_ping_after_the_first_block(url: str) -> None:
    headers = {"x-api-key": "key", "anthropic-version": "2026-10-21"}
    reply = httpx2.post(f"{url}/v1/messages", json=body(stream=True), headers=headers, trust_env=False)
    frames = [frame.split("\n") for frame in reply.text.strip().split("\n\n")]
    assert reply.headers["content-type"] == "text/event-stream; charset=utf-8"
    assert reply.headers["request-id"].startswith("req_")
    assert "anthropic-ratelimit-input-tokens-remaining" in reply.headers
    assert all(name[7:] == json.loads(data[6:])["type"] for name, data in frames)
    assert [name[7:] for name, _ in frames[:3]] == ["message_start", "content_block_start", "ping"]
    assert json.loads(frames[0][1][6:])["message"]["diagnostics"] is None
    assert any(data.endswith(" }") for _, data in frames)


@pytest.mark.parametrize(
    ("changes", "status", "kind", "words"),
    [
        ({"model": "gpt-5"}, 404, "not_found_error", "model: gpt-5"),
        ({"extra_body": {"seed": 7}}, 400, "invalid_request_error", "seed: Extra inputs are not permitted"),
        ({"extra_body": {"temperature": 1}}, 400, "invalid_request_error", "temperature: Extra inputs"),
        ({"extra_body": {"max_tokens": "many"}}, 400, "invalid_request_error", "max_tokens: Input should be"),
        ({"messages": []}, 400, "invalid_request_error", "at least one message"),
        ({"tools": [TOOL], "tool_choice": {"type": "any"}}, 400, "invalid_request_error", "are not supported"),
        ({"thinking": {"type": "disabled"}}, 400, "invalid_request_error", "thinking.type.disabled"),
        ({"messages": [{"role": "assistant", "content": "{"}]}, 400, "invalid_request_error", "prefill"),
        ({"output_config": {"format": {"type": "json_schema", "schema": {"type": "object"}}}}, 400, "inv", "addition"),
    ],
)
def test_what_the_vendor_refuses_is_refused_in_its_words(
    url: str, changes: Body, status: int, kind: str, words: str
) -> None:
    error = failing(url, body(**changes))
    assert error.status_code == status
    assert str(error.type).startswith(kind[:3])
    assert words in error.body["error"]["message"]
    assert error.request_id == error.body["request_id"]


def test_sampling_is_still_accepted_by_the_old_version(url: str) -> None:
    extra = {"extra_headers": {"anthropic-version": "2023-06-01"}, "extra_body": {"temperature": 0.5}}
    assert stop_of(streamed(url, body(), **extra)).stop_reason == "end_turn"


def test_max_tokens_is_required_and_a_short_limit_truncates(url: str) -> None:
    headers = {"authorization": "Bearer key", "anthropic-version": "2026-10-21"}
    reply = httpx2.post(f"{url}/v1/messages", json=body(max_tokens=None), headers=headers, trust_env=False)
    found = streamed(url, body(max_tokens=50))
    assert (reply.status_code, reply.json()["error"]["message"]) == (400, "max_tokens: Field required")
    assert stop_of(found).stop_reason == "max_tokens"
    assert len(text_of(found)) <= 200


def test_breakpoints_come_four_at_most_and_the_longer_lived_first(url: str) -> None:
    mark = {"type": "ephemeral"}
    five = [{"type": "text", "text": str(number), "cache_control": mark} for number in range(5)]
    late = [*five[:1], {"type": "text", "text": "x", "cache_control": {"type": "ephemeral", "ttl": "1h"}}]
    assert "maximum of 4" in str(failing(url, body(system=five)))
    assert "must not come after" in str(failing(url, body(system=late)))


@pytest.mark.parametrize(("key", "model"), [("refused-key", MODEL), ("key", f"{MODEL}+refuse-key")])
def test_a_refused_key_is_a_401(url: str, key: str, model: str) -> None:
    error = failing(url, body(model=model), key)
    body_sent: Any = error.body
    assert isinstance(error, anthropic.AuthenticationError)
    assert body_sent["error"] == {"type": "authentication_error", "message": "invalid x-api-key"}


def test_a_missing_key_is_a_401_everywhere(url: str) -> None:
    headers = {"anthropic-version": "2026-10-21"}
    replies = [
        httpx2.post(f"{url}/v1/messages", json=body(), headers=headers, trust_env=False),
        httpx2.post(f"{url}/v1/messages/count_tokens", json=body(), headers=headers, trust_env=False),
        httpx2.get(f"{url}/v1/models", headers=headers, trust_env=False),
    ]
    assert [reply.status_code for reply in replies] == [401, 401, 401]


def test_the_first_request_is_rate_limited_and_the_next_succeeds(fresh_url: str) -> None:
    request = body(model=f"{MODEL}+rate-limit")
    error = failing(fresh_url, request)
    assert isinstance(error, anthropic.RateLimitError)
    assert error.response.headers["retry-after"] == "1"
    assert stop_of(streamed(fresh_url, request)).stop_reason == "end_turn"


def test_overloaded_is_a_529(url: str) -> None:
    assert isinstance(failing(url, body(model=f"{MODEL}+overloaded")), anthropic.OverloadedError)


def test_a_fault_can_be_asked_for_by_header_and_an_unknown_one_is_named(url: str) -> None:
    asked = body(extra_headers={"x-rehearsal-fault": "overloaded"})
    assert failing(url, asked).status_code == 529
    assert "no rehearsal fault “sneeze”" in str(failing(url, body(model=f"{MODEL}+sneeze")))


def test_a_model_with_a_fault_reports_itself_with_it(url: str) -> None:
    assert streamed(url, body(model=f"{MODEL}+prose"))[0].message.model == f"{MODEL}+prose"


def test_an_error_in_the_stream_comes_after_some_text(url: str) -> None:
    found, failure = talk(url, lambda client: until_it_fails(client, "error-mid"))
    assert isinstance(failure, anthropic.APIStatusError)
    assert (failure.status_code, failure.type) == (200, "overloaded_error")
    assert len(deltas(found)) > 10
    assert stop_of(found) is None


def test_a_cut_connection_is_a_transport_error_after_some_text(url: str) -> None:
    found, failure = talk(url, lambda client: until_it_fails(client, "cut"))
    assert isinstance(failure, httpx2.RemoteProtocolError)
    assert len(deltas(found)) > 10


def test_a_clean_end_stops_without_the_vendors_word(url: str) -> None:
    found = streamed(url, body(model=f"{MODEL}+clean-end"))
    assert found[-1].type == "content_block_delta"
    assert stop_of(found) is None


def test_an_empty_answer_has_no_event(url: str) -> None:
    assert streamed(url, body(model=f"{MODEL}+empty")) == []


@pytest.mark.parametrize(("fault", "stop"), [("max-tokens", "max_tokens"), ("refusal", "refusal")])
def test_an_answer_may_end_early_by_the_vendors_word(url: str, fault: str, stop: str) -> None:
    found = streamed(url, body(model=f"{MODEL}+{fault}"))
    assert stop_of(found).stop_reason == stop
    assert text_of(found).startswith('{"sentences":[{"beat":"primitive"')
    with pytest.raises(ValueError, match=r"Unterminated|Expecting"):
        json.loads(text_of(found))


def test_prose_and_a_wrong_shape_finish_as_if_nothing_were_wrong(url: str) -> None:
    request = body(model=f"{MODEL}+prose", output_config=None, tools=[TOOL])
    prose = streamed(url, request)
    shaped = streamed(url, body(model=f"{MODEL}+bad-shape"))
    assert text_of(prose).startswith("The primitive here is")
    assert (stop_of(prose).stop_reason, stop_of(shaped).stop_reason) == ("end_turn", "end_turn")
    assert "sentences" not in json.loads(text_of(shaped))


@pytest.mark.parametrize(("fault", "texts"), [("stall", True), ("silent", False), ("pings-only", False)])
def test_a_stream_that_goes_quiet_stays_open(url: str, fault: str, texts: object) -> None:
    found, failure = talk(url, lambda client: until_it_fails(client, fault))
    assert failure is None
    assert bool(deltas(found)) is texts
    assert stop_of(found) is None


def test_headers_are_sent_before_the_first_token(slow_url: str) -> None:
    async def status(client: anthropic.AsyncAnthropic) -> int:
        stream = await client.messages.create(**body(model=f"{MODEL}+silent"), stream=True)
        async with stream:
            return int(stream.response.status_code)

    assert talk(slow_url, status) == 200


def test_the_models_are_listed_in_the_vendors_shape(url: str) -> None:
    async def first_page(client: anthropic.AsyncAnthropic) -> Any:
        return await client.models.list()

    page = talk(url, first_page)
    assert MODEL in [model.id for model in page.data]
    assert page.data[0].lifecycle == "active"


def test_the_counter_refuses_what_the_messages_refuse(url: str) -> None:
    request = body(max_tokens=None, tools=[TOOL], tool_choice={"type": "tool", "name": "submit_review"})
    with pytest.raises(anthropic.BadRequestError, match="not supported for this model"):
        talk(url, lambda client: client.messages.count_tokens(**request))
