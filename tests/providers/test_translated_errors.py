"""No error of the SDKs or of the connection is left untranslated: their whole trees, walked."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from contextlib import AbstractContextManager

import anthropic
import httpx2
import pytest
from anthropic import APIStatusError
from anthropic._error_classes import ERROR_CLASSES, make_status_error
from mistralai.client import errors as mistral_errors
from mistralai.client.utils import retries

from tests.providers.sdk_exceptions import (
    ANTHROPIC,
    HTTPX2,
    MISTRAL,
    UNUSED_HERE,
    exceptions_of,
    httpx2_exceptions,
    reason_not_to_come,
)
from tests.providers.wires import claude_config, codestral_config
from workbench.errors import FailureKind, ProviderError
from workbench.providers import claude as claude_module
from workbench.providers import codestral as codestral_module
from workbench.providers._failures import Remote

REMOTES = {
    "claude": Remote(config=claude_config(), vendor="Anthropic", key_name="K", host="h"),
    "codestral": Remote(config=codestral_config(), vendor="Mistral", key_name="K", host="h"),
}
TRANSLATING: dict[str, Callable[[Remote], AbstractContextManager[None]]] = {
    "claude": claude_module.translate_errors,
    "codestral": codestral_module.translate_errors,
}
REQUEST = httpx2.Request("POST", "https://api.example/v1")


def kind_of(error: BaseException, name: str = "claude") -> FailureKind:
    """What the adapter makes of the error."""
    with pytest.raises(ProviderError) as found, TRANSLATING[name](REMOTES[name]):
        raise error
    assert found.value.remedy
    return found.value.kind


def made(kind: type[BaseException], status: int = 500, code: str | None = None) -> BaseException:
    """An exception of that class as the SDK would raise it, without knowing every signature."""
    response = httpx2.Response(status, request=REQUEST, text="{}")
    error = kind.__new__(kind)
    if issubclass(kind, APIStatusError):
        body = {"error": {"type": "any", "message": "No.", "details": {"error_code": code}}}
        return make_status_error("no", body=body, response=response)
    if issubclass(kind, anthropic.AnthropicError):
        more = {"status_code": status, "request_id": None}
        error.__dict__.update(request=REQUEST, message="no", body=None, response=response, **more)
    elif issubclass(kind, mistral_errors.MistralError):
        mistral_errors.MistralError.__init__(error, "no", response, "{}")  # type: ignore[arg-type]  # same class
    elif kind is retries.TemporaryError:
        return retries.TemporaryError(response)
    elif kind is retries.PermanentError:
        return retries.PermanentError(mistral_errors.SDKError("no", response))
    return error


def classes(package: str) -> dict[str, type[BaseException]]:
    """The package's exceptions that can reach us, by name."""
    paths = [path for path in exceptions_of(package) if not reason_not_to_come(path)]
    found = [getattr(importlib.import_module(path.rpartition(".")[0]), path.rpartition(".")[2]) for path in paths]
    return {one.__name__: one for one in found}


@pytest.mark.parametrize(("package", "table"), [("anthropic", ANTHROPIC), ("mistralai", MISTRAL)])
def test_every_exception_of_an_sdk_stands_in_the_table_or_cannot_come(
    package: str, table: dict[str, FailureKind]
) -> None:
    found = {name for path, name in exceptions_of(package).items() if not reason_not_to_come(path)}
    assert sorted(found - set(table)) == []
    assert sorted(set(table) - found) == []
    assert len(exceptions_of(package)) > 40


def test_the_reasons_are_about_exceptions_there_are() -> None:
    assert set(UNUSED_HERE) <= set(exceptions_of("mistralai").values())


def test_every_exception_of_httpx2_stands_in_the_table() -> None:
    assert set(httpx2_exceptions()) == set(HTTPX2)


