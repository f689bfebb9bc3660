"""What the tests of this room share: pages at ease, a clock, a mail server, and silent logs."""

import datetime
import socket
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.utils import timezone

from subscriptions import forms
from tests.factories import make_world


@pytest.fixture(autouse=True)
def at_ease(monkeypatch):
    """Tests write faster than people."""
    monkeypatch.setattr(forms, "FASTEST", 0)


@pytest.fixture(autouse=True)
def talkative_logs(caplog) -> None:
    """Every line that this room may ever log is made, and read (``tests/discretion.py``)."""
    caplog.set_level("DEBUG")


@pytest.fixture
def world():
    return make_world()


class Clock:
    """A clock that moves when it is told to; the site's own day goes with it."""

    def __init__(self, start: datetime.datetime) -> None:
        self.moment = start

    def __call__(self) -> datetime.datetime:
        return self.moment

    def forward(self, **by: float) -> None:
        self.moment += datetime.timedelta(**by)


@pytest.fixture
def clock(monkeypatch, settings) -> Clock:
    """Monday 5 January 2026, half past seven in the evening."""
    found = Clock(datetime.datetime(2026, 1, 5, 18, 30, tzinfo=datetime.UTC))
    settings.SUITES_TODAY = None
    monkeypatch.setattr(timezone, "now", found)
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A real mail server that keeps what it takes. ``answers``: what it says to an address."""

    def __init__(self) -> None:
        self.port = free_port()
        self.mails: list[bytes] = []
        self.envelopes: list[tuple[str, str]] = []
        self.answers: dict[str, str] = {}
        self.data_answer = "250 OK"
        #: What it says it can do besides, and whether it asks for mails that have no reader.
        self.extensions: list[str] = []
        self.asks_on = False
        #: Called when a mail's text has come.
        self.before: Callable[[], object] = lambda: None
        self.connections = 0
        self.controller: Any = None

    # aiosmtpd calls these.

    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        self.connections += 1
        session.host_name = hostname
        return [*(f"250-{name}" for name in self.extensions), *responses]

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = self.answers.get(address, "250 OK")
        if answer.startswith("250") or self.asks_on:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server, session, envelope):
        self.before()
        if not envelope.original_content:
            return "554 5.5.1 no valid recipients"
        if self.data_answer.startswith("250"):
            self.mails.append(envelope.original_content)
            self.envelopes.append((envelope.mail_from, envelope.rcpt_tos[0]))
        return self.data_answer

    def taken(self) -> list[tuple[bytes, tuple[str, str]]]:
        """What it took: each mail, from whom and to whom."""
        return list(zip(self.mails, self.envelopes, strict=True))

    def start(self) -> None:
        from aiosmtpd.controller import Controller

        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)
        self.controller.start()

    def stop(self) -> None:
        if self.controller is not None:
            self.controller.stop()
            self.controller = None


@pytest.fixture
def smtp(settings) -> Iterator[Server]:
    """A mail server on a free port, and the site told to use it."""
    server = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    server.start()
    yield server
    server.stop()
