"""What every test may count on: no network, compiled catalogues, a browser where there is one."""

import os
import shutil
import socket
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any, NoReturn

import pytest
from django.db import connections
from django.utils import translation
from pytest_django.plugin import blocking_manager_key

from portal.catalogues import compile_stale
from tests.database import keep_migrated
from tests.discretion import listener

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
#: What takes longest is begun first: else one process ends up with it while the others wait.
LONGEST = (
    "timeline/test_agreement.py",
    "portal/test_two_languages.py",
    "functional/test_axe.py",
    "functional/test_reflow.py",
    "subscriptions/test_stories.py",
    "functional/test_weight.py",
    "assemblies/test_concurrency.py",
    "booklets/test_processes.py",
    "functional/test_extremes.py",
    "exchange/test_import.py",
)
#: For how long a browser may look for what must come, in milliseconds. A machine may be busy.
PATIENCE = 20_000


def pytest_configure(config: pytest.Config) -> None:
    compile_stale(ROOT / "locale")
    listener.start()


def pytest_unconfigure(config: pytest.Config) -> None:
    listener.stop()


def _has_real_transactions(item: pytest.Item) -> bool:
    """Whether a test commits what it writes, so that its database is emptied after it."""
    names = getattr(item, "fixturenames", ())
    marked = item.get_closest_marker("django_db")
    return (
        "transactional_db" in names
        or "live_server" in names
        or bool(marked and marked.kwargs.get("transaction"))
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    order = {ROOT / "tests" / name: place for place, name in enumerate(LONGEST)}
    items.sort(key=lambda item: order.get(item.path, len(order)))
    for item in items:
        if _has_real_transactions(item):
            # What migrations wrote (the root page, languages) is put back before the test …
            item.fixturenames.insert(0, "django_db_serialized_rollback")  # type: ignore[attr-defined]
            # … for which a database is kept as it began only where a mark asks for it by name.
            if marked := item.get_closest_marker("django_db"):
                kept = {**marked.kwargs, "serialized_rollback": True}
                item.add_marker(pytest.mark.django_db(*marked.args, **kept), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """… and after it, since with several processes no order says that these tests come last.

    After the very last one the database is gone already.
    """
    result = yield
    if nextitem is not None and _has_real_transactions(item):
        with item.config.stash[blocking_manager_key].unblock():
            for connection in connections.all():
                kept = getattr(connection, "_test_serialized_contents", "[]")
                connection.creation.deserialize_db_from_string(kept)
    return result


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Before the database is made."""
    keep_migrated(pytest.MonkeyPatch())


@pytest.fixture(autouse=True)
def no_language_before() -> None:
    """No test speaks the language in which the one before it was answered."""
    translation.deactivate()


@pytest.fixture(autouse=True)
def no_address_in_logs() -> Iterator[None]:
    """Whatever a test does, no log tells who reads, writes or follows."""
    listener.take()
    yield
    assert listener.take() == []


def unavailable(reason: str) -> NoReturn:
    """Skip a test for what this machine lacks; where everything is promised, that is a failure."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason} With CI=true nothing may be skipped.", pytrace=False)
    pytest.skip(reason)


class NetworkBlocked(RuntimeError):
    """A test reached for another machine."""


def _is_local(address: Any) -> bool:
    if not isinstance(address, tuple):
        return True  # a socket of this machine
    try:
        return ip_address(address[0]).is_loopback
    except ValueError:
        return address[0] in ("localhost", "")


@pytest.fixture(scope="session", autouse=True)
def no_network() -> Iterator[None]:
    """Tests talk to this machine only."""
    patch = pytest.MonkeyPatch()
    for name in ("connect", "connect_ex"):
        patch.setattr(socket.socket, name, _guarded(getattr(socket.socket, name)))
    look_up = socket.getaddrinfo

    def look_up_here(host: Any, *args: Any, **kwargs: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name is not None and not _is_local((name,)):
            raise NetworkBlocked(f"A test looked up {name}.")
        return look_up(host, *args, **kwargs)

    patch.setattr(socket, "getaddrinfo", look_up_here)
    yield
    patch.undo()


def _guarded(connect: Any) -> Any:
    def connect_here(self: socket.socket, address: Any) -> Any:
        if not _is_local(address):
            raise NetworkBlocked(f"A test connected to {address}.")
        return connect(self, address)

    return connect_here


def chromium_path() -> str | None:
    for name in ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome"):
        if found := shutil.which(name):
            return found
    return None


@pytest.fixture(scope="session")
def chromium(django_db_setup: None) -> Iterator[Any]:
    """The browser of this machine, driven by Playwright."""
    path = chromium_path()
    if not path:
        unavailable("Chromium is not installed (on Debian: apt install chromium).")
    from playwright.sync_api import expect, sync_playwright

    # Playwright runs a loop of its own in this thread. Django takes what follows for asynchronous
    # code, which it would forbid, and which would open the database a second time.
    patch = pytest.MonkeyPatch()
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
    opened = {alias: connections[alias] for alias in connections}
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        for alias, connection in opened.items():
            connections[alias] = connection
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()
    patch.undo()


@pytest.fixture
def live_server(django_db_serialized_rollback: Any, live_server: Any) -> Any:
    """The site on a port. Its transactions are real, so what migrations wrote is put back first."""
    return live_server


@pytest.fixture
def page(chromium: Any, live_server: Any) -> Iterator[Any]:
    """A fresh window onto the site. A script that breaks or that the policy stops is a failure."""
    context = chromium.new_context(base_url=live_server.url, locale="fr-BE")
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    faults: list[str] = []
    page.faults = faults
    page.on("pageerror", lambda error: faults.append(f"script: {error}"))
    page.on(
        "console",
        lambda message: (
            faults.append(f"policy: {message.text}")
            if "Content Security Policy" in message.text
            else None
        ),
    )
    page.on(
        "request",
        lambda request: (
            None
            if request.url.startswith((live_server.url, "data:", "blob:", "about:"))
            else faults.append(f"another machine: {request.url}")
        ),
    )
    yield page
    context.close()
    assert not faults
