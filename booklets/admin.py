"""The editor's way: checklist, proof, freezing, how the edition stands, what stands beside it."""

from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin import messages

from assemblies.words import choose
from booklets import drafts, editions, tasks
from booklets.beside_forms import ErratumForm, MissingWordsForm, RetractionForm
from booklets.checklist import Checklist
from booklets.drafting import versions_of
from booklets.models import BookletPage, Edition, Erratum, Retraction, Standing


def _page(request: HttpRequest, key: int, *, publish: bool = False) -> BookletPage:
    """The booklet, for who may edit it (or, with ``publish``, freeze it)."""
    page = get_object_or_404(BookletPage, pk=key)
    tester = page.permissions_for_user(request.user)
    if not (tester.can_publish() if publish else tester.can_edit()):
        raise PermissionDenied
    return page


def _edition(page: BookletPage) -> Edition:
    return get_object_or_404(Edition.objects.light(), translation_key=page.translation_key)


def _frame(page: BookletPage, title: str) -> dict[str, Any]:
    parent = page.get_parent()
    return {
        "page_title": title,
        "header_title": title,
        "booklet": page,
        "breadcrumbs_items": [
            {
                "url": reverse("wagtailadmin_explore", args=[parent.pk]),
                "label": parent.get_admin_display_title(),
            },
            {
                "url": reverse("wagtailadmin_pages:edit", args=[page.pk]),
                "label": page.get_admin_display_title(),
            },
            {"url": "", "label": title},
        ],
    }


def checklist(request: HttpRequest, page: int) -> HttpResponse:
    """What would be frozen, and what is missing, with links to where it is put right."""
    found = _page(request, page)
    if found.frozen() is not None:
        return redirect("booklets_admin:status", found.pk)
    draft = found.get_latest_revision_as_object()
    try:
        listed = Checklist(draft)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("wagtailadmin_pages:edit", found.pk)
    tester = found.permissions_for_user(request.user)
    workflow = found.get_workflow() if found.has_workflow else None
    context = {
        **_frame(found, _("Checklist before freezing")),
        "list": listed,
        "may_freeze": tester.can_publish() and workflow is None,
        "may_publish": tester.can_publish(),
        "workflow": workflow,
        "languages": [
            (code, name) for code, name in settings.LANGUAGES if code in listed.drafting.languages
        ],
    }
    return render(request, "booklets/admin/checklist.html", context)


@require_POST
def freeze(request: HttpRequest, page: int) -> HttpResponse:
    found = _page(request, page, publish=True)
    if found.frozen() is not None:
        messages.error(request, _("This edition is frozen already."))
        return redirect("booklets_admin:status", found.pk)
    try:
        editions.freeze(found.get_latest_revision_as_object(), user=request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        if found.frozen() is not None:
            return redirect("booklets_admin:status", found.pk)
        return redirect("booklets_admin:checklist", found.pk)
    return redirect("booklets_admin:status", found.pk)


def proof(request: HttpRequest, page: int) -> HttpResponse:
    """The PDF of the draft, as a whole or only what concerns one body; the worker makes it."""
    found = _page(request, page)
    language = request.GET.get("language", found.locale.language_code)
    body = request.GET.get("body", "")
    if language not in dict(settings.LANGUAGES):
        raise PermissionDenied
    revision = found.latest_revision_id or 0
    name = tasks.proof_name(found.pk, language, body, revision)
    made = tasks.proof_of(name)
    if request.method == "POST" or made is None:
        tasks.forget_proof(name)
        tasks.make_proof.enqueue(found.pk, language, body, name)
        made = tasks.WAITING
    if isinstance(made, bytes):
        response = HttpResponse(made, content_type="application/pdf")
        response["Content-Disposition"] = f'inline; filename="{found.slug}-{language}.pdf"'
        return response
    context = {
        **_frame(found, _("Proof")),
        "failed": made == tasks.FAILED,
        "waiting": made == tasks.WAITING,
    }
    return render(request, "booklets/admin/proof.html", context)


def status(request: HttpRequest, page: int) -> HttpResponse:
    """How far the edition has come, its files, and what can still be put beside it."""
    found = _page(request, page)
    edition = _edition(found)
    silent = edition.standing == Standing.PREPARING and tasks.is_silent(edition)
    layers = [tasks.standing_of(layer) for layer in edition.layers.defer("content")]
    lacking = []
    if edition.is_public and not hasattr(edition, "retraction"):
        whole = Edition.objects.get(pk=edition.pk)
        versions = versions_of(whole.page)
        for code, name in settings.LANGUAGES:
            waiting = any(each["waiting"] and each["row"].language == code for each in layers)
            version = versions.get(code)
            page_to_add = version if version is not None and not version.live else None
            if not waiting and editions.words_to_add(whole, code, page=page_to_add):
                lacking.append((code, name))
    context = {
        **_frame(found, _("How the edition stands")),
        "edition": edition,
        "title": choose(edition.title),
        "progress": tasks.progress_of(edition),
        "silent": silent,
        "files": edition.files.filter(media_type="application/pdf").defer("content"),
        "errata": [
            (row, editions.missing_languages(row))
            for row in edition.errata.select_related("edition")
        ],
        "withdrawn_lacks": hasattr(edition, "retraction")
        and editions.missing_languages(edition.retraction),
        "layers": layers,
        "working": edition.standing == Standing.PREPARING
        or any(each["waiting"] and not each["problem"] for each in layers),
        "lacking": lacking,
        "may_publish": found.permissions_for_user(request.user).can_publish(),
        "url": found.get_url() if found.live else "",
    }
    return render(request, "booklets/admin/status.html", context)


@require_POST
def again(request: HttpRequest, page: int) -> HttpResponse:
    """Have the files made once more: after a failure, or where a worker died."""
    found = _page(request, page, publish=True)
    edition = _edition(found)
    if edition.standing != Standing.PUBLISHED:
        tasks.start_again(edition)
    return redirect("booklets_admin:status", found.pk)


def new(request: HttpRequest, page: int) -> HttpResponse:
    """The next edition: asked for on a page, made by its button."""
    found = _page(request, page)
    if not found.get_parent().permissions_for_user(request.user).can_add_subpage():
        raise PermissionDenied
    if request.method == "POST":
        made = drafts.new_edition(found, user=request.user)
        messages.success(
            request,
            _("The new edition takes over the structure of the last one. Rewrite its foreword."),
        )
        return redirect("wagtailadmin_pages:edit", made.pk)
    context = {**_frame(found, _("New edition")), "edition": found.frozen()}
    return render(request, "booklets/admin/new.html", context)


@require_POST
def words(request: HttpRequest, page: int, language: str) -> HttpResponse:
    """Lay the words of a missing language over the edition."""
    found = _page(request, page, publish=True)
    edition = _edition(found)
    version = versions_of(found).get(language)
    try:
        editions.add_words(
            edition,
            language,
            page=version if version is not None and not version.live else None,
            user=request.user,
        )
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("The words are added; the worker makes their PDF."))
    return redirect("booklets_admin:status", found.pk)


