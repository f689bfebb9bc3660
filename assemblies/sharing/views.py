"""Serves the pictures of shared pages, each drawn once and kept.

The address holds the fingerprint of what the picture shows, so it may be cached for ever, and only
what is really shown is ever drawn. An address that is out of date leads to the present one.
"""

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from assemblies.directory import Directory
from assemblies.models import Recommendation
from assemblies.pages.common import directory_of, link, named, reader_language, reading
from assemblies.pages.reading import Reading
from assemblies.sharing.card import SITE, Card
from assemblies.sharing.contents import invented, of_assembly, of_recommendation, of_site
from assemblies.sharing.drawing import draw

#: The folder of the pictures, below that of uploads.
FOLDER = "cards"


@reading
def card(request: HttpRequest, name: str, fingerprint: str) -> HttpResponse:
    """The picture of a page: ``/fr/cards/BXL-C1-3.4/0123456789abcdef.png``."""
    row = None
    if "-" in name:
        # Before any picture that is kept: what was withdrawn has none any more.
        row = named(
            Recommendation.objects.filter(
                reference=name, page__live=True, withdrawn_on__isnull=True
            ).select_related("page")
        ).first()
        if row is None:
            raise Http404
    folder = f"{FOLDER}/{reader_language()}/{name.replace('.', '_')}"
    path = f"{folder}/{fingerprint}.png"
    if default_storage.exists(path):
        with default_storage.open(path) as kept:
            return _picture(kept.read())
    lists = directory_of(request)
    cards = _cards(lists, name) if row is None else [_of(lists, row)]
    found = next((each for each in cards if each.fingerprint == fingerprint), None)
    if found is None:
        return redirect(cards[0].url)
    picture = draw(found)
    _forget(folder, {f"{each.fingerprint}.png" for each in cards})
    default_storage.save(path, ContentFile(picture))
    return _picture(picture)


def _cards(lists: Directory, name: str) -> list[Card]:
    """The cards that pages of the site or of an assembly show: the plain one, and for examples."""
    if name == SITE:
        return [of_site(), of_site(example=True)]
    assembly = next((each for each in lists.assemblies.values() if each.code == name), None)
    if assembly is None:
        raise Http404
    return [of_assembly(lists, assembly), of_assembly(lists, assembly, example=True)]


def _of(lists: Directory, row: Recommendation) -> Card:
    about = Reading(lists, row)
    return of_recommendation(about, link(lists, row)["title"], example=invented(about))


def _forget(folder: str, current: set[str]) -> None:
    """Drop what the page showed before: whoever asks for it is led to what it shows now."""
    try:
        _folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in set(files) - current:
        default_storage.delete(f"{folder}/{name}")


def _picture(content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type="image/png")
    response["Cache-Control"] = "public, max-age=31536000, immutable"
    # Shown by whoever links to the page: the one thing here that other sites may embed.
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
