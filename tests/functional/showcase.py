"""A site with one of every page, and the addresses of the pages of whatever site there is.

The tests of what pages look like, weigh and say to machines walk through ``addresses()``; so does
the command that takes pictures of the demo. A page type that is added belongs here.
"""

import datetime
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from wagtail.models import WorkflowPage

from assemblies import directory
from assemblies.models import Act, Action, Body, Measure, Recommendation, Topic
from assemblies.pages.common import place_url
from booklets import editions
from booklets.models import Edition
from booklets.pages import url_of
from subscriptions import rounds, tokens
from subscriptions.models import Address, Mail
from tests.booklets.books import draft_booklet, publish
from tests.factories import (
    World,
    correct,
    follow,
    make_act,
    make_address,
    make_assembly,
    make_count,
    make_cycle,
    make_group,
    make_kind,
    make_measure,
    make_passage,
    make_recommendation,
    make_standard_page,
    make_topic,
    make_world,
    publish_action,
    source,
    withdraw,
)

D = datetime.date
LANGUAGES = ("fr", "nl")
#: As long as titles of citizens' assemblies are: a whole sentence, of 200 characters.
LONG = {
    "fr": (
        "Créer dans chaque quartier un guichet unique de la rénovation, gratuit et sans "
        "rendez-vous, qui accompagne propriétaires et locataires du premier conseil jusqu’à la "
        "fin du chantier, dans leurs langues"
    ),
    "nl": (
        "In elke wijk één renovatieloket openen dat gratis is en zonder afspraak werkt, en dat "
        "eigenaars en huurders begeleidt van het eerste advies tot het einde van de werf, in de "
        "talen die er gehoord worden"
    ),
}
WORDS = {
    "fr": "Le service ouvre deux guichets de plus ; les horaires sont affichés à l’entrée.",
    "nl": "De dienst opent twee loketten meer; de uren hangen aan de ingang.",
}
ASKED = (
    "<p>Nous demandons qu’un guichet unique de la rénovation ouvre dans chaque quartier, à moins "
    "de quinze minutes à pied. Il est gratuit et sans rendez-vous. Une même personne accompagne "
    "chaque ménage du premier conseil jusqu’à la fin du chantier.</p><p>Le guichet accueille aussi "
    "les locataires : ils subissent les logements mal isolés sans pouvoir décider des travaux. Il "
    "répond dans les langues parlées dans le quartier.</p><ul><li>l’accueil</li><li>le suivi</li>"
    "</ul>"
)


def make_showcase() -> World:
    """Two assemblies with their regimes, and at least one of everything that has a page."""
    world = make_world(
        question="Comment habiter la ville pour faire face aux défis climatiques d’ici 2050 ?"
    )
    make_standard_page(world.home, "Comment les états sont établis")
    world.full = full_recommendation(world)
    topic = Topic.objects.first()
    for number, value in enumerate(("accepted", "under_study", "rejected", ""), start=1):
        asked = make_recommendation(world.cycle, label=f"1.{number}", topics=[topic])
        if value:
            publish_action(asked, value=value, stage="final", on=D(2024, 5, 15), title="Réponse")
        if value == "accepted":
            mark_passages(world, asked)
    make_recommendation(world.cycle, label="1.5", dutch=False)
    withdraw(make_recommendation(world.cycle, label="1.6"))
    make_group(world.cycle, "Rénover avec tous les habitants", label="3")
    make_count(world.cycle)
    publish_action(cycle=world.cycle, kind="meeting", on=D(2024, 3, 14), title="Réunion")
    paris(world)
    readers(world)
    booklet(world)
    directory.forget()
    return world


def booklet(world: World) -> None:
    """An edition of a follow-up booklet that is online, and one that was withdrawn."""
    WorkflowPage.objects.filter(page__depth=1).delete()
    publish(draft_booklet(world))
    withdrawn = publish(draft_booklet(world, 2, closing_on=D(2025, 6, 30)))
    editions.withdraw(withdrawn, {"fr": "Un nom était faux.", "nl": "Een naam was verkeerd."})


