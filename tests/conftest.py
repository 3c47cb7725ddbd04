"""For every test: laws take the time they need, and no connection leaves this machine."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import settings

# Laws are about values, never about the time a busy machine takes to check them.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("unhurried")


class OutsideError(RuntimeError):
    """A test tried to reach another machine. No OSError: nobody may take it for a provider that is down."""


def refuse_outside(connecting: socket.socket, address: Any) -> None:
    """Raises OutsideError unless the address is on this machine."""
    if connecting.family not in (socket.AF_INET, socket.AF_INET6):
        return
    host = str(address[0])
    if host == "localhost":
        return
    try:
        inside = ipaddress.ip_address(host).is_loopback
    except ValueError:
        inside = False
    if not inside:
        raise OutsideError(f"a test tried to connect to {host}")


@pytest.fixture(scope="session", autouse=True)
def only_loopback() -> Iterator[None]:
    """Close the network but for loopback and Unix sockets, in this process."""
    connect, connect_ex = socket.socket.connect, socket.socket.connect_ex

    def guarded(self: socket.socket, address: Any, /) -> None:
        refuse_outside(self, address)
        connect(self, address)

    def guarded_ex(self: socket.socket, address: Any, /) -> int:
        refuse_outside(self, address)
        return connect_ex(self, address)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(socket.socket, "connect", guarded)
        patched.setattr(socket.socket, "connect_ex", guarded_ex)
        yield
