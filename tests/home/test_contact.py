"""The contact form: filled in from a page, sent without a cookie, kept, mailed, erased."""

import datetime
from io import StringIO
from smtplib import SMTPServerDisconnected

import pytest
from django.contrib.auth.models import Permission
from django.core import mail
from django.core.management import CommandError, call_command
from django.core.signing import Signer
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from wagtail.models import Site

from assemblies import directory
from home import forms
from home.models import AssemblyContact, ContactMessage, SiteFrame
from home.models.message import KEPT_MONTHS
from home.setup import read_text
from tests.factories import (
    make_act,
    make_assembly,
    make_home,
    make_measure,
    make_recommendation,
    make_world,
    publish_action,
    text_of,
)

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "http://testserver"}
ADDRESS = "redaction@example.org"


@pytest.fixture
def world():
    world = make_world()
    set_frame()
    return world


@pytest.fixture(autouse=True)
def at_ease(monkeypatch):
    """Tests write faster than people."""
    monkeypatch.setattr(forms, "FASTEST", 0)


def set_frame(**fields) -> SiteFrame:
    site = Site.objects.get(is_default_site=True)
    row = SiteFrame.for_site(site)
    for name, value in {"contact_address": ADDRESS, **fields}.items():
        setattr(row, name, value)
    row.save()
    return row


def filled(**fields):
    return {
        "kind": "error",
        "about": "",
        "text": "La date est fausse : le 3, et non le 4.",
        "reply_to": "",
        "website": "",
        "stamp": forms.new_stamp(forms.STAMP),
        **fields,
    }


def post(client, address="/fr/contact/", headers=HERE, **fields):
    return client.post(address, filled(**fields), **headers)


def shown(response) -> str:
    return response.content.decode()


# -- the way there ---------------------------------------------------------------------------


def test_pages_lead_to_the_form_with_their_reference(client, world):
    asked = make_recommendation(world.cycle, label="3.4")
    measure = make_measure(asked, label="3.4.1")
    step = publish_action(asked, value="accepted")
    directory.forget()
    for url, about in (
        (asked.page.url, "BXL-C1-3.4"),
        (f"/fr/mesures/{measure.reference}/", measure.reference),
        (f"/fr/chronologie/{step.number}/", str(step.number)),
    ):
        html = shown(client.get(url))
        assert f'href="/fr/contact/?about={about}&amp;kind=error"' in html, url
        assert f'href="/fr/contact/?about={about}&amp;kind=question"' in html, url
        form = client.get(f"/fr/contact/?about={about}&kind=error")
        assert f'value="{about}"' in shown(form)
        assert 'value="error" required checked' in shown(form)


def test_an_act_too(client):
    paris = make_world(preset="paris", code="PAR", dutch=False)
    asked = make_recommendation(paris.cycle, label="V1", dutch=False)
    act = make_act(asked)
    html = shown(client.get(act.public_url))
    assert f'href="/fr/contact/?about={act.reference}&amp;kind=error"' in html
    assert act.public_url in shown(client.get(f"/fr/contact/?about={act.reference}"))


def test_the_form_says_what_it_is_about(client, world):
    asked = make_recommendation(world.cycle, label="3.4", title="Un guichet", dutch="Een loket")
    assert asked.reference == "BXL-C1-3.4"
    assert "Un guichet" in text_of(client.get("/fr/contact/?about=bxl-c1-3.4"))
    assert "Een loket" in text_of(client.get("/nl/contact/?about=BXL-C1-3.4"))
    assert "Burgerraad" in text_of(client.get("/nl/contact/?about=BXL"))


@pytest.mark.parametrize("about", ["BXL-C9-1", "x" * 500, "999999", "<b>", "%00", "٣", "9" * 40])
def test_an_address_with_anything_in_it_is_answered(client, world, about):
    response = client.get(f"/fr/contact/?about={about}")
    assert response.status_code in (200, 400)
    assert "<b>" not in shown(response)


def test_the_other_language_keeps_the_reference(client, world):
    assert 'href="/nl/contact/?about=BXL-C1"' in shown(client.get("/fr/contact/?about=BXL-C1"))


# -- sent ------------------------------------------------------------------------------------


def test_a_message_is_kept_and_mailed(client, world):
    make_recommendation(world.cycle, label="3.4")
    response = post(client, about="bxl-c1-3.4", reply_to="lea@example.org")
    assert response.status_code == 303
    row = ContactMessage.objects.get()
    assert (row.kind, row.about, row.language) == ("error", "BXL-C1-3.4", "fr")
    assert row.text == "La date est fausse : le 3, et non le 4."
    assert row.assembly_id == world.assembly.pk
    assert row.sent_to == ADDRESS
    assert row.sent_at is not None
    (sent,) = mail.outbox
    assert sent.to == [ADDRESS]
    assert sent.reply_to == ["lea@example.org"]
    assert "BXL-C1-3.4" in sent.subject
    assert "La date est fausse : le 3, et non le 4." in sent.body
    assert "/fr/" in sent.body
    after = client.get(response["Location"])
    assert after.status_code == 200
    assert "Recommandation 3.4" in text_of(after)
    assert "La date est fausse" not in text_of(after)


