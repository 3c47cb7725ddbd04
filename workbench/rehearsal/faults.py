"""The ways a vendor fails, on request: named by a header, by a suffix of the model's name, or for the n-th request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from email.utils import formatdate
from time import time

from workbench.rehearsal.course import NONE, Fault, Vendor
from workbench.rehearsal.fault_refusals import REFUSED
from workbench.rehearsal.fault_streams import SPOILT
from workbench.rehearsal.obeying import OBEYING
from workbench.rehearsal.refusals import Refusal

HEADER = "x-rehearsal-fault"
FAULTS: dict[str, Fault] = {fault.name: fault for fault in (*REFUSED, *SPOILT)}
FAST = 3600
"""Seconds by which a server clock may be ahead."""


def split(model: str) -> tuple[str, str]:
    """The model's own name, and the name of the fault behind its `+`; empty when there is none."""
    base, _, suffix = model.partition("+")
    return base, suffix


def known(name: str, vendor: Vendor) -> Fault | None:
    """The vendor's fault of that name; nothing goes wrong for an empty one, None when there is no such fault."""
    fault = OBEYING if name == OBEYING.name else FAULTS.get(name, NONE if not name else None)
    return fault if fault is not None and vendor in fault.vendors else None


def require_known(script: Mapping[int, str]) -> None:
    """Raises ValueError for an entry no request could meet."""
    for place, name in script.items():
        if place < 1 or name not in FAULTS:
            raise ValueError(f"{place}: {name!r} is no fault for a request counted from 1. Known: {', '.join(FAULTS)}.")


def listed() -> str:
    """Every fault, one a line: its name, what happens, and the vendor when it is one's own."""
    wide = max(map(len, FAULTS))
    return "\n".join(
        f"{fault.name:{wide}}  {fault.says}{'' if len(fault.vendors) == 2 else f' ({fault.vendors[0].title()})'}"
        for fault in FAULTS.values()
    )


def moments(wait: float = 30) -> dict[str, str]:
    """The words for a refusal that names moments: a clock that is FAST, and `wait` seconds later by it."""
    now = time() + FAST
    return {"fast": formatdate(now, usegmt=True), "later": formatdate(now + wait, usegmt=True)}


class Faults:
    """Which fault a request meets.

    `script` names faults for the n-th request, counted from 1 over all drafts asked of both vendors. A header
    outranks a model's suffix, and that the script.
    """

    def __init__(self, script: Mapping[int, str]) -> None:
        self._script = script
        self._asked = 0
        self._turned_away: Counter[tuple[str, str]] = Counter()

    def next(self) -> str:
        """The name of the script's fault for one more request; empty when it has none."""
        self._asked += 1
        return self._script.get(self._asked, "")

    def refusal(self, fault: Fault, vendor: Vendor, key: str, model: str) -> Refusal | None:
        """What is sent instead of a draft; None when the request is let in."""
        if fault.once:
            self._turned_away[key, model] += 1
            if self._turned_away[key, model] > 1:
                return None
        return fault.refusals.get(vendor)
