"""What strangers cannot reach, what errors do not show, and keys that are found nowhere."""

from __future__ import annotations

import ast
import http.client
import json
import logging
import socket
import threading
import tomllib
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Page, expect

from tests.running import run
from tests.ui.conftest import ROOT, App, free_port, start, stop
from tests.ui.screen import ENTRY, Screen
from tests.ui.staging import ANVIL, KETTLE, TOOLS, alone, some_settings
from workbench.bootstrap import Workbench, build
from workbench.domain.draft import Draft
from workbench.domain.ids import PersonaId
from workbench.services.deciding import Signature
from workbench.ui import runtime
from workbench.ui.scripts import SCRIPTS_PATH

CONFIG = ROOT / ".streamlit" / "config.toml"
CANARIES = {
    "ANTHROPIC_API_KEY": "sk-ant-canary-7f3a9c51e0",
    "MISTRAL_API_KEY": "mistralcanary44d0b6a2f8",
}
SAFE: dict[str, dict[str, object]] = {
    "server": {
        "address": "127.0.0.1",
        "allowedHosts": ["127.0.0.1", "localhost"],
        "headless": True,
        "fileWatcherType": "none",
        "enableStaticServing": False,
        "maxUploadSize": 5,
        "maxMessageSize": 10,
    },
    "browser": {"gatherUsageStats": False},
    "client": {"showErrorDetails": "none", "showErrorLinks": False, "toolbarMode": "minimal"},
    "runner": {"postScriptGC": False},
    "logger": {"level": "warning"},
}
DANGEROUS = ("enableAgentApi", "trustedUserHeaders", "enableXsrfProtection", "enableCORS", "corsAllowedOrigins")


# --- settings and layout


@pytest.mark.parametrize("section", SAFE)
def test_streamlit_is_set_up_safely(section: str) -> None:
    found = tomllib.loads(CONFIG.read_text(encoding="utf-8"))[section]
    assert {key: found.get(key) for key in SAFE[section]} == SAFE[section]
    assert [key for key in DANGEROUS if key in found] == []


def test_every_setting_has_its_reason_on_its_line() -> None:
    section, bare = "", list[str]()
    for line in CONFIG.read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            section = line.split("]")[0].strip("[")
        elif "=" in line and not section.startswith("theme") and not line.partition("# ")[2].strip():
            bare.append(line)
    assert section
    assert bare == []


def test_no_page_can_be_reached_past_the_entry() -> None:
    assert ENTRY.is_file()
    assert not (ENTRY.parent / "pages").exists()
    assert sorted(path.name for path in ENTRY.parent.glob("*.py")) == ["__init__.py", "main.py"]


def test_nothing_on_the_screen_is_trusted_as_html_but_our_own() -> None:
    calls = [
        node
        for path in (ROOT / "workbench" / "ui").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    ]
    assert len(calls) > 100
    named = {word.arg for call in calls for word in call.keywords}
    assert named & {"unsafe_allow_html", "unsafe_allow_javascript"} == set()


def test_tests_cannot_leave_this_machine() -> None:
    async def reach() -> None:
        import asyncio

        await asyncio.open_connection("192.0.2.1", 443)

    for family, address in ((socket.AF_INET, ("192.0.2.1", 80)), (socket.AF_INET6, ("2001:db8::1", 80))):
        with socket.socket(family) as connecting, pytest.raises(RuntimeError, match="tried to connect"):
            connecting.connect(address)
        with socket.socket(family) as connecting, pytest.raises(RuntimeError, match="tried to connect"):
            connecting.connect_ex(address)
    with pytest.raises(RuntimeError, match="tried to connect"):
        run(reach())


# --- the running server


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """A fresh server nobody has visited."""
    folder = tmp_path_factory.mktemp("served")
    running = start(folder, folder / "work.db")
    yield running
    stop(running)


def ask(app: App, path: str, *, method: str = "GET", **headers: str) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(urlsplit(app.url).netloc, timeout=20)
    body = b"{}" if method == "POST" else None
    connection.request(method, path, body, {"Content-Type": "application/json", **headers})
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


HANDSHAKE = {
    "Connection": "Upgrade",
    "Upgrade": "websocket",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
}


@pytest.mark.parametrize("path", ["/_stcore/stream", "/workbench/live"])
@pytest.mark.parametrize(
    ("host", "origin"),
    [
        ("", "http://evil.example"),
        ("", "null"),
        ("evil.example", "http://evil.example"),  # a name rebound to this machine
        ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example"),
        ("10.0.0.7:8501", "http://10.0.0.7:8501"),
    ],
)
def test_a_socket_from_another_page_or_by_another_name_is_refused(
    served: App, path: str, host: str, origin: str
) -> None:
    ours = urlsplit(served.url).netloc
    assert ask(served, path, **HANDSHAKE, Host=host or ours, Origin=origin)[0] == 403


def test_our_own_socket_is_answered(served: App) -> None:
    assert ask(served, f"{SCRIPTS_PATH}/live_pane.js")[0] == 200
    connection = socket.create_connection(("127.0.0.1", urlsplit(served.url).port or 0), timeout=20)
    lines = [f"{key}: {value}" for key, value in HANDSHAKE.items()]
    head = ["GET /workbench/live HTTP/1.1", f"Host: {urlsplit(served.url).netloc}", f"Origin: {served.url}", *lines]
    with connection:
        connection.sendall("\r\n".join([*head, "", ""]).encode())
        assert connection.recv(64).startswith(b"HTTP/1.1 101")


def test_no_program_drives_the_app_past_its_screen(served: App) -> None:
    status, told = ask(served, "/_stcore/agent/interact", method="POST")
    assert (status, json.loads(told)["error"]["code"]) == (403, "not_available")
    status, told = ask(served, "/_stcore/agent/mcp", method="POST")
    assert status >= 400
    assert b"not_available" in told
    assert b"switched off" in ask(served, "/_stcore/agent/openapi.json")[1]