def test_no_cookie_at_any_moment(client, world):
    for response in (client.get("/fr/contact/"), post(client), post(client, text="")):
        assert not response.cookies
        assert "Cookie" not in response.get("Vary", "")
        assert "no-store" in response.get("Cache-Control", "") or response.status_code == 303
    assert not client.cookies


def test_a_message_about_an_assembly_goes_to_its_own_address(client, world):
    paris = make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    row = set_frame()
    row.assembly_contacts.add(AssemblyContact(assembly=paris.register, address="paris@example.org"))
    row.save()
    post(client, about="PAR")
    post(client, about="BXL")
    assert [each.to for each in mail.outbox] == [["paris@example.org"], [ADDRESS]]


def test_a_click_too_many_sends_nothing_twice(client, world):
    for _click in range(3):
        assert post(client).status_code == 303
    assert ContactMessage.objects.count() == 1
    assert len(mail.outbox) == 1
    post(client, text="Autre chose.")
    assert ContactMessage.objects.count() == 2


def test_a_line_break_in_a_field_makes_no_header(client, world):
    response = post(client, reply_to="lea@example.org\nBcc: all@example.org")
    assert response.status_code == 200
    assert not mail.outbox
    response = post(client, about="BXL\nBcc: all@example.org")
    assert response.status_code == 200
    assert not ContactMessage.objects.exists()


# -- what is wrong is said, and nothing is lost --------------------------------------------------


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "   "}, "text"),
        ({"text": "x" * 5001}, "text"),
        ({"kind": "praise"}, "kind"),
        ({"kind": ""}, "kind"),
        ({"about": "BXL-C1-99"}, "about"),
        ({"reply_to": "lea@"}, "reply_to"),
        ({"website": "https://x.example"}, "website"),
        ({"text": "a\0b"}, "text"),
    ],
)
def test_an_error_is_tied_to_its_field(client, world, wrong, field):
    response = post(client, **wrong)
    html = shown(response)
    assert response.status_code == 200
    assert f'href="#contact-{field}"' in html
    assert f'id="contact-{field}-error"' in html
    assert f'{field}-error"' in html.split("aria-describedby=", 1)[1]
    if "text" not in wrong:
        assert "La date est fausse : le 3, et non le 4." in html
    assert not ContactMessage.objects.exists()


@pytest.mark.parametrize(
    "stamp", ["", "1700000000", "1700000000:forged", Signer(salt=forms.STAMP).sign("x")]
)
def test_a_stamp_that_is_not_ours_asks_to_send_again(client, world, stamp):
    response = post(client, stamp=stamp)
    html = shown(response)
    assert response.status_code == 200
    assert "La date est fausse : le 3, et non le 4." in html
    assert not ContactMessage.objects.exists()
    new = html.split('name="stamp" value="', 1)[1].split('"', 1)[0]
    assert post(client, stamp=new).status_code == 303


def test_a_program_is_faster_than_people(client, world, monkeypatch):
    monkeypatch.setattr(forms, "FASTEST", 3)
    stamp = forms.new_stamp(forms.STAMP)
    response = post(client, stamp=stamp)
    assert response.status_code == 200
    assert not ContactMessage.objects.exists()
    assert "La date est fausse" in shown(response)
    assert stamp in shown(response)
    old = Signer(salt=forms.STAMP).sign(str(int(timezone.now().timestamp()) - 4))
    assert post(client, stamp=old).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_SEC_FETCH_SITE": "same-site", "HTTP_ORIGIN": "http://other.testserver"},
        {"HTTP_SEC_FETCH_SITE": "none"},
        {"HTTP_ORIGIN": "https://elsewhere.example"},
        {"HTTP_ORIGIN": "https://testserver"},
        {"HTTP_ORIGIN": "null"},
        {"HTTP_REFERER": "https://elsewhere.example/testserver"},
        {},
    ],
)
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_another_site_sends_nothing(client, world, headers, language):
    response = post(client, f"/{language}/contact/", headers=headers)
    assert response.status_code == 403
    html = shown(response)
    assert f'lang="{language}"' in html
    assert "La date est fausse : le 3, et non le 4." in html
    assert not ContactMessage.objects.exists()
    assert not mail.outbox


@pytest.mark.parametrize(
    "headers",
    [
        {"HTTP_SEC_FETCH_SITE": "same-origin"},
        {"HTTP_SEC_FETCH_SITE": "same-origin", "HTTP_ORIGIN": "null"},
        {"HTTP_ORIGIN": "http://testserver"},
        {"HTTP_REFERER": "http://testserver/fr/contact/"},
    ],
)
def test_every_browser_of_ours_does(client, world, headers):
    assert post(client, headers=headers).status_code == 303


def test_a_network_writes_five_times_an_hour(client, world):
    for number in range(5):
        assert post(client, text=f"Message {number}").status_code == 303
    response = post(client, text="Un de trop")
    assert response.status_code == 429
    assert response["Retry-After"] == "3600"
    assert "Un de trop" in shown(response)
    assert ContactMessage.objects.count() == 5
    elsewhere = {**HERE, "REMOTE_ADDR": "203.0.113.7"}
    assert post(client, text="D’ailleurs", headers=elsewhere).status_code == 303
    ContactMessage.objects.update(received_at=timezone.now() - datetime.timedelta(hours=2))
    assert post(client, text="Plus tard").status_code == 303


