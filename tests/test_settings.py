"""One Settings: arguments over the environment over the file, and an error that names the key."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from workbench.errors import SettingsError
from workbench.settings import APP, Settings, adopt, config_file, load


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with nothing set, in a folder with nothing in it."""
    for name in list(os.environ):
        if name.startswith(("WORKBENCH_", "ANTHROPIC_", "MISTRAL_")):
            monkeypatch.delenv(name)
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    return tmp_path


def write(text: str, path: str = "workbench.toml") -> Path:
    file = Path(path)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_without_anything_set_two_providers_draft_and_rehearsal_may_stand_in() -> None:
    settings = load()
    assert {name: one.api for name, one in settings.providers.items()} == {
        "claude": "anthropic",
        "codestral": "mistral",
    }
    assert (settings.rehearsal.mode, settings.app.host, settings.sample) == ("auto", "127.0.0.1", True)
    assert settings.workspace.name == "workbench.db"
    assert settings.workspace.parent.name == APP


def test_the_environment_sets_simple_and_nested_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_EDITOR", "Ann")
    monkeypatch.setenv("WORKBENCH_REHEARSAL__MODE", "never")
    monkeypatch.setenv("WORKBENCH_DRAFTING__CONCURRENCY", "3")
    settings = load()
    assert (settings.editor, settings.rehearsal.mode, settings.drafting.concurrency) == ("Ann", "never", 3)
    assert settings.drafting.first_text == 30


def test_the_file_in_this_folder_is_read(home: Path) -> None:
    write('editor = "Ben"\n[app]\nport = 9000\n[providers.local]\napi = "mistral"\nmodel = "m"\nmode = 3\n')
    settings = load()
    assert (settings.editor, settings.app.port) == ("Ben", 9000)
    assert settings.providers["local"].options == {"mode": "3"}
    assert config_file() == Path("workbench.toml")
    assert home.is_dir()


def test_the_users_own_file_is_read_when_this_folder_has_none(home: Path) -> None:
    write('editor = "Cleo"', str(home / "config" / APP / "workbench.toml"))
    assert load().editor == "Cleo"


def test_a_named_file_wins_over_the_one_here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write('editor = "Ben"')
    monkeypatch.setenv("WORKBENCH_CONFIG", str(write('editor = "Dora"', str(home / "mine.toml"))))
    assert load().editor == "Dora"


def test_arguments_win_over_the_environment_and_it_over_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    write('editor = "File"\nsample = false\n[app]\nport = 9000\n')
    monkeypatch.setenv("WORKBENCH_EDITOR", "Environment")
    assert (load().editor, load().sample, load().app.port) == ("Environment", False, 9000)
    assert load(editor="Argument", workspace=None).editor == "Argument"


def test_a_named_file_that_does_not_exist_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_CONFIG", "nowhere.toml")
    with pytest.raises(SettingsError, match=r"The settings file nowhere\.toml does not exist"):
        load()


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ('[rehearsal]\nmode = "sometimes"', "rehearsal.mode"),
        ("[drafting]\nconcurrency = 0", "drafting.concurrency"),
        ("[drafting]\npatience = 3", "drafting.patience"),
        ("[app]\nport = 99999", "app.port"),
        ("[app]\ncolour = 3", "app.colour"),
        ('[providers.claude]\nmodel = "m"', "providers.claude.api"),
        ('sample = "perhaps"', "sample"),
    ],
)
def test_a_value_that_makes_no_sense_is_named_with_its_file(text: str, key: str) -> None:
    write(text)
    with pytest.raises(SettingsError) as caught:
        load()
    assert f"The setting {key} is wrong" in caught.value.message
    assert "workbench.toml" in caught.value.remedy


def test_a_value_in_the_environment_is_named_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKBENCH_APP__PORT", "no")
    with pytest.raises(SettingsError, match=r"The setting app\.port is wrong"):
        load()


def test_a_file_that_is_not_toml_is_named() -> None:
    write("editor = ")
    with pytest.raises(SettingsError, match=r"workbench\.toml is not valid TOML"):
        load()


def test_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load().editor = "Eve"  # type: ignore[misc] # that is the point


def test_a_key_is_read_without_the_blanks_around_it_and_never_printed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", " sk-abc123\n")
    secret = Settings().secret("A_KEY")
    assert (secret.reveal(), bool(secret)) == ("sk-abc123", True)
    assert "abc" not in f"{secret} {secret!r} {[secret]}"


def test_a_key_that_is_not_set_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMPTY_KEY", "  ")
    assert not Settings().secret("EMPTY_KEY")
    assert not Settings().secret("NO_KEY")


@pytest.mark.parametrize("value", ["sk-a b", "sk-a\nb", "sk-a\tb", "sk-\u200bab", "sk-é", "“sk-ab”"])
def test_a_key_no_header_can_carry_is_refused_without_printing_it(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("A_KEY", value)
    with pytest.raises(SettingsError, match="The key in A_KEY holds blanks") as caught:
        Settings().secret("A_KEY")
    assert value not in str(caught.value)


def test_adopted_settings_are_the_same_from_any_folder(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write('[drafting]\nconcurrency = 3\n[rehearsal]\nmode = "never"\n')
    (home / "elsewhere").mkdir()
    settings = load(workspace=Path("mine.db"), editor="Ann", personas=Path("lenses"), prompts=Path("texts"))
    _put_back_after(monkeypatch)
    adopt(settings)
    here = Path.cwd()
    monkeypatch.chdir(home / "elsewhere")
    again = load()
    assert (again.editor, again.rehearsal.mode, again.drafting.concurrency) == ("Ann", "never", 3)
    assert (again.workspace, again.personas, again.prompts) == (here / "mine.db", here / "lenses", here / "texts")


def test_what_nobody_set_is_not_set_by_adopting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_KEY", "sk-abc")
    _put_back_after(monkeypatch)
    adopt(load())
    assert os.environ["A_KEY"] == "sk-abc"
    assert not os.environ.keys() & {"WORKBENCH_CONFIG", "WORKBENCH_PERSONAS", "WORKBENCH_PROMPTS"}


def _put_back_after(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("WORKSPACE", "EDITOR", "REHEARSAL__MODE", "CONFIG", "PERSONAS", "PROMPTS"):
        monkeypatch.setenv(f"WORKBENCH_{name}", "")
        monkeypatch.delenv(f"WORKBENCH_{name}")
