"""Booklets for tests: a small world, a draft of it in both languages, an edition that is made."""

import datetime
from typing import Any

from wagtail.models import Locale, WorkflowPage

from assemblies import directory
from booklets import editions, tasks
from booklets.models import BookletPage, Edition
from tests.factories import (
    World,
    make_measure,
    make_recommendation,
    make_world,
    publish_action,
    source,
)

CLOSING = datetime.date(2024, 12, 31)


def make_asked(world: World, number: int = 1) -> Any:
    """A recommendation with an answer, a delivered measure, an opinion."""
    asked = make_recommendation(world.cycle, label=f"3.{number}", title=f"Guichet {number}")
    publish_action(asked, value="partial", stage="final", title="Réponse", sources=[source()])
    measure = make_measure(asked, label=f"3.{number}.1", lead=world.administration)
    publish_action(
        measure,
        value="delivered",
        on=datetime.date(2024, 9, 2),
        title="Ouverture",
        sources=[source("Bilan")],
    )
    if world.committee:
        publish_action(asked, value="to_clarify", on=datetime.date(2024, 6, 6), title="Avis")
    return asked


def make_book_world(number: int = 1, **fields: Any) -> World:
    world = make_world(**fields)
    # Wagtail's own workflow of moderators; ``setup_site`` takes it away.
    WorkflowPage.objects.filter(page__depth=1).delete()
    for each in range(1, number + 1):
        make_asked(world, each)
    return world


def draft_booklet(
    world: World, number: int = 1, *, dutch: bool = True, parent: Any = None, **fields: Any
):
    """A draft under the cycle (or under ``parent``), in French and in Dutch."""
    parent = parent or world.cycle_page
    values = {
        "title": f"Livret {number}",
        "slug": f"livret-{number}",
        "number": number,
        "closing_on": CLOSING,
        "foreword": "<p>Avant-propos.</p>",
        "locale": parent.locale,
        "live": False,
    }
    page = BookletPage(**{**values, **fields})
    type(parent).objects.get(pk=parent.pk).add_child(instance=page)
    page.save_revision()
    if dutch:
        other = page.copy_for_translation(Locale.objects.get(language_code="nl"))
        other.title, other.slug = f"Brochure {number}", f"brochure-{number}"
        other.foreword = "<p>Voorwoord.</p>"
        other.save()
        other.save_revision()
    return BookletPage.objects.get(pk=page.pk)


def freeze(page: Any) -> Edition:
    editions.freeze(page.get_latest_revision_as_object())
    return Edition.objects.get(translation_key=page.translation_key)


def publish(page: Any, made: Any = None) -> Edition:
    """Freeze, and bring online without making real PDF files, which takes seconds."""
    edition = freeze(page)
    editions.publish(edition, made or dict.fromkeys(edition.languages, (b"%PDF-", 3)))
    directory.forget()
    return Edition.objects.get(pk=edition.pk)


def make_files(edition: Edition) -> Edition:
    """What the worker does."""
    tasks.make.func(edition.pk)
    directory.forget()
    return Edition.objects.get(pk=edition.pk)
