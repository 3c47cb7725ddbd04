"""No error of the SDKs or of the connection is left untranslated: their whole trees, walked."""

from __future__ import annotations

from collections.abc import Iterator

import anthropic
import httpx2
import pytest
from anthropic import APIStatusError
from mistralai.client import errors as mistral_errors
from mistralai.extra import exceptions as mistral_extra

from tests.providers.wires import (
    claude_config,
    codestral_config,
)
from workbench.errors import ProviderError
from workbench.providers import claude as claude_module
from workbench.providers import codestral as codestral_module
from workbench.providers._failures import Remote


def below(*roots: type[BaseException]) -> Iterator[type[BaseException]]:
    for root in roots:
        yield root
        yield from below(*root.__subclasses__())


def made(kind: type[BaseException]) -> BaseException:
    """An exception of that class as the SDK would raise it, without knowing every signature."""
    request = httpx2.Request("POST", "https://api.example/v1")
    response = httpx2.Response(500, request=request, text="{}")
    error = kind.__new__(kind)
    if issubclass(kind, APIStatusError):
        APIStatusError.__init__(error, "no", response=response, body=None)  # type: ignore[arg-type]  # same class
    elif issubclass(kind, anthropic.AnthropicError):
        error.__dict__.update(
            request=request, message="no", body=None, response=response, status_code=500, request_id=None
        )
    elif issubclass(kind, mistral_errors.MistralError):
        mistral_errors.MistralError.__init__(error, "no", response, "{}")  # type: ignore[arg-type]  # same class
    return error


CONNECTION = sorted({*below(httpx2.RequestError), httpx2.InvalidURL}, key=lambda kind: kind.__name__)
ANTHROPIC_TREE = sorted(set(below(anthropic.AnthropicError)), key=lambda kind: kind.__name__)
MISTRAL_TREE = sorted(
    set(
        below(
            mistral_errors.MistralError,
            mistral_errors.HTTPValidationError,
            mistral_errors.ObservabilityError,
            mistral_errors.ResponseValidationError,
            mistral_errors.SDKError,
            mistral_errors.NoResponseError,
            mistral_extra.MistralClientException,
        )
    ),
    key=lambda kind: kind.__name__,
)


@pytest.mark.parametrize("kind", [*ANTHROPIC_TREE, *CONNECTION], ids=lambda kind: kind.__name__)
def test_every_error_of_anthropics_sdk_is_translated(kind: type[BaseException]) -> None:
    remote = Remote(config=claude_config(), vendor="Anthropic", key_name="K", host="h")
    with pytest.raises(ProviderError), claude_module.translate_errors(remote):
        raise made(kind)


@pytest.mark.parametrize("kind", [*MISTRAL_TREE, *CONNECTION], ids=lambda kind: kind.__name__)
def test_every_error_of_mistrals_sdk_is_translated(kind: type[BaseException]) -> None:
    remote = Remote(config=codestral_config(), vendor="Mistral", key_name="K", host="h")
    with pytest.raises(ProviderError), codestral_module.translate_errors(remote):
        raise made(kind)


def test_an_error_the_next_sdk_adds_is_translated_as_its_family_is() -> None:
    status = type("TeapotError", (APIStatusError,), {})
    plain = type("NewbornError", (anthropic.AnthropicError,), {})
    other = type("LateError", (mistral_errors.MistralError,), {})
    remote = Remote(config=claude_config(), vendor="Anthropic", key_name="K", host="h")
    for kind in (status, plain):
        with pytest.raises(ProviderError), claude_module.translate_errors(remote):
            raise made(kind)
    with pytest.raises(ProviderError), codestral_module.translate_errors(remote):
        raise made(other)


def test_an_error_outside_the_known_families_is_noticed() -> None:
    """What the trees' walk rests on: a root nobody listed is translated by nobody."""
    remote = Remote(config=claude_config(), vendor="Anthropic", key_name="K", host="h")
    stranger = type("StrangerError", (Exception,), {})
    for translating in (claude_module.translate_errors, codestral_module.translate_errors):
        with pytest.raises(stranger), translating(remote):
            raise stranger


def test_the_trees_are_the_sdks_whole_trees() -> None:
    public = {getattr(mistral_errors, name) for name in mistral_errors.__all__}
    assert {one for one in public if issubclass(one, Exception)} <= set(MISTRAL_TREE)
    named = {getattr(anthropic, name) for name in anthropic.__all__ if name.endswith("Error")}
    assert named <= set(ANTHROPIC_TREE)
    assert len(ANTHROPIC_TREE) > 60
    assert {httpx2.TransportError, httpx2.TimeoutException, httpx2.ReadTimeout} <= set(CONNECTION)
