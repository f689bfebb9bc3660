"""Published editions of booklets, to be found: one result an edition, its sheets under it."""

from collections.abc import Iterator, Mapping, Sequence

from django.conf import settings
from django.utils.translation import gettext

from assemblies import dates
from assemblies.directory import Directory
from assemblies.models import Change
from assemblies.words import choose
from booklets.editions import sheets_of
from booklets.models import Edition
from search.documents import LISTED, Found, in_pieces, plain_text, source
from search.results import Line, Words, presented

NOUN = "booklet"


def _named_in(change: Change) -> set[str]:
    """The edition that an entry of the change log is about: ``booklet:CODE:…``."""
    kind, _colon, rest = change.listed.partition(":")
    if kind != NOUN:
        return set()
    keys = Edition.objects.filter(code=rest.partition(":")[0]).values_list("pk", flat=True)
    return {f"{NOUN}:{key}" for key in keys}


LISTED.append(_named_in)


@source(NOUN, lambda: Edition.objects.readable().order_by("pk").values_list("pk", flat=True))
def editions(pks: set[int], lists: Directory) -> Iterator[Found]:
    """Editions that readers can read, each with its pages in every language that it has."""
    for edition in Edition.objects.light().readable().filter(pk__in=pks).order_by("pk"):
        cycle = lists.cycles.get(edition.cycle_id)
        found = Found(
            f"{NOUN}:{edition.pk}",
            NOUN,
            edition.pk,
            {
                "assembly": [lists.assemblies[edition.assembly_id].code],
                "cycle": [cycle.reference] if cycle else [],
                "year": [str(edition.closing_on.year)],
            },
            None,
            edition.closing_on,
        )
        later = edition.layers.filter(made_at__isnull=False).values_list("language", flat=True)
        there = list(dict.fromkeys([*edition.languages, *later]))
        lacking = [code for code, _name in settings.LANGUAGES if code not in there]
        for language in there:
            # Whoever's language it lacks is shown its first one.
            readers = (language, *(lacking if language == there[0] else ()))
            for part in sheets_of(edition, language):
                fact = (f"{found.key}:{part.slug or 'front'}", part.slug)
                text = plain_text(part.html)
                found.drafts += in_pieces(fact, "sheet", language, readers, part.title, text)
        yield found


@presented(NOUN)
def lines(
    lists: Directory, keys: Sequence[int], held: Mapping[int, list[Words]], language: str
) -> dict[int, Line]:
    found = {}
    for edition in Edition.objects.light().readable().filter(pk__in=keys):
        address = lists.address(edition.translation_key)
        if address is None:
            continue
        assembly = lists.assemblies[edition.assembly_id]
        closing = {"closing": dates.day(edition.closing_on)}
        found[edition.pk] = Line(
            title=choose(edition.title),
            url=address.url,
            origin=[
                assembly.territory,
                gettext("Follow-up booklet %(number)s") % {"number": edition.number},
                gettext("State on %(closing)s") % closing,
            ],
            row={"example": edition.example},
            sheets=True,
        )
    return found
