"""Both vendors' batches, through their own SDKs over HTTP."""

from __future__ import annotations

import json
from typing import Any

import anthropic
import httpx2
import pytest
from mistralai.client import Mistral
from mistralai.client import errors as mistral_errors
from mistralai.client import models as mistral_models
from mistralai.extra.batch import BatchClient, BatchInput

from tests.rehearsal import test_anthropic as claude
from tests.rehearsal import test_mistral as codestral
from workbench.domain.review import strict_review
from workbench.rehearsal.allowance import Limits
from workbench.rehearsal.server import RehearsalServer

IDS = [f"draft-{number}" for number in range(6)]
HEADERS = {"authorization": "Bearer key", "anthropic-version": "2026-10-21"}


def asks(models: dict[str, str] | None = None, **changes: Any) -> list[Any]:
    """Six requests; `models` gives some of them another model."""
    return [
        {"custom_id": name, "params": claude.body(place % 4, (models or {}).get(name, claude.MODEL), **changes)}
        for place, name in enumerate(IDS)
    ]


async def ended(client: anthropic.AsyncAnthropic, requests: list[Any]) -> tuple[list[Any], Any, dict[str, Any]]:
    """Every look at a batch, how it ended, and its results by id."""
    looks = [await client.messages.batches.create(requests=requests)]
    while looks[-1].processing_status != "ended":
        looks.append(await client.messages.batches.retrieve(looks[0].id))
    found = [line async for line in await client.messages.batches.results(looks[0].id)]
    return looks, looks[-1], {line.custom_id: line.result for line in found}


def refusal(status: int, url: str, method: str, path: str, **sent: Any) -> str:
    reply = httpx2.request(method, f"{url}{path}", headers=HEADERS, trust_env=False, **sent)
    assert reply.status_code == status
    return reply.text


def test_a_message_batch_ends_after_two_looks_with_every_draft(url: str) -> None:
    looks, last, results = claude.talk(url, lambda client: ended(client, asks()))
    assert [look.processing_status for look in looks[:2]] == ["in_progress", "in_progress"]
    assert [look.request_counts.processing for look in looks[:2]] == [6, 6]
    assert last.request_counts.succeeded == 6
    assert looks[0].results_url is None
    assert last.results_url.startswith(f"{url}/v1/messages/batches/{last.id}")
    assert (looks[0].expires_at - looks[0].created_at).total_seconds() == 24 * 3600
    assert set(results) == set(IDS)
    for result in results.values():
        assert strict_review(json.loads(result.message.content[0].text)).quote
        assert result.message.usage.service_tier == "batch"


def test_results_come_in_another_order_as_json_lines(url: str) -> None:
    _, last, _ = claude.talk(url, lambda client: ended(client, asks()))
    reply = httpx2.get(last.results_url, headers=HEADERS, trust_env=False)
    found = [json.loads(line)["custom_id"] for line in reply.text.splitlines()]
    assert reply.headers["content-type"] == "application/x-jsonl"
    assert found != IDS
    assert sorted(found) == IDS


def test_each_request_is_judged_by_itself_and_later(url: str) -> None:
    models = {IDS[0]: "gpt-5", IDS[1]: f"{claude.MODEL}+overloaded", IDS[2]: f"{claude.MODEL}+expire"}
    requests = asks(models)
    requests[3]["params"]["stream"] = True
    requests[4]["params"]["max_tokens"] = 0
    looks, last, results = claude.talk(url, lambda client: ended(client, requests))
    assert looks[0].request_counts.processing == 6
    counts = last.request_counts
    assert (counts.succeeded, counts.errored, counts.expired, counts.canceled) == (1, 4, 1, 0)
    kinds = {name: result.error.error.type for name, result in results.items() if result.type == "errored"}
    assert kinds == {
        IDS[0]: "not_found_error",
        IDS[1]: "overloaded_error",
        IDS[3]: "invalid_request_error",
        IDS[4]: "invalid_request_error",
    }
    assert results[IDS[2]].type == "expired"


def test_a_batch_cancelled_at_once_answers_nothing(url: str) -> None:
    async def cancelled(client: anthropic.AsyncAnthropic) -> tuple[Any, Any, list[Any]]:
        batch = await client.messages.batches.create(requests=asks())
        canceling = await client.messages.batches.cancel(batch.id)
        last = await client.messages.batches.retrieve(batch.id)
        return canceling, last, [line async for line in await client.messages.batches.results(batch.id)]

    canceling, last, results = claude.talk(url, cancelled)
    assert (canceling.processing_status, canceling.cancel_initiated_at is not None) == ("canceling", True)
    assert (last.processing_status, last.request_counts.canceled) == ("ended", 6)
    assert {line.result.type for line in results} == {"canceled"}


