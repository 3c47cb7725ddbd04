"""One Settings, read once: `workbench.toml`, then the environment. Nothing else reads the environment."""

from __future__ import annotations

import os
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

from platformdirs import user_config_path, user_data_path
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from workbench.errors import SettingsError
from workbench.ports import Secret

APP = "review-workbench"


class ProviderSettings(BaseModel):
    """One model behind an API. Keys beyond these are the adapter's own, for example `mode`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    api: str
    """`anthropic` or `mistral`: the protocol it speaks."""
    model: str
    """The model's id as the vendor spells it."""
    base_url: str = ""
    """An endpoint of your own (llama.cpp, vLLM, a gateway); empty for the vendor's."""
    key_name: str = ""
    """Name of the environment variable with the key; empty for the vendor's usual one, or for none with a base_url."""
    enabled: bool = True
    """Whether it drafts."""
    vendor: str = ""
    """Who makes the model. Empty: the API's vendor; with a base_url of your own, nobody we know, and then no conflict
    of interest can be told."""

    @property
    def options(self) -> dict[str, str]:
        """The adapter's own settings, as text."""
        return {key: str(value) for key, value in (self.model_extra or {}).items()}


class RehearsalSettings(BaseModel):
    """The local server that stands in when there is no key."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    mode: Literal["auto", "always", "never"] = "auto"
    """`auto`: when no provider has a key. `never`: then the workbench refuses to start drafting."""
    first_token: float = Field(default=0.6, ge=0, le=60)
    """Seconds to the first token."""
    tokens_per_second: float = Field(default=60, gt=0, le=100_000)
    """Pace of one draft."""


class DraftingSettings(BaseModel):
    """Our own clocks and limits, in seconds unless said otherwise."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    first_text: float = Field(default=30, gt=0)
    """Longest wait for the first piece of text."""
    gap: float = Field(default=20, gt=0)
    """Longest silence between two pieces of text; pings do not count."""
    whole: float = Field(default=180, gt=0)
    """Longest draft."""
    attempts: int = Field(default=3, ge=1, le=10)
    """Tries before the first text; never more than one after it."""
    retry_wait: float = Field(default=60, ge=0)
    """Longest total wait between tries."""
    concurrency: int = Field(default=8, ge=1, le=256)
    """Drafts at once, per provider."""
    leader_wait: float = Field(default=10, ge=0)
    """Longest wait for a leader: the draft that writes a prompt to the cache for the others."""
    prewarm: bool = False
    """Whether opening the draft room writes its prompts to the cache, where the API can do that without an answer."""


class BudgetSettings(BaseModel):
    """What may be spent, in US dollars at list price; days are UTC. Nothing is drafted beyond it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    run: Decimal | None = Field(default=Decimal(5), ge=0)
    """One run: what one click or one command starts."""
    day: Decimal | None = Field(default=Decimal(25), ge=0)
    """Everybody's drafts of a day together."""
    editor_day: Decimal | None = Field(default=None, ge=0)
    """One editor's drafts of a day."""
    rehearsal: bool = False
    """Whether rehearsals, which spend nothing, are held to them too."""


class ReviewSettings(BaseModel):
    """What an editor sees before a decision, and what a page needs before it leaves."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    masked: bool = True
    """Whether undecided cells hide which provider wrote which draft."""
    second_signoff: bool = True
    """Whether a quote that its tool's own maker's model wrote, and nobody edited, needs a second editor to leave."""
    conflicts_block: bool = True
    """Whether a text that contradicts its dossier can be approved only once its words are sourced, reworded or kept
    with a reason. Saving what one is writing is never held up."""
    model_pass: bool = False
    """Whether an approved quote can be read again by the other provider: a request each, whose marks are added."""


class AppSettings(BaseModel):
    """Where the screen is served."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=8501, ge=1, le=65_535)
    """Port to listen on."""