def readers(world: World) -> None:
    """Somebody who follows two things, one of them paused, and has been sent a mail."""
    row = follow(world.full)
    follow(Topic.objects.first(), standing="paused")
    follow(Body.objects.first(), standing="ended", ended_at=timezone.now(), ending="reader")
    publish_action(world.full, kind="decision", on=D(2025, 3, 1), text=WORDS, title="Décision")
    rounds.send_now()
    stranger = make_address(
        "b@example.org", standing="unconfirmed", confirmed_at=None, languages="nl"
    )
    follow(Topic.objects.first(), address=stranger, standing="asked", asked_at=timezone.now())
    assert row.pk


def mark_passages(world: World, asked: Recommendation) -> None:
    """A passage in each state, one of them contested, one said anew."""
    measure = make_measure(asked, title={"fr": "Ouvrir un guichet", "nl": "Een loket openen"})
    partly = make_passage(asked, measure, words="chaque", reason_text="Pas dans chacun.")
    silent = make_passage(asked, words={"fr": "un guichet", "nl": "een loket"})
    make_passage(asked, measure, words="un guichet", replaces=silent, on=D(2025, 2, 1))
    make_passage(asked, words="quartier", reason="budget")
    make_passage(asked, words="Nous demandons")
    if world.committee:
        publish_action(asked, kind="opinion", contests=partly, body=world.committee, text=WORDS)


def full_recommendation(
    world: World, *, measures: int = 5, steps: int = 14, label: str = "3.4"
) -> Recommendation:
    """A recommendation with a title of 200 characters, answered, carried out in part and judged."""
    asked = make_recommendation(
        world.cycle,
        label=label,
        title=LONG["fr"],
        dutch=LONG["nl"],
        slug=f"guichet-{label.replace('.', '-')}",
        verbatim=ASKED,
        summary="Un lieu proche, une personne, un dossier.",
        topics=[make_topic("logement", name={"fr": "Logement et loyers", "nl": "Wonen en huren"})],
        addressees=[world.government],
        votes_for=75,
        votes_against=1,
        votes_abstained=2,
    )
    made = [
        make_measure(
            asked,
            label=f"{label}.{number}",
            title={"fr": f"Ouvrir le guichet n° {number}", "nl": f"Loket {number} openen"},
            text=WORDS,
            lead=world.administration,
            deadline=D(2027, 3, 31),
            deadline_words={"fr": "mars 2027", "nl": "maart 2027"},
            contributors=[world.government],
        )
        for number in range(1, measures + 1)
    ]
    publish_action(asked, value="under_study", stage="initial", on=D(2023, 9, 28), text=WORDS)
    answer = publish_action(asked, value="partial", stage="final", on=D(2024, 5, 15), text=WORDS)
    correct(answer, value="partial", stage="final", text=WORDS, title="Réponse finale rectifiée")
    if world.committee:
        publish_action(
            asked, value="to_clarify", on=D(2024, 6, 6), text=WORDS, published=D(2024, 6, 12)
        )
    values = ("delivered", "partly", "under_way", "stopped", "continuous", "preparation", "void")
    for number, measure in enumerate(made):
        publish_action(
            measure,
            value=values[number % len(values)],
            on=D(2025, 1 + number % 12, 9),
            title={"fr": "Point d’avancement", "nl": "Stand van zaken"},
            text=WORDS,
            sources=[source("Bilan des guichets", language="fr")],
        )
    told = steps - Action.objects.filter(live=True, targets__recommendation=asked).count()
    told -= Action.objects.filter(live=True, targets__measure__in=made).distinct().count()
    for number in range(max(told, 0)):
        publish_action(
            asked,
            kind="report",
            on=D(2025, 2, 1) + datetime.timedelta(days=30 * number),
            title={"fr": f"Rapport n° {number + 1}", "nl": f"Verslag {number + 1}"},
            text=WORDS,
        )
    return Recommendation.objects.get(pk=asked.pk)


