"""Mails that come back end what is followed, if they name a mail of ours."""

import mailbox
from io import BytesIO

import pytest
from django.core.management import call_command

from subscriptions import bounces, rounds
from subscriptions.models import Address, Mail, Subscription
from tests.factories import follow, make_recommendation, publish_action

pytestmark = pytest.mark.django_db

REPORT = """From: MAILER-DAEMON@mx.example
To: bounces@suites.example
Subject: Undelivered Mail Returned to Sender
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

It could not be delivered.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; lea@example.org
Action: {action}
Status: {status}

--b
Content-Type: message/rfc822

Message-ID: <{message_id}@suites.example>
Subject: 1 nouveaut

--b--
"""
COMPLAINT = """From: feedback@mx.example
Subject: FW: mail
MIME-Version: 1.0
Content-Type: multipart/report; report-type=feedback-report; boundary="b"

--b
Content-Type: message/feedback-report

Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1

--b
Content-Type: message/rfc822

Message-ID: <{message_id}@suites.example>

--b--
"""


@pytest.fixture
def sent(world) -> Mail:
    asked = make_recommendation(world.cycle, label="1")
    follow(asked)
    publish_action(asked, value="accepted")
    rounds.send_now()
    return Mail.objects.get()


def report(sent, action="failed", status="5.1.1", template=REPORT, **fields) -> bytes:
    named = {"message_id": sent.message_id, **fields}
    return template.format(action=action, status=status, **named).encode()


def test_a_mail_that_came_back_ends_it_with_a_reason(sent):
    assert bounces.take(report(sent)) == "bounce"
    row = Subscription.objects.get()
    assert (row.standing, row.ending) == ("ended", "bounce")
    address = Address.objects.get()
    assert (address.standing, address.reason) == ("suspended", "5.1.1")
    assert address.ended_at
    sent.refresh_from_db()
    assert sent.standing == "bounced"
    assert bounces.take(report(sent)) == "bounce"  # said twice, done once


def test_a_complaint_ends_it(sent):
    assert bounces.take(report(sent, template=COMPLAINT)) == "complaint"
    assert Subscription.objects.get().ending == "complaint"


def test_a_delay_changes_nothing(sent):
    assert bounces.take(report(sent, action="delayed", status="4.2.2")) == "delay"
    assert Subscription.objects.get().standing == "active"


@pytest.mark.parametrize(
    "raw", [b"", b"\xff\xfe", b"Subject: hello\n\nWhen will you answer?", b"Message-ID: <x@y>\n\n"]
)
def test_other_mails_are_left_alone(sent, raw):
    assert bounces.take(raw) == ""


def test_a_report_about_no_mail_of_ours_is_not_believed(sent):
    assert bounces.take(report(sent, message_id="0" * 32)) == ""
    assert Subscription.objects.get().standing == "active"


def test_the_mailbox_is_emptied_of_reports_only(sent, tmp_path, settings, capsys):
    box = mailbox.Maildir(str(tmp_path / "box"))
    box.add(report(sent))
    box.add(b"Subject: hello\n\nWhen will you answer?")
    settings.SUITES_BOUNCES_ROOT = tmp_path / "box"
    call_command("read_bounces")
    assert "1 ended, 1 other" in capsys.readouterr().out
    assert len(mailbox.Maildir(str(tmp_path / "box"))) == 1


def test_a_report_comes_through_a_pipe(sent, monkeypatch, capsys):
    class Pipe:
        buffer = BytesIO(report(sent))

    monkeypatch.setattr("sys.stdin", Pipe)
    call_command("read_bounces", stdin=True)
    assert "bounce" in capsys.readouterr().out