@require_POST
def words_again(request: HttpRequest, page: int, layer: int) -> HttpResponse:
    """Have the PDF of words that followed made once more."""
    found = _page(request, page, publish=True)
    row = _edition(found).layers.filter(pk=layer, made_at__isnull=True).first()
    if row is not None:
        tasks.start_layer_again(row)
    return redirect("booklets_admin:status", found.pk)


def erratum(request: HttpRequest, page: int) -> HttpResponse:
    found = _page(request, page, publish=True)
    edition = _edition(found)
    form = ErratumForm(request.POST or None, edition=edition)
    if request.method == "POST" and form.is_valid():
        editions.publish_erratum(
            edition,
            form.cleaned_data["text"],
            reference=form.cleaned_data["reference"],
            user=request.user,
        )
        messages.success(request, _("The erratum stands beside the edition."))
        return redirect("booklets_admin:status", found.pk)
    context = {**_frame(found, _("Publish an erratum")), "form": form, "edition": edition}
    return render(
        request, "booklets/admin/beside.html", context, status=422 if form.errors else 200
    )


def withdraw(request: HttpRequest, page: int) -> HttpResponse:
    found = _page(request, page, publish=True)
    edition = _edition(found)
    form = RetractionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            editions.withdraw(edition, form.cleaned_data["reason"], user=request.user)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The edition is withdrawn; its address says why."))
        return redirect("booklets_admin:status", found.pk)
    context = {
        **_frame(found, _("Withdraw the edition")),
        "form": form,
        "edition": edition,
        "danger": True,
    }
    return render(
        request, "booklets/admin/beside.html", context, status=422 if form.errors else 200
    )


def erratum_words(request: HttpRequest, page: int, erratum: int) -> HttpResponse:
    """An erratum, said in the languages that it lacks."""
    found = _page(request, page, publish=True)
    row = get_object_or_404(Erratum, edition=_edition(found), pk=erratum)
    return _say_in(request, found, row, _("Add a language to the erratum"), row.text)


def withdrawal_words(request: HttpRequest, page: int) -> HttpResponse:
    """Why an edition was withdrawn, said in the languages that the notice lacks."""
    found = _page(request, page, publish=True)
    row = get_object_or_404(Retraction, edition=_edition(found))
    return _say_in(request, found, row, _("Add a language to the notice"), row.reason)


def _say_in(
    request: HttpRequest, found: BookletPage, row: Erratum | Retraction, title: str, there: Any
) -> HttpResponse:
    lacking = editions.missing_languages(row)
    if not lacking:
        messages.success(request, _("Nothing is missing here any more."))
        return redirect("booklets_admin:status", found.pk)
    form = MissingWordsForm(request.POST or None, languages=lacking)
    if request.method == "POST" and form.is_valid():
        try:
            editions.say_in(row, form.cleaned_data)
        except ValidationError as error:  # somebody else was faster
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, _("The words are added; what was there stays as it was."))
        return redirect("booklets_admin:status", found.pk)
    context = {**_frame(found, title), "form": form, "edition": row.edition, "there": there}
    return render(
        request, "booklets/admin/beside.html", context, status=422 if form.errors else 200
    )
