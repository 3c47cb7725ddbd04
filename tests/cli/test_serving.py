"""`workbench app` and `workbench rehearse`: refused with a sentence, or up until told to stop."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.shell import Shell, command, environment, program
from workbench.cli.app import _with_default_command
from workbench.cli.listening import address_of, is_loopback
from workbench.cli.serving import home
from workbench.settings import adopt, load


@pytest.fixture
def taken() -> Iterator[int]:
    """A port somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ([], ["app"]),
        (["--port", "9000"], ["app", "--port", "9000"]),
        (["-w", "a.db"], ["-w", "a.db", "app"]),
        (["--workspace=a.db", "--debug", "--port", "1"], ["--workspace=a.db", "--debug", "app", "--port", "1"]),
        (["-w", "a.db", "tools"], ["-w", "a.db", "tools"]),
        (["--help"], ["--help"]),
        (["--version"], ["--version"]),
        (["-w"], ["-w"]),
        (["tools", "--json"], ["tools", "--json"]),
    ],
)
def test_no_command_means_the_app(typed: list[str], meant: list[str]) -> None:
    assert _with_default_command(typed) == meant


def test_a_taken_port_is_refused_with_the_way_out(shell: Shell, taken: int) -> None:
    result = shell("--port", str(taken))
    assert result.code == 3
    assert f"Port {taken}" in result.err
    assert "--port" in result.err
    assert "WORKBENCH_APP__PORT" in result.err


def test_the_port_of_the_settings_is_looked_at_too(shell: Shell, taken: int) -> None:
    shell.monkeypatch.setenv("WORKBENCH_APP__PORT", str(taken))
    assert f"Port {taken}" in shell("app").err


def test_faults_can_be_listed_and_a_wrong_one_is_refused_with_the_way_to_the_list(tmp_path: Path) -> None:
    known = program(tmp_path, "rehearse", "--fault", "?")
    assert (known.code, len(known.out.splitlines()) > 60) == (0, True)
    for wrong in ("2=nonsense", "0=cut", "cut"):
        refused = program(tmp_path, "rehearse", "--fault", wrong)
        assert (refused.code, wrong in refused.err, "'?' lists" in refused.err.replace("`", "")) == (
            2,
            True,
            True,
        )


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.7", "reviews.example.org"])
@pytest.mark.parametrize("name", ["app", "rehearse"])
def test_an_address_others_can_reach_needs_a_word(shell: Shell, name: str, host: str) -> None:
    result = shell(name, "--host", host)
    assert result.code == 3
    assert "--i-know" in result.err


def test_an_address_of_another_machine_is_refused_even_so(shell: Shell) -> None:
    result = shell("app", "--host", "192.0.2.7", "--i-know")
    assert result.code == 3
    assert "Nothing can listen on 192.0.2.7" in result.err


@pytest.mark.parametrize("port", ["0", "65536", "eighty"])
def test_a_port_that_is_none_is_refused(shell: Shell, port: str) -> None:
    result = shell("app", "--port", port)
    assert result.code == 2
    assert "--port" in result.err


def test_a_damaged_workspace_is_a_sentence_before_the_server_starts(shell: Shell) -> None:
    shell.workspace.write_text("not a database", encoding="utf-8")
    result = shell("app", "--port", str(free_port()))
    assert result.code == 4
    assert str(shell.workspace) in result.err


def test_loopback_is_known_by_name_and_number() -> None:
    assert [
        one for one in ("127.0.0.1", "127.9.9.9", "::1", "localhost", "0.0.0.0", "example.org") if is_loopback(one)
    ] == [
        "127.0.0.1",
        "127.9.9.9",
        "::1",
        "localhost",
    ]
    assert address_of("::", 80) == "http://[::1]:80"
    assert address_of("0.0.0.0", 80) == "http://127.0.0.1:80"


def test_the_child_sees_the_same_settings_from_another_folder(shell: Shell) -> None:
    (shell.home / "workbench.toml").write_text('editor = "Ada"\n', encoding="utf-8")
    shell.monkeypatch.setenv("WORKBENCH_PERSONAS", "lenses")
    shell.monkeypatch.setenv("WORKBENCH_CONFIG", "")  # each is put back after the test
    for name in ("WORKBENCH_WORKSPACE", "WORKBENCH_EDITOR", "WORKBENCH_REHEARSAL__MODE"):
        shell.monkeypatch.setenv(name, os.environ.get(name, ""))
    shell.monkeypatch.delenv("WORKBENCH_EDITOR")
    shell.monkeypatch.delenv("WORKBENCH_WORKSPACE")
    adopt(load(workspace=Path("here.db")))
    found = os.environ
    assert found["WORKBENCH_WORKSPACE"] == str(shell.home / "here.db")
    assert found["WORKBENCH_CONFIG"] == str(shell.home / "workbench.toml")
    assert found["WORKBENCH_PERSONAS"] == str(shell.home / "lenses")
    assert found["WORKBENCH_EDITOR"] == "Ada"
    assert found["WORKBENCH_REHEARSAL__MODE"] == "always"


def test_the_server_s_own_settings_are_where_it_looks_for_them() -> None:
    assert (home() / ".streamlit" / "config.toml").is_file()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_app_is_up_until_it_is_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    with subprocess.Popen(
        command("--port", str(port)),
        cwd=tmp_path,
        env=environment(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as running:
        try:
            _until_up(f"http://127.0.0.1:{port}/_stcore/health", running)
        finally:
            running.send_signal(number)
            out, err = running.communicate(timeout=30)
    assert f"http://127.0.0.1:{port}" in out
    assert str(tmp_path / "desk.db") in out
    assert "Rehearsal: no model was called" in out
    assert running.returncode == 0
    assert "Traceback" not in out + err
    assert (tmp_path / "desk.db").is_file()


def test_the_rehearsal_server_is_up_until_it_is_told_to_stop(tmp_path: Path) -> None:
    with subprocess.Popen(
        command("rehearse"), env=environment(tmp_path), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        assert running.stdout is not None
        url = running.stdout.readline().removeprefix("Rehearsal server: ").strip()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"{url}/v1/nothing", timeout=20)
        refused.value.close()
        out = ""
        while "Ctrl-C" not in out and (line := running.stdout.readline()):
            out += line
        running.send_signal(signal.SIGTERM)
        _, err = running.communicate(timeout=30)
    assert refused.value.code == 404
    assert "ANTHROPIC_BASE_URL" in out
    assert "server_url" in out
    assert running.returncode == 0
    assert err == ""


def test_the_rehearsal_server_refuses_a_taken_port(tmp_path: Path, taken: int) -> None:
    result = program(tmp_path, "rehearse", "--port", str(taken))
    assert result.code == 3
    assert f"Port {taken}" in result.err


def _until_up(url: str, running: subprocess.Popen[str]) -> None:
    for _ in range(300):
        assert running.poll() is None, "the app ended before it was up"
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    sys.exit("the app never came up")
