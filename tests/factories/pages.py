"""Pages in French, and in Dutch beside them, with the register rows they write."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.text import slugify
from wagtail.models import Locale, Page, Site
from wagtail.rich_text import RichText

from assemblies import directory
from assemblies.models import (
    Assembly,
    AssemblyPage,
    Body,
    Cycle,
    CyclePage,
    PastAddress,
    Recommendation,
    RecommendationKind,
    RecommendationPage,
    Regime,
)
from home.models import HomePage, StandardPage
from tests.factories.lists import make_body, make_kind, make_regime

HANDED_OVER = datetime.date(2023, 6, 9)


@dataclass
class World:
    """A site with one assembly and one cycle, and who acts there. ``…_nl`` None: not in Dutch."""

    home: HomePage
    home_nl: HomePage
    regime: Regime
    government: Body
    administration: Body
    committee: Body | None
    assembly: Assembly
    assembly_page: AssemblyPage
    assembly_page_nl: AssemblyPage | None
    kind: RecommendationKind
    cycle: Cycle
    cycle_page: CyclePage
    cycle_page_nl: CyclePage | None


def translate(page: Page, *, live: bool = True, **fields: Any) -> Page:
    """The Dutch page of a French one. Its parent must be there in Dutch."""
    dutch = page.copy_for_translation(Locale.objects.get(language_code="nl"))
    copied = dutch.slug
    values = {"title": f"{page.title} (nl)", "slug": f"{page.slug}-nl", **fields}
    for name, value in values.items():
        setattr(dutch, name, value)
    if live:
        dutch.live, dutch.has_unpublished_changes = True, False
        dutch.first_published_at = dutch.last_published_at = timezone.now()
    dutch.save()
    # It was a copy for a moment, at an address that nobody has seen.
    PastAddress.objects.filter(slug=copied).delete()
    return dutch


def make_home() -> tuple[HomePage, HomePage]:
    """The home pages of French and Dutch; what Wagtail's migrations made goes. Made once."""
    directory.forget()
    if found := HomePage.objects.filter(locale__language_code="fr").first():
        return found, HomePage.objects.get(locale__language_code="nl")
    french = Locale.objects.get_or_create(language_code="fr")[0]
    Locale.objects.get_or_create(language_code="nl")
    root = Page.get_first_root_node()
    home = HomePage(title="Suites", slug="fr", locale=french, lead="Ce que deviennent…")
    root.add_child(instance=home)
    Site.objects.update_or_create(
        is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
    )
    for page in Page.objects.filter(depth=2, slug="home"):
        page.delete()
    return home, translate(HomePage.objects.get(pk=home.pk), title="Suites", slug="nl")


def make_standard_page(parent: Page, title: str = "Méthode", *, dutch: bool = True, **fields: Any):
    """A page of text below a home page; ``body`` may be one text, as HTML, or a list of blocks."""
    body = fields.pop("body", "<p>Texte.</p>")
    page = StandardPage(
        **{
            "title": title,
            "slug": slugify(title),
            "body": [("text", RichText(body))] if isinstance(body, str) else body,
            "show_in_menus": True,
            "locale": parent.locale,
            **fields,
        }
    )
    parent.add_child(instance=page)
    if dutch:
        translate(page)
    directory.forget()
    return page


def make_assembly(
    home: HomePage,
    *,
    code: str = "BXL",
    preset: str = "brussels",
    dutch: bool = True,
    **fields: Any,
) -> AssemblyPage:
    """An assembly's page; its register row is ``page.register``."""
    regime = fields.pop("regime", None) or make_regime(preset)
    committee = None
    if regime.has_citizens_body:
        committee = make_body(f"committee-{code.lower()}", "committee", name="Comité de suivi")
    values = {
        "title": "Assemblée",
        "slug": f"assemblee-{code.lower()}",
        "code": code,
        "territory": {"fr": "Bruxelles", "nl": "Brussel"},
        "regime": regime,
        "languages": ["fr", "nl"] if dutch else ["fr"],
        "committee": committee,
        "locale": home.locale,
    }
    page = AssemblyPage(**{**values, **fields})
    home.add_child(instance=page)
    if dutch:
        translate(page, title="Burgerraad", slug=f"burgerraad-{code.lower()}")
    return AssemblyPage.objects.get(pk=page.pk)


