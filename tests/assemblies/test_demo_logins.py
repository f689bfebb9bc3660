"""The users of the demo, each in the language of the work."""

import pytest
from django.core.management import call_command
from django.test import Client
from django.urls import reverse

from assemblies.management.commands.demo_logins import PASSWORD
from assemblies.models import Action
from tests.assemblies.desk import desk_url
from tests.factories import make_world

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("name", "words"), [("redaction-bruxelles", "Étapes"), ("vertaling-brussel", "Stappen")]
)
def test_the_admin_is_in_the_language_of_its_user(name, words):
    make_world()
    call_command("demo_logins", "--create", verbosity=0)
    client = Client()
    sent = {"username": name, "password": PASSWORD, "next": desk_url(Action, "list")}
    answer = client.post(reverse("wagtailadmin_login"), sent, follow=True)
    assert words in answer.content.decode()


def test_again_makes_nobody_twice(django_user_model):
    make_world()
    found = []
    for _time in range(2):
        call_command("demo_logins", "--create", verbosity=0)
        found.append(list(django_user_model.objects.order_by("pk").values_list("username")))
    assert found[0] == found[1]
    assert ("vertaling-brussel",) in found[0]