def make_many(world: World, number: int) -> None:
    """As many more answered recommendations in the first cycle, each with a title of its own."""
    for place in range(1, number + 1):
        words = f"{place} quartier{'s' if place > 1 else ''} de plus, dont {place * 7 % 60} au nord"
        asked = make_recommendation(
            world.cycle,
            label=f"9.{place}",
            title=f"Isoler les logements loués et publier les délais réels dans {words}",
            dutch=f"Huurwoningen isoleren en de echte wachttijden tonen in {place} wijken meer",
        )
        publish_action(asked, value="partial", stage="final", title="Réponse")
        measure = make_measure(asked, label=f"9.{place}.1")
        publish_action(measure, value="under_way" if place % 2 else "delivered")
        if place % 3 and world.committee:
            publish_action(asked, value="to_clarify", on=D(2024, 6, 6), title="Avis")


def paris(world: World) -> None:
    """An assembly without citizens' body, in French only, all of it invented."""
    page = make_assembly(
        world.home,
        code="PAR",
        preset="paris",
        title="Assemblée citoyenne de Paris",
        dutch=False,
        example=True,
        territory={"fr": "Paris"},
        ink="bouteille",
    )
    make_kind(page.register, deciding_body=world.government)
    cycle = make_cycle(page, code="P1", dutch=False, example=True).register
    asked = make_recommendation(cycle, label="V1", dutch=False, example=True)
    make_act(asked, number="2024 V. 12", council=world.government)
    make_measure(asked, label="V1.1", lead=world.administration, example=True)


def addresses(language: str) -> dict[str, str]:
    """One address of every kind of page, by name; of several of a kind, the fullest."""
    directory.forget()
    lists = directory.current()

    def of_place(kind: str, *, fullest: Callable[[Any], Any] = lambda place: 0) -> str:
        places = [each for each in lists.originals.values() if each.type == kind and each.live]
        return place_url(lists, max(places, key=fullest))

    def cycle_of(place: Any) -> Any:
        key = place.key
        return next((each for each in lists.cycles.values() if each.translation_key == key), None)

    def recommendations(place: Any) -> int:
        cycle = cycle_of(place)
        return Recommendation.objects.filter(cycle=cycle).exclude(response="awaiting").count()

    shown = Recommendation.objects.filter(withdrawn_on__isnull=True).annotate(
        steps=Count("action_links", distinct=True) + Count("measure_links", distinct=True)
    )
    full = shown.order_by("-steps", "pk")
    marked = full.filter(passages__live=True)
    voted = full.filter(act_links__act__live=True)
    silent = full.filter(~Q(action_links__action__live=True)).reverse()
    withdrawn = Recommendation.objects.exclude(withdrawn_on=None)
    action = Action.objects.filter(live=True).exclude(value="").order_by("-number")
    fullest = max(
        (each for each in lists.originals.values() if each.type == "assemblies.cyclepage"),
        key=recommendations,
    )
    cycle = cycle_of(fullest)

    def below(view: str, place: Any) -> str:
        """A page of the timeline below that of an assembly or a cycle."""
        path = "/".join(lists.slugs(place, language))
        return reverse(f"timeline:{view}", kwargs={"path": path})

    with override(language):
        found = {
            "home": f"/{language}/",
            "standard page": of_place("home.standardpage"),
            "assembly": of_place("assemblies.assemblypage"),
            "cycle": of_place("assemblies.cyclepage", fullest=recommendations),
            "recommendation": _reference(full.first()),
            "recommendation by vote": _reference(voted.first()),
            "recommendation in silence": _reference(silent.first()),
            "withdrawn recommendation": _reference(withdrawn.first()),
            "recommendation with passages": _reference(marked.first()),
            "recommendation in two languages": _beside(_reference(marked.first()), language),
            "measure in two languages": _beside(
                _to("measure", Measure.objects.filter(live=True).first(), "reference"), language
            ),
            "measure": _to("measure", Measure.objects.filter(live=True).first(), "reference"),
            "act": _to("act", Act.objects.filter(live=True).first(), "slug"),
            "action": _to("action", action.first(), "number"),
            "bodies": reverse("assemblies:bodies"),
            "body": _to("body", _fullest_body(), "slug"),
            "topics": reverse("assemblies:topics"),
            "topic": _to("topic", Topic.objects.first(), "slug"),
            "timeline": reverse("timeline:timeline"),
            "filtered timeline": reverse("timeline:timeline")
            + "?kind=response&kind=progress&from=2020-01-01",
            "contact": reverse("home:contact"),
            "open data": reverse("exchange:open_data"),
            "search": reverse("search:search"),
            "search results": reverse("search:search") + "?q=guichet+quartier",
            "search without result": reverse("search:search") + "?q=xyzzyqwrt",
            "expected": reverse("timeline:expected", args=[cycle.assembly.slug]),
            "agenda": reverse("timeline:agenda", args=[cycle.assembly.slug]),
            "figures": below("numbers", fullest),
            "figures behind a number": f"{below('numbers', fullest)}?response=any",
            "what changed": f"{below('changes', fullest)}?from=2024-01-01&to=2025-06-01",
            "recommendation in the past": f"{_reference(full.first())}?as_of=2024-06-01",
            **_booklets(lists),
            "follow": reverse("subscriptions:follow"),
            **_following(),
            "not found": f"/{language}/rien-ici/",
        }
    return {name: address for name, address in found.items() if address}


