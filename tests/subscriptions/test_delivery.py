"""From the outbox to a real mail server: codes, retries, limits, two workers, what is in a mail."""

import datetime
from email import message_from_bytes
from email.policy import default
from smtplib import SMTP

import pytest
from django.utils import timezone

from subscriptions import conversation, delivery, letters, rounds
from subscriptions.enums import MailStanding, Standing
from subscriptions.models import Address, Mail
from tests.factories import follow, make_recommendation, publish_action

pytestmark = pytest.mark.django_db
D = datetime.date


def write(world, *emails: str) -> None:
    """One digest to each of these."""
    asked = make_recommendation(world.cycle, label="1", example=True)
    for email in emails:
        follow(asked, email=email)
    publish_action(asked, value="accepted", title={"fr": "Réponse", "nl": "Antwoord"})
    rounds.send_now()


def standings() -> dict[str, str]:
    return dict(Mail.objects.values_list("address__email", "standing"))


def test_all_mails_leave_over_one_connection(world, smtp):
    write(world, *(f"{n}@example.org" for n in range(5)))
    assert delivery.deliver().sent == 5
    assert smtp.connections == 1
    assert {to for _from, to in smtp.envelopes} == {f"{n}@example.org" for n in range(5)}
    assert set(standings().values()) == {"sent"}
    assert delivery.deliver().sent == 0


def test_what_stands_in_a_mail(world, smtp, settings):
    settings.SUITES_BOUNCES_TO = "bounces@suites.example"
    write(world, "lea@example.org")
    delivery.deliver()
    raw = smtp.mails[0]
    assert smtp.envelopes == [("bounces@suites.example", "lea@example.org")]
    assert max(len(line) for line in raw.split(b"\r\n")) <= 998
    head = raw.split(b"\r\n\r\n", 1)[0].decode()
    lines = dict(line.split(": ", 1) for line in head.split("\r\n"))
    assert lines["List-Unsubscribe"].startswith("<http")
    assert lines["List-Unsubscribe"].endswith("/>")
    assert "=?" not in lines["List-Unsubscribe"]
    assert lines["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert lines["Auto-Submitted"] == "auto-generated"
    assert lines["Message-ID"] == f"<{Mail.objects.get().message_id}@127.0.0.1>"
    assert lines["To"] == "lea@example.org"
    assert "List-Id" in lines
    message = message_from_bytes(raw, policy=default)
    assert not message.defects
    page = message.get_body(("html",)).get_content()
    text = message.get_body(("plain",)).get_content()
    assert '<html lang="fr">' in page
    assert "<img" not in page
    assert "color-scheme" in page
    assert len(raw) < 60_000
    for said in ("Réponse", "Exemple", "BXL-C1-1", "Parce que vous suivez", "Acceptée"):
        assert said in page
        assert said in text
    assert "slot7q" not in raw.decode()


def test_an_address_that_is_refused_for_good_is_suspended(world, smtp):
    smtp.answers["b@example.org"] = "550 5.1.1 <b@example.org> unknown"
    write(world, "a@example.org", "b@example.org", "c@example.org")
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.refused) == (2, 1)
    assert standings()["b@example.org"] == MailStanding.FAILED
    row = Address.objects.get(email="b@example.org")
    assert row.standing == Standing.SUSPENDED
    assert row.reason.startswith("550")
    assert "b@example.org" not in row.reason
    assert smtp.connections == 1


@pytest.mark.parametrize("asks_on", [False, True])
def test_a_server_that_takes_several_questions_at_once(world, smtp, asks_on):
    """It may still ask for the text of a mail whose only address it has refused."""
    smtp.extensions, smtp.asks_on = ["PIPELINING"], asks_on
    smtp.answers["b@example.org"] = "550 5.1.1 unknown"
    smtp.answers["d@example.org"] = "450 4.2.1 try later"
    write(world, *(f"{name}@example.org" for name in "abcde"))
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.refused, outcome.put_off) == (3, 1, 1)
    assert [to for _from, to in smtp.envelopes] == [f"{name}@example.org" for name in "ace"]
    assert all(b"To: %b\r\n" % to.encode() in raw for raw, (_from, to) in smtp.taken())
    assert smtp.connections == 1


@pytest.mark.parametrize("extensions", [[], ["PIPELINING"]])
def test_a_server_that_hangs_up_is_called_again(world, smtp, extensions):
    smtp.extensions = extensions
    smtp.answers["a@example.org"] = "421 4.3.2 closing"
    write(world, "a@example.org", "b@example.org")
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.put_off) == (1, 1)
    assert smtp.connections == 2


def test_a_line_that_begins_with_a_point_arrives_whole(smtp):
    raw = b"Subject: x\r\n\r\n.\r\n.x\r\nthe end"
    with SMTP("127.0.0.1", smtp.port) as session:
        conversation.hand_over(session, letters.Posted(raw, "a@example.org"))
    assert smtp.mails == [raw + b"\r\n"]


def test_that_a_mail_left_is_noted_before_the_next_one_leaves(world, smtp):
    write(world, *(f"{n}@example.org" for n in range(3)))
    worker = delivery.Worker(delivery.Outcome())
    first, second, third = worker.lease(3)
    noted = []
    worker.send(first, second)
    smtp.before = lambda: noted.append(worker.taken)
    worker.send(second, third)
    assert noted == [None]
    assert Mail.objects.queued().count() == 2
    smtp.stop()
    worker.send_all([third])  # nobody takes it, and what left before is noted all the same
    assert Mail.objects.queued().count() == 1
    assert not Mail.objects.ready(timezone.now()).exclude(pk=third.pk).exists()