def _default_providers() -> dict[str, ProviderSettings]:
    return {
        "claude": ProviderSettings.model_validate(
            {
                "api": "anthropic",
                "model": "claude-sonnet-5-5",
                "mode": "schema",
                # Sonnet 5.5 thinks before it answers unless told to think between tool calls only:
                # a review needs its first sentence early.
                "thinking": "between_tools",
            }
        ),
        "codestral": ProviderSettings(api="mistral", model="codestral-2508"),
    }


class Settings(BaseSettings):
    """Everything that can be set. Environment names start with `WORKBENCH_`, nested ones use `__`."""

    model_config = SettingsConfigDict(env_prefix="WORKBENCH_", env_nested_delimiter="__", extra="forbid", frozen=True)

    workspace: Path = Field(default_factory=lambda: user_data_path(APP) / "workbench.db")
    """The workspace file."""
    personas: Path | None = None
    """A folder of persona files instead of the built-in ones."""
    prompts: Path | None = None
    """A folder of prompt files instead of the built-in ones."""
    sample: bool = True
    """Whether a new workspace starts with the two sample tools."""
    editor: str = "Local editor"
    """The name under which decisions are signed."""
    providers: dict[str, ProviderSettings] = Field(default_factory=_default_providers)
    """Configured models by name."""
    rehearsal: RehearsalSettings = RehearsalSettings()
    drafting: DraftingSettings = DraftingSettings()
    budgets: BudgetSettings = BudgetSettings()
    review: ReviewSettings = ReviewSettings()
    app: AppSettings = AppSettings()

    @field_validator("workspace")
    @classmethod
    def _at_home(cls, path: Path) -> Path:
        return path.expanduser()

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments win over the environment, the environment over the file."""
        del dotenv_settings, file_secret_settings
        return (init_settings, env_settings, TomlConfigSettingsSource(settings_cls, config_file()))

    def secret(self, name: str) -> Secret:
        """The key in the environment variable `name`; empty when unset.

        Raises SettingsError when it holds blanks or anything that cannot stand in a header.
        """
        raw = os.environ.get(name, "").strip()
        if raw and not all("!" <= character <= "~" for character in raw):
            raise SettingsError(
                f"The key in {name} holds blanks or characters no key has.",
                "Copy it again, without quotes or line ends.",
            )
        return Secret(raw)


def config_file() -> Path:
    """The settings file: `WORKBENCH_CONFIG`, `workbench.toml` here, or the user's own."""
    named = os.environ.get("WORKBENCH_CONFIG", "")
    if named:
        return Path(named)
    here = Path("workbench.toml")
    return here if here.is_file() else user_config_path(APP) / "workbench.toml"


def load(**overrides: Any) -> Settings:
    """The settings, with `overrides` that are not None on top. Raises SettingsError naming the key."""
    named = os.environ.get("WORKBENCH_CONFIG", "")
    if named and not Path(named).is_file():
        raise SettingsError(f"The settings file {named} does not exist.", "Check WORKBENCH_CONFIG.")
    try:
        return Settings(**{key: value for key, value in overrides.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise SettingsError(
            f"The setting {where} is wrong: {first['msg']}.",
            f"Correct it in {config_file()} or in the environment.",
        ) from None
    except ValueError as error:  # the TOML itself
        raise SettingsError(f"{config_file()} is not valid TOML: {error}.", "Correct the file.") from None


def adopt(settings: Settings) -> None:
    """Make `settings` what the rest of this process loads, whatever folder it moves to.

    Only what depends on the folder, or was given as an argument, is set: keys stay as they are.
    """
    found = os.environ
    found["WORKBENCH_WORKSPACE"] = str(settings.workspace.expanduser().absolute())
    found["WORKBENCH_EDITOR"] = settings.editor
    found["WORKBENCH_REHEARSAL__MODE"] = settings.rehearsal.mode
    for name, folder in (("WORKBENCH_PERSONAS", settings.personas), ("WORKBENCH_PROMPTS", settings.prompts)):
        if folder is not None:
            found[name] = str(folder.expanduser().absolute())
    file = config_file()
    if file.is_file():
        found["WORKBENCH_CONFIG"] = str(file.absolute())
