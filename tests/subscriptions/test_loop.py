"""From the box on a page to the last mail, through the pages alone."""

import datetime
import re

import pytest
from django.core import mail

from assemblies.models import Topic
from subscriptions import forms, rounds, tasks
from subscriptions.models import Address, Mail, Subscription
from tests.factories import make_recommendation, make_topic, make_world, publish_action, text_of

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"}
EMAIL = "lea@example.org"


@pytest.fixture(autouse=True)
def at_ease(monkeypatch):
    """Tests write faster than people."""
    monkeypatch.setattr(forms, "FASTEST", 0)


@pytest.fixture
def world():
    return make_world()


def ask(client, what, *, language="fr", path=None, **fields):
    form = {"email": EMAIL, "what": what, "stamp": forms.new_stamp(forms.STAMP), **fields}
    path = path or {"fr": "/fr/suivre/", "nl": "/nl/volgen/"}[language]
    return client.post(path, form, **HERE)


def link_in(message, word: str) -> str:
    """The path of the link in a mail whose address holds a word."""
    return re.search(rf"https?://[^/\s]+(/\S*/{word}/\S+)", body_of(message))[1]


def body_of(message) -> str:
    from email import message_from_bytes
    from email.policy import default

    parsed = message_from_bytes(message.message().as_bytes(), policy=default)
    return parsed.get_body(("plain",)).get_content()


def test_a_topic_is_followed_with_one_field_and_one_button(client, world):
    topic = make_topic("eau")
    asked = make_recommendation(world.cycle, label="1", topics=[topic])
    page = client.get(topic.url).content.decode()
    assert f'name="what" value="topic:{topic.pk}"' in page
    answer = ask(client, f"topic:{topic.pk}")
    assert answer.status_code == 200
    assert EMAIL in text_of(answer)
    assert not answer.cookies
    assert len(mail.outbox) == 1
    confirm = link_in(mail.outbox[0], "confirmer")
    assert Subscription.objects.get().standing == "asked"
    page = client.get(confirm)
    assert "Eau" in text_of(page)
    assert Subscription.objects.get().standing == "asked"
    row = Subscription.objects.get()
    answer = client.post(confirm, {"follow": row.pk}, **HERE)
    assert answer.status_code == 303
    manage = client.get(answer["Location"])
    assert manage.status_code == 200
    assert Subscription.objects.get().standing == "active"

    publish_action(asked, value="accepted", title={"fr": "Réponse donnée", "nl": "Antwoord"})
    rounds.send_now()
    tasks.post.enqueue()
    assert len(mail.outbox) == 2
    said = body_of(mail.outbox[1])
    assert "Réponse donnée" in said
    assert Mail.objects.filter(kind="digest").get().standing == "sent"

    rounds.send_now()
    tasks.post.enqueue()
    assert len(mail.outbox) == 2

    stop = link_in(mail.outbox[1], "arreter")
    assert client.get(stop).status_code == 200
    assert Subscription.objects.get().standing == "active"
    for _twice in range(2):
        assert client.post(stop, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Subscription.objects.get().standing == "ended"
    publish_action(asked, value="partial", on=datetime.date(2025, 1, 1))
    rounds.send_now()
    tasks.post.enqueue()
    assert len(mail.outbox) == 2
    assert Topic.objects.exists()
    assert Address.objects.get().ended_at