def test_an_ended_batch_can_be_deleted_and_another_keys_is_nowhere(url: str) -> None:
    async def deleted(client: anthropic.AsyncAnthropic) -> tuple[str, Any]:
        batch = await client.messages.batches.create(requests=asks()[:1])
        with pytest.raises(anthropic.BadRequestError, match="being processed"):
            await client.messages.batches.delete(batch.id)
        with pytest.raises(anthropic.NotFoundError):
            await client.with_options(api_key="other").messages.batches.retrieve(batch.id)
        while (await client.messages.batches.retrieve(batch.id)).processing_status != "ended":
            pass
        with pytest.raises(anthropic.BadRequestError, match="already ended"):
            await client.messages.batches.cancel(batch.id)
        gone = await client.messages.batches.delete(batch.id)
        with pytest.raises(anthropic.NotFoundError):
            await client.messages.batches.retrieve(batch.id)
        return batch.id, gone

    name, gone = claude.talk(url, deleted)
    assert (gone.id, gone.type) == (name, "message_batch_deleted")


def test_batches_are_listed_newest_first_page_by_page(fresh_url: str) -> None:
    async def listed(client: anthropic.AsyncAnthropic) -> tuple[list[str], list[str], Any, Any]:
        made = [(await client.messages.batches.create(requests=asks()[:1])).id for _ in range(5)]
        everything = [batch.id async for batch in client.messages.batches.list(limit=2)]
        page = await client.messages.batches.list(limit=2, after_id=made[3])
        back = await client.messages.batches.list(limit=2, before_id=made[0])
        return made, everything, page, back

    made, everything, page, back = claude.talk(fresh_url, listed)
    assert everything == made[::-1]
    assert [batch.id for batch in page.data] == [made[2], made[1]]
    assert [batch.id for batch in back.data] == [made[2], made[1]]
    assert (page.has_more, page.first_id, page.last_id) == (True, made[2], made[1])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "requests: Field required"),
        ({"requests": []}, "at least 1 item"),
        ({"requests": [{"custom_id": "a b", "params": {}}]}, "requests.0.custom_id: String should match pattern"),
        ({"requests": [{"custom_id": "a"}]}, "requests.0.params: Field required"),
        ({"requests": [{"custom_id": "a", "params": {}}] * 2}, "must be unique"),
        ({"requests": [{"custom_id": "a", "params": {}, "x": 1}]}, "requests.0.x: Extra inputs"),
        ({"requests": [{"custom_id": "a", "params": {}}], "x": 1}, "x: Extra inputs"),
        ({"requests": [{"custom_id": "a", "params": {}}] * 100_001}, "at most 100000"),
    ],
)
def test_a_batch_that_makes_no_sense_is_refused_as_a_whole(url: str, body: Any, words: str) -> None:
    assert words in refusal(400, url, "POST", "/v1/messages/batches", json=body)


def test_results_of_a_batch_under_way_and_of_none_are_not_found(url: str) -> None:
    async def made(client: anthropic.AsyncAnthropic) -> str:
        return (await client.messages.batches.create(requests=asks()[:1])).id

    name = claude.talk(url, made)
    assert "no available results" in refusal(404, url, "GET", f"/v1/messages/batches/{name}/results")
    assert "not found" in refusal(404, url, "GET", "/v1/messages/batches/msgbatch_none")
    assert "limit" in refusal(400, url, "GET", "/v1/messages/batches?limit=0")


def chats(count: int = 6) -> list[mistral_models.BatchRequest]:
    return [
        mistral_models.BatchRequest(
            custom_id=name, body={k: v for k, v in codestral.body(place % 4).items() if k != "model"}
        )
        for place, name in enumerate(IDS[:count])
    ]


async def job_of(client: Mistral, **asked: Any) -> list[Any]:
    """Every look at a job, until it has ended."""
    asked = {"model": codestral.MODEL, "requests": chats(), **asked}
    looks = [await client.batch.jobs.create_async(endpoint="/v1/chat/completions", **asked)]
    while looks[-1].status in {"QUEUED", "RUNNING", "CANCELLATION_REQUESTED"}:
        looks.append(await client.batch.jobs.get_async(job_id=looks[0].id, inline=True))
    return looks


