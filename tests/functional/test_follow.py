"""The whole of following, in a browser on a telephone and against a real mail server."""

import re
import urllib.request
from email import message_from_bytes
from email.policy import default

import pytest

from subscriptions import forms, rounds, tasks
from subscriptions.models import Address, Subscription
from tests.factories import make_recommendation, make_topic, make_world, publish_action
from tests.subscriptions.conftest import Server

pytestmark = pytest.mark.functional


@pytest.fixture
def smtp(settings):
    server = Server()
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", server.port, 5
    server.start()
    yield server
    server.stop()


def read(raw: bytes):
    message = message_from_bytes(raw, policy=default)
    return message, message.get_body(("plain",)).get_content()


def test_a_topic_is_followed_told_of_changed_and_left(
    page, live_server, smtp, settings, monkeypatch
):
    settings.WAGTAILADMIN_BASE_URL = live_server.url
    monkeypatch.setattr(forms, "FASTEST", 0)
    from subscriptions import letters

    letters._link.cache_clear()
    world = make_world()
    topic = make_topic("eau", name={"fr": "Eau et sols", "nl": "Water en bodem"})
    asked = make_recommendation(world.cycle, label="1", topics=[topic])
    page.set_viewport_size({"width": 360, "height": 740})

    # One field and one button on the page, in the reader's language; one button after the mail.
    page.goto("/nl/themas/eau/")
    page.get_by_label("Uw e-mailadres").fill("lea@example.org")
    page.get_by_role("button", name="Volgen", exact=True).click()
    page.get_by_role("heading", name="Kijk in uw mailbox").wait_for()
    assert "lea" not in page.url
    tasks.post.enqueue()
    message, text = read(smtp.mails[-1])
    assert message["Subject"] == "Bevestig dat u wilt volgen"
    page.goto(re.search(r"http\S+/bevestigen/\S+", text)[0])
    page.get_by_role("button", name="Bevestigen").click()
    page.get_by_text("Het is bevestigd").wait_for()
    assert page.context.cookies() == []
    manage = page.url.partition("?")[0]

    # Something happens; one mail says so, in Dutch.
    publish_action(asked, value="accepted", title={"fr": "Réponse", "nl": "Antwoord van de stad"})
    rounds.send_now()
    tasks.post.enqueue()
    assert len(smtp.mails) == 2
    message, text = read(smtp.mails[-1])
    assert "Antwoord van de stad" in text
    assert "Aanvaard" in text
    assert '<html lang="nl">' in message.get_body(("html",)).get_content()

    # Another rhythm.
    page.goto(manage)
    page.get_by_label(re.compile("Hoe vaak")).select_option("daily")
    page.get_by_role("button", name="Mijn keuzes bewaren").click()
    page.get_by_text("Uw keuzes zijn bewaard").wait_for()
    assert Subscription.objects.get().frequency == "daily"
    publish_action(asked, kind="decision", title={"fr": "Décision", "nl": "Beslissing"})
    rounds.send_now()
    tasks.post.enqueue()
    assert len(smtp.mails) == 3

    # The mail program's own button, from its maker's servers.
    message, _text = read(smtp.mails[-1])
    stop = message["List-Unsubscribe"].strip("<>")
    request = urllib.request.Request(stop, data=b"List-Unsubscribe=One-Click", method="POST")
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 200
    assert Subscription.objects.get().standing == "ended"
    assert Address.objects.get().ended_at
    publish_action(asked, kind="end", title={"fr": "Fin", "nl": "Einde"})
    rounds.send_now()
    tasks.post.enqueue()
    assert len(smtp.mails) == 3