@pytest.mark.parametrize("kind", classes("anthropic").values(), ids=lambda kind: kind.__name__)
def test_every_error_of_anthropics_sdk_is_translated(kind: type[BaseException]) -> None:
    sent = next((key for key, one in ERROR_CLASSES.items() if one is kind), (500, None))
    error = made(kind, *sent)
    assert type(error) is kind or kind is APIStatusError
    assert kind_of(error) == ANTHROPIC[kind.__name__]


@pytest.mark.parametrize("kind", classes("mistralai").values(), ids=lambda kind: kind.__name__)
def test_every_error_of_mistrals_sdk_is_translated(kind: type[BaseException]) -> None:
    assert kind_of(made(kind), "codestral") == MISTRAL[kind.__name__]


@pytest.mark.parametrize("name", TRANSLATING)
@pytest.mark.parametrize("kind", httpx2_exceptions().values(), ids=lambda kind: kind.__name__)
def test_every_error_of_the_connection_is_translated(name: str, kind: type[Exception]) -> None:
    assert kind_of(made(kind), name) == HTTPX2[kind.__name__]


CAUSES: list[tuple[Exception, FailureKind]] = [
    (OSError("no route"), "unreachable"),
    (TimeoutError("silence"), "timed_out"),
    (TimeoutError(), "timed_out"),
    (httpx2.ReadTimeout("silence"), "timed_out"),
    (httpx2.ConnectError("refused"), "unreachable"),
]


@pytest.mark.parametrize(("cause", "kind"), CAUSES)
def test_a_connection_error_is_what_caused_it(cause: Exception, kind: str) -> None:
    error = anthropic.APIConnectionError(request=REQUEST)
    error.__cause__ = cause
    assert kind_of(error) == kind
    assert kind_of(cause, "codestral") == kind


def test_a_bug_beneath_the_sdk_is_no_connection_error() -> None:
    error = anthropic.APIConnectionError(request=REQUEST)
    error.__cause__ = ZeroDivisionError("ours")
    with pytest.raises(anthropic.APIConnectionError), TRANSLATING["claude"](REMOTES["claude"]):
        raise error


@pytest.mark.parametrize(("status", "kind"), [(429, "rate_limited"), (503, "overloaded"), (400, "bad_request")])
def test_what_mistrals_own_retries_give_up_with_is_the_refusal_itself(status: int, kind: str) -> None:
    response = httpx2.Response(status, request=REQUEST, text="{}")
    assert kind_of(retries.TemporaryError(response), "codestral") == kind
    assert kind_of(retries.PermanentError(mistral_errors.SDKError("no", response)), "codestral") == kind
    assert kind_of(retries.PermanentError(httpx2.ConnectError("refused")), "codestral") == "unreachable"


def test_an_error_the_next_sdk_adds_is_translated_as_its_family_is() -> None:
    plain = type("NewbornError", (anthropic.AnthropicError,), {})
    other = type("LateError", (mistral_errors.MistralError,), {})
    assert kind_of(made(plain)) == "provider_error"
    assert kind_of(made(other), "codestral") == "provider_error"
    for name, module in (("claude", "anthropic.lib.new"), ("codestral", "mistralai.extra.new")):
        rootless = type("RootlessError", (Exception,), {"__module__": module})
        assert kind_of(rootless("secret words"), name) == "provider_error"


@pytest.mark.parametrize("name", TRANSLATING)
def test_an_error_of_nobodys_is_a_bug_and_passes(name: str) -> None:
    stranger = type("StrangerError", (Exception,), {})
    for error in (stranger("odd"), TypeError("ours"), KeyError("ours")):
        with pytest.raises(type(error)), TRANSLATING[name](REMOTES[name]):
            raise error


@pytest.mark.parametrize("name", TRANSLATING)
def test_what_is_translated_already_stays_as_it_is(name: str) -> None:
    error = ProviderError("timed_out", "It was late.", "Wait.", retryable=True)
    with pytest.raises(ProviderError) as found, TRANSLATING[name](REMOTES[name]):
        raise error
    assert found.value is error
