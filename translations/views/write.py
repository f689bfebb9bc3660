"""The form: the words of one fact or list, both languages side by side, then the next one."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin import messages

from assemblies.history import HistoryError
from assemblies.models import Fact
from assemblies.words import choose
from translations import desk, glossary, memory, reach
from translations.desk import Entry, Tally
from translations.forms import WordsForm
from translations.tables import BY_NAME, ListTable, Table
from translations.tables.pages import PageTable
from translations.views.frame import (
    asked_for,
    at_the_desk,
    frame,
    language_in_itself,
    list_url,
    number_in,
)


@at_the_desk
def write(request: HttpRequest, table: str, pk: int, language: str) -> HttpResponse:
    """Write the texts that a fact or a list lacks in a language."""
    found = BY_NAME.get(table)
    if found is None:
        raise Http404
    row = found.complete(found.rows().filter(pk=pk)).first()
    if row is None:
        raise Http404
    if not found.may_write(request.user, row):
        raise PermissionDenied
    tally = _tally(request, found, row, language)
    texts = found.texts(row, language)
    said = request.POST if request.method == "POST" else None
    known = memory.known(texts, language)
    form = WordsForm(said, texts=texts, language=language, known=known)
    if request.method == "POST" and form.is_valid() and _save(request, found, row, form, language):
        messages.success(request, _saved(row))
        return redirect(_after(request, tally))
    context = {
        "form": form,
        "texts": texts,
        "title": choose(found.title(row)),
        "kicker": found.kicker(row),
        "example": getattr(row, "example", False),
        "is_fact": isinstance(row, Fact),
        "public_url": _public_url(row),
        "source": next((t.original_language for t in texts if t.open), ""),
        "language": language,
        "language_name": language_in_itself(language),
        "terms": glossary.found_in(
            [(t.original_language, t.original) for t in texts if t.open], language
        ),
        "left": sum(number for _p, number in desk.places(tally, **asked_for(request))),
        "back_url": _list_url(request, tally),
        "skip_url": _skip(request, tally),
        "narrowed": asked_for(request),
        "at": number_in(request, "at"),
        **frame(
            _("Write what is missing"),
            (
                _list_url(request, tally),
                f"{reach.name_of(tally.assembly)} – {language_in_itself(language)}",
            ),
        ),
    }
    status = 422 if form.errors else 200
    return render(request, "translations/admin/write.html", context, status=status)


def _tally(request: HttpRequest, table: Table, row: Any, language: str) -> Tally:
    """The list that the form belongs to; 404 for a language that its assembly does not owe."""
    assembly = row
    for name in table.assembly.split("__") if table.assembly not in ("", "pk") else ():
        assembly = getattr(assembly, name)
    code = assembly.code if table.assembly and assembly is not None else ""
    return reach.tally_named(reach.tallies_of(request.user), code, language)


def _save(request: HttpRequest, table: Table, row: Any, form: WordsForm, language: str) -> bool:
    try:
        with transaction.atomic():
            fresh = table.complete(table.rows().filter(pk=row.pk)).get()
            table.write(fresh, form.written(), language, request.user)
            if isinstance(table, ListTable):
                # Left as it was, it holds: somebody has seen it beside its new original.
                table.confirm_words(fresh, form.written(), language)
    except ValidationError as error:
        form.add_error(None, ValidationError(error.messages))
    except (ValueError, HistoryError):
        form.add_error(
            None, _("Somebody else has written one of these texts meanwhile: load the page anew.")
        )
    else:
        return True
    return False


def _saved(row: Any) -> str:
    if isinstance(row, Fact):
        return _("The texts are published beside the others.")
    return _("The texts are saved, and stand on the site.")


def _public_url(row: Any) -> str:
    url = getattr(row, "public_url", "") or getattr(row, "url", "")
    return url if isinstance(url, str) and url.startswith("/") else ""


def _list_url(request: HttpRequest, tally: Tally) -> str:
    page = number_in(request, "at") // desk.ROWS + 1
    return list_url(tally, **asked_for(request), p=page if page > 1 else "")


def _after(request: HttpRequest, tally: Tally) -> str:
    """Where the next thing is: what is complete leaves the list, so it is at the same place."""
    if "stop" in request.POST:
        return _list_url(request, tally)
    tally = reach.tally_named(
        reach.tallies_of(request.user),
        tally.assembly.code if tally.assembly else "",
        tally.language,
    )
    return _at(request, tally, number_in(request, "at")) or _list_url(request, tally)


def _skip(request: HttpRequest, tally: Tally) -> str:
    return _at(request, tally, number_in(request, "at") + 1)


def _at(request: HttpRequest, tally: Tally, place: int) -> str:
    """The form of the thing at a place of the list; "" where there is none, or it is a page."""
    narrowed = asked_for(request)
    entries: list[Entry] = desk.listed(tally, request.user, begin=place, size=1, **narrowed)
    if not entries or isinstance(entries[0].table, PageTable) or not entries[0].may_write:
        return ""
    entry = entries[0]
    url = reverse("translations:write", args=[entry.table.name, entry.row.pk, tally.language])
    query = "&".join(f"{k}={v}" for k, v in {**narrowed, "at": place}.items() if v != "")
    return f"{url}?{query}"
