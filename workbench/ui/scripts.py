"""The page's own JavaScript: a few modules served beside the app, and how a component is made of one.

Inline script is sent with every redraw of every element, so an element's inline script is one import. The address holds
the digest of all modules: they import each other by relative names, and a browser keeps them until one changes.
"""

from __future__ import annotations

import json
from pathlib import Path

import streamlit as st
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from streamlit.components.v2 import component
from streamlit.components.v2.types import ComponentRenderer

from workbench.domain.text import digest

_HERE = Path(__file__).parent
_modules = {one.name: one.read_text("utf-8") for one in sorted(_HERE.glob("*.js"))}
_version = digest("\0".join(_modules.values()))[:12]
SCRIPTS_PATH = f"/workbench/scripts/{_version}"


def based(path: str) -> str:
    """The path as the browser must ask for it where the app is served under a prefix."""
    base = str(st.get_option("server.baseUrlPath") or "").strip("/")
    return f"/{base}{path}" if base else path


def element(name: str, html: str, *parts: str) -> ComponentRenderer:
    """An element of the page: `name.js` draws into `html`, styled by `name.css` where there is one and by the styles
    of its `parts`."""
    address = json.dumps(f"{based(SCRIPTS_PATH)}/{name}.js")
    styles = [one.read_text("utf-8") for part in (name, *parts) if (one := _HERE / f"{part}.css").exists()]
    return component(
        f"workbench_{name}",
        html=html,
        css="".join(styles) or None,
        js=f"const module = await import(location.origin + {address});\nexport default module.default;\n",
    )


async def script(request: Request) -> Response:
    """One module, once per page load."""
    source = _modules.get(request.path_params["name"])
    if source is None:
        raise HTTPException(404)
    return Response(
        source,
        media_type="text/javascript",
        headers={"Cache-Control": "public, max-age=31536000, immutable", "X-Content-Type-Options": "nosniff"},
    )


route = Route(SCRIPTS_PATH + "/{name}", script)