def test_a_job_goes_from_queued_to_success_with_its_outputs_inline(url: str) -> None:
    looks = codestral.talk(url, lambda client: job_of(client, metadata={"run": "7"}))
    assert [looks[0].status, looks[1].status, looks[-1].status] == ["QUEUED", "RUNNING", "SUCCESS"]
    last = looks[-1]
    assert (looks[0].total_requests, last.total_requests, last.succeeded_requests) == (0, 6, 6)
    assert (looks[0].outputs, last.metadata, last.error_file) == (None, {"run": "7"}, None)
    found = [line["custom_id"] for line in last.outputs]
    assert found != IDS
    assert sorted(found) == IDS
    for line in last.outputs:
        reply = line["response"]["body"]["choices"][0]["message"]["content"]
        assert strict_review(json.loads(reply)).quote


def test_a_job_from_a_file_writes_a_file(url: str) -> None:
    lines = "\n".join(json.dumps({"custom_id": one.custom_id, "body": one.body}) for one in chats(3))

    async def through_files(client: Mistral) -> tuple[Any, Any, Any, bytes, Any]:
        sent = await client.files.upload_async(
            file={"file_name": "in.jsonl", "content": lines.encode()}, purpose="batch"
        )
        last = (await job_of(client, requests=None, input_files=[sent.id]))[-1]
        reply = await client.files.download_async(file_id=last.output_file)
        written = await reply.aread()
        await reply.aclose()
        listed = [one.id for one in (await client.files.list_async()).data]
        plain = await client.batch.jobs.get_async(job_id=last.id)
        await client.files.delete_async(file_id=sent.id)
        with pytest.raises(mistral_errors.SDKError, match="404"):
            await client.files.retrieve_async(file_id=sent.id)
        assert sent.id in listed
        return sent, last, plain.outputs, written, await client.files.retrieve_async(file_id=last.output_file)

    sent, last, without, written, kept = codestral.talk(url, through_files)
    found = [json.loads(line) for line in written.splitlines()]
    assert (sent.num_lines, sent.sample_type, kept.sample_type) == (3, "batch_request", "batch_result")
    assert (last.input_files, without) == ([sent.id], None)
    assert found == last.outputs
    assert {line["id"].rsplit("-", 1)[0] for line in found} == {f"batch-{last.id[:8]}-{sent.id[:8]}"}


def test_failed_requests_go_to_a_file_of_their_own(url: str) -> None:
    requests = chats(2)
    requests[0].body["seed"] = 7

    async def failing(client: Mistral) -> tuple[Any, Any]:
        batch: BatchClient[Any, mistral_models.ChatCompletionResponse] = BatchClient(
            client, endpoint="/v1/chat/completions", response_body_type=mistral_models.ChatCompletionResponse
        )
        last = (await job_of(client, requests=requests))[-1]
        return last, await batch.error_output(await batch.get(last.id))

    last, errors = codestral.talk(url, failing)
    assert (last.status, last.succeeded_requests, last.failed_requests) == ("SUCCESS", 1, 1)
    assert last.errors[0].count == 1
    assert [(one.custom_id, one.status_code) for one in errors.request_errors] == [(IDS[0], 422)]


@pytest.mark.parametrize(("suffix", "status"), [("+overloaded", "FAILED"), ("+expire", "TIMEOUT_EXCEEDED")])
def test_a_job_of_which_nothing_came_says_why(url: str, suffix: str, status: str) -> None:
    last = codestral.talk(url, lambda client: job_of(client, model=codestral.MODEL + suffix))[-1]
    assert (last.status, last.outputs, last.output_file) == (status, [], None)


def test_a_job_can_be_cancelled_listed_and_deleted(fresh_url: str) -> None:
    async def cancelled(client: Mistral) -> tuple[Any, Any, Any, Any]:
        job = await client.batch.jobs.create_async(
            endpoint="/v1/chat/completions", model=codestral.MODEL, requests=chats(1)
        )
        with pytest.raises(mistral_errors.SDKError, match="cancel it first"):
            await client.batch.jobs.delete_async(job_id=job.id)
        asked = await client.batch.jobs.cancel_async(job_id=job.id)
        last = await client.batch.jobs.get_async(job_id=job.id)
        other = await client.batch.jobs.create_async(
            endpoint="/v1/chat/completions", model=codestral.MODEL, requests=chats(1)
        )
        listed = await client.batch.jobs.list_async(status=["QUEUED"])
        gone = await client.batch.jobs.delete_async(job_id=job.id)
        assert [one.id for one in listed.data or ()] == [other.id]
        return asked, last, gone, await client.batch.jobs.list_async()

    asked, last, gone, left = codestral.talk(fresh_url, cancelled)
    assert (asked.status, last.status, last.completed_requests) == ("CANCELLATION_REQUESTED", "CANCELLED", 0)
    assert (gone.deleted, left.total) == (True, 1)


