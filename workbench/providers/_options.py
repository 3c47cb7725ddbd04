"""Reads an adapter's own settings, and says what they may be."""

from __future__ import annotations

from collections.abc import Collection

from workbench.errors import SettingsError
from workbench.ports import ProviderConfig


def choice(config: ProviderConfig, name: str, allowed: Collection[str], default: str) -> str:
    """The setting in small letters, or `default` when it is empty. Raises SettingsError naming what is allowed."""
    found = config.options.get(name, "").strip().lower()
    if not found:
        return default
    if found not in allowed:
        raise SettingsError(
            f"The setting providers.{config.name}.{name} is “{found:.40}”, which “{config.model:.60}” does not take.",
            f"Use {', or '.join(allowed)}.",
        )
    return found


def switched_on(config: ProviderConfig, name: str, *, default: bool) -> bool:
    """Whether the setting says `on`. Raises SettingsError when it is neither that nor `off`."""
    return choice(config, name, ("on", "off"), "on" if default else "off") == "on"
