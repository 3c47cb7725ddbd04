from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from typing import Any

import httpx2
import pytest
from mistralai.client import Mistral
from mistralai.client import errors as mistral_errors

from tests.rehearsal.prompting import LENSES, system_text, user_text
from tests.running import run
from workbench.domain.review import REVIEW_SCHEMA, strict_review

MODEL = "codestral-2508"
SHAPE = {"type": "json_schema", "json_schema": {"name": "Review", "schema": REVIEW_SCHEMA, "strict": True}}
TOOL = {"type": "function", "function": {"name": "submit_review", "parameters": REVIEW_SCHEMA}}
Body = dict[str, Any]
PLAIN = httpx2.Client(trust_env=False, verify=False)
"""Never used: it spares each SDK client from reading the machine's certificates for its synchronous half."""


def body(lens: int = 0, model: str = MODEL, **changes: Any) -> Body:
    messages = [
        {"role": "system", "content": system_text()},
        {"role": "user", "content": user_text(LENSES[lens])},
    ]
    plain: Body = {"model": model, "messages": messages, "max_tokens": 4000, "response_format": SHAPE}
    return {name: value for name, value in {**plain, **changes}.items() if value is not None}


def talk(url: str, say: Callable[[Mistral], Coroutine[Any, Any, Any]], key: str = "key") -> Any:
    async def conversation() -> Any:
        async with (
            httpx2.AsyncClient(trust_env=False, verify=False) as http,
            Mistral(api_key=key, server_url=url, client=PLAIN, async_client=http, timeout_ms=10_000) as client,
        ):
            return await say(client)

    return run(conversation())


async def chunks(client: Mistral, request: Body) -> list[Any]:
    stream = await client.chat.stream_async(**request)
    async with stream as found:
        return [event.data async for event in found]


def streamed(url: str, request: Body) -> list[Any]:
    return list(talk(url, lambda client: chunks(client, request)))


def text_of(found: list[Any]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in found)


def cached(found: list[Any]) -> int:
    return int(found[-1].usage.model_extra["prompt_tokens_details"]["cached_tokens"])


def raw(url: str, request: Body, key: str = "key") -> httpx2.Response:
    headers = {"authorization": f"Bearer {key}"} if key else {}
    return httpx2.post(f"{url}/v1/chat/completions", json=request, headers=headers, trust_env=False)


def frames(reply: httpx2.Response) -> list[Any]:
    return [json.loads(line[6:]) for line in reply.text.split("\n\n") if line.startswith("data: {")]


def test_a_schema_stream_is_one_review_with_usage_on_the_last_chunk(url: str) -> None:
    found = streamed(url, body())
    review = strict_review(json.loads(text_of(found)))
    assert [one.beat for one in review.sentences] == [one.id for one in LENSES[0].beats]
    assert [chunk.choices[0].finish_reason for chunk in found] == [None] * (len(found) - 1) + ["stop"]
    usage = found[-1].usage
    assert usage.total_tokens == usage.prompt_tokens + usage.completion_tokens
    assert usage.completion_tokens == pytest.approx(len(text_of(found)) / 4, abs=1)


def test_the_first_chunk_is_the_role_alone_and_the_rest_are_padded(url: str) -> None:
    reply = raw(url, body(stream=True))
    found = frames(reply)
    assert reply.text.endswith("data: [DONE]\n\n")
    assert found[0]["choices"][0]["delta"] == {"role": "assistant", "content": ""}
    assert "p" not in found[0]
    assert all(1 <= len(chunk["p"]) <= 36 for chunk in found[1:])
    assert len({len(chunk["p"]) for chunk in found[1:]}) > 10
    assert "mistral-correlation-id" in reply.headers
    assert int(reply.headers["x-ratelimit-tokens-query-cost"]) == found[-1]["usage"]["total_tokens"]


def test_a_repeated_cache_key_reads_the_common_prefix_in_blocks_of_64(fresh_url: str) -> None:
    first = streamed(fresh_url, body(prompt_cache_key="shared"))
    second = streamed(fresh_url, body(1, prompt_cache_key="shared"))
    without = streamed(fresh_url, body(2))
    other = streamed(fresh_url, body(3, prompt_cache_key="other"))
    assert (cached(first), cached(without), cached(other)) == (0, 0, 0)
    assert cached(second) >= 64
    assert cached(second) % 64 == 0
    assert cached(second) <= second[-1].usage.prompt_tokens


def test_cached_tokens_do_not_count_against_the_limit(fresh_url: str) -> None:
    costs = [
        int(raw(fresh_url, body(prompt_cache_key="k", stream=True)).headers["x-ratelimit-tokens-query-cost"])
        for _ in range(2)
    ]
    assert costs[1] < costs[0]


def test_without_a_stream_the_same_review_comes_in_one_piece(fresh_url: str, other_url: str) -> None:
    whole = talk(fresh_url, lambda client: client.chat.complete_async(**body()))
    assert whole.choices[0].message.content == text_of(streamed(other_url, body()))
    assert whole.choices[0].finish_reason == "stop"


def test_a_tool_call_comes_whole_in_one_chunk(url: str) -> None:
    found = streamed(url, body(response_format=None, tools=[TOOL], tool_choice="any"))
    assert len(found) == 2
    call = found[1].choices[0].delta.tool_calls[0].function
    assert (call.name, found[1].choices[0].finish_reason) == ("submit_review", "tool_calls")
    assert strict_review(json.loads(call.arguments)).quote


