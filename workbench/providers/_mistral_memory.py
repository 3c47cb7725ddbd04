"""Lets mistralai remember what it would work out anew for every request, at 13 ms of the loop's time for each."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar, get_type_hints

T = TypeVar("T")


@cache
def remember() -> None:
    """Keep the pydantic class it makes for each kind of value, the type hints of its requests, and the names it looks
    up in its own packages. Once is enough."""
    from mistralai.client import basesdk, models, utils
    from mistralai.client.utils import queryparams, serializers, url

    serializers.__dict__["create_model"] = _remembering(vars(serializers)["create_model"])
    for module in (url, queryparams):  # which look for parameters a chat request has none of
        module.__dict__["get_type_hints"] = cache(get_type_hints)
    for package in (models, utils):  # which import a module for each
        package.__dict__["__getattr__"] = cache(package.__getattr__)
    # Our clients keep no hook that takes time, and no log: no thread is needed for the one, no copy for the other.
    basesdk.__dict__["run_sync_in_thread"] = _at_once
    basesdk.__dict__["get_body_content"] = str


async def _at_once(function: Callable[..., T], *args: Any) -> T:
    return function(*args)


def _remembering(make: Callable[..., Any]) -> Callable[..., Any]:
    known: dict[tuple[str, object], Any] = {}

    def create_model(name: str, /, **parts: Any) -> Any:
        key = (name, parts["body"])
        try:
            found = known.get(key)
        except TypeError:  # a type that cannot be looked up
            return make(name, **parts)
        if found is None:
            found = known[key] = make(name, **parts)
        return found

    return create_model
