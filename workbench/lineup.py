"""Who drafts: the providers of the settings that have a key, or all of them in rehearsal."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlsplit

from workbench.errors import SettingsError
from workbench.ports import Adapter, ProviderConfig, Secret
from workbench.settings import ProviderSettings, Settings


class Lineup(NamedTuple):
    """Which providers draft, why the others do not, and whether all of it is rehearsal."""

    configs: dict[str, ProviderConfig]
    idle: dict[str, str]
    rehearsing: bool


def choose_providers(settings: Settings, adapters: dict[str, Adapter]) -> Lineup:
    """Real models and rehearsal are never mixed: with one key, the other provider is idle."""
    enabled = {name: one for name, one in settings.providers.items() if one.enabled}
    ready: dict[str, ProviderConfig] = {}
    idle: dict[str, str] = {}
    for name, one in enabled.items():
        adapter = adapters.get(one.api)
        if adapter is None:
            raise SettingsError(
                f"providers.{name}.api is “{one.api}”, which no provider file speaks.",
                f"Use one of {', '.join(sorted(adapters))}.",
            )
        unknown = sorted(one.options.keys() - adapter.options)
        if unknown:
            raise SettingsError(
                f"providers.{name}.{unknown[0]} is not a setting of “{one.api}”.",
                f"Its own settings are {', '.join(sorted(adapter.options)) or 'none'}.",
            )
        # The vendor's key goes to the vendor: an endpoint of one's own gets a key only if its settings name one.
        key_name = one.key_name or ("" if one.base_url else adapter.key_name)
        key = settings.secret(key_name) if key_name else Secret("none")
        if key:
            ready[name] = _config(name, one, key, maker_of(one, adapters), key_name=key_name, base_url=one.base_url)
        else:
            idle[name] = f"{key_name} is not set"
    mode = settings.rehearsal.mode
    if mode == "always" or (mode == "auto" and not ready):
        key = Secret("rehearsal")
        acted = {
            name: _config(name, one, key, maker_of(one, adapters), rehearsal=True) for name, one in enabled.items()
        }
        return Lineup(acted, {}, rehearsing=True)
    return Lineup(ready, idle, rehearsing=False)


def _config(
    name: str,
    one: ProviderSettings,
    key: Secret,
    vendor: str,
    *,
    key_name: str = "",
    base_url: str = "",
    rehearsal: bool = False,
) -> ProviderConfig:
    return ProviderConfig(
        name=name,
        api=one.api,
        model=one.model,
        key=key,
        key_name=key_name,
        base_url=base_url,
        rehearsal=rehearsal,
        options=one.options,
        vendor=vendor,
    )


def maker_of(one: ProviderSettings, adapters: Mapping[str, Adapter]) -> str:
    """Who makes the provider's model: as set, or the API's vendor at the vendor's own address; empty when unknown."""
    adapter = adapters.get(one.api)
    if one.vendor or adapter is None:
        return one.vendor
    host, own = (urlsplit(url).hostname or "" for url in (one.base_url, adapter.url))
    return adapter.vendor if not one.base_url or host.endswith(own.removeprefix("api")) else ""