def test_an_address_that_smtp_does_not_know_stops_no_other(world, smtp):
    write(world, "a@example.org", "b@example.org")
    Address.objects.filter(email="a@example.org").update(email="a@example.org>\r\nRSET")
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.put_off) == (1, 1)


def test_an_address_that_is_put_off_is_tried_again(world, smtp, clock):
    smtp.answers["a@example.org"] = "450 4.2.1 try later"
    write(world, "a@example.org")
    assert delivery.deliver().put_off == 1
    assert delivery.deliver().put_off == 0  # not before its time
    clock.forward(minutes=6)
    assert delivery.deliver().put_off == 1
    del smtp.answers["a@example.org"]
    clock.forward(minutes=6)
    assert delivery.deliver().sent == 0
    clock.forward(minutes=6)
    assert delivery.deliver().sent == 1
    assert Mail.objects.get().attempts == 3


def test_after_five_days_a_mail_is_given_up(world, smtp, clock):
    smtp.answers["a@example.org"] = "450 4.2.1 try later"
    write(world, "a@example.org")
    for _day in range(7):
        delivery.deliver()
        clock.forward(days=1)
    assert standings() == {"a@example.org": "failed"}
    assert Address.objects.get().standing == Standing.CONFIRMED


def test_a_mail_that_is_refused_itself_is_no_address_s_fault(world, smtp):
    smtp.data_answer = "554 5.7.1 looks like spam"
    write(world, "a@example.org")
    delivery.deliver()
    assert standings() == {"a@example.org": "failed"}
    assert Address.objects.get().standing == Standing.CONFIRMED


def test_a_mail_server_that_is_down_for_a_week_loses_nothing(world, smtp, clock):
    smtp.stop()
    write(world, *(f"{n}@example.org" for n in range(4)))
    for _hour in range(7 * 24):
        outcome = delivery.deliver()
        assert outcome.sent == 0
        assert outcome.stopped
        clock.forward(hours=1)
    assert set(Mail.objects.values_list("standing", "attempts", "lease")) == {("queued", 0, "")}
    smtp.start()
    assert delivery.deliver().sent == 4
    assert len({raw.split(b"Message-ID: ")[1][:40] for raw in smtp.mails}) == 4


def test_a_server_that_goes_away_between_two_mails(world, smtp):
    write(world, *(f"{n}@example.org" for n in range(3)))
    worker = delivery.Worker(delivery.Outcome())
    mails = worker.lease(3)
    worker.send(mails[0])
    smtp.stop()
    smtp.start()
    worker.send_all(mails[1:])
    worker.close()
    delivery.deliver()
    assert len(smtp.mails) == len({to for _from, to in smtp.envelopes}) == 3


def test_two_workers_never_have_the_same_mail(world, smtp):
    write(world, *(f"{n}@example.org" for n in range(6)))
    first, second = (delivery.Worker(delivery.Outcome()) for _n in range(2))
    one, two = first.lease(3), second.lease(50)
    assert not {mail.pk for mail in one} & {mail.pk for mail in two}
    first.send_all(one)
    second.send_all(two)
    first.close()
    second.close()
    assert len(smtp.envelopes) == len(set(smtp.envelopes)) == 6


def test_a_dead_worker_s_mails_are_taken_up_when_its_lease_ends(world, smtp, clock):
    write(world, "a@example.org")
    delivery.Worker(delivery.Outcome()).lease(1)  # and dies
    assert delivery.deliver().sent == 0
    clock.forward(minutes=6)
    assert delivery.deliver().sent == 1


def test_no_more_leave_in_a_minute_than_the_limit(world, smtp, clock, settings):
    settings.SUITES_MAILS_A_MINUTE = 2
    write(world, *(f"{n}@example.org" for n in range(5)))
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.stopped) == (2, "rate")
    clock.forward(seconds=61)
    assert delivery.deliver().sent == 2
    clock.forward(seconds=61)
    assert delivery.deliver().sent == 1


def test_who_left_meanwhile_gets_nothing(world, smtp):
    write(world, "a@example.org", "b@example.org")
    Address.objects.filter(email="a@example.org").delete()
    Address.objects.get(email="b@example.org").suspend("by hand")
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.dropped) == (0, 1)
    assert smtp.mails == []


def test_a_mail_that_can_t_be_written_stops_no_other(world, smtp, monkeypatch):
    write(world, "a@example.org", "b@example.org")
    written = delivery.Writer.letter
    broken = Mail.objects.order_by("pk").first().pk

    def letter(self, mail, address):
        if mail.pk == broken:
            raise ValueError("broken")
        return written(self, mail, address)

    monkeypatch.setattr(delivery.Writer, "letter", letter)
    outcome = delivery.deliver()
    assert (outcome.sent, outcome.put_off) == (1, 1)


def test_what_somebody_waits_for_goes_first(world, smtp, client):
    write(world, "a@example.org")
    Mail.objects.create(address=Address.objects.get(), kind="confirmation", window="now")
    worker = delivery.Worker(delivery.Outcome())
    assert [mail.kind for mail in worker.lease(2)] == ["confirmation", "digest"]
