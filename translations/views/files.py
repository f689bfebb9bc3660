"""The work list as a PO file, out and in; and the same for one page."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST
from wagtail.admin import messages
from wagtail_localize.models import Translation

from assemblies import clock
from assemblies.models import Assembly
from translations import delivery, desk, reach, tasks
from translations.delivery import Comparison
from translations.desk import Tally
from translations.forms import FileForm
from translations.models import Delivery
from translations.tables.pages import PAGES, PageTable
from translations.views.frame import (
    asked_for,
    at_the_desk,
    code_of,
    frame,
    language_in_itself,
    list_url,
)

#: Bytes of a file that is taken over while the editor waits: a thing takes a tenth of a second.
AT_ONCE = 20_000
#: Things in one file; texts shown on one page; reasons shown in all.
MOST = 2_000
ROWS = 100
REASONS = 200


# -- out --------------------------------------------------------------------------------------


@at_the_desk
@require_GET
def export(request: HttpRequest) -> HttpResponse:
    """The list, as it is narrowed, as one file: pages and facts together."""
    tally = _asked(request)
    narrowed = asked_for(request)
    things = desk.everything(tally, most=MOST, **narrowed)
    return _file(things, tally.assembly, tally.language, narrowed["kind"])


@at_the_desk
@require_GET
def export_page(request: HttpRequest, table: str, pk: int, language: str) -> HttpResponse:
    """One page, with what is translated of it already."""
    found, row = page_named(table, pk)
    tally = _of_page(request, found, row, language)
    found.enrich([row], language)
    return _file([(found, row)], tally.assembly, language, found.key_of(row))


@at_the_desk
@require_GET
def export_translation(request: HttpRequest, translation_id: int) -> HttpResponse:
    """The same, from wagtail-localize's editor of a page."""
    found, row, language = _translated(translation_id)
    return export_page(request, found.name, row.pk, language)


def _file(things: Any, assembly: Assembly | None, language: str, more: str) -> HttpResponse:
    text = delivery.export(things, assembly=assembly, language=language)
    answer = HttpResponse(text, content_type="text/x-gettext-translation; charset=utf-8")
    parts = [assembly.code if assembly else "site", more, language]
    name = "-".join(part for part in parts if part)
    answer["Content-Disposition"] = f'attachment; filename="{name}.po"'
    return answer


# -- in ---------------------------------------------------------------------------------------


@at_the_desk
def send(request: HttpRequest) -> HttpResponse:
    """Take a file in, and show what it would change, or why it is refused."""
    tally = _asked(request)
    posted = request.method == "POST"
    form = FileForm(request.POST, request.FILES) if posted else FileForm()
    found = None
    if posted and form.is_valid():
        sent, found = _take(request, tally, form)
        if sent is not None:
            return redirect(sent.url)
    return _refused(request, tally, form, found)


@at_the_desk
@require_POST
def send_translation(request: HttpRequest, translation_id: int) -> HttpResponse:
    """The same, from wagtail-localize's editor of a page."""
    found, row, language = _translated(translation_id)
    tally = _of_page(request, found, row, language)
    form = FileForm(request.POST, request.FILES)
    compared = None
    if form.is_valid():
        sent, compared = _take(request, tally, form)
        if sent is not None:
            return redirect(sent.url)
    return _refused(request, tally, form, compared)


def _refused(
    request: HttpRequest, tally: Tally, form: FileForm, found: Comparison | None
) -> HttpResponse:
    context = {
        "form": form,
        "found": found,
        "troubles": found.troubles[:REASONS] if found else [],
        "tally": tally,
        "language": language_in_itself(tally.language),
        "send_url": f"{reverse('translations:send')}?assembly={code_of(tally)}"
        f"&language={tally.language}",
        "list_url": list_url(tally),
        **frame(_("Send a PO file"), (list_url(tally), _list_name(tally))),
    }
    status = 422 if form.errors or found else 200
    return render(request, "translations/admin/send.html", context, status=status)


def _take(request: HttpRequest, tally: Tally, form: FileForm) -> tuple[Delivery | None, Comparison]:
    """Compare a file; keep it where it can be taken over."""
    file = form.cleaned_data["file"]
    content = file.read()
    found = delivery.compare(
        content, assembly=tally.assembly, language=tally.language, user=request.user
    )
    if found.troubles or not found.differences:
        return None, found
    sent = Delivery.objects.create(
        assembly=tally.assembly,
        language=tally.language,
        file_name=file.name,
        size=len(content),
        content=content,
        sent_at=clock.now(),
        sent_by_id=request.user.pk,
    )
    return sent, found


