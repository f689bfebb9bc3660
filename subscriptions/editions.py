"""Booklets in the change log: a new edition, an erratum, a withdrawal, and what each is about."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from assemblies.models import Change
from assemblies.models.change import ChangeKind
from booklets.editions import published_since
from booklets.models import Edition, EditionPart, Erratum, Retraction

#: How the log names a change of a booklet: ``booklet:BXL-C2-L1:…``.
NOUN = "booklet"


@dataclass(frozen=True, slots=True)
class Told:
    """One change of a booklet that is told: the edition is new, or what was said beside it."""

    edition: Edition
    erratum: Erratum | None = None
    retraction: Retraction | None = None


def is_booklets(change: Change) -> bool:
    return change.kind == ChangeKind.LISTED and change.listed.startswith(f"{NOUN}:")


def told(changes: Iterable[Change]) -> dict[int, Told]:
    """What these changes say of booklets, by number; words that followed are no news.

    An edition that was withdrawn before anybody was told of it is told of no more.
    """
    rows = [change for change in changes if is_booklets(change)]
    if not rows:
        return {}
    numbers = [change.number for change in rows]
    new = {
        edition.published: edition
        for edition in published_since(min(numbers) - 1).filter(published__lte=max(numbers))
    }
    found = {n: Told(new[n]) for n in numbers if n in new}
    beside = {each.number: _parts(each) for each in rows if each.number not in found}
    codes = {code for code, _what, _key in beside.values()}
    editions = (
        {e.code: e for e in Edition.objects.light().public().filter(code__in=codes)}
        if codes
        else {}
    )
    errata = {key for _code, what, key in beside.values() if what == "erratum"}
    known = Erratum.objects.in_bulk([int(key) for key in errata if key.isdigit()]) if errata else {}
    for number, (code, what, key) in beside.items():
        if code not in editions:
            continue
        edition = editions[code]
        if what == "erratum" and key.isdigit() and int(key) in known:
            found[number] = Told(edition, erratum=known[int(key)])
        elif what == "withdrawn":
            retraction = Retraction.objects.filter(edition=edition).first()
            if retraction is not None:
                found[number] = Told(edition, retraction=retraction)
    return found


def _parts(change: Change) -> tuple[str, str, str]:
    """The code of the edition, what the change is, and what it is about."""
    _noun, code, what, *rest = [*change.listed.split(":"), ""]
    return code, what, rest[0] if rest else ""


def sheets(found: Iterable[Told]) -> dict[int, set[str]]:
    """Edition → the references of the recommendations that it has a sheet about."""
    keys = {each.edition.pk for each in found}
    references: dict[int, set[str]] = defaultdict(set)
    if keys:
        rows = EditionPart.objects.filter(edition__in=keys, layer=None).exclude(reference="")
        for edition, reference in rows.order_by().values_list("edition", "reference").distinct():
            references[edition].add(reference)
    return references
