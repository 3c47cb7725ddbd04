"""mistralai as it is shipped, while its own iterator is measured: our adapter lets it remember what it works out."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager

from mistralai.client import basesdk, models, utils
from mistralai.client.utils import queryparams, serializers, url

_SHIPPED = [
    (module, name, module.__dict__[name])
    for module, name in (
        (serializers, "create_model"),
        (url, "get_type_hints"),
        (queryparams, "get_type_hints"),
        (models, "__getattr__"),
        (utils, "__getattr__"),
        (basesdk, "run_sync_in_thread"),
        (basesdk, "get_body_content"),
    )
]
"""Read when this is imported, before any of our clients is made."""


@contextmanager
def as_shipped() -> Generator[None]:
    """The SDK's own functions inside the block, whatever stands there outside."""
    before = [(module, name, module.__dict__[name]) for module, name, _ in _SHIPPED]
    for module, name, own in _SHIPPED:
        setattr(module, name, own)
    try:
        yield
    finally:
        for module, name, kept in before:
            setattr(module, name, kept)
