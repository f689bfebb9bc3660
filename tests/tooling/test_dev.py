"""The command of a newcomer, in the states that a newcomer's machine can be in."""

import ast
import importlib.util
import os
import socket
import subprocess
import sys

import pytest

from portal.env import BASE_DIR
from tests.conftest import LONGEST

pytestmark = pytest.mark.tooling

SOURCE = (BASE_DIR / "dev.py").read_text("utf-8")


@pytest.fixture
def dev(monkeypatch, tmp_path):
    """dev.py as a module, at home in an empty folder."""
    spec = importlib.util.spec_from_file_location("dev", BASE_DIR / "dev.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    (tmp_path / "requirements").mkdir()
    for purpose in module.LOCKS:
        (tmp_path / f"requirements/{purpose}.txt").write_text("nothing==1\n")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "REQUIREMENTS", tmp_path / "requirements")
    return module


def run(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, str(BASE_DIR / "dev.py"), *arguments],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_old_pythons_can_read_it_up_to_the_sentence():
    ast.parse(SOURCE, feature_version=(3, 7))
    body = ast.parse(SOURCE).body
    imports = [n for n in body if isinstance(n, (ast.Import, ast.ImportFrom))]
    check = next(n for n in body if isinstance(n, ast.If))
    assert [n.lineno < check.lineno for n in imports] == [True] + [False] * (len(imports) - 1)


def test_it_needs_nothing_but_the_standard_library():
    imported = {
        alias.name.split(".")[0]
        for node in ast.walk(ast.parse(SOURCE))
        if isinstance(node, ast.Import)
        for alias in node.names
    }
    assert imported <= sys.stdlib_module_names


@pytest.mark.parametrize("option", [(), ("--no-reload",), ("--reset",)])
def test_a_port_in_use(option):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        done = run("serve", "--port", str(port), *option)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use by another program; take another: ")
    assert len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_a_port_that_is_none():
    done = run("serve", "--port", "70000")
    assert (done.returncode, done.stderr) == (1, "A port is a number from 1 to 65535.\n")


def test_reset_keeps_off_what_is_elsewhere(dev, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql:///suites")
    with pytest.raises(dev.Trouble, match="DATABASE_URL is set"):
        dev.reset()


def test_reset_throws_away_database_and_uploads(dev, monkeypatch, tmp_path):
    monkeypatch.delenv("DATABASE_URL", raising=False)
    (tmp_path / "var/media").mkdir(parents=True)
    for name in ("suites.sqlite3", "suites.sqlite3-wal", "kept.txt", "media/a.pdf"):
        (tmp_path / "var" / name).write_text("x")
    dev.reset()
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["kept.txt"]


def test_no_module_that_makes_environments(dev, monkeypatch, tmp_path):
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(dev.Trouble, match="python3-venv"):
        dev.ensure_venv(tmp_path / "env", "base")


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        (
            "WARNING: Retrying after connection broken by 'NewConnectionError(\n"
            "ERROR: Could not find a version that satisfies the requirement nothing==1\n"
            "ERROR: No matching distribution found for nothing==1",
            "is there a network",
        ),
        (
            "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.",
            "not the one that requirements/base.txt was made with",
        ),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: something else", "pip failed: ERROR: something else"),
    ],
)
def test_an_installation_that_fails_says_why_once(dev, monkeypatch, tmp_path, output, sentence):
    failed = subprocess.CompletedProcess([], 1, stdout="", stderr=output)
    monkeypatch.setattr(dev, "make_venv", lambda venv, maker: venv.mkdir())
    monkeypatch.setattr(dev.subprocess, "run", lambda *args, **kwargs: failed)
    with pytest.raises(dev.Trouble, match=sentence) as trouble:
        dev.ensure_venv(tmp_path / "env", "base")
    assert "\n" not in str(trouble.value)
    assert not (tmp_path / "env" / dev.STAMP).exists()


def test_an_environment_is_installed_once_a_lock(dev, monkeypatch, tmp_path):
    installed = []
    venv = tmp_path / "env"
    monkeypatch.setattr(dev, "runs", lambda python: venv.exists())
    monkeypatch.setattr(dev, "make_venv", lambda venv, maker: venv.mkdir())
    monkeypatch.setattr(dev, "install", lambda venv, purpose: installed.append(purpose))
    dev.ensure_venv(venv, "base")
    dev.ensure_venv(venv, "base")
    assert installed == ["base"]
    dev.ensure_venv(venv, "base", "dev")
    dev.ensure_venv(venv, "base")
    assert installed == ["base", "dev"]
    (tmp_path / "requirements/base.txt").write_text("nothing==2\n")
    dev.ensure_venv(venv, "base")
    assert installed == ["base", "dev", "base"]


def test_an_environment_that_was_moved_is_made_again(dev, monkeypatch, tmp_path):
    made = []
    monkeypatch.setattr(dev, "runs", lambda python: True)
    monkeypatch.setattr(dev, "make_venv", lambda venv, maker: made.append(venv))
    monkeypatch.setattr(dev, "install", lambda venv, purpose: None)
    (tmp_path / "old").mkdir()
    dev.ensure_venv(tmp_path / "old", "base")
    (tmp_path / "old").rename(tmp_path / "new")
    dev.ensure_venv(tmp_path / "new", "base")
    assert made == [tmp_path / "new"]


@pytest.mark.parametrize(("ci", "status"), [("", 0), ("true", 1)])
def test_the_lane_ahead_is_skipped_by_name(dev, monkeypatch, capsys, ci, status):
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(dev.sys, "version_info", (3, 11, 7))
    monkeypatch.setattr(dev.shutil, "which", lambda name: None)
    assert dev.test(dev.options_of(["test", "--ahead"])) == status
    assert capsys.readouterr().out == "Skipped: no Python 3.12 or newer on this machine.\n"


def test_children_end_together(dev):
    children = dev.Children()
    sleep = [sys.executable, "-c", "import time; time.sleep(60)"]
    children.start("worker", sleep, dict(os.environ))
    children.start("server", [sys.executable, "-c", "pass"], dict(os.environ))
    assert children.watch() == 1
    children.stop()
    assert all(process.returncode is not None for _name, process in children.running)


def test_what_is_begun_first_is_there():
    assert all((BASE_DIR / "tests" / name).is_file() for name in LONGEST)