def _following() -> dict[str, str]:
    """The pages behind the links of mails, where somebody follows something."""
    asked = Address.objects.filter(standing="unconfirmed").first()
    known = Address.objects.filter(standing="confirmed").first()
    sent = Mail.objects.filter(kind="digest").first()
    if asked is None or known is None or sent is None:
        return {}
    return {
        "confirm": reverse("subscriptions:confirm", args=[tokens.for_confirming(asked)]),
        "what is followed": reverse("subscriptions:manage", args=[tokens.for_managing(known)]),
        "erase": reverse("subscriptions:erase", args=[tokens.for_managing(known)]),
        "unsubscribe": reverse("subscriptions:stop", args=[tokens.for_stopping(known, "weekly")]),
        "a mail": reverse("subscriptions:read", args=[tokens.for_reading(sent)]),
    }


def _booklets(lists: directory.Directory) -> dict[str, str]:
    """The fullest edition, its first sheet, what concerns one body; and one that was withdrawn."""
    public = Edition.objects.public()
    edition = (
        public.filter(retraction__isnull=True).annotate(sheets=Count("parts")).order_by("-sheets")
    ).first()
    withdrawn = public.filter(retraction__isnull=False).first()
    found = {"withdrawn booklet": url_of(withdrawn, lists)} if withdrawn else {}
    if edition is None:
        return found
    front = url_of(edition, lists)
    sheet = edition.parts.exclude(slug="").order_by("pk").first()
    body = next(iter(Edition.objects.get(pk=edition.pk).snapshot["bodies"]))
    return found | {
        "booklet": front,
        "sheet of a booklet": f"{front}{sheet.slug}/",
        "booklet of a body": f"{front}?{urlencode({'body': body})}",
    }


def _fullest_body() -> Body | None:
    return Body.objects.annotate(acts=Count("actions")).order_by("-acts", "pk").first()


def _reference(row: Recommendation | None) -> str:
    return reverse("assemblies:reference", args=[row.reference]) if row else ""


def _beside(address: str, language: str) -> str:
    """The same page with the other language beside it."""
    return f"{address}?beside={'nl' if language == 'fr' else 'fr'}" if address else ""


def _to(view: str, row: Any, field: str) -> str:
    return reverse(f"assemblies:{view}", args=[getattr(row, field)]) if row else ""
