"""Boxes whose words are not lost when their page is: what was typed and not saved comes back into them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping

from workbench.ui import state
from workbench.ui.scripts import element

_REPLACED = "typed.replaced"
_mount = element("typed", '<div class="typed"></div>')


def typed(boxes: Mapping[str, str]) -> None:
    """Below the boxes: their keys, and what is stored of each. The browser keeps a copy of what is typed in one until
    that is what is stored, or it was `replaced`."""
    told = {_class(key): stored for key, stored in boxes.items()}
    _mount(key=f"typed-{next(iter(told))}", data={"boxes": json.dumps(told, ensure_ascii=False), "replaced": "null"})


def replaced(*keys: str) -> None:
    """What was typed in these boxes need not be kept any more: it was taken in, or thrown away."""
    state.put(_REPLACED, [*_places(), *(_class(key) for key in keys)])


def tell_replaced() -> None:
    """Once on every page: the page that took the words in may be left by then."""
    _mount(data={"boxes": "{}", "replaced": json.dumps(_places())})


def _places() -> list[str]:
    """What was replaced in this session, the first first."""
    places: list[str] = state.value(_REPLACED, [])
    return places


def _class(key: str) -> str:
    """As Streamlit writes a key in the name of a class."""
    return re.sub(r"[^a-zA-Z0-9_-]", "-", key.strip())
