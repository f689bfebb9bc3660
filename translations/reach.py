"""Whose desk it is: the assemblies and languages that a user works on."""

from typing import Any

from django.conf import settings
from django.http import Http404
from django.utils.translation import get_language, gettext

from assemblies import directory
from assemblies.directory import Directory
from assemblies.models import Assembly
from assemblies.permissions import roles_of
from assemblies.words import Choice
from translations import desk
from translations.desk import Tally


def assemblies_of(user: Any) -> list[Assembly]:
    """The assemblies that a user has a role for; all of them for an administrator."""
    rows = Assembly.objects.filter(page__live=True).select_related("page").order_by("code")
    if not user.is_superuser:
        rows = rows.filter(pk__in={role.assembly_id for role in roles_of(user)})
    return list(rows)


def name_of(assembly: Assembly | None, lists: Directory | None = None) -> Choice:
    """What an assembly is called in the language of the admin, or in the one it has a name in.

    ``lists`` is the directory, where a page names many assemblies.
    """
    language = get_language() or settings.LANGUAGE_CODE
    if assembly is None:
        return Choice(gettext("Shared by all assemblies"), language)
    lists = lists or directory.current()
    place = lists.originals.get(assembly.translation_key)
    if place is None:
        return Choice(assembly.title, language)
    version = lists.version(place, language)
    return Choice(version.title, version.language, missing=version.language != language)


def may_see(user: Any) -> bool:
    return user.is_active and (user.is_superuser or bool(roles_of(user)))


def tallies_of(user: Any) -> list[Tally]:
    """How it stands with every language that the user's assemblies owe."""
    return desk.tallies(assemblies_of(user), shared=user.is_superuser)


def tally_named(tallies: list[Tally], code: str, language: str) -> Tally:
    """The one that an address names; ``code`` empty: what all assemblies share. Else 404."""
    for tally in tallies:
        own = tally.assembly.code if tally.assembly is not None else ""
        if own == code and tally.language == language:
            return tally
    raise Http404


def first_of(tallies: list[Tally], language: str | None) -> Tally | None:
    """Where a user begins: the language of their admin, where most is left; else any."""
    left = [tally for tally in tallies if tally.left_count] or tallies
    own = [tally for tally in left if tally.language == (language or "").split("-")[0]]
    return max(own or left, key=lambda tally: tally.left_count, default=None)
