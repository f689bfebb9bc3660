"""The desk of the demo: its translator finds work, and everything comes back from a file."""

import polib
import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.test import override_settings

from assemblies.audit import findings
from assemblies.models import Assembly
from tests.assemblies.desk import client_of
from tests.translations.work import desk_address, tally
from translations import delivery, desk, reach


@pytest.mark.django_db
@override_settings(SUITES_DEMO_LOGINS=True)
def test_the_translator_of_brussels_finds_work_and_does_it(django_assert_num_queries):
    call_command("setup_site", verbosity=0)
    call_command("load_demo", verbosity=0)
    call_command("demo_logins", "--create", verbosity=0)
    user = get_user_model().objects.get(username="vertaling-brussel")
    brussels = Assembly.objects.get(code="BXL")
    assert {(t.assembly.code, t.language) for t in reach.tallies_of(user)} == {
        ("BXL", "fr"),
        ("BXL", "nl"),
    }
    now = tally(brussels)
    assert now.outdated_count == 0
    assert {kind for kind in desk.KINDS if now.of_kind(kind)} >= {"pages", "steps", "measures"}
    assert tally(brussels, "fr").missing_count

    client = client_of(user)
    address = desk_address("desk", assembly="BXL", language="nl")
    client.get(address)
    with django_assert_num_queries(47):
        assert client.get(address).status_code == 200

    text = delivery.export(desk.everything(now, most=1000), assembly=brussels, language="nl")
    file = polib.pofile("\n" + text)
    for entry in file:
        entry.msgstr = entry.msgstr or f"{entry.msgid} (nl)"
    where = {"assembly": brussels, "language": "nl", "user": user}
    seen = delivery.compare(str(file).encode(), **where)
    assert [str(each) for each in seen.troubles] == []
    delivery.take_over(str(file).encode(), **where, seen=seen.fingerprint)
    left = tally(brussels)
    assert left.missing_count == left.of_kind("pages") < now.missing_count
    assert list(findings()) == []
