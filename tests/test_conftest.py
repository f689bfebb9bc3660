"""What conftest.py promises to every test."""

import logging
import socket

import pytest

from tests import conftest
from tests.discretion import listener


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80, 0, 0)])
def test_no_other_machine_is_reached(address):
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as outward, pytest.raises(conftest.NetworkBlocked):
        outward.connect(address)


def test_no_name_is_looked_up():
    with pytest.raises(conftest.NetworkBlocked):
        socket.create_connection(("suites.example.org", 443))


def test_this_machine_is_reached():
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(("localhost", server.getsockname()[1])),
    ):
        pass


@pytest.mark.parametrize(
    ("ci", "outcome"), [("", pytest.skip.Exception), ("true", pytest.fail.Exception)]
)
def test_what_is_lacking_is_skipped_and_fails_where_all_is_promised(monkeypatch, ci, outcome):
    monkeypatch.setenv("CI", ci)
    with pytest.raises(outcome, match="No browser"):
        conftest.unavailable("No browser.")


def test_a_log_that_holds_an_address_is_noticed():
    before = listener.lines
    logging.getLogger("suites.anything").warning("Sent to %s.", "lea@example.org")
    try:
        raise ValueError("lea@example.org")
    except ValueError:
        logging.getLogger("suites.anything").exception("It failed.")
    logging.getLogger("mail.log").warning("lea@example.org")
    said = listener.take()
    assert listener.lines == before + 2
    assert len(said) == 2
    assert said[0] == "suites.anything: Sent to lea@example.org."
