"""An action with only a French text, read in Dutch; then its Dutch text is written at the desk."""

import pytest
from django.contrib.auth.models import Group
from wagtail.users.models import UserProfile

from assemblies.models import Role
from tests.factories import make_recommendation, make_topic, make_world, publish_action
from tests.functional.test_desk import log_in

pytestmark = pytest.mark.functional
FRENCH, DUTCH = "Un guichet dans chaque quartier", "Een loket in elke wijk"
NOTE = "nog niet vertaald"


@pytest.fixture
def world(live_server, django_user_model):
    world = make_world()
    topic = make_topic("logement", name={"fr": "Logement", "nl": "Wonen"})
    world.asked = make_recommendation(world.cycle, label="3.4", topics=[topic])
    user = django_user_model.objects.create_user("vertaler", password="suites-demo")
    UserProfile.objects.update_or_create(user=user, defaults={"preferred_language": "nl"})
    group = Group.objects.create(name="vertaler")
    user.groups.add(group)
    Role.objects.create(group=group, assembly=world.cycle.assembly, name="translator")
    return world


def places(world, action) -> dict[str, str]:
    """Dutch pages that show the step, with the word for the state that each also shows."""
    return {
        f"/nl/r/{world.asked.reference}": "Aanvaard",
        "/nl/burgerraad-bxl/cyclus-1/": "aanvaard",
        "/nl/": "",
        f"/nl/instanties/{world.government.slug}/": "",
        "/nl/tijdlijn/": "Aanvaard",
        f"/nl/tijdlijn/{action.number}/": "Aanvaard",
        "/nl/themas/logement/": "Aanvaard",
    }


def test_the_mark_is_there_at_once_and_gone_once_the_dutch_is_written(page, world):
    action = publish_action(
        world.asked, value="accepted", title={"fr": FRENCH}, body=world.government
    )
    page.set_default_timeout(60_000)  # each page is read whole, whatever else the machine does
    marks = {}
    for address, state in places(world, action).items():
        page.goto(address)
        main = page.locator("main")
        assert page.locator("html").get_attribute("lang") == "nl"
        assert state.lower() in main.inner_text().lower(), address
        if FRENCH in main.inner_text():
            marks[address] = main.inner_text().count(NOTE)
            marked = main.locator('[lang="fr"]', has_text=FRENCH)
            assert marked.count() == main.get_by_text(FRENCH).count(), address
            assert marks[address], address
    assert len(marks) >= 5

    log_in(page, "vertaler")
    page.goto(f"/admin/translations/write/action/{action.pk}/nl/")
    page.get_by_label("Titel").fill(DUTCH)
    form = page.url
    page.get_by_role("button", name="Publiceren").first.click()
    page.wait_for_url(lambda address: address != form)
    for address, before in marks.items():
        page.goto(address)
        main = page.locator("main")
        assert DUTCH in main.inner_text(), address
        assert FRENCH not in main.inner_text(), address
        assert main.inner_text().count(NOTE) < before, address
