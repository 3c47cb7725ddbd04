"""Codestral: Mistral's chat completions API, and every endpoint that speaks it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from workbench.domain.events import DraftEvent
from workbench.domain.models import ModelCard
from workbench.domain.plan import Plan, Shape
from workbench.errors import ProviderError
from workbench.ports import Adapter, Provider, ProviderConfig
from workbench.providers._bodies import mapping, parsed, retry_after, said
from workbench.providers._cards import codestral_cards
from workbench.providers._codestral_events import Reading, body_kind
from workbench.providers._failures import Remote, by_status, failure, told
from workbench.providers._mistral_memory import disarm, remember
from workbench.providers._options import switched_on

if TYPE_CHECKING:
    import httpx2
    from mistralai.client import Mistral
    from mistralai.client.errors import MistralError
    from mistralai.client.models import ResponseFormat

API = "https://api.mistral.ai"
KEY_NAME = "MISTRAL_API_KEY"
_FORMATS: dict[str, ResponseFormat] = {}
_LIMIT = re.compile(r"(?:x-)?ratelimit(?:bysize)?-limit(?:-|$)")
"""How its limits are headed, in the three spellings there have been: of requests or tokens, by any span of time."""


class Codestral(Provider):
    """A Mistral model. The SDK's client is made at the first draft, on the loop that draws it."""

    def __init__(self, config: ProviderConfig, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        from workbench.providers import _wire

        self._config = config
        self._transport = transport
        self._url = _wire.endpoint(config, API)
        self._remote = Remote(
            config=config, vendor="Mistral", key_name=config.key_name or KEY_NAME, host=_wire.host_of(self._url)
        )
        self._strict = _wire.vendors_own(config, API)
        switched_on(config, "cache_key", default=True)
        self._counts = True
        self._client: Mistral | None = None
        self._http: httpx2.AsyncClient | None = None

    @property
    def config(self) -> ProviderConfig:
        """What it was opened with."""
        return self._config

    def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        """The draft's events; see `workbench.ports.Provider`."""
        return told(self._events(plan))

    async def count(self, plan: Plan) -> int | None:
        """Tokens of the plan's prompt; None where this model or endpoint has no counter. Raises ProviderError."""
        from mistralai.client.errors import MistralError

        from workbench.providers import _wire

        if not self._counts:
            return None
        messages = request_body(plan, self._config)["messages"]
        with translate_errors(self._remote):
            async with _wire.briefly(self._remote):
                try:
                    reply = await self._connected().responses.count_input_tokens_async(
                        model=self._config.model, input=messages, retries=None
                    )
                except MistralError as error:
                    # A counter that answers in another shape is none; a status below 400 is that.
                    if error.status_code in _wire.NO_COUNTER or error.status_code < 300:
                        self._counts = False
                        return None
                    raise
        return reply.input_tokens

    async def models(self) -> tuple[ModelCard, ...]:
        """What this key may use; every alias is a model of its own. Raises ProviderError."""
        from mistralai.client.errors import SDKError

        from workbench.providers import _wire

        with translate_errors(self._remote):
            async with _wire.briefly(self._remote):
                # The SDK's own call fails over one card that lacks a field; other endpoints send little more than ids.
                key = self._config.key.reveal() or "none"
                reply = await self._opened().get(f"{self._url}/v1/models", headers={"authorization": f"Bearer {key}"})
                if not reply.is_success:
                    raise SDKError("", reply)
        listed = mapping(parsed(reply.text))
        if "data" not in listed:
            raise failure(self._remote, "not_a_provider", "it sent no list of models")
        return codestral_cards(listed)

    async def close(self) -> None:
        """Close the SDK's client."""
        http, self._http, self._client = self._http, None, None
        if http is not None:
            await http.aclose()

    async def _events(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        from workbench.providers import _wire

        with translate_errors(self._remote):
            answer = await self._connected().chat.stream_async(**_typed(request_body(plan, self._config)), retries=None)
            response = answer.response
            try:
                reading = Reading(
                    self._remote, request_id=response.headers.get("mistral-correlation-id", ""), strict=self._strict
                )
                # The SDK's own iterator builds a class per event and never gives the connection back.
                frames = _wire.frames(response)
                try:
                    async for frame in frames:
                        if frame == _wire.END:
                            reading.over = True
                            await _wire.drain(frames)
                            break
                        for event in reading.read(frame):
                            yield event
                except Exception:
                    for event in reading.kept():
                        yield event
                    raise
                for event in reading.end():
                    yield event
            finally:
                await response.aclose()

    def _connected(self) -> Mistral:
        if self._client is None:
            import httpx2
            from mistralai.client import Mistral
            from mistralai.client.utils.logger import NoOpLogger

            self._client = Mistral(
                # Without one the SDK would take whatever key the environment holds.
                api_key=self._config.key.reveal() or "none",
                server_url=self._url,
                async_client=self._opened(),
                # The blocking half is never used; this spares it a TLS context of its own.
                client=httpx2.Client(transport=httpx2.MockTransport(_refuse), trust_env=False),
                # The SDK's default logger prints whole prompts when the environment asks for it.
                debug_logger=NoOpLogger(),
            )
            disarm(self._client)
            remember()
        return self._client

    def _opened(self) -> httpx2.AsyncClient:
        from workbench.providers import _wire

        if self._http is None:
            self._http = _wire.client(self._url, API, self._transport)
        return self._http


def open_codestral(config: ProviderConfig) -> Provider:
    """The provider for `config`. Raises SettingsError for an option or a base URL that makes no sense."""
    # Takes a moment: better here, off the drafting loop, than in the middle of other drafts.
    import_module("mistralai.client.chat")

    return Codestral(config)


def request_body(plan: Plan, config: ProviderConfig) -> dict[str, Any]:
    """What is sent: a message for each turn, the schema of the answer, and the shared prefix's cache key."""
    from workbench.providers import _wire

    messages = [{"role": role, "content": "\n\n".join(part.text for part in parts)} for role, parts in plan.turns]
    # Others than the vendor may refuse a field they do not know.
    keyed = switched_on(config, "cache_key", default=_wire.vendors_own(config, API))
    return {
        "model": config.model,
        "messages": messages,
        "max_tokens": plan.max_tokens,
        "response_format": response_format(plan.shape),
        **({"prompt_cache_key": plan.cache_key} if keyed else {}),
    }


def _typed(body: dict[str, Any]) -> dict[str, Any]:
    """The same in the SDK's own classes: out of plain values it takes as long to find them as for all the rest."""
    from mistralai.client import models

    kinds = {"system": models.SystemMessage, "user": models.UserMessage, "assistant": models.AssistantMessage}
    return {
        **body,
        "messages": [kinds[one["role"]](content=one["content"]) for one in body["messages"]],
        "response_format": _answer(body["response_format"]),
    }


def response_format(shape: Shape) -> dict[str, Any]:
    """The shape as the API's `response_format`."""
    return {"type": "json_schema", "json_schema": {"name": shape.name, "schema": shape.schema, "strict": True}}


def _answer(told: dict[str, Any]) -> ResponseFormat:
    from mistralai.client import models

    name = told["json_schema"]["name"]
    if name not in _FORMATS:  # made once for each shape, of which there are two
        _FORMATS[name] = models.ResponseFormat.model_validate(told)
    return _FORMATS[name]


@contextmanager
def translate_errors(remote: Remote) -> Generator[None]:
    """Turns every error of the SDK and of the connection into ProviderError; lets bugs pass."""
    import json

    import httpx2
    from mistralai.client.errors import MistralError, NoResponseError, SDKError
    from mistralai.client.utils.retries import PermanentError, TemporaryError

    from workbench.providers import _wire

    try:
        yield
    except MistralError as error:
        raise _status_failure(remote, error) from None
    except NoResponseError:
        raise failure(remote, "unreachable", "no answer came back") from None
    except TemporaryError as error:  # what its own retries give up with; they are off
        raise _status_failure(remote, SDKError("", error.response)) from None
    except PermanentError as error:
        with translate_errors(remote):
            raise error.inner from None
    except (httpx2.RequestError, httpx2.InvalidURL, OSError, UnicodeError, json.JSONDecodeError) as error:
        raise _wire.transport_failure(remote, error) from None
    except ProviderError:
        raise
    except Exception as error:  # noqa: BLE001 - what is not the libraries' own is raised again
        raise _wire.strange_failure(remote, error) from None


def _status_failure(remote: Remote, error: MistralError) -> ProviderError:
    status, headers, body = error.status_code, error.headers, parsed(error.body)
    if status < 400:
        kind = headers.get("content-type", "").partition(";")[0] or "no content type"
        quote = f"it sent {kind} instead of a stream" if status < 300 else f"status {status}"
        return failure(remote, "not_a_provider", quote, retryable=False)
    named = body_kind(mapping(body), by_status(status))
    if status == 404 and "model" not in said(body).lower():
        # Vendors name the model they miss; a bare 404 is a wrong address.
        return failure(remote, "not_a_provider", f"status {status} {said(body)}", retryable=False)
    if status == 429 and (limit := _no_allowance(headers)):
        return failure(remote, "not_allowed", f"its allowance is 0 ({limit})", retryable=False)
    retryable = named in {"rate_limited", "overloaded"} or status in {408, 409} or status >= 500
    return failure(
        remote,
        named,
        said(body),
        retryable=retryable,
        retry_after=retry_after(headers) if retryable else None,
    )


def _no_allowance(headers: Mapping[str, str]) -> str:
    """The limit that is 0, which no waiting changes; empty when none is."""
    return next((name for name, value in headers.items() if _LIMIT.match(name.lower()) and value.strip() == "0"), "")


def _refuse(request: httpx2.Request) -> httpx2.Response:
    raise RuntimeError(f"the blocking client was used for {request.url.path}")


ADAPTER = Adapter(
    api="mistral", vendor="Mistral", url=API, key_name=KEY_NAME, options=frozenset({"cache_key"}), open=open_codestral
)