@pytest.mark.parametrize(
    "path", ["/app/static/main.py", "/..%2f..%2fpyproject.toml", "/workbench/live_pane.css", f"{SCRIPTS_PATH}/serve.py"]
)
def test_no_file_of_ours_is_served(served: App, path: str) -> None:
    _, body = ask(served, path)
    for secret in (b"def main", b"[build-system]", b".pane{"):
        assert secret not in body


@pytest.mark.browser
@pytest.mark.parametrize(("path", "title"), [("room", "Draft room"), ("comparison", "Comparison"), ("main", "Desk")])
def test_a_deep_link_to_a_fresh_server_shows_our_page(
    tmp_path: Path, open_page: Callable[[str], Page], path: str, title: str
) -> None:
    app = start(tmp_path, tmp_path / "work.db")
    page = open_page(f"{app.url}/{path}")
    expect(page.get_by_role("heading", level=1)).to_have_text(title)
    expect(page.get_by_role("link", name="Draft room")).to_be_visible()
    stop(app)


@pytest.mark.browser
def test_a_damaged_workspace_is_no_traceback_on_the_screen(tmp_path: Path, open_page: Callable[[str], Page]) -> None:
    app = start(tmp_path, tmp_path / "work.db")
    page = open_page(f"{app.url}/room")
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft room")
    app.workspace.write_bytes(b"not a database any more" * 4096)
    page.get_by_role("link", name="Tools").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    for told in ("Traceback", "sqlite3", "sqlalchemy", 'File "', "site-packages"):
        assert told not in page.locator("body").inner_text()
    app.process.kill()
    app.process.join(10)


# --- keys


class Parrot(BaseHTTPRequestHandler):
    """A gateway that refuses, and repeats what it was sent."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        told = json.dumps({"message": f"Bad key: {dict(self.headers)}"})
        error = {"type": "error", "error": {"type": "authentication_error", "message": told}, "message": told}
        body = json.dumps(error).encode()
        self.send_response(401)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - named so by the base class
        """Keeps the test's output quiet."""


class Gateway(ThreadingHTTPServer):
    """Takes all drafts' calls at once."""

    request_queue_size = 64


@pytest.fixture
def parrot() -> Iterator[str]:
    server = Gateway(("127.0.0.1", 0), Parrot)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    serving.join()
    server.server_close()


@pytest.fixture
def keyed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Workbench]]:
    """A workbench with both vendors' keys and an endpoint of one's own."""
    alone(tmp_path, monkeypatch)
    for name, key in CANARIES.items():
        monkeypatch.setenv(name, key)

    def opened(url: str) -> Workbench:
        providers = {
            "claude": {"api": "anthropic", "model": "claude-sonnet-5-5", "base_url": url},
            "codestral": {"api": "mistral", "model": "codestral-2508", "base_url": url},
        }
        drafting = {"attempts": 1}
        settings = some_settings(tmp_path, rehearsal={"mode": "never"}, providers=providers, drafting=drafting)
        bench = build(settings)
        bench.importing.commit(bench.importing.preview_text(TOOLS))
        monkeypatch.setattr(runtime, "_workbench", bench)
        return bench

    yield opened
    runtime.close()


def leaks(*texts: object) -> list[str]:
    return [key for key in CANARIES.values() for text in texts if key in str(text)]


def failed_drafts(bench: Workbench, screen: Screen) -> list[Draft]:
    screen.click("draft-all")
    for tool in (KETTLE, ANVIL):
        bench.drafting.wait(one.draft.id for one in bench.drafting.of_tool(tool))
    return [one.draft for tool in (KETTLE, ANVIL) for one in bench.drafting.of_tool(tool)]


def exported(bench: Workbench) -> list[bytes]:
    for tool in (KETTLE, ANVIL):
        bench.deciding.edit(tool, PersonaId("builder"), "By hand.", Signature(editor="Ann"))
    page = bench.publishing.page(bench.publishing.comparison(KETTLE, ANVIL))
    return [bench.publishing.export(page, one.name).data for one in bench.publishing.exporters]


@pytest.mark.parametrize("endpoint", ["closed", "parrot"])
def test_a_key_is_found_nowhere_after_a_draft_has_failed(
    keyed: Callable[[str], Workbench],
    parrot: str,
    endpoint: str,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
) -> None:
    caplog.set_level(logging.DEBUG)
    bench = keyed(parrot if endpoint == "parrot" else f"http://127.0.0.1:{free_port()}")
    screen = Screen("room", tool=[KETTLE, ANVIL])
    drafts = failed_drafts(bench, screen)
    assert [one.state for one in drafts] == ["failed"] * 16
    assert all(one.failure is not None and one.failure.remedy for one in drafts)
    kinds = {one.failure.failure for one in drafts if one.failure}
    assert kinds == ({"key_refused"} if endpoint == "parrot" else {"unreachable"})
    screen.run()
    pages = [*screen.texts(), *screen.panes(), screen.at.session_state.to_dict()]
    files = exported(bench)
    pages += screen.go("comparison", tool=[KETTLE, ANVIL]).texts() + screen.go("tools").texts()
    bench.drafting.close()
    stored = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert len(stored) >= 1
    logged = [record.getMessage() + str(record.exc_text) for record in caplog.records]
    assert leaks(*pages) == []
    assert leaks(*drafts, bench.settings, bench.planning.providers) == []
    assert leaks(*(one.decode("utf-8", "replace") for one in [*files, *stored])) == []
    assert leaks(*logged, *capfd.readouterr()) == []