def test_a_neighbour_of_the_same_network_counts_with_it(client, world):
    for place in range(5):
        headers = {**HERE, "REMOTE_ADDR": f"2001:db8:0:1::{place}"}
        assert post(client, text=f"Message {place}", headers=headers).status_code == 303
    headers = {**HERE, "REMOTE_ADDR": "2001:db8:0:1:ffff::1"}
    assert post(client, headers=headers).status_code == 429
    rows = ContactMessage.objects.values_list("network", flat=True)
    assert len(set(rows)) == 1
    assert "2001" not in rows[0]


# -- the mail server -----------------------------------------------------------------------------


def broken(*args, **kwargs):
    raise SMTPServerDisconnected("gone")


def test_a_mail_server_that_is_down_loses_nothing(client, world, monkeypatch):
    make_recommendation(world.cycle, label="3.4")
    with monkeypatch.context() as patch:
        patch.setattr("django.core.mail.EmailMessage.send", broken)
        assert post(client, about="BXL-C1-3.4").status_code == 303
        row = ContactMessage.objects.get()
        assert row.sent_at is None
        assert "SMTPServerDisconnected" in row.failure
        with pytest.raises(CommandError, match="1 still unsent"):
            call_command("send_messages", stdout=StringIO())
    call_command("send_messages", stdout=(out := StringIO()))
    assert "1 sent" in out.getvalue()
    row.refresh_from_db()
    assert row.sent_to == ADDRESS
    assert not row.failure
    assert "BXL-C1-3.4" in mail.outbox[0].subject
    call_command("send_messages", stdout=(out := StringIO()))
    assert "0 sent" in out.getvalue()
    assert len(mail.outbox) == 1


def test_without_an_address_messages_wait(client):
    make_world()
    assert post(client).status_code == 303
    assert ContactMessage.objects.get().sent_at is None
    set_frame()
    call_command("send_messages", stdout=StringIO())
    assert len(mail.outbox) == 1


# -- how long --------------------------------------------------------------------------------


def test_what_is_old_is_erased(client, world):
    post(client)
    post(client, text="Autre")
    old, young = ContactMessage.objects.order_by("pk")
    year = datetime.timedelta(days=367)
    ContactMessage.objects.filter(pk=old.pk).update(received_at=timezone.now() - year)
    two_days = datetime.timedelta(days=2)
    ContactMessage.objects.filter(pk=young.pk).update(received_at=timezone.now() - two_days)
    call_command("erase_messages", stdout=(out := StringIO()))
    assert "1 erased, 1 without origin" in out.getvalue()
    left = ContactMessage.objects.get()
    assert left.pk == young.pk
    assert left.network == ""


def test_the_privacy_page_says_how_long():
    assert KEPT_MONTHS == 12
    assert "douze mois" in read_text("privacy", "fr").body
    assert "twaalf maanden" in read_text("privacy", "nl").body


# -- the admin -------------------------------------------------------------------------------


def test_messages_are_read_by_a_permission_of_their_own(client, world, django_user_model):
    post(client, reply_to="lea@example.org")
    user = django_user_model.objects.create_user("reader", password="secret")
    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    client.force_login(user)
    address = "/admin/snippets/home/contactmessage/"
    assert "lea@example.org" not in shown(client.get(address, follow=True))
    row = ContactMessage.objects.get()
    assert client.get(f"{address}edit/{row.pk}/").status_code == 302
    user.user_permissions.add(Permission.objects.get(codename="change_contactmessage"))
    client.force_login(django_user_model.objects.get(pk=user.pk))
    assert client.get(address).status_code == 200
    page = client.get(f"{address}edit/{row.pk}/")
    assert "La date est fausse" in shown(page)
    client.post(f"{address}edit/{row.pk}/", {"done": "on", "text": "Changed"})
    row.refresh_from_db()
    assert row.done
    assert row.text.startswith("La date est fausse")


def test_nobody_writes_messages_in_the_admin(admin_client, world):
    response = admin_client.get("/admin/snippets/home/contactmessage/add/")
    assert response.status_code == 302
    assert admin_client.get("/admin/snippets/home/contactmessage/").status_code == 200


# -- what it costs -------------------------------------------------------------------------------


@pytest.mark.parametrize(("about", "queries"), [("", 1), ("BXL-C1", 1), ("BXL-C1-1", 2)])
def test_the_form_asks_little(client, world, about, queries):
    make_recommendation(world.cycle, label="1")
    client.get("/fr/contact/")
    with CaptureQueriesContext(connection) as asked:
        client.get(f"/fr/contact/?about={about}")
    # The change log, and what it is about.
    assert len(asked) == queries, [query["sql"] for query in asked]


def test_without_anything_published(client):
    make_home()
    assert client.get("/fr/contact/").status_code == 200
