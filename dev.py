#!/usr/bin/env python3
"""The two commands of a newcomer, and three of a maintainer.

    python3 dev.py serve     the site with its demo, in a browser
    python3 dev.py test      every check and test
    python3 dev.py manage …  Django's own commands, for instance: manage createsuperuser
    python3 dev.py lock      the locks of requirements/, compiled again
    python3 dev.py screenshots   every kind of page of the demo, as pictures in var/screenshots/

Standard library only: this runs before anything is installed. It keeps to the syntax of old
Pythons, so that they too can say which Python is needed.
"""

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Suites needs Python 3.11 or newer; this is Python {}.{}. "
        "Run this file with a newer one, for instance: python3.11 dev.py".format(
            *sys.version_info[:2]
        )
    )

import argparse
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
AHEAD_VENV = ROOT / ".venv-ahead"
LOCK_VENV = ROOT / ".venv-lock"
REQUIREMENTS = ROOT / "requirements"
STAMP = "suites-locks.json"
#: What each lock is compiled from: first the files, then where its versions are held to another's.
LOCKS = {
    "base": ["base.in"],
    "production": ["base.in", "production.in", "--constraints", "base.txt"],
    "dev": ["base.in", "dev.in", "--constraints", "base.txt"],
    "ahead": ["../pyproject.toml", "dev.in"],
    "lock": ["lock.in"],
}
AHEAD = (3, 12)  # the oldest Python of the newest Django and Wagtail we declare
HOST = "127.0.0.1"
#: A process a core; the tests of one file stay together, since some share a browser.
#: In the order of tests/conftest.py, and not of how many tests a file has.
AT_ONCE = ("--numprocesses", "auto", "--dist", "loadfile", "--no-loadscope-reorder")


class Trouble(Exception):
    """What stops us, in one sentence for whoever typed the command."""


# The environment


def python_of(venv: Path) -> str:
    return str(venv / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))


def lock_hash(purpose: str) -> str:
    return hashlib.sha256((REQUIREMENTS / (purpose + ".txt")).read_bytes()).hexdigest()


def ensure_venv(venv: Path, *purposes: str, maker: str = sys.executable) -> None:
    """Make the environment and install these locks, unless its stamp says it has them.

    The last lock named holds the others, so it alone is installed.
    """
    wanted = {purpose: lock_hash(purpose) for purpose in purposes}
    stamp = venv / STAMP
    try:
        had = json.loads(stamp.read_text("utf-8"))
    except (OSError, ValueError):
        had = {}
    # An environment can't be moved: one that was is made again.
    usable = had.get("place", str(venv)) == str(venv) and runs(python_of(venv))
    if usable and all(had.get(purpose) == wanted[purpose] for purpose in wanted):
        return
    if not usable:
        make_venv(venv, maker)
    stamp.unlink(missing_ok=True)
    install(venv, purposes[-1])
    stamp.write_text(json.dumps({**wanted, "place": str(venv)}), "utf-8")


def runs(python: str, least: "tuple[int, int]" = (3, 11)) -> bool:
    code = "import sys; sys.exit(sys.version_info < {})".format(least)
    try:
        return not subprocess.run([python, "-c", code], capture_output=True, check=False).returncode
    except OSError:
        return False


