"""Claude: the Anthropic Messages API, and every endpoint that speaks it."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any, get_args

from workbench.domain.events import DraftEvent, Usage
from workbench.domain.models import ModelCard, Thinking, facts
from workbench.domain.plan import Plan
from workbench.errors import FailureKind, ProviderError
from workbench.ports import Adapter, Provider, ProviderConfig
from workbench.providers._bodies import count, mapping, parsed, retry_after, said, text
from workbench.providers._cards import claude_cards
from workbench.providers._claude_events import Mode, Reading, body_kind, usage_of
from workbench.providers._claude_turns import messages, system
from workbench.providers._failures import Remote, by_status, failure, told
from workbench.providers._options import choice, switched_on

if TYPE_CHECKING:
    import anthropic
    import httpx2

API = "https://api.anthropic.com"
KEY_NAME = "ANTHROPIC_API_KEY"
_COUNTED = ("model", "system", "messages", "tools", "tool_choice", "thinking", "output_config")
_LEAST_THINKING = 1024
"""Tokens: the smallest budget the API takes where thinking needs one."""
_MOST_PAGES = 20


class Claude(Provider):
    """A Claude model. The SDK's client is made at the first draft, on the loop that draws it."""

    def __init__(self, config: ProviderConfig, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        from workbench.providers import _wire

        self._config = config
        self._mode: Mode = "tool" if choice(config, "mode", ("schema", "tool"), "schema") == "tool" else "schema"
        self._thinking = _thinking(config)
        self._transport = transport
        self._url = _wire.endpoint(config, API)
        self._remote = Remote(
            config=config, vendor="Anthropic", key_name=config.key_name or KEY_NAME, host=_wire.host_of(self._url)
        )
        self._strange = not _wire.vendors_own(config, API)
        switched_on(config, "diagnostics", default=True)
        self._counts = True
        self._client: anthropic.AsyncAnthropic | None = None

    @property
    def config(self) -> ProviderConfig:
        """What it was opened with."""
        return self._config

    def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        """The draft's events; see `workbench.ports.Provider`."""
        return told(self._events(plan))

    async def count(self, plan: Plan) -> int | None:
        """Tokens of the plan's prompt; None at an endpoint of one's own without a counter. Raises ProviderError."""
        import anthropic

        from workbench.providers import _wire

        if not self._counts:
            return None
        body = request_body(plan, self._config, self._mode)
        asked = {name: body[name] for name in _COUNTED if name in body}
        with translate_errors(self._remote):
            async with _wire.briefly(self._remote):
                try:
                    reply = await self._connected().messages.with_raw_response.count_tokens(**asked)
                except anthropic.APIStatusError as error:
                    if self._strange and error.status_code in _wire.NO_COUNTER:
                        self._counts = False
                        return None
                    raise
        return count(mapping(parsed(reply.http_response.text)).get("input_tokens"))

    async def models(self) -> tuple[ModelCard, ...]:
        """What this key may use, page by page. Raises ProviderError."""
        from workbench.providers import _wire

        cards: list[ModelCard] = []
        after: dict[str, Any] = {}
        with translate_errors(self._remote):
            async with _wire.briefly(self._remote):
                for _ in range(_MOST_PAGES):
                    reply = await self._connected().models.with_raw_response.list(limit=1000, **after)
                    page = mapping(parsed(reply.http_response.text))
                    if "data" not in page:
                        raise failure(self._remote, "not_a_provider", "it sent no list of models")
                    cards += claude_cards(page)
                    if page.get("has_more") is not True or not text(page.get("last_id")):
                        break
                    after = {"after_id": text(page.get("last_id"))}
        return tuple(cards)

    async def warm(self, plan: Plan) -> Usage | None:
        """Write the plan's prefixes to the cache. Only where a tool carries the answer: beside an output format, or
        with a thinking budget, the API refuses a request for no tokens. Raises ProviderError.
        """
        import anthropic

        from workbench.providers import _wire

        if self._mode != "tool" or self._thinking == "enabled" or self._strange:
            return None
        body = request_body(plan, self._config, self._mode)
        body["max_tokens"] = 0
        with translate_errors(self._remote):
            async with _wire.briefly(self._remote):
                try:
                    reply = await self._connected().messages.with_raw_response.create(**body)
                except anthropic.BadRequestError:
                    return None
        message = mapping(parsed(reply.http_response.text))
        return usage_of(mapping(message.get("usage")), text(message.get("model")))

    async def close(self) -> None:
        """Close the SDK's client."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _events(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        from workbench.providers import _wire

        with translate_errors(self._remote):
            body = request_body(plan, self._config, self._mode)
            stream = await self._connected().messages.create(**body, stream=True)
            response = stream.response
            try:
                _wire.require_events(response, self._remote)
                reading = Reading(self._remote, self._mode, request_id=response.headers.get("request-id", ""))
                # Not the SDK's own iterator: it skips unnamed events, and damage reaches it in many guises.
                frames = _wire.frames(response)
                try:
                    async for frame in frames:
                        for event in reading.read(mapping(frame)):
                            yield event
                        if reading.over:
                            await _wire.drain(frames)
                            break
                except Exception:
                    for event in reading.kept():
                        yield event
                    raise
                for event in reading.end():
                    yield event
            finally:
                await response.aclose()

    def _connected(self) -> anthropic.AsyncAnthropic:
        if self._client is None:
            import anthropic

            from workbench.providers import _wire

            self._client = anthropic.AsyncAnthropic(
                # An endpoint of one's own may want no key; the SDK would go and look for one elsewhere.
                api_key=self._config.key.reveal() or "none",
                base_url=self._url,
                max_retries=0,
                open_telemetry=False,
                http_client=_wire.client(self._url, API, self._transport),
            )
            # ANTHROPIC_CUSTOM_HEADERS would go to every endpoint, and outrank the key.
            vars(self._client)["_custom_headers"] = {}
            # At DEBUG it prints whole prompts.
            logging.getLogger("anthropic").setLevel(logging.WARNING)
        return self._client


def open_claude(config: ProviderConfig) -> Provider:
    """The provider for `config`. Raises SettingsError for an option or a base URL that makes no sense."""
    # Takes a second: better here, off the drafting loop, than in the middle of other drafts.
    import_module("anthropic.resources.messages")

    return Claude(config)


def request_body(plan: Plan, config: ProviderConfig, mode: Mode) -> dict[str, Any]:
    """What is sent: the plan's segments as blocks with their cache breakpoints, and the schema of the answer."""
    from workbench.providers import _wire

    thinking = _thinking(config)
    body: dict[str, Any] = {
        "model": config.model,
        "max_tokens": plan.max_tokens,
        **({"system": blocks} if (blocks := system(plan)) else {}),
        # With a thinking budget a call may only come back with the thoughts that led to it, and nobody keeps those.
        "messages": messages(plan, calls=mode == "tool" and thinking != "enabled"),
    }
    if mode == "tool":
        body["tools"] = [
            {
                "name": plan.shape.tool,
                "description": plan.shape.says,
                "strict": True,
                "eager_input_streaming": True,
                "input_schema": plan.shape.schema,
            }
        ]
        # Current models refuse a forced tool.
        body["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
    else:
        body["output_config"] = {"format": {"type": "json_schema", "schema": plan.shape.schema}}
    if thinking:
        budget = {"budget_tokens": _LEAST_THINKING} if thinking == "enabled" else {}
        body["thinking"] = {"type": thinking, **budget}
    # Others than the vendor refuse a field they do not know.
    if switched_on(config, "diagnostics", default=_wire.vendors_own(config, API)):
        body["diagnostics"] = {"previous_message_id": plan.previous or None}
    return body


@contextmanager
def translate_errors(remote: Remote) -> Generator[None]:
    """Turns every error of the SDK and of the connection into ProviderError; lets bugs pass."""
    import json

    import anthropic
    import httpx2

    from workbench.providers import _wire

    try:
        yield
    except anthropic.APIStatusError as error:
        raise _status_failure(remote, error) from None
    except anthropic.APIConnectionError as error:
        cause = error.__cause__
        if cause is not None and not isinstance(cause, httpx2.RequestError | httpx2.InvalidURL | OSError):
            raise
        timed_out = isinstance(error, anthropic.APITimeoutError)
        kind: FailureKind = "timed_out" if timed_out else "unreachable"
        raise (failure(remote, kind) if cause is None else _wire.transport_failure(remote, cause)) from None
    except anthropic.APIResponseValidationError as error:
        raise failure(remote, "not_a_provider", said(error.body)) from None
    except anthropic.AnthropicError as error:
        retryable = isinstance(error, anthropic.RetryableError)
        raise failure(remote, "provider_error", str(error), retryable=retryable) from None
    except (httpx2.RequestError, httpx2.InvalidURL, OSError, UnicodeError, json.JSONDecodeError) as error:
        raise _wire.transport_failure(remote, error) from None
    except ProviderError:
        raise
    except Exception as error:  # noqa: BLE001 - what is not the libraries' own is raised again
        raise _wire.strange_failure(remote, error) from None


def _status_failure(remote: Remote, error: anthropic.APIStatusError) -> ProviderError:
    status, headers = error.status_code, error.response.headers
    body = parsed(error.body)
    fallback: FailureKind = by_status(status)
    if status < 400 or (status == 404 and "model" not in said(body).lower()):
        # Vendors name the model they miss; a bare 404 is a wrong address.
        return failure(remote, "not_a_provider", f"status {status} {said(body)}", retryable=False)
    # The status is the surer witness; only a 400 or 429 can mean several things.
    kind = body_kind(mapping(body), fallback) if status in {400, 402, 422, 429} or status >= 500 else fallback
    kind = fallback if kind == "provider_error" else kind
    retryable = status in {408, 409, 429} or status >= 500
    if (advice := headers.get("x-should-retry")) in {"true", "false"}:
        retryable = advice == "true"
    if kind in {"spend_limit", "too_long", "key_refused"}:
        retryable = False
    wish = retry_after(headers) if retryable else None
    return failure(remote, kind, said(body), retryable=retryable, retry_after=wish)


def _thinking(config: ProviderConfig) -> str:
    """How it is told to think; empty when it is told nothing. Raises SettingsError for what the model refuses."""
    known = facts("anthropic", config.model)
    allowed = get_args(Thinking) if known is None else sorted(known.thinking)
    return choice(config, "thinking", allowed, "")


ADAPTER = Adapter(
    api="anthropic",
    vendor="Anthropic",
    url=API,
    key_name=KEY_NAME,
    options=frozenset({"mode", "thinking", "diagnostics"}),
    open=open_claude,
)
