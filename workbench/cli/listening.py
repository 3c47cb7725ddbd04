"""May this address and port be listened on? Asked before anything starts, so that the answer is a sentence."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket

from workbench.errors import PortInUseError, SettingsError


def refuse_strangers(host: str, *, allowed: bool, what: str) -> None:
    """Raise SettingsError when `host` can be reached from other machines and nobody has said so on purpose."""
    if allowed or is_loopback(host):
        return
    raise SettingsError(
        f"{host} can be reached from other machines, and {what} asks nobody who they are.",
        "Use 127.0.0.1, or say --i-know when something in front of it does the asking.",
    )


def is_loopback(host: str) -> bool:
    """Whether only this machine reaches `host`."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def refuse_taken(host: str, port: int, *, remedy: str) -> None:
    """Raise PortInUseError when another program listens there, SettingsError when nobody can."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as trial:
            if os.name == "posix":  # elsewhere the option would let two programs share a port
                trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(address)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise PortInUseError(f"Port {port} on {host} is taken by another program.", remedy) from None
        raise SettingsError(
            f"Nothing can listen on {host} port {port}: {error.strerror or error}.",
            "Use 127.0.0.1 and a port above 1023.",
        ) from None


def address_of(host: str, port: int) -> str:
    """The URL a browser on this machine opens."""
    reached = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - compared, not listened on
    return f"http://[{reached}]:{port}" if ":" in reached else f"http://{reached}:{port}"
