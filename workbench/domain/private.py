"""What looks like a key or an e-mail address in a text that will be sent to vendors. A notice, never a refusal."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

PrivateKind = Literal["key", "address"]

_KEY = re.compile(
    r"""
      \b(?:sk|pk|rk)[-_](?:[A-Za-z0-9]+[-_])*[A-Za-z0-9_-]{16,}   # Anthropic, OpenAI, Stripe and who copied them
    | \bgh[pousr]_[A-Za-z0-9]{20,} | \bgithub_pat_\w{20,} | \bglpat-[\w-]{16,}
    | \bxox[abeprs]-[\w-]{10,}
    | \bAKIA[0-9A-Z]{16}\b | \bAIza[\w-]{30,} | \bhf_[A-Za-z0-9]{20,} | \bnpm_[A-Za-z0-9]{30,} | \bpypi-[\w-]{30,}
    | \bey[JK][\w-]{8,}\.ey[JK][\w-]{8,}\.[\w-]{8,}               # a signed web token
    | -----BEGIN\ [A-Z ]{0,30}PRIVATE\ KEY-----
    """,
    re.VERBOSE,
)
_ADDRESS = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z]{2,24}\b")
_BEGINNING = 6
"""Characters of a key that may be shown: enough to find it, too few to use it."""


class Private(NamedTuple):
    """One find: what it is, and how it may be shown."""

    kind: PrivateKind
    shown: str


def private_things(text: str) -> tuple[Private, ...]:
    """Keys by their beginnings, then addresses whole, each once, in the text's order."""
    keys = (Private("key", f"{found[0][:_BEGINNING]}…") for found in _KEY.finditer(text))
    addresses = (Private("address", found[0]) for found in _ADDRESS.finditer(text))
    return tuple(dict.fromkeys((*keys, *addresses)))
