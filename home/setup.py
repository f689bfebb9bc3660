"""The site as it begins: languages, home pages, standard pages with their texts.

Safe to repeat: what is there already stays as the editors made it.
"""

from dataclasses import dataclass
from pathlib import Path
from uuid import NAMESPACE_URL, UUID, uuid5

from django.conf import settings
from django.contrib.auth.models import Group as UserGroup
from django.db import transaction
from django.utils.translation import to_locale
from wagtail.models import Locale, Page, Site, Task, Workflow
from wagtail.rich_text import RichText

from home.models import HomePage, StandardPage

TEXTS = Path(__file__).resolve().parent / "texts"
#: The standard pages, in the order of the footer; each is ``texts/<name>.<language>.html``.
STANDARD = ("method", "licence", "accessibility", "privacy", "legal")
#: The home page of each language in one sentence; a language without one shows the portal's own.
LEADS = {
    "fr": (
        "Des personnes tirées au sort font des recommandations\u202f: voici ce qu’on leur répond, "
        "ce qui est fait, et ce qu’elles en jugent."
    ),
    "nl": (
        "Mensen die geloot werden, doen aanbevelingen: hier ziet u wat er geantwoord wordt, wat "
        "er gedaan wordt en wat zij ervan vinden."
    ),
    "en": (
        "People drawn by lot make recommendations: here is what is answered to them, what is being "
        "done, and what they think of it."
    ),
}
#: The language of the messages in the source, which needs no catalogue.
SOURCE = "en"


@dataclass(frozen=True, slots=True)
class Text:
    """One standard page in one language."""

    title: str
    slug: str
    lead: str
    body: str


def standard_key(name: str) -> UUID:
    """The translation key of a standard page: the same in all languages and on every site."""
    return uuid5(NAMESPACE_URL, f"suites:standard:{name}")


def read_text(name: str, language: str) -> Text | None:
    """A text of ours: lines ``title``, ``slug``, ``lead``, an empty line, then HTML."""
    path = TEXTS / f"{name}.{language}.html"
    if not path.exists():
        return None
    head, body = path.read_text("utf-8").split("\n\n", 1)
    given = dict(line.split(": ", 1) for line in head.splitlines())
    return Text(title=given["title"], slug=given["slug"], lead=given["lead"], body=body.strip())


@transaction.atomic
def set_up() -> list[str]:
    """Make what is missing. Returns what was made, in words for operators."""
    made: list[str] = []
    locales = {code: _locale(code, made) for code, _name in settings.LANGUAGES}
    homes = _homes(locales, made)
    _site(next(iter(homes.values())), made)
    _remove_welcome(made)
    for name in STANDARD:
        _standard_pages(name, homes, made)
    return made


def catalogue_of(code: str) -> Path:
    """Where the messages of a language are translated."""
    return Path(settings.LOCALE_PATHS[0]) / to_locale(code) / "LC_MESSAGES" / "django.po"


class NotReady(Exception):
    """Why a language can't be added, in a sentence for operators."""


@transaction.atomic
def add_language(code: str) -> list[str]:
    """Make the locale of one language, its home page, and the standard pages we have texts of.

    Returns what was made, and what is left to write, in words for operators. Raises ``NotReady``
    unless the language is one of the site's settings and has a catalogue, and the site is set up.
    """
    languages = dict(settings.LANGUAGES)
    if code not in languages:
        raise NotReady(
            f"“{code}” is no language of this site, which has {', '.join(languages)}: "
            "add it to SUITES_LANGUAGES in the environment first (docs/languages.md)."
        )
    if not HomePage.objects.exists():
        raise NotReady("There is no home page yet: manage.py setup_site makes all languages.")
    if code != SOURCE and not catalogue_of(code).exists():
        raise NotReady(
            f"There is no catalogue {catalogue_of(code)}: "
            "manage.py catalogues begins one, then translate it (docs/languages.md)."
        )
    made: list[str] = []
    homes = _homes({code: _locale(code, made)}, made)
    for name in STANDARD:
        _standard_pages(name, homes, made)
    unwritten = [name for name in STANDARD if read_text(name, code) is None]
    if unwritten:
        made.append(
            f"left to the editors: the standard pages in {languages[code]} "
            f"({', '.join(unwritten)}); until then they are shown in another language, marked so"
        )
    return made


def _locale(code: str, made: list[str]) -> Locale:
    locale, new = Locale.objects.get_or_create(language_code=code)
    if new:
        made.append(f"locale {code}")
    return locale


def _homes(locales: dict[str, Locale], made: list[str]) -> dict[str, HomePage]:
    """The home page of each language; those of further languages belong to the first one."""
    homes: dict[str, HomePage] = {}
    first = HomePage.objects.filter(alias_of__isnull=True).order_by("pk").first()
    for code, locale in locales.items():
        known = HomePage.objects.filter(alias_of__isnull=True)
        if first is not None:
            known = known.filter(translation_key=first.translation_key)
        home = known.filter(locale=locale).first()
        if home is None:
            home = HomePage(title="Suites", slug=code, lead=LEADS.get(code, ""), locale=locale)
            if first is not None:
                home.translation_key = first.translation_key
            _publish(Page.get_first_root_node(), home)
            made.append(f"home page {code}")
        first = first or home
        homes[code] = home
    return homes


def _site(home: HomePage, made: list[str]) -> None:
    site = Site.objects.filter(is_default_site=True).first()
    if site is None:
        site = Site(hostname="localhost", is_default_site=True)
    elif HomePage.objects.filter(pk=site.root_page_id).exists():
        return
    site.root_page = home
    site.site_name = site.site_name or "Suites"
    site.save()
    made.append("site")


def _remove_welcome(made: list[str]) -> None:
    """Wagtail's own first page, if nobody has made anything of it."""
    for page in Page.objects.filter(depth=2, numchild=0).exact_type(Page):
        page.delete()
        made.append("Wagtail’s welcome page removed")
        _remove_moderation(made)


def _remove_moderation(made: list[str]) -> None:
    """Wagtail's workflow of moderators, and its groups: nobody is in them, so nobody would answer.

    An owner who wants a second pair of eyes makes a workflow with people in it.
    """
    Workflow.objects.filter(name="Moderators approval").delete()
    Task.objects.filter(name="Moderators approval").delete()
    UserGroup.objects.filter(name__in=("Moderators", "Editors"), user__isnull=True).delete()
    made.append("Wagtail’s empty groups and their workflow removed")


def _standard_pages(name: str, homes: dict[str, HomePage], made: list[str]) -> None:
    key = standard_key(name)
    for code, home in homes.items():
        text = read_text(name, code)
        known = Page.objects.filter(translation_key=key, locale=home.locale)
        if text is None or known.exists():
            continue
        page = StandardPage(
            translation_key=key,
            locale=home.locale,
            title=text.title,
            slug=text.slug,
            lead=text.lead,
            body=[("text", RichText(text.body))],
            show_in_menus=True,
        )
        _publish(home, page)
        made.append(f"page {code}/{text.slug}")


def _publish(parent: Page, page: Page) -> None:
    """Add a page as an editor would: with a revision, so that the first edit finds its text."""
    page.live = False
    parent.add_child(instance=page)
    page.save_revision().publish()
    parent.refresh_from_db()