def test_the_sdks_batch_client_runs_a_job_to_its_end(url: str) -> None:
    async def through(client: Mistral) -> Any:
        batch: BatchClient[Any, mistral_models.ChatCompletionResponse] = BatchClient(
            client, endpoint="/v1/chat/completions", response_body_type=mistral_models.ChatCompletionResponse
        )
        asked = {
            name: mistral_models.ChatCompletionRequest(**codestral.body(place)) for place, name in enumerate(IDS[:3])
        }
        asked["bad"] = mistral_models.ChatCompletionRequest(**codestral.body(temperature=9))
        return await batch.run(
            BatchInput.from_payload(asked), model=codestral.MODEL, inline_threshold=1, poll_interval_seconds=0
        )

    result = codestral.talk(url, through)
    assert set(result.by_id()) == set(IDS[:3])
    assert [(one.custom_id, one.status_code) for one in result.errors()] == [("bad", 422)]


@pytest.mark.parametrize(
    ("body", "status", "words"),
    [
        ({}, 422, '"loc":["body","endpoint"]'),
        ({"endpoint": "/v1/embeddings", "model": "m"}, 422, "Input should be '/v1/chat/completions'"),
        ({"endpoint": "/v1/chat/completions", "model": "m"}, 400, "either `requests` or `input_files`"),
        ({"endpoint": "/v1/chat/completions", "model": "m", "x": 1}, 422, "extra_forbidden"),
        ({"endpoint": "/v1/chat/completions", "requests": [{"body": {"a": 1}}]}, 400, "Give the `model`"),
        ({"endpoint": "/v1/chat/completions", "model": "m", "requests": [{}]}, 422, '"requests",0,"body"'),
        (
            {"endpoint": "/v1/chat/completions", "model": "m", "requests": [{"body": {"a": 1}}] * 10_001},
            422,
            "too_long",
        ),
        ({"endpoint": "/v1/chat/completions", "model": "m", "input_files": ["none"]}, 404, "No file matches"),
        (
            {"endpoint": "/v1/chat/completions", "model": "m", "requests": [{"custom_id": "a", "body": {"a": 1}}] * 2},
            400,
            "once",
        ),
        (
            {"endpoint": "/v1/chat/completions", "model": "m", "requests": [{"body": {"a": 1}}], "timeout_hours": 200},
            422,
            "between 1 and 168",
        ),
    ],
)
def test_a_job_that_makes_no_sense_is_refused_as_a_whole(url: str, body: Any, status: int, words: str) -> None:
    assert words in refusal(status, url, "POST", "/v1/batch/jobs", json=body)


@pytest.mark.parametrize("line", [b"{", b'{"custom_id": "a"}', b"[]"])
def test_a_file_that_holds_no_requests_makes_no_job(url: str, line: bytes) -> None:
    sent = httpx2.post(
        f"{url}/v1/files",
        files={"file": ("in.jsonl", line)},
        data={"purpose": "batch"},
        headers=HEADERS,
        trust_env=False,
    )
    body = {"endpoint": "/v1/chat/completions", "model": codestral.MODEL, "input_files": [sent.json()["id"]]}
    assert "line 1" in refusal(400, url, "POST", "/v1/batch/jobs", json=body)


def test_an_upload_needs_a_file_and_a_known_purpose(url: str) -> None:
    assert '"loc":["body","file"]' in refusal(422, url, "POST", "/v1/files", data={"purpose": "batch"})
    files = {"file": ("in.jsonl", b"{}")}
    assert "purpose" in refusal(422, url, "POST", "/v1/files", files=files, data={"purpose": "theft"})


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/v1/messages/batches"), ("GET", "/v1/batch/jobs"), ("GET", "/v1/files"), ("GET", "/v1/models/x")],
)
def test_every_endpoint_asks_for_a_key(url: str, method: str, path: str) -> None:
    assert httpx2.request(method, f"{url}{path}", trust_env=False).status_code == 401


def test_a_batch_does_not_count_against_the_limits_of_other_requests() -> None:
    server = RehearsalServer(first_token=0, tokens_per_second=1_000_000, limits=Limits(requests=1))
    url = server.start()
    try:
        _, last, _ = claude.talk(url, lambda client: ended(client, asks()))
        looks = codestral.talk(url, job_of)
        assert (last.request_counts.succeeded, looks[-1].succeeded_requests) == (6, 6)
        assert claude.streamed(url, claude.body())[-1].type == "message_stop"
    finally:
        server.stop()
