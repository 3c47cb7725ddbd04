"""Keys and addresses in a text are found, and a key is never shown whole."""

from __future__ import annotations

import pytest

from workbench.domain.private import private_things

KEYS = [
    "".join(parts)  # in two, so that no file holds what looks like a key
    for parts in (
        ("sk-", "ant-api03-AbCdEfGhIjKlMnOpQrStUvWx"),
        ("sk-", "proj-AbCdEfGhIjKlMnOpQrStUvWx"),
        ("sk_", "live_AbCdEfGhIjKlMnOpQrStUvWx"),
        ("ghp", "_AbCdEfGhIjKlMnOpQrStUvWxYz0123456789"),
        ("AKIA", "ABCDEFGHIJKLMNOP"),
        ("AIza", "AbCdEfGhIjKlMnOpQrStUvWxYz012345678"),
        ("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P"),
        ("-----BEGIN RSA ", "PRIVATE KEY-----"),
    )
]


@pytest.mark.parametrize("key", KEYS)
def test_a_key_is_found_and_only_its_beginning_shown(key: str) -> None:
    (found,) = private_things(f"Set it to `{key}` and go.")
    assert found == ("key", f"{key[:6]}…")


@pytest.mark.parametrize("address", ["ada@example.org", "a.b+c@mail.example.co.uk"])
def test_an_address_is_found(address: str) -> None:
    assert private_things(f"Write to {address}.") == (("address", address),)


@pytest.mark.parametrize(
    "text",
    [
        "It asks for a key that begins with sk- and is long.",
        "Install it with npm i @scope/package@1.2.3, or pip install tool@latest.",
        "The decorator @dataclass and the handle @ada are no addresses.",
        "risk-free-trials-for-everybody-who-asks",
        "codestral-2508 and claude-sonnet-5-5-20261101 are models.",
    ],
)
def test_what_only_resembles_one_is_left_alone(text: str) -> None:
    assert private_things(text) == ()


def test_the_same_thing_twice_is_found_once() -> None:
    assert len(private_things("ada@example.org, again ada@example.org")) == 1


@pytest.mark.parametrize("text", ["a." * 25_000, "a@" * 25_000, "sk-" * 16_000, "eyJ" * 16_000, "a@" + "b." * 25_000])
def test_hostile_text_of_the_longest_description_is_read_to_its_end(text: str) -> None:
    assert private_things(text[:50_000])[100:] == ()
