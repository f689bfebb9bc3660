"""A reader's message leaves by a worker, once, past a mail server that may be down."""

from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Site

from home import contact, forms, tasks
from home.models import ContactMessage, SiteFrame
from home.models.message import LEASE
from tests.exchange.test_uploads import DATABASE_TASKS, work
from tests.factories import make_recommendation, make_world
from tests.subscriptions.conftest import Server

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"}
ADDRESS = "redaction@example.org"


@pytest.fixture
def server(settings, monkeypatch) -> Iterator[Server]:
    """A site with a mail server, and a queue that nobody works through yet."""
    monkeypatch.setattr(forms, "FASTEST", 0)
    server = Server()
    settings.TASKS = DATABASE_TASKS
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
    settings.EMAIL_TIMEOUT = 5
    make_recommendation(make_world().cycle, label="3.4")
    row = SiteFrame.for_site(Site.objects.get(is_default_site=True))
    row.contact_address = ADDRESS
    row.save()
    server.start()
    yield server
    server.stop()


def post(client) -> ContactMessage:
    filled = {
        "kind": "error",
        "about": "BXL-C1-3.4",
        "text": "La date est fausse.",
        "reply_to": "lea@example.org",
        "website": "",
        "stamp": forms.new_stamp(forms.STAMP),
    }
    assert client.post("/fr/contact/", filled, **HERE).status_code == 303
    return ContactMessage.objects.get()


def test_the_reader_does_not_wait_for_the_mail_server(client, server):
    row = post(client)
    assert row.sent_at is None
    assert not server.connections
    work()
    row.refresh_from_db()
    assert (row.sent_to, row.failure, row.taken_at) == (ADDRESS, "", None)
    assert row.sent_at is not None
    (raw,) = server.mails
    mail = message_from_bytes(raw, policy=policy.default)
    assert (mail["To"], mail["Reply-To"]) == (ADDRESS, "lea@example.org")
    assert "BXL-C1-3.4" in mail["Subject"]
    assert "La date est fausse." in mail.get_content()
    assert "/fr/" in mail.get_content()


def test_it_is_sent_once_however_often_a_worker_is_called(client, server):
    row = post(client)
    post(client)  # a click too many
    tasks.mail.enqueue(row.pk)
    work()
    call_command("send_messages", stdout=StringIO())
    assert len(server.mails) == 1


def test_what_somebody_is_mailing_nobody_else_mails(client, server):
    row = post(client)
    assert ContactMessage.objects.take(row.pk, timezone.now())
    work()
    assert not contact.send(row.pk)
    assert not server.connections
    # Whoever took it has died.
    ContactMessage.objects.update(taken_at=timezone.now() - LEASE - timedelta(seconds=1))
    call_command("send_messages", stdout=StringIO())
    assert len(server.mails) == 1


def test_without_a_worker_the_clock_mails_it_and_the_worker_then_finds_nothing_to_do(
    client, server
):
    post(client)
    call_command("send_messages", stdout=(out := StringIO()))
    assert "1 sent" in out.getvalue()
    work()
    assert len(server.mails) == 1


def test_a_mail_server_that_is_down_is_tried_again(client, server):
    row = post(client)
    server.stop()
    work()
    row.refresh_from_db()
    assert (row.sent_at, row.taken_at) == (None, None)
    assert "ConnectionRefusedError" in row.failure
    with pytest.raises(CommandError, match="1 still unsent"):
        call_command("send_messages", stdout=StringIO())
    server.start()
    call_command("send_messages", stdout=StringIO())
    row.refresh_from_db()
    assert (row.sent_to, row.failure) == (ADDRESS, "")
    assert len(server.mails) == 1


def test_a_message_that_was_erased_meanwhile_is_no_fault(client, server):
    post(client).delete()
    work()
    assert not server.connections
