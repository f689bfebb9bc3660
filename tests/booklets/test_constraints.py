"""What the database itself holds of editions, tried both ways, behind every guard of ours."""

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from booklets import editions
from booklets.models import (
    Edition,
    EditionFile,
    EditionPart,
    Erratum,
    Layer,
    Retraction,
)
from tests.booklets.books import draft_booklet, make_book_world, publish
from tests.factories import make_recommendation
from tests.factories.pages import translate

pytestmark = pytest.mark.django_db

NOW = timezone.now()
SOME_SHA = "a" * 64


@pytest.fixture(scope="module", autouse=True)
def rows(django_db_setup, django_db_blocker):
    """Two editions of a cycle and two of its assembly, the first of them with all that may follow
    it."""
    with django_db_blocker.unblock(), transaction.atomic():
        world = make_book_world()
        asked = make_recommendation(world.cycle, label="5.1", dutch=False, title="Sans traduction")
        first = publish(draft_booklet(world))
        publish(draft_booklet(world, 2))
        for number in (1, 2):
            page = draft_booklet(world, number, slug=f"a-{number}", parent=world.assembly_page)
            publish(page)
        translate(asked.page, title="Met vertaling", slug="met-vertaling", verbatim="<p>Wij.</p>")
        layer = editions.add_words(first, "nl")
        editions.publish_layer(layer, b"%PDF-nl", 2)
        editions.add_file(first, "a.jpg", "image/jpeg", b"x", layer=layer)
        editions.publish_erratum(first, {"fr": "Lire six."})
        editions.withdraw(first, {"fr": "Une page manquait."})
        yield
        transaction.set_rollback(True)


def of(model, **where):
    return lambda: model._base_manager.filter(**where).order_by("pk").last()


def like_first(model, *names, **where):
    """The values that would make the last row the same as the first one."""

    def values():
        first = model._base_manager.filter(**where).order_by("pk").first()
        return {name: getattr(first, name) for name in names}

    return values


@dataclass
class Case:
    """One constraint: the row that is rewritten, what passes, and what does not."""

    row: Any
    bad: list[Any]
    good: list[Any] = field(default_factory=list)
    unique: bool = False


PUBLIC = {"standing": "published", "published_at": NOW, "published": 99}
HIDDEN = {"standing": "failed", "published_at": None, "published": None}
FINGERPRINTS = ["", "x", SOME_SHA.upper(), SOME_SHA[1:], f"{SOME_SHA[1:]}g"]


def fingerprint(model):
    bad = [{"sha256": each} for each in FINGERPRINTS]
    return Case(of(model), bad=bad, good=[{"sha256": SOME_SHA}])


CASES = {
    "edition_fingerprints": Case(
        of(Edition),
        bad=[{name: each} for name in ("sha256", "seal") for each in FINGERPRINTS],
        good=[{"sha256": SOME_SHA, "seal": SOME_SHA}],
    ),
    "edition_standing_known": Case(
        of(Edition),
        bad=[{**HIDDEN, "standing": each} for each in ("", "nowhere")],
        good=[{**HIDDEN, "standing": "preparing"}, HIDDEN, PUBLIC],
    ),
    "edition_published_once_made": Case(
        of(Edition),
        bad=[
            {"standing": "preparing"},
            {"published": None},
            {"published_at": None},
            {**HIDDEN, "published": 99},
            {**HIDDEN, "published_at": NOW},
        ],
        good=[HIDDEN, PUBLIC],
    ),
    "edition_says_something": Case(of(Edition), bad=[{"content": ""}], good=[{"content": "{}"}]),
    "edition_number_positive": Case(of(Edition), bad=[{"number": 0}], good=[{"number": 7}]),
    "edition_number_of_assembly": Case(
        of(Edition, cycle=None),
        bad=[{"number": 1}],
        good=[{"number": 3}],
        unique=True,
    ),
    "edition_number_of_cycle": Case(
        of(Edition, cycle__isnull=False),
        bad=[{"number": 1}],
        good=[{"number": 3}, {"number": 3, "cycle_id": None}],
        unique=True,
    ),
    "editionpart_once": Case(
        of(EditionPart, layer=None),
        bad=[like_first(EditionPart, "edition_id", "language", "slug", layer=None)],
        good=[{"slug": "autre"}, {"language": "de"}],
        unique=True,
    ),
    "editionpart_once_a_layer": Case(
        of(EditionPart, layer__isnull=False),
        bad=[like_first(EditionPart, "slug", layer__isnull=False)],
        good=[{"slug": "autre"}, {"language": "de"}],
        unique=True,
    ),
    "editionpart_fingerprint": fingerprint(EditionPart),
    "editionfile_once": Case(
        of(EditionFile, layer=None),
        bad=[like_first(EditionFile, "edition_id", "name", layer=None)],
        good=[{"name": "de.pdf"}],
        unique=True,
    ),
    "editionfile_once_a_layer": Case(
        of(EditionFile, layer__isnull=False),
        bad=[{"name": "nl.pdf"}],
        good=[{"name": "fr.pdf"}],
        unique=True,
    ),
    "editionfile_fingerprint": fingerprint(EditionFile),
    "layer_fingerprint": fingerprint(Layer),
    "layer_adds_words": Case(
        of(Layer),
        bad=[{"content": ""}, {"content": "{}"}],
        good=[{"content": '{"texts":{"title":"Brochure"}}'}],
    ),
    "erratum_says_something": Case(
        of(Erratum), bad=[{"text": ""}, {"text": {}}], good=[{"text": {"nl": "Lees zes."}}]
    ),
    "retraction_says_why": Case(
        of(Retraction), bad=[{"reason": ""}, {"reason": {}}], good=[{"reason": {"nl": "Fout."}}]
    ),
}


def rewrite(row, values):
    """What raw SQL would do: no guard, no validation."""
    values = values() if callable(values) else values
    assert models.QuerySet(type(row)).filter(pk=row.pk).update(**values) == 1


@pytest.mark.parametrize("name", CASES)
def test_the_constraint_lets_good_rows_pass(name):
    for values in CASES[name].good:
        with transaction.atomic():
            rewrite(CASES[name].row(), values)
            transaction.set_rollback(True)


@pytest.mark.parametrize("name", CASES)
def test_the_constraint_stops_bad_rows(name):
    case = CASES[name]
    for values in case.bad:
        row = case.row()
        with pytest.raises(IntegrityError) as caught, transaction.atomic():
            rewrite(row, values)
        said = str(caught.value)
        assert ("unique" in said.lower()) if case.unique else (name in said), f"{values}: {said}"


def test_every_constraint_has_a_case():
    found = {
        constraint.name
        for model in apps.get_app_config("booklets").get_models(include_auto_created=True)
        for constraint in model._meta.constraints
    }
    assert found == set(CASES)