def make_cycle(
    assembly_page: AssemblyPage, *, code: str = "C1", dutch: bool = True, **fields: Any
) -> CyclePage:
    """A cycle's page; its register row is ``page.register``. Handed over on 9 June 2023."""
    values = {
        "title": f"Cycle {code[1:]}",
        "slug": f"cycle-{code[1:]}",
        "code": code,
        "question": "Comment habiter la ville ?",
        "handed_over_on": HANDED_OVER,
        "locale": assembly_page.locale,
    }
    page = CyclePage(**{**values, **fields})
    AssemblyPage.objects.get(pk=assembly_page.pk).add_child(instance=page)
    if dutch:
        translate(page, title=f"Cyclus {code[1:]}", slug=f"cyclus-{code[1:]}")
    return CyclePage.objects.get(pk=page.pk)


def make_world(
    *,
    code: str = "BXL",
    preset: str = "brussels",
    dutch: bool = True,
    example: bool = False,
    **cycle: Any,
) -> World:
    """Home pages, an assembly with its regime and bodies, one kind, one cycle (``**cycle``)."""
    home, home_nl = make_home()
    government = make_body(f"government-{code.lower()}", "government", name="Gouvernement")
    administration = make_body("housing", name="Administration du logement")
    page = make_assembly(home, code=code, preset=preset, dutch=dutch, example=example)
    kind = make_kind(page.register, deciding_body=government)
    cycle_page = make_cycle(page, dutch=dutch, example=example, **cycle)

    def in_dutch(original):
        return original.get_translations().specific().first()

    return World(
        home=home,
        home_nl=home_nl,
        regime=page.regime,
        government=government,
        administration=administration,
        committee=page.committee,
        assembly=page.register,
        assembly_page=page,
        assembly_page_nl=in_dutch(page),
        kind=kind,
        cycle=cycle_page.register,
        cycle_page=cycle_page,
        cycle_page_nl=in_dutch(cycle_page),
    )


def make_recommendation(
    cycle: Cycle,
    *,
    label: str = "",
    title: str = "",
    dutch: bool | str = True,
    live: bool = True,
    topics=(),
    addressees=(),
    **fields: Any,
):
    """The register row of a new recommendation; ``dutch`` may be its Dutch title.

    ``live=False``: a draft page (there is no row yet). ``kind`` defaults to the assembly's first.
    """
    parent = CyclePage.objects.get(pk=cycle.page_id)
    title = title or f"Recommandation {label}".strip()
    values = {
        "title": title,
        "slug": fields.pop("slug", f"{label or title}".lower().replace(".", "-").replace(" ", "-")),
        "label": label,
        "kind": cycle.assembly.kinds.order_by("pk").first(),
        "verbatim": "<p>Nous demandons un guichet dans chaque quartier.</p>",
        "locale": parent.locale,
        "live": live,
    }
    page = RecommendationPage(**{**values, **fields})
    page.full_title = title
    page.topics = list(topics)
    page.addressees = list(addressees)
    if live:
        page.first_published_at = page.last_published_at = timezone.now()
    parent.add_child(instance=page)
    if dutch:
        translate(
            page,
            title=dutch if isinstance(dutch, str) else f"Aanbeveling {label}".strip(),
            title_in_full="",
            slug=f"{page.slug}-nl",
            verbatim="<p>Wij vragen een loket in elke wijk.</p>",
        )
    if not live:
        return page
    return Recommendation.objects.get(page=page)
