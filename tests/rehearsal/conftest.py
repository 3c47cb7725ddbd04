"""Rehearsal servers for these tests: one without waiting, one with a pace that leaves time to look."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from workbench.rehearsal.server import RehearsalServer


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """A server that answers at once."""
    server = RehearsalServer(first_token=0, tokens_per_second=1_000_000)
    yield server.start()
    server.stop()


@pytest.fixture
def fresh_url() -> Iterator[str]:
    """A server that answers at once and has seen no request yet."""
    server = RehearsalServer(first_token=0, tokens_per_second=1_000_000)
    yield server.start()
    server.stop()


@pytest.fixture
def other_url() -> Iterator[str]:
    """Another that has seen no request: asked the same thing, it gives the same first take."""
    server = RehearsalServer(first_token=0, tokens_per_second=1_000_000)
    yield server.start()
    server.stop()


@pytest.fixture
def slow_url() -> Iterator[str]:
    """A server that takes its time: a draft lasts longer than any test."""
    server = RehearsalServer(first_token=0.5, tokens_per_second=4)
    yield server.start()
    server.stop()
