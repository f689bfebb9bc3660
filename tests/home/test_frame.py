"""Menu, footer, logo: what editors set around every page, in each language, at once everywhere."""

import io

import pytest
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from PIL import Image as Drawing
from wagtail.images import get_image_model
from wagtail.models import Site

from assemblies.models import Change
from home import frame
from home.models import FooterLink, MenuEntry, SiteFrame
from tests.factories import make_assembly, make_standard_page, make_world, text_of

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Unclosed file:ResourceWarning"),
]
SETTINGS = "/admin/settings/home/siteframe/"


@pytest.fixture
def world():
    return make_world()


@pytest.fixture(autouse=True)
def no_drawings():
    """Wagtail remembers drawings by the number of the picture, which tests use again."""
    cache.clear()


def settings() -> SiteFrame:
    return SiteFrame.for_site(Site.objects.get(is_default_site=True))


def said(fr: str, nl: str = "") -> dict[str, str]:
    return {"fr": fr, "nl": nl} if nl else {"fr": fr}


def html_of(client, address="/fr/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_menu_and_footer_in_each_language(client, world):
    page = make_standard_page(world.home, "Calendrier", show_in_menus=False)
    html_of(client)
    row = settings()
    row.menu_entries.add(MenuEntry(label=said("Calendrier", "Kalender"), page=page))
    row.footer_links.add(FooterLink(label=said("La ville"), address="https://ville.example/"))
    row.footer_text = said("Publié par la Ville.", "Uitgegeven door de Stad.")
    row.save()
    french, dutch = html_of(client), html_of(client, "/nl/")
    assert '<a href="/fr/calendrier/">Calendrier</a>' in french
    assert '<a href="/nl/calendrier-nl/">Kalender</a>' in dutch
    assert '<a href="https://ville.example/">La ville</a>' in french
    assert '<a href="https://ville.example/"><span lang="fr">La ville</span></a>' in dutch
    assert "Publié par la Ville." in french
    assert "Uitgegeven door de Stad." in dutch


def test_a_page_that_is_taken_down_leaves_the_menu(client, world):
    page = make_standard_page(world.home, "Calendrier", show_in_menus=False)
    row = settings()
    row.menu_entries.add(MenuEntry(label=said("Calendrier"), page=page))
    row.save()
    assert "Calendrier" in html_of(client)
    page.unpublish()
    assert "Calendrier" not in html_of(client)


def test_each_change_is_seen_at_once_by_all_processes(client, world):
    """The log moves on, and by it every process knows; memory of one alone would not do."""
    html_of(client)
    held = frame._current
    row = settings()
    row.footer_text = said("Premier texte.")
    row.save()
    assert Change.objects.latest("number").listed == f"frame:{row.pk}"
    frame._current = held  # another process, which read before
    assert "Premier texte." in html_of(client)
    row.footer_text = said("Deuxième texte.")
    row.save()
    assert "Deuxième texte." in html_of(client)
    row.delete()
    assert "Deuxième texte." not in html_of(client)


@pytest.mark.parametrize("number", [0, 1, 3])
def test_what_stands_around_costs_no_query(client, world, number):
    page = make_standard_page(world.home, "Page")
    row = settings()
    for place in range(number):
        row.menu_entries.add(MenuEntry(label=said(str(place)), page=page))
        row.footer_links.add(FooterLink(label=said(str(place)), address="https://x.example/"))
    row.save()
    html_of(client, "/fr/page/")
    with CaptureQueriesContext(connection) as queries:
        html_of(client, "/fr/page/")
    # The change log; the page; its restrictions.
    assert len(queries) == 3, [query["sql"] for query in queries]


@pytest.mark.parametrize("several", [True, False])
def test_a_logo_takes_the_place_of_the_sign(client, world, several):
    if several:
        make_assembly(world.home, code="PAR", preset="paris", dutch=False)
    drawn = io.BytesIO()
    Drawing.new("RGB", (600, 300), "teal").save(drawn, "PNG")
    row = settings()
    row.logo = get_image_model().objects.create(
        title="Logo", file=SimpleUploadedFile("logo.png", drawn.getvalue())
    )
    row.save()
    html = html_of(client)
    tag = html[html.index('<img class="masthead__logo"') :].partition(">")[0]
    assert 'width="192" height="96" alt=""' in tag


def test_a_link_leads_to_one_place(world):
    row = settings()
    page = make_standard_page(world.home, "Page")
    for wrong in ({}, {"page": page, "address": "https://x.example/"}):
        with pytest.raises(ValidationError):
            MenuEntry(frame=row, label=said("X"), **wrong).full_clean()
        row.save()
        with pytest.raises(IntegrityError), transaction.atomic():
            MenuEntry.objects.create(frame=row, label=said("X"), **wrong)
    with pytest.raises(ValidationError):
        FooterLink(frame=row, label=said("X"), address="javascript:alert(1)").full_clean()


def test_editors_set_it_in_the_admin(admin_client, client, world):
    site = Site.objects.get(is_default_site=True)
    address = f"{SETTINGS}{site.pk}/"
    assert admin_client.get(address).status_code == 200
    page = make_standard_page(world.home, "Calendrier", show_in_menus=False)
    empty = {
        f"{name}-{part}": number
        for name in ("menu_entries", "footer_links", "assembly_contacts")
        for part, number in (
            ("TOTAL_FORMS", 0),
            ("INITIAL_FORMS", 0),
            ("MIN_NUM_FORMS", 0),
            ("MAX_NUM_FORMS", 20),
        )
    }
    response = admin_client.post(
        address,
        {
            **empty,
            "logo": "",
            "footer_text_0": "Publié par la Ville.",
            "footer_text_1": "Uitgegeven door de Stad.",
            "contact_address": "redaction@example.org",
            "contact_intro_0": "",
            "contact_intro_1": "",
            "menu_entries-TOTAL_FORMS": 1,
            "menu_entries-0-label_0": "Calendrier",
            "menu_entries-0-label_1": "Kalender",
            "menu_entries-0-page": page.pk,
            "menu_entries-0-address": "",
            "menu_entries-0-ORDER": 1,
            "menu_entries-0-id": "",
        },
    )
    assert response.status_code == 302, text_of(response)
    assert "Kalender" in html_of(client, "/nl/")
    assert "Uitgegeven door de Stad." in html_of(client, "/nl/")
    assert "redaction@example.org" in html_of(client, "/fr/contact/")


def test_a_logo_whose_file_is_gone_breaks_no_page(client, world):
    drawn = io.BytesIO()
    Drawing.new("RGB", (60, 30), "teal").save(drawn, "PNG")
    image = get_image_model().objects.create(
        title="Logo", file=SimpleUploadedFile("logo.png", drawn.getvalue())
    )
    image.file.storage.delete(image.file.name)
    row = settings()
    row.logo = image
    row.save()
    assert "masthead__logo" not in html_of(client)