@at_the_desk
@require_GET
def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What a file would change, text by text; afterwards, what it did."""
    return _detail(request, _sent(request, pk))


def _detail(
    request: HttpRequest, sent: Delivery, found: Comparison | None = None, *, again: bool = False
) -> HttpResponse:
    tally = _tally_of(request, sent)
    if found is None and sent.content is not None and not sent.is_under_way:
        found = _compare(request, sent)
    page = Paginator(found.differences if found else [], ROWS).get_page(request.GET.get("p"))
    context = {
        "sent": sent,
        "found": found,
        "again": again or (sent.refused and found is not None),
        "troubles": found.troubles[:REASONS] if found else [],
        "page": page,
        "language": language_in_itself(sent.language),
        "list_url": list_url(tally),
        **frame(sent.file_name, (list_url(tally), _list_name(tally))),
    }
    status = 409 if again or (found and found.troubles) else 200
    return render(request, "translations/admin/delivery.html", context, status=status)


def _compare(request: HttpRequest, sent: Delivery) -> Comparison:
    return delivery.compare(
        bytes(sent.content or b""),
        assembly=sent.assembly,
        language=sent.language,
        user=request.user,
    )


@at_the_desk
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """Confirm: what was shown is taken over, all of it or nothing."""
    sent = _sent(request, pk)
    if not Delivery.objects.claim(sent.pk):
        messages.warning(request, _("This file was taken over or thrown away already."))
        return redirect(sent.url)
    seen = request.POST.get("seen", "")[:64]
    if sent.size > AT_ONCE:
        tasks.take_over.enqueue(sent.pk, request.user.pk or 0, seen)
        return redirect(sent.url)
    try:
        found = delivery.take_over(
            bytes(sent.content or b""),
            assembly=sent.assembly,
            language=sent.language,
            user=request.user,
            seen=seen,
        )
    except delivery.Refused as refused:
        sent.refuse()
        return _detail(request, sent, refused.comparison, again=True)
    sent.take(facts=found.facts, pages=found.pages)
    messages.success(request, _taken(found))
    return redirect(sent.url)


def _taken(found: Comparison) -> str:
    number = len(found.differences)
    return ngettext(
        "%(number)d text is taken over.", "%(number)d texts are taken over.", number
    ) % {"number": number}


@at_the_desk
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw a file away that was not taken over."""
    sent = _sent(request, pk)
    back = list_url(_tally_of(request, sent))
    if sent.content is not None and not sent.is_under_way:
        sent.delete()
        messages.success(request, _("The file is thrown away. The site is as it was."))
    return redirect(back)


# -- which list -------------------------------------------------------------------------------


def _asked(request: HttpRequest) -> Tally:
    return reach.tally_named(
        reach.tallies_of(request.user),
        request.GET.get("assembly", ""),
        request.GET.get("language", ""),
    )


def _sent(request: HttpRequest, pk: int) -> Delivery:
    own = reach.assemblies_of(request.user)
    reached = Delivery.objects.within_reach(own, shared=request.user.is_superuser)
    return get_object_or_404(reached.select_related("assembly", "sent_by"), pk=pk)


def _tally_of(request: HttpRequest, sent: Delivery) -> Tally:
    code = sent.assembly.code if sent.assembly is not None else ""
    return reach.tally_named(reach.tallies_of(request.user), code, sent.language)


def _list_name(tally: Tally) -> str:
    return f"{reach.name_of(tally.assembly)} – {language_in_itself(tally.language)}"


def page_named(table: str, pk: int) -> tuple[PageTable, Any]:
    """A page of the desk by its table and the key of its row; 404 where there is none."""
    for found in PAGES:
        if found.name == table:
            row = found.complete(found.rows().filter(pk=pk)).first()
            if row is not None:
                return found, row
    raise Http404


def _of_page(request: HttpRequest, table: PageTable, row: Any, language: str) -> Tally:
    """The list that a page belongs to."""
    assembly = row
    for name in table.assembly.split("__") if table.assembly not in ("", "pk") else ():
        assembly = getattr(assembly, name)
    code = assembly.code if table.assembly else ""
    return reach.tally_named(reach.tallies_of(request.user), code, language)


def _translated(translation_id: int) -> tuple[PageTable, Any, str]:
    """The page that a translation of wagtail-localize's is about, and its language."""
    translation = get_object_or_404(
        Translation.objects.select_related("source", "target_locale"), pk=translation_id
    )
    key = translation.source.object_id
    for table in PAGES:
        row = table.complete(table.rows().filter(translation_key=key)).first()
        if row is not None:
            return table, row, translation.target_locale.language_code
    raise Http404