def make_venv(venv: Path, maker: str) -> None:
    if maker == sys.executable and not all(
        importlib.util.find_spec(name) for name in ("venv", "ensurepip")
    ):
        raise Trouble(
            "This Python lacks the module that makes environments; "
            "on Debian and Ubuntu: sudo apt install python3-venv"
        )
    say("Making an environment in " + venv.name + " …")
    made = subprocess.run(
        [maker, "-m", "venv", "--clear", str(venv)],
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode:
        raise Trouble(
            "The environment " + venv.name + " could not be made: " + last_line(made, "no reason")
        )


def install(venv: Path, purpose: str) -> None:
    lock = REQUIREMENTS / (purpose + ".txt")
    count = sum("==" in line for line in lock.read_text("utf-8").splitlines())
    say("Installing {} packages of requirements/{}.txt …".format(count, purpose))
    start = time.monotonic()
    done = subprocess.run(
        [
            *(python_of(venv), "-m", "pip", "install", "--quiet", "--no-input"),
            *("--disable-pip-version-check", "--require-hashes", "-r", str(lock)),
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        output = done.stdout + done.stderr
        if "HASHES" in output or "hash" in last_line(done, "").lower():
            raise Trouble(
                "A package is not the one that requirements/{}.txt was made with, so nothing was "
                "installed; fetch it from another index, or ask why it changed.".format(purpose)
            )
        if "No space left" in output:
            raise Trouble("The disk is full: no room for the packages.")
        signs = (
            "Connection",
            "Max retries",
            "No matching distribution",
            "ProxyError",
            "Read timed out",
            "SSLError",
            "Temporary failure",
        )
        if any(sign in output for sign in signs):
            raise Trouble(
                "The packages could not be fetched: is there a network, and does pip reach its "
                "index through it? Then run the same command again."
            )
        raise Trouble("pip failed: " + last_line(done, "it gave no reason"))
    say("Installed in {:.0f} s.".format(time.monotonic() - start))


def last_line(done: "subprocess.CompletedProcess[str]", otherwise: str) -> str:
    lines = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or [otherwise])[-1]


def environment(settings: str) -> "dict[str, str]":
    return {**os.environ, "DJANGO_SETTINGS_MODULE": "portal.settings." + settings}


def manage(*arguments: str) -> "list[str]":
    return [python_of(VENV), str(ROOT / "manage.py"), *arguments]


# serve


class Children:
    """The programs that make up the site. When one ends or we are told to stop, all end."""

    def __init__(self) -> None:
        self.running = []  # type: list[tuple[str, subprocess.Popen[bytes]]]

    def start(self, name: str, command: "list[str]", env: "dict[str, str]") -> None:
        self.running.append((name, subprocess.Popen(command, cwd=str(ROOT), env=env)))

    def ended(self) -> "tuple[str, int] | None":
        for name, process in self.running:
            if process.poll() is not None:
                return name, process.returncode
        return None

    def watch(self) -> int:
        while True:
            ended = self.ended()
            if ended:
                say("The {} ended.".format(ended[0]))
                return 1
            time.sleep(0.3)

    def stop(self) -> None:
        """First as asked, then by force. Ctrl-C in a terminal has reached them already."""
        for _name, process in self.running:
            if process.poll() is None:
                process.terminate()
        until = time.monotonic() + 10
        for _name, process in self.running:
            try:
                process.wait(max(0.1, until - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def serve(options: argparse.Namespace) -> int:
    port = options.port
    refuse_taken(port)
    ensure_venv(VENV, "base")
    env = environment("dev")
    env.setdefault("SUITES_SITE_URL", "http://{}:{}".format(HOST, port))
    env["DJANGO_RUNSERVER_HIDE_WARNING"] = "true"
    if options.reset:
        reset()
    if subprocess.run(manage("prepare"), cwd=str(ROOT), env=env, check=False).returncode:
        raise Trouble("The site could not be made ready; the reason stands above.")

    children = Children()
    try:
        server = manage("runserver", "{}:{}".format(HOST, port), "--verbosity", "0")
        if options.no_reload:
            server.append("--noreload")
        children.start("server", server, env)
        children.start("worker", manage("db_worker", "--backend", "background"), env)
        children.start("scheduler", manage("scheduler"), env)
        log_ins = subprocess.run(
            manage("demo_logins"), cwd=str(ROOT), env=env, stdout=subprocess.PIPE, check=False
        ).stdout.decode("utf-8")
        while not taken(port):
            if children.ended():
                raise Trouble("The server did not start; the reason stands above.")
            time.sleep(0.1)
        base = "http://{}:{}".format(HOST, port)
        say("")
        say("Open in a browser:")
        say("  {}/fr/     the site in French".format(base))
        say("  {}/nl/     the site in Dutch".format(base))
        say("  {}/admin/  for editors".format(base))
        say("  {}/_mail/  the mails that would have left".format(base))
        if log_ins.strip():
            say("Demo log-ins:")
            for line in log_ins.strip().splitlines():
                say("  " + line)
        say("Ctrl-C stops it.")
        say("")
        return children.watch()
    finally:
        children.stop()


def taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def refuse_taken(port: int) -> None:
    if not 0 < port < 65536:
        raise Trouble("A port is a number from 1 to 65535.")
    with socket.socket() as probe:
        if os.name != "nt":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except PermissionError:
            raise Trouble(
                "Port {} is reserved for the system; take one above 1023: "
                "python3 dev.py serve --port 8000".format(port)
            ) from None
        except OSError:
            raise Trouble(
                "Port {} is in use by another program; take another: "
                "python3 dev.py serve --port {}".format(port, port + 1 if port < 65535 else 8000)
            ) from None


def reset() -> None:
    """Throw away the database and the uploads of development."""
    set_elsewhere = [name for name in ("DATABASE_URL", "SUITES_MEDIA_ROOT") if os.environ.get(name)]
    if set_elsewhere:
        raise Trouble(
            "--reset only throws away what is in var/, and {} is set: unset it, "
            "or empty that place yourself.".format(" and ".join(set_elsewhere))
        )
    for path in (ROOT / "var").glob("suites.sqlite3*"):
        path.unlink()
    if (ROOT / "var/media").exists():
        shutil.rmtree(str(ROOT / "var/media"))
    say("The old demo is thrown away.")


# test


def test(options: argparse.Namespace) -> int:
    if options.ahead:
        return test_ahead(options)
    start = time.monotonic()
    ensure_venv(VENV, "base", "dev")
    bin_folder = Path(python_of(VENV)).parent
    templates = sorted(str(path) for path in ROOT.glob("*/templates"))
    tests = ["-m", "not functional"] if options.quick else []
    # Secrets and hosts of nobody: only to look at the settings themselves.
    production = {
        **environment("production"),
        "SECRET_KEY": "".join(hashlib.sha256(word).hexdigest() for word in (b"a", b"b")),
        "ALLOWED_HOSTS": "suites.example.org",
    }
    steps = [
        ("lint", tool(bin_folder, "ruff", "check", "."), None),
        ("format", tool(bin_folder, "ruff", "format", "--check", "."), None),
        ("templates", tool(bin_folder, "djhtml", "--check", "--tabwidth", "2", *templates), None),
        ("types", tool(bin_folder, "mypy"), None),
        ("imports", tool(bin_folder, "lint-imports"), None),
        ("migrations", manage("makemigrations", "--check", "--dry-run"), None),
        ("catalogues", manage("catalogues", "--check"), None),
        ("checks", manage("check", "--fail-level", "WARNING"), None),
        (
            "checks of production",
            manage("check", "--deploy", "--fail-level", "WARNING"),
            production,
        ),
        ("tests", [python_of(VENV), "-m", "pytest", *AT_ONCE, *tests, *options.pytest], None),
    ]
    failed = []
    for name, command, env in steps:
        began = time.monotonic()
        live = name == "tests"
        if live:
            say("… {}".format(name))
        done = subprocess.run(
            command,
            cwd=str(ROOT),
            env=env or environment("test"),
            stdout=None if live else subprocess.PIPE,
            stderr=None if live else subprocess.STDOUT,
            check=False,
        )
        if done.returncode and not live:
            say(done.stdout.decode("utf-8", "replace").rstrip())
        result = "FAILED" if done.returncode else "ok"
        say("{:6} {:22} {:6.1f} s".format(result, name, time.monotonic() - began))
        if done.returncode:
            failed.append(name)
    took = "in {:.0f} s".format(time.monotonic() - start)
    if failed:
        say("Failed {}: {}.".format(took, ", ".join(failed)))
        return 1
    say("All {} steps passed {}.".format(len(steps), took))
    return 0


def test_ahead(options: argparse.Namespace) -> int:
    """The tests on the newest versions that pyproject.toml declares, in an environment apart.

    Warnings of what comes after those are shown and do not fail.
    """
    names = ["python3.{}".format(minor) for minor in range(19, AHEAD[1] - 1, -1)]
    found = [sys.executable] if sys.version_info >= AHEAD else []
    found += [path for path in map(shutil.which, names) if path and runs(path, AHEAD)]
    if not found:
        say("Skipped: no Python {}.{} or newer on this machine.".format(*AHEAD))
        return 1 if os.environ.get("CI") == "true" else 0
    ensure_venv(AHEAD_VENV, "ahead", maker=found[0])
    return subprocess.run(
        [
            *(python_of(AHEAD_VENV), "-m", "pytest", *AT_ONCE, "-W", "default"),
            *("-m", "not functional and not tooling", *options.pytest),
        ],
        cwd=str(ROOT),
        env=environment("test"),
        check=False,
    ).returncode


def tool(bin_folder: Path, name: str, *arguments: str) -> "list[str]":
    return [str(bin_folder / name), *arguments]


# manage and lock


def run_manage(options: argparse.Namespace) -> int:
    ensure_venv(VENV, "base")
    return subprocess.run(manage(*options.arguments), check=False).returncode


def lock(options: argparse.Namespace) -> int:
    """Compile every lock again, for all platforms; versions move only when asked to."""
    ensure_venv(LOCK_VENV, "lock")
    uv = str(Path(python_of(LOCK_VENV)).parent / "uv")
    for purpose, sources in LOCKS.items():
        version = "{}.{}".format(*(AHEAD if purpose == "ahead" else (3, 11)))
        command = [
            *(uv, "pip", "compile", "--quiet", "--universal", "--python-version", version),
            *("--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url"),
            *("--no-config", *sources, "--output-file", purpose + ".txt"),
            *(["--upgrade"] if options.upgrade else []),
        ]
        if subprocess.run(command, cwd=str(REQUIREMENTS), check=False).returncode:
            raise Trouble("requirements/{}.txt could not be compiled.".format(purpose))
        say("requirements/{}.txt".format(purpose))
    return 0


def screenshots(options: argparse.Namespace) -> int:
    """Pictures of the demo; tests/functional/screenshots.py takes them."""
    ensure_venv(VENV, "base", "dev")
    env = environment("dev")
    if subprocess.run(manage("prepare"), cwd=str(ROOT), env=env, check=False).returncode:
        raise Trouble("The site could not be made ready; the reason stands above.")
    command = [python_of(VENV), "-m", "tests.functional.screenshots", *options.arguments]
    return subprocess.run(command, cwd=str(ROOT), env=env, check=False).returncode


def say(text: str) -> None:
    print(text, flush=True)


def options_of(arguments: "list[str]") -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py", description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(dest="command", metavar="command", required=True)

    parsed = commands.add_parser("serve", help="the site with its demo, in a browser")
    parsed.add_argument("--port", type=int, default=8000, help="8000 when left out")
    parsed.add_argument("--reset", action="store_true", help="with a fresh demo")
    parsed.add_argument("--no-reload", action="store_true", help="do not watch the source")
    parsed.set_defaults(run=serve)

    parsed = commands.add_parser("test", help="every check and test")
    parsed.add_argument("--quick", action="store_true", help="without the browser")
    parsed.add_argument(
        "--ahead", action="store_true", help="instead, on the newest Django and Wagtail declared"
    )
    parsed.add_argument("pytest", nargs="*", help="for pytest, after --")
    parsed.set_defaults(run=test)

    parsed = commands.add_parser("manage", help="Django's own commands", add_help=False)
    parsed.add_argument("arguments", nargs=argparse.REMAINDER)
    parsed.set_defaults(run=run_manage)

    parsed = commands.add_parser("lock", help="compile the locks of requirements/ again")
    parsed.add_argument("--upgrade", action="store_true", help="to the newest versions allowed")
    parsed.set_defaults(run=lock)

    parsed = commands.add_parser(
        "screenshots", help="every kind of page of the demo, as pictures", add_help=False
    )
    parsed.add_argument("arguments", nargs=argparse.REMAINDER)
    parsed.set_defaults(run=screenshots)
    return parser.parse_args(arguments)


def main() -> int:
    options = options_of(sys.argv[1:])
    # Stopped by a service manager is stopped like by Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        return options.run(options)
    except KeyboardInterrupt:
        say("")
        return 0 if options.command == "serve" else 130
    except Trouble as trouble:
        print(trouble, file=sys.stderr, flush=True)
        return 1


if __name__ == "__main__":
    sys.exit(main())
