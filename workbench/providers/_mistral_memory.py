"""Lets mistralai remember what it would work out anew for every request, at 13 ms of the loop's time for each, and
takes out of its clients what looks around in the environment.

All of it is the SDK's inside: where a newer one has another, that part stays as it is, and is slower.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, TypeVar, cast

if TYPE_CHECKING:
    from mistralai.client import Mistral

T = TypeVar("T")
log = logging.getLogger(__name__)


async def _at_once(function: Callable[..., T], *args: Any, **named: Any) -> T:
    return function(*args, **named)


def _remembering(make: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[str, object], Any] = {}

    def create_model(name: str, /, **parts: Any) -> Any:
        key = (name, parts.get("body"))
        try:
            found = known.get(key)
        except TypeError:  # a type that cannot be looked up
            return make(name, **parts)
        if found is None:
            found = make(name, **parts)
            if key[1] is not None:  # else it is made of something else
                known[key] = found
        return found

    return create_model


REPLACED: tuple[tuple[str, str, Callable[[Any], Any]], ...] = (
    ("mistralai.client.utils.serializers", "create_model", _remembering),
    # These look for parameters a chat request has none of.
    ("mistralai.client.utils.url", "get_type_hints", cache),
    ("mistralai.client.utils.queryparams", "get_type_hints", cache),
    # These import a module for each name they are asked for.
    ("mistralai.client.models", "__getattr__", cache),
    ("mistralai.client.utils", "__getattr__", cache),
    # Our clients keep no hook that takes time, and no log: no thread is needed for the one, no copy for the other.
    ("mistralai.client.basesdk", "run_sync_in_thread", lambda _: _at_once),
    ("mistralai.client.basesdk", "get_body_content", lambda _: str),
)
"""Module, name, and what takes its place."""


@cache
def remember() -> None:
    """Keep the pydantic class it makes for each kind of value, the type hints of its requests, and the names it looks
    up in its own packages. Once is enough."""
    replace(REPLACED)


def replace(places: Iterable[tuple[str, str, Callable[[Any], Any]]]) -> None:
    """Put what takes its place in each of these places that there is."""
    for path, name, instead in places:
        try:
            inside = vars(import_module(path))
            inside[name] = instead(inside[name])
        except (ImportError, KeyError):
            log.warning("mistralai has no %s.%s any more; requests to Mistral take longer.", path, name)


def disarm(client: Mistral) -> None:
    """Leaves of the SDK's hooks only the one that names the SDK.

    The others read the environment at every request (telemetry, service accounts) or the body of a
    stream that has not come yet (the warning about deprecated models, which then fails the draft).
    """
    hooks = vars(client.sdk_configuration).get("_hooks")
    for name in ("before_request_hooks", "after_success_hooks", "after_error_hooks"):
        found = getattr(hooks, name, None)
        if isinstance(found, list):
            armed = cast("list[object]", found)
            armed[:] = [one for one in armed if type(one).__name__ == "CustomUserAgentHook"]
        else:
            log.warning("mistralai has no %s any more; what they do cannot be turned off.", name)