def test_the_two_vendors_word_the_same_lens_differently(url: str) -> None:
    one, other = (
        strict_review(json.loads(text_of(streamed(url, body(model=model))))) for model in (MODEL, "mistral-medium-2508")
    )
    assert one.quote != other.quote
    assert [a.beat for a in one.sentences] == [a.beat for a in other.sentences]


SAID: list[Body] = [{"role": "user", "content": "x"}]
CALL: Body = {"role": "assistant", "tool_calls": [{"id": "1", "function": {"name": "x", "arguments": "{}"}}]}
TOLD: Body = {"role": "tool", "tool_call_id": "1", "content": "x"}


@pytest.mark.parametrize(
    ("changes", "status", "words"),
    [
        ({"model": "gpt-5"}, 400, '"type":"invalid_model","param":null,"code":"1500","raw_status_code":400'),
        ({"stream_options": {}}, 422, '"message":{"detail":[{"type":"extra_forbidden","loc":["body","stream_options"]'),
        ({"messages": []}, 422, '"loc":["body","messages"]'),
        ({"temperature": 3}, 422, '"loc":["body","temperature"]'),
        ({"tools": [TOOL], "tool_choice": "any"}, 400, "only compatible with `tool_choice: auto`"),
        ({"messages": [{"role": "assistant", "content": "x"}]}, 400, "Expected last role User"),
        ({"messages": [*SAID, CALL, *SAID]}, 400, "Not the same number of function calls and responses"),
        ({"messages": [*SAID, CALL, TOLD, *SAID]}, 400, "Unexpected role 'user' after role 'tool'"),
        ({"messages": [*SAID, TOLD]}, 400, "Unexpected role 'tool' after role 'user'"),
        ({"messages": [*SAID, {"role": "assistant", "content": ""}, *SAID]}, 400, "either content or tool_calls, but"),
    ],
)
def test_what_the_vendor_refuses_is_refused_in_its_shape(url: str, changes: Body, status: int, words: str) -> None:
    reply = raw(url, body(**changes))
    assert reply.status_code == status
    assert words in reply.text


@pytest.mark.parametrize("key", ["", "refused-by-all"])
def test_a_bad_key_is_a_401(url: str, key: str) -> None:
    reply = raw(url, body(), key)
    assert (reply.status_code, reply.json()) == (401, {"detail": "Invalid API Key"})
    headers = {"authorization": f"Bearer {key}"} if key else {}
    assert httpx2.get(f"{url}/v1/models", headers=headers, trust_env=False).status_code == 401


def test_the_sdk_raises_what_it_raises_for_the_vendor(url: str) -> None:
    with pytest.raises(mistral_errors.SDKError) as caught:
        streamed(url, body(model=f"{MODEL}+refuse-key"))
    assert caught.value.status_code == 401


def test_the_first_request_is_rate_limited_and_the_next_succeeds(fresh_url: str) -> None:
    turned_away, let_in = (raw(fresh_url, body(model=f"{MODEL}+rate-limit")) for _ in range(2))
    assert (turned_away.status_code, turned_away.json()["code"]) == (429, "1300")
    assert turned_away.headers["retry-after"] == "1"
    assert let_in.json()["model"] == f"{MODEL}+rate-limit"


def test_overloaded_is_a_503_about_capacity(url: str) -> None:
    reply = raw(url, body(model=f"{MODEL}+overloaded"))
    assert (reply.status_code, reply.json()["code"]) == (503, "3505")


def test_an_error_in_the_stream_is_a_frame_without_choices(url: str) -> None:
    reply = raw(url, body(model=f"{MODEL}+error-mid", stream=True))
    found = frames(reply)
    assert reply.status_code == 200
    assert len(found) > 12
    assert "choices" not in found[-1]
    with pytest.raises(mistral_errors.ResponseValidationError):
        streamed(url, body(model=f"{MODEL}+error-mid"))


def test_a_cut_connection_is_a_transport_error(url: str) -> None:
    with pytest.raises(httpx2.RemoteProtocolError):
        streamed(url, body(model=f"{MODEL}+cut"))


@pytest.mark.parametrize(
    ("fault", "finish"), [("clean-end", None), ("max-tokens", "length"), ("refusal", "error"), ("prose", "stop")]
)
def test_a_stream_ends_as_it_was_told_to(url: str, fault: str, finish: str | None) -> None:
    found = streamed(url, body(model=f"{MODEL}+{fault}"))
    assert found[-1].choices[0].finish_reason == finish
    assert text_of(found)


def test_a_wrong_shape_is_valid_json_and_an_empty_answer_has_no_chunk(url: str) -> None:
    assert "sentences" not in json.loads(text_of(streamed(url, body(model=f"{MODEL}+bad-shape"))))
    assert streamed(url, body(model=f"{MODEL}+empty")) == []


def test_a_short_limit_truncates(url: str) -> None:
    found = streamed(url, body(max_tokens=20))
    assert found[-1].choices[0].finish_reason == "length"
    assert found[-1].usage.completion_tokens <= 20


def test_the_models_are_listed_with_their_aliases(url: str) -> None:
    listed = talk(url, lambda client: client.models.list_async())
    assert [card.id for card in listed.data][:2] == [MODEL, "codestral-latest"]
