"""Everything the server sends fits the SDKs' own types, and so does everything the adapters send to the vendors.

Nothing here is picked by hand: the routes come from the server, the faults from their table, the requests from every
mode, layout and thinking setting there is. What the vendors really send and their SDKs do not know is in `KNOWN`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import product
from typing import Any, get_args

import httpx2
import pytest
from anthropic.pagination import AsyncPage
from anthropic.types import (
    Message,
    MessageTokensCount,
    ModelInfo,
    RawMessageStreamEvent,
    message_count_tokens_params,
    message_create_params,
)
from anthropic.types.messages import DeletedMessageBatch, MessageBatch, MessageBatchIndividualResponse
from anthropic.types.shared import ErrorResponse
from mistralai.client import models as mistral
from pydantic import BaseModel, ConfigDict, TypeAdapter
from starlette.routing import Route

from tests.rehearsal import test_anthropic as claude
from tests.rehearsal import test_mistral as codestral
from tests.rehearsal.prompting import LENSES, ask_text, material_text, system_text, user_text
from tests.running import run
from workbench.domain.models import MODELS, ModelFacts
from workbench.domain.plan import LAYOUTS, Kind, Plan, Segment, lay_out
from workbench.domain.review import as_json
from workbench.errors import ProviderError
from workbench.ports import ProviderConfig, Secret
from workbench.providers._claude_events import Mode
from workbench.providers.claude import Claude
from workbench.providers.codestral import Codestral
from workbench.rehearsal.admission import Door
from workbench.rehearsal.allowance import Allowance, Limits
from workbench.rehearsal.anthropic_models import LATEST, lifecycle
from workbench.rehearsal.anthropic_rules import check as check_anthropic
from workbench.rehearsal.app import build_app
from workbench.rehearsal.composer import compose
from workbench.rehearsal.faults import FAULTS, Faults
from workbench.rehearsal.mistral_rules import check as check_mistral
from workbench.rehearsal.pace import Pace

KNOWN = {
    "p",  # Mistral's padding, on every chunk but the first
    "usage.prompt_tokens_details",  # where Mistral's wire has the cached tokens
    "error.details",  # Anthropic's error codes: the SDK reads them without a type
}
CLAUDE = {"authorization": "Bearer key", "anthropic-version": LATEST}
MISTRAL = {"authorization": "Bearer key"}
JOBS = "/v1/batch/jobs"
BATCHES = "/v1/messages/batches"
Sent = tuple[Any, bytes]
"""A type of an SDK, and the bytes that should fit it."""


def strangers(raw: Any, parsed: Any, place: str = "") -> Iterator[str]:
    """Fields the type does not know, all the way down."""
    if isinstance(parsed, BaseModel):
        if type(parsed).__name__.startswith("Unknown"):
            yield f"{place}: {raw}"
        fields = {field.alias or name: name for name, field in type(parsed).model_fields.items()}
        for key, value in raw.items():
            inner = f"{place}.{key}".lstrip(".")
            if key in fields:
                yield from strangers(value, getattr(parsed, fields[key]), inner)
            else:
                yield inner
    elif isinstance(parsed, list):
        for one, other in zip(raw, parsed, strict=True):
            yield from strangers(one, other, place)


@cache
def adapter(kind: Any) -> TypeAdapter[Any]:
    return TypeAdapter(kind)


def fits(kind: Any, data: bytes) -> None:
    """The bytes have every required field of the type, of its type, and no field it does not know."""
    parsed = adapter(kind).validate_json(data, strict=True)
    unknown = {one for one in strangers(json.loads(data), parsed) if one not in KNOWN}
    assert unknown == set(), data[:400]


def ask(url: str, method: str, path: str, **sent: Any) -> httpx2.Response:
    headers = sent.pop("headers", MISTRAL)
    reply = httpx2.request(method, f"{url}{path}", headers=headers, trust_env=False, timeout=30, **sent)
    assert reply.status_code == 200, reply.text
    return reply


def asked(url: str, method: str, path: str, **sent: Any) -> bytes:
    return ask(url, method, path, **sent).content


def frames(reply: httpx2.Response) -> list[bytes]:
    lines = [line.removeprefix("data: ") for line in reply.text.split("\n") if line.startswith("data: ")]
    return [line.encode() for line in lines if line != "[DONE]"]


def messages(url: str) -> Iterator[Sent]:
    for one in MODELS:
        if one.api == "anthropic" and lifecycle(one.model) != "retired":
            for tools, eager in ((False, False), (True, False), (True, True)):
                tool = {**claude.TOOL, "eager_input_streaming": eager}
                extra: Any = {"output_config": None, "tools": [tool]} if tools else {}
                body = claude.body(model=one.model, thinking=None, **extra)
                yield Message, asked(url, "POST", "/v1/messages", headers=CLAUDE, json=body)
                reply = ask(url, "POST", "/v1/messages", headers=CLAUDE, json={**body, "stream": True})
                pings = {"ping"}  # the SDK drops them before it looks at their type
                yield from (
                    (RawMessageStreamEvent, one) for one in frames(reply) if json.loads(one)["type"] not in pings
                )


def count_tokens(url: str) -> Iterator[Sent]:
    body = claude.body(max_tokens=None)
    yield MessageTokensCount, asked(url, "POST", "/v1/messages/count_tokens", headers=CLAUDE, json=body)


def claude_models(url: str) -> Iterator[Sent]:
    path = "/v1/models?lifecycle[]=active&lifecycle[]=deprecated&lifecycle[]=retired&limit=1000"
    listed = asked(url, "GET", path, headers=CLAUDE)
    yield AsyncPage[ModelInfo], listed
    for card in json.loads(listed)["data"]:
        yield ModelInfo, asked(url, "GET", f"/v1/models/{card['id']}", headers=CLAUDE)


def mistral_models(url: str) -> Iterator[Sent]:
    listed = asked(url, "GET", "/v1/models")
    yield mistral.ModelList, listed
    for card in json.loads(listed)["data"]:
        yield mistral.BaseModelCard, asked(url, "GET", f"/v1/models/{card['id']}")


def models(url: str) -> Iterator[Sent]:
    yield from claude_models(url)
    yield from mistral_models(url)


def batches(url: str) -> Iterator[Sent]:
    names = [claude.MODEL, "gpt-5", f"{claude.MODEL}+overloaded", f"{claude.MODEL}+expire"]
    requests = [{"custom_id": str(number), "params": claude.body(model=name)} for number, name in enumerate(names)]
    made = asked(url, "POST", BATCHES, headers=CLAUDE, json={"requests": requests})
    place = f"{BATCHES}/{json.loads(made)['id']}"
    looks = [made]
    while json.loads(looks[-1])["processing_status"] != "ended":
        looks.append(asked(url, "GET", place, headers=CLAUDE))
    yield from ((MessageBatch, look) for look in looks)
    yield AsyncPage[MessageBatch], asked(url, "GET", BATCHES, headers=CLAUDE)
    for line in ask(url, "GET", f"{place}/results", headers=CLAUDE).text.splitlines():
        yield MessageBatchIndividualResponse, line.encode()
    yield DeletedMessageBatch, asked(url, "DELETE", place, headers=CLAUDE)
    made = asked(url, "POST", BATCHES, headers=CLAUDE, json={"requests": requests})
    yield MessageBatch, asked(url, "POST", f"{BATCHES}/{json.loads(made)['id']}/cancel", headers=CLAUDE)


def chat(url: str) -> Iterator[Sent]:
    tools = {"response_format": None, "tools": [codestral.TOOL], "tool_choice": "any"}
    ways: list[dict[str, Any]] = [{}, tools, {"response_format": None}, {"prompt_cache_key": "k"}]
    for one, extra in product(MODELS, ways):
        if one.api == "mistral":
            body = codestral.body(model=one.model, **extra)
            yield mistral.ChatCompletionResponse, asked(url, "POST", "/v1/chat/completions", json=body)
            reply = ask(url, "POST", "/v1/chat/completions", json={**body, "stream": True})
            yield from ((mistral.CompletionChunk, frame) for frame in frames(reply))


def input_tokens(url: str) -> Iterator[Sent]:
    for said in ("How long is this?", codestral.body()["messages"]):
        body = {"model": codestral.MODEL, "input": said, "instructions": "Count."}
        yield mistral.CountResponseInputTokensResponse, asked(url, "POST", "/v1/responses/input_tokens", json=body)


def jobs(url: str) -> Iterator[Sent]:
    bodies = [codestral.body(), codestral.body(temperature=9)]
    requests = [{"custom_id": str(number), "body": body} for number, body in enumerate(bodies)]
    order = {"endpoint": "/v1/chat/completions", "model": codestral.MODEL, "requests": requests}
    looks = [asked(url, "POST", JOBS, json=order)]
    place = f"{JOBS}/{json.loads(looks[0])['id']}"
    while json.loads(looks[-1])["status"] != "SUCCESS":
        looks.append(asked(url, "GET", place))
    yield from ((mistral.BatchJob, look) for look in looks)
    for line in json.loads(looks[-1])["outputs"]:
        yield mistral.ChatCompletionResponse, json.dumps(line["response"]["body"]).encode()
    yield mistral.ListBatchJobsResponse, asked(url, "GET", JOBS)
    yield mistral.DeleteBatchJobResponse, asked(url, "DELETE", place)
    again = json.loads(asked(url, "POST", JOBS, json=order))["id"]
    yield mistral.BatchJob, asked(url, "POST", f"{JOBS}/{again}/cancel")


def files(url: str) -> Iterator[Sent]:
    sent = asked(url, "POST", "/v1/files", files={"file": ("in.jsonl", b"{}\n")}, data={"purpose": "batch"})
    place = f"/v1/files/{json.loads(sent)['id']}"
    yield mistral.CreateFileResponse, sent
    yield mistral.ListFilesResponse, asked(url, "GET", "/v1/files")
    yield mistral.GetFileResponse, asked(url, "GET", place)
    assert asked(url, "GET", f"{place}/content") == b"{}\n"
    yield mistral.DeleteFileResponse, asked(url, "DELETE", place)


EXCHANGES: dict[Callable[[str], Iterator[Sent]], set[tuple[str, str]]] = {
    messages: {("POST", "/v1/messages")},
    count_tokens: {("POST", "/v1/messages/count_tokens")},
    models: {("GET", "/v1/models"), ("GET", "/v1/models/{id}")},
    batches: {
        ("POST", BATCHES),
        ("GET", BATCHES),
        ("GET", f"{BATCHES}/{{id}}"),
        ("DELETE", f"{BATCHES}/{{id}}"),
        ("POST", f"{BATCHES}/{{id}}/cancel"),
        ("GET", f"{BATCHES}/{{id}}/results"),
    },
    chat: {("POST", "/v1/chat/completions")},
    input_tokens: {("POST", "/v1/responses/input_tokens")},
    jobs: {
        ("POST", JOBS),
        ("GET", JOBS),
        ("GET", f"{JOBS}/{{id}}"),
        ("DELETE", f"{JOBS}/{{id}}"),
        ("POST", f"{JOBS}/{{id}}/cancel"),
    },
    files: {
        ("POST", "/v1/files"),
        ("GET", "/v1/files"),
        ("GET", "/v1/files/{id}"),
        ("DELETE", "/v1/files/{id}"),
        ("GET", "/v1/files/{id}/content"),
    },
}
"""Which conversation visits which routes."""


def test_every_route_is_visited() -> None:
    app = build_app(Pace(first_token=0, tokens_per_second=1), Door(Faults({}), Allowance(Limits())))
    served = {
        (method, route.path)
        for route in app.routes
        if isinstance(route, Route)
        for method in (route.methods or set()) - {"HEAD"}
    }
    assert served - {("GET", "/")} == set().union(*EXCHANGES.values())


@pytest.mark.parametrize("exchange", EXCHANGES, ids=lambda one: str(one.__name__))
def test_what_the_server_sends_fits_the_sdks_types(url: str, exchange: Callable[[str], Iterator[Sent]]) -> None:
    sent = dict.fromkeys(exchange(url))  # what several models say alike is looked at once
    for kind, data in sent:
        fits(kind, data)
    assert sent


REFUSALS = [(vendor, name) for name, fault in FAULTS.items() for vendor in fault.refusals]
MISTRAL_ERRORS = ({"detail"}, {"message"}, {"object", "message", "type", "param", "code", "raw_status_code"})
"""No type of the SDK describes these; they are what was recorded."""


@pytest.mark.parametrize(("vendor", "name"), REFUSALS, ids=str)
def test_a_refusal_has_the_vendors_shape(fresh_url: str, vendor: str, name: str) -> None:
    path, talk = ("/v1/messages", claude) if vendor == "anthropic" else ("/v1/chat/completions", codestral)
    headers = {**(CLAUDE if vendor == "anthropic" else MISTRAL), "x-rehearsal-fault": name}
    reply = httpx2.post(f"{fresh_url}{path}", json=talk.body(), headers=headers, trust_env=False)
    if reply.headers["content-type"] != "application/json":
        assert "html" in reply.text  # a proxy's page, on purpose
    elif vendor == "anthropic":
        # The one error type of the documentation that the SDK has no class for.
        fits(ErrorResponse, reply.content.replace(b"request_too_large", b"api_error"))
    else:
        assert any(set(reply.json()) <= shape for shape in MISTRAL_ERRORS)


def plans() -> Iterator[Plan]:
    lens = LENSES[0]
    texts: dict[Kind, str] = {
        "house": "You draft reviews.",
        "briefs": system_text(),
        "brief": system_text([lens]),
        "dossier": material_text(),
        "ask": ask_text(lens),
    }
    answered = (
        Segment(kind="answer", role="assistant", text=as_json(compose(system_text(), user_text(lens), "m"))),
        Segment(kind="note", role="user", text="Say more about the price."),
    )
    for layout, previous, more in product(
        (*LAYOUTS, replace(LAYOUTS[0], breakpoints={})), ("", "msg_01"), ((), answered)
    ):
        plan = lay_out(layout, texts, cache_key="workbench-1")
        yield replace(plan, previous=previous, segments=(*plan.segments, *more))


def bodies_of(provider: Any, config: ProviderConfig) -> list[tuple[str, dict[str, Any]]]:
    """Path and body of everything the adapter sends for every plan: drafts, counts and warm-ups."""
    seen: list[tuple[str, dict[str, Any]]] = []

    async def see(request: httpx2.Request) -> httpx2.Response:
        seen.append((request.url.path, json.loads(await request.aread())))
        return httpx2.Response(401, json={"detail": "seen"})

    async def say(opened: Any, plan: Plan) -> None:
        with suppress(ProviderError):
            await anext(aiter(opened.stream(plan)))
        for verb in ("count", "warm"):
            with suppress(ProviderError):
                await getattr(opened, verb, _nothing)(plan)
        await opened.close()

    async def everything() -> None:
        for plan in plans():
            await say(provider(config, httpx2.MockTransport(see)), plan)

    run(everything())
    return seen


async def _nothing(_plan: Plan) -> None:
    """What a provider does that has no such verb."""


def drained(value: Any) -> Any:
    """Looks into what pydantic validates only when it is read; a model stands where no parameter type fitted."""
    assert not isinstance(value, BaseModel), value
    if isinstance(value, dict):
        return {name: drained(one) for name, one in value.items()}
    return [drained(one) for one in value] if isinstance(value, list) or hasattr(value, "__next__") else value


@cache
def strict_adapter(kind: Any) -> TypeAdapter[Any]:
    # A list around it, since pydantic takes no settings for a bare TypedDict.
    listed: Any = list[kind]
    return TypeAdapter(listed, config=ConfigDict(extra="forbid"))


def takes(kind: Any, body: dict[str, Any]) -> None:
    """The body fits the parameter type, with no key it does not name."""
    [found] = strict_adapter(kind).validate_python([body])
    assert drained(found) == body


CLAUDE_PARAMS = {
    ("/v1/messages", True): message_create_params.MessageCreateParamsStreaming,
    ("/v1/messages", False): message_create_params.MessageCreateParamsNonStreaming,
    ("/v1/messages/count_tokens", False): message_count_tokens_params.MessageCountTokensParams,
}
MISTRAL_PARAMS: dict[str, Any] = {
    "/v1/chat/completions": mistral.ChatCompletionStreamRequest,
    "/v1/responses/input_tokens": mistral.CountResponseInputTokensRequest,
}


def test_what_is_sent_to_mistral_fits_the_sdks_parameters() -> None:
    config = ProviderConfig(name="codestral", api="mistral", model=codestral.MODEL, key=Secret("key"))
    seen = bodies_of(Codestral, config)
    assert {path for path, _ in seen} == set(MISTRAL_PARAMS)
    for path, body in seen:
        fits(MISTRAL_PARAMS[path], json.dumps(body).encode())
    for body in (body for path, body in seen if path == "/v1/chat/completions"):
        check_mistral(body)


CLAUDES = [one for one in MODELS if one.api == "anthropic"]


@pytest.mark.filterwarnings("ignore:.*deprecated")  # the SDK says so of what is old, rightly
@pytest.mark.parametrize("model", CLAUDES, ids=lambda one: str(one.model))
def test_what_is_sent_to_claude_fits_the_sdks_parameters_and_the_rehearsals_rules(model: ModelFacts) -> None:
    for mode, thinking in product(get_args(Mode), ("", *sorted(model.thinking))):
        told = {"mode": mode, **({"thinking": thinking} if thinking else {})}
        config = ProviderConfig(name="claude", api="anthropic", model=model.model, key=Secret("key"), options=told)
        seen = bodies_of(Claude, config)
        assert {path for path, _ in seen} == {"/v1/messages", "/v1/messages/count_tokens"}
        for path, body in seen:
            takes(CLAUDE_PARAMS[path, "stream" in body], body)
            if lifecycle(model.model) != "retired":
                check_anthropic(body, LATEST, counting=path.endswith("count_tokens"))
