"""What the database itself refuses, and what it takes."""

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from subscriptions.models import Address, Followed, Mail, Mention, Subscription, Window

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def address(**fields):
    count = Address.objects.count()
    defaults = {"email": "a@example.org", "fingerprint": f"f{count}", "languages": "fr"}
    return Address.objects.create(**{**defaults, **fields})


def followed(**fields):
    return Followed.objects.create(**{"kind": "topic", "key": 1, **fields})


def subscription(**fields):
    thing = Followed.objects.first() or followed()
    defaults = {"address": Address.objects.first() or address(), "followed": thing}
    return Subscription.objects.create(**{**defaults, "standing": "active", **fields})


def mail(**fields):
    defaults = {"address": Address.objects.first() or address(), "kind": "confirmation"}
    return Mail.objects.create(**{**defaults, "window": "w", **fields})


TAKEN = [
    (address, {}),
    (address, {"standing": "confirmed", "confirmed_at": NOW}),
    (address, {"standing": "suspended", "suspended_at": NOW}),
    (followed, {}),
    (followed, {"kind": "search", "key": None, "query": "q=eau"}),
    (subscription, {}),
    (subscription, {"standing": "asked", "asked_at": NOW}),
    (subscription, {"standing": "ended", "ended_at": NOW, "ending": "reader"}),
    (mail, {}),
    (mail, {"kind": "digest", "frequency": "daily"}),
    (mail, {"standing": "sent", "closed_at": NOW}),
]
REFUSED = [
    ("address_standing_known", address, {"standing": "lost"}),
    ("address_confirmed_at_some_time", address, {"standing": "confirmed"}),
    ("address_suspended_at_some_time", address, {"standing": "suspended"}),
    ("address_suspended_at_some_time", address, {"suspended_at": NOW}),
    ("address_is_whole", address, {"email": ""}),
    ("followed_kind_known", followed, {"kind": "person"}),
    ("followed_is_one_thing", followed, {"key": None}),
    ("followed_is_one_thing", followed, {"kind": "search", "query": "q=eau"}),
    ("followed_is_one_thing", followed, {"query": "q=eau"}),
    ("subscription_codes_known", subscription, {"frequency": "hourly"}),
    ("subscription_asked_at_some_time", subscription, {"standing": "asked"}),
    ("subscription_ends_for_a_reason", subscription, {"standing": "ended", "ended_at": NOW}),
    ("subscription_ends_for_a_reason", subscription, {"ending": "reader"}),
    ("mail_codes_known", mail, {"kind": "letter"}),
    ("mail_digest_has_a_frequency", mail, {"kind": "digest"}),
    ("mail_digest_has_a_frequency", mail, {"frequency": "daily"}),
    ("mail_closed_at_some_time", mail, {"standing": "sent"}),
    ("mail_closed_at_some_time", mail, {"closed_at": NOW}),
    ("window_frequency_known", Window.objects.create, {"frequency": "x", "key": "k", "upto": 1}),
]
ONCE = [
    (address, {"fingerprint": "same"}),
    (followed, {}),
    (followed, {"kind": "search", "key": None, "query": "q=eau"}),
    (subscription, {}),
    (mail, {"kind": "digest", "frequency": "daily"}),
    (Window.objects.create, {"frequency": "daily", "key": "k", "upto": 1}),
]


@pytest.mark.parametrize(("make", "fields"), TAKEN)
def test_taken(make, fields):
    assert make(**fields).pk


@pytest.mark.parametrize(("name", "make", "fields"), REFUSED)
def test_refused(name, make, fields):
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        make(**fields)


@pytest.mark.parametrize(("make", "fields"), ONCE)
def test_there_is_one(make, fields):
    make(**fields)
    with pytest.raises(IntegrityError), transaction.atomic():
        make(**fields)


def test_a_mention_is_there_once():
    row = followed()
    Mention.objects.create(followed=row, number=1, decides=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        Mention.objects.create(followed=row, number=1, decides=False)


def test_no_row_prints_its_address():
    rows = (address(email="secret@example.org"), subscription(), mail())
    assert not any("@" in str(row) for row in rows)
