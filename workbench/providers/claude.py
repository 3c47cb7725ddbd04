"""Claude: the Anthropic Messages API, and every endpoint that speaks it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Generator, Mapping
from contextlib import contextmanager
from importlib import import_module
from typing import TYPE_CHECKING, Any

from workbench.domain.events import DraftEvent
from workbench.domain.plan import Plan, Segment
from workbench.domain.review import REVIEW_SCHEMA
from workbench.errors import FailureKind, ProviderError, SettingsError
from workbench.ports import Adapter, Provider, ProviderConfig
from workbench.providers._bodies import mapping, parsed, retry_after, said, text
from workbench.providers._claude_events import BY_TYPE, TOOL, Mode, Reading
from workbench.providers._failures import Remote, by_status, failure, told

if TYPE_CHECKING:
    import anthropic
    import httpx2

API = "https://api.anthropic.com"
KEY_NAME = "ANTHROPIC_API_KEY"


class Claude(Provider):
    """A Claude model. The SDK's client is made at the first draft, on the loop that draws it."""

    def __init__(self, config: ProviderConfig, transport: httpx2.AsyncBaseTransport | None = None) -> None:
        from workbench.providers import _wire

        self._config = config
        self._mode: Mode = _mode(config)
        self._transport = transport
        self._url = _wire.endpoint(config, API)
        self._remote = Remote(
            config=config, vendor="Anthropic", key_name=config.key_name or KEY_NAME, host=_wire.host_of(self._url)
        )
        self._client: anthropic.AsyncAnthropic | None = None

    @property
    def config(self) -> ProviderConfig:
        """What it was opened with."""
        return self._config

    def stream(self, plan: Plan) -> AsyncIterator[DraftEvent]:
        """The draft's events; see `workbench.ports.Provider`."""
        return told(self._events(plan))

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
                async for frame in frames:
                    for event in reading.read(mapping(frame)):
                        yield event
                    if reading.over:
                        await _wire.drain(frames)
                        break
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
        return self._client


def open_claude(config: ProviderConfig) -> Provider:
    """The provider for `config`. Raises SettingsError for a mode or base URL that makes no sense."""
    # Takes a second: better here, off the drafting loop, than in the middle of other drafts.
    import_module("anthropic.resources.messages")

    return Claude(config)


def request_body(plan: Plan, config: ProviderConfig, mode: Mode) -> dict[str, Any]:
    """What is sent: the plan's segments as blocks with their cache breakpoints, and the schema of the answer."""
    body: dict[str, Any] = {
        "model": config.model,
        "max_tokens": plan.max_tokens,
        "system": [_block(part) for part in plan.segments if part.role == "system" and part.text],
        "messages": [
            {"role": "user", "content": [_block(part) for part in plan.segments if part.role == "user" and part.text]}
        ],
    }
    if mode == "tool":
        body["tools"] = [
            {
                "name": TOOL,
                "description": "Hands in the finished review. Call it exactly once; it is the only way to answer.",
                "strict": True,
                "eager_input_streaming": True,
                "input_schema": REVIEW_SCHEMA,
            }
        ]
        # Current models refuse a forced tool.
        body["tool_choice"] = {"type": "auto", "disable_parallel_tool_use": True}
    else:
        body["output_config"] = {"format": {"type": "json_schema", "schema": REVIEW_SCHEMA}}
    if thinking := config.options.get("thinking", "").strip():
        body["thinking"] = {"type": thinking}
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
        if cause is not None and not isinstance(cause, httpx2.RequestError | httpx2.InvalidURL):
            raise
        timed_out = isinstance(error, anthropic.APITimeoutError)
        kind: FailureKind = "timed_out" if timed_out else "unreachable"
        raise (failure(remote, kind) if cause is None else _wire.transport_failure(remote, cause)) from None
    except anthropic.APIResponseValidationError as error:
        raise failure(remote, "not_a_provider", said(error.body)) from None
    except anthropic.AnthropicError as error:
        retryable = isinstance(error, anthropic.RetryableError)
        raise failure(remote, "provider_error", str(error), retryable=retryable) from None
    except (httpx2.RequestError, httpx2.InvalidURL, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise _wire.transport_failure(remote, error) from None


def body_kind(body: Mapping[str, object], fallback: FailureKind) -> FailureKind:
    """The failure an error body names by its code, type or words; `fallback` when it names none."""
    error = mapping(body.get("error"))
    code, words = text(mapping(error.get("details")).get("error_code")), text(error.get("message")).lower()
    if "spend_limit" in code or "credit balance" in words:
        return "spend_limit"
    if "prompt is too long" in words or "exceed context limit" in words:
        return "too_long"
    return BY_TYPE.get(text(error.get("type")), fallback)


def _status_failure(remote: Remote, error: anthropic.APIStatusError) -> ProviderError:
    status, headers = error.status_code, error.response.headers
    body = parsed(error.body)
    fallback: FailureKind = by_status(status)
    if status < 400 or (status == 404 and "model" not in said(body).lower()):
        # Vendors name the model they miss; a bare 404 is a wrong address.
        return failure(remote, "not_a_provider", f"status {status} {said(body)}", retryable=False)
    # The status is the surer witness; only a 400 or 429 can mean several things.
    kind = body_kind(mapping(body), fallback) if status in {400, 402, 422, 429} or status >= 500 else fallback
    retryable = status in {408, 409, 429} or status >= 500
    if (advice := headers.get("x-should-retry")) in {"true", "false"}:
        retryable = advice == "true"
    if kind in {"spend_limit", "too_long", "key_refused"}:
        retryable = False
    wish = retry_after(headers) if retryable else None
    return failure(remote, kind, said(body), retryable=retryable, retry_after=wish)


def _block(part: Segment) -> dict[str, Any]:
    block: dict[str, Any] = {"type": "text", "text": part.text}
    if part.breakpoint is not None:
        block["cache_control"] = {"type": "ephemeral", "ttl": part.breakpoint}
    return block


def _mode(config: ProviderConfig) -> Mode:
    match config.options.get("mode", "").strip() or "schema":
        case "schema":
            return "schema"
        case "tool":
            return "tool"
        case other:
            raise SettingsError(f"The setting providers.{config.name}.mode is “{other:.40}”.", "Use schema, or tool.")


ADAPTER = Adapter(
    api="anthropic", vendor="Anthropic", key_name=KEY_NAME, options=frozenset({"mode", "thinking"}), open=open_claude
)
