"""No key, token or password is in the repository: every tracked file is read, and only made-up ones are allowed."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SECRETS = re.compile(
    r"\bsk-[A-Za-z0-9_-]{8,}"  # Anthropic and others
    r"|\bBearer [A-Za-z0-9._~+/-]{8,}=*"
    r"|\bAKIA[0-9A-Z]{16}\b"  # AWS
    r"|\bAIza[0-9A-Za-z_-]{30,}"  # Google
    r"|\bgh[pousr]_[A-Za-z0-9]{20,}"  # GitHub
    r"|\bxox[abprs]-[A-Za-z0-9-]{10,}"  # Slack
    r"|\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}"  # a signed web token
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|://[^/@:\s\"']+:[^/@\s\"'{]+@"  # a password within an address
    r"|\b(?:ANTHROPIC|MISTRAL)_API_KEY\s*=\s*[\"']?[A-Za-z0-9_-]{12,}"
)
CANARIES = (
    "sk-ant-api03-abcdefghijk",
    "sk-ant-canary-0123456789",
    "sk-ant-canary-7f3a9c51e0",
    "sk-canary-4f1c9a7be2d05836",
    "sk-other-key-123456",
    "sk-rehearsal-0123456789",
    "sk-somebody-elses",
    "sk-test-0123456789abcdef",
    "sk-the-vendors",
    "Bearer rehearsal",
    "Bearer somebody-elses",
)
"""Made up for tests, each by its whole name: who needs another adds it here, and a reviewer sees it."""


def tracked() -> list[Path]:
    """Every file of this checkout that git knows."""
    try:
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this is no git checkout")
    return [ROOT / name for name in listed.split("\0") if name]


def secrets_in(text: str) -> list[str]:
    """What looks like a secret and is not one of ours."""
    return [found for found in SECRETS.findall(text) if found not in CANARIES]


def test_no_tracked_file_holds_a_secret() -> None:
    found: dict[str, list[str]] = {}
    files = [path for path in tracked() if path.is_file()]
    for path in files:
        if held := secrets_in(path.read_text(encoding="utf-8", errors="replace")):
            found[str(path.relative_to(ROOT))] = held
    assert found == {}
    assert len(files) > 100


def test_no_file_that_holds_secrets_is_tracked() -> None:
    names = {path.name for path in tracked()}
    assert names.isdisjoint({"secrets.toml", ".env", "workbench.toml", "credentials.json", "id_rsa"})


@pytest.mark.parametrize(
    "text",
    [
        "key = 'sk-" + "ant-api03-Zx81kQ'",
        "Authorization: Bearer " + "a81kQ0.93jd",
        "postgresql://ann:" + "hunter2@db/desk",
        "-----BEGIN RSA " + "PRIVATE KEY-----",
        "MISTRAL_API_KEY=" + "q8Zk31hH0aPp",
    ],
)
def test_a_secret_would_be_found(text: str) -> None:
    assert secrets_in(text)


def test_what_only_looks_like_one_is_left_alone() -> None:
    for text in ("risk-averse readers", "postgresql+psycopg://user@host/desk", 'f"Bearer {key}"', "task-list-items"):
        assert secrets_in(text) == []


def test_every_canary_is_in_use() -> None:
    tests = "\n".join(
        path.read_text(encoding="utf-8") for folder in ("tests", "benchmarks") for path in (ROOT / folder).rglob("*.py")
    )
    assert [one for one in CANARIES if tests.count(one) < 2] == []
