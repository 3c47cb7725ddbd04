"""Finds the one constant each plug-in module exposes. No registry, no import-time effects."""

from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType
from typing import Any


def discover(package: ModuleType, constant: str) -> list[Any]:
    """Every `constant` of the package's modules, by module name. Modules starting with `_` are not plug-ins.

    Raises AttributeError naming the module that lacks the constant.
    """
    found: list[Any] = []
    for info in sorted(pkgutil.iter_modules(package.__path__), key=lambda one: one.name):
        if info.name.startswith("_"):
            continue
        module = importlib.import_module(f"{package.__name__}.{info.name}")
        if not hasattr(module, constant):
            raise AttributeError(f"{module.__name__} exposes no {constant}")
        found.append(getattr(module, constant))
    return found
