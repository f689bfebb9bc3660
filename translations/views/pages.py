"""Pages: beginning a translation, publishing a complete one, and wagtail-localize's own doors."""

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST
from wagtail.admin import messages
from wagtail.models import Locale, Page
from wagtail_localize.models import Translation
from wagtail_localize.views.edit_translation import stop_translation
from wagtail_localize.views.report import TranslationsReportView
from wagtail_localize.views.submit_translations import SubmitPageTranslationView
from wagtail_localize.views.update_translations import UpdateTranslationsView

from assemblies.models import AssemblyPage
from translations import begin, desk, progress, tasks
from translations.progress import language_name
from translations.tables.pages import BEGINNING, PageTable
from translations.views.files import _of_page, page_named
from translations.views.frame import at_the_desk, list_url

#: A branch of more pages is begun by a worker: each costs a tenth of a second and more.
AT_ONCE = 40


@at_the_desk
@require_POST
def begin_page(request: HttpRequest, table: str, pk: int, language: str) -> HttpResponse:
    """Begin the translation of a page, or with ``branch`` of all pages below it too."""
    found, row, page = _page(request, table, pk, language)
    if not found.may_write(request.user, row):
        raise PermissionDenied
    locale = get_object_or_404(Locale, language_code=language)
    branch = "branch" in request.POST
    if branch and page.get_descendants().count() > AT_ONCE:
        tasks.begin_branch.enqueue(page.pk, locale.pk, request.user.pk or 0)
        messages.success(
            request,
            _("The pages are being prepared, one after the other; they join the list meanwhile."),
        )
        return redirect(_back(request, found, row, language))
    begun = begin.begin(page, [locale], request.user, branch=branch)
    own = begin.own_version(page, locale)
    if branch:
        messages.success(request, _begun(begun, language))
        return redirect(_back(request, found, row, language))
    if own is None:
        raise Http404
    return redirect("wagtailadmin_pages:edit", own.pk)


def _begun(begun: begin.Begun, language: str) -> str:
    number = len(begun.translations)
    said = ngettext(
        "%(number)d page is ready to be translated into %(language)s.",
        "%(number)d pages are ready to be translated into %(language)s.",
        number,
    ) % {"number": number, "language": language_name(language)}
    if begun.passed_over:
        number = len(begun.passed_over)
        more = ngettext(
            "%(number)d page has its own version already, and stays as it is.",
            "%(number)d pages have their own version already, and stay as they are.",
            number,
        ) % {"number": number}
        said = f"{said} {more}"
    return said


@at_the_desk
@require_POST
def publish_page(request: HttpRequest, table: str, pk: int, language: str) -> HttpResponse:
    """Publish a translation that is complete."""
    found, row, _page_of = _page(request, table, pk, language)
    own, translation = found.own(row, language), found.translation(row, language)
    if own is None or translation is None:
        raise Http404
    if not own.permissions_for_user(request.user).can_publish():
        raise PermissionDenied
    try:
        translation.save_target(user=request.user, publish=True)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("“%(page)s” is published.") % {"page": own.draft_title})
    return redirect(_back(request, found, row, language))


@at_the_desk
@require_POST
def publish_complete(request: HttpRequest) -> HttpResponse:
    """Publish the complete translations that the list shows, one after the other."""
    back = "translations:desk"
    published, refused = 0, []
    for said in request.POST.getlist("page")[: desk.ROWS]:
        table, _sign, rest = said.partition("/")
        pk, _sign, language = rest.partition("/")
        if not pk.isdecimal() or len(pk) > 15:
            continue
        found, row, _page_of = _page(request, table, int(pk), language)
        back = _back(request, found, row, language)
        own, translation = found.own(row, language), found.translation(row, language)
        if own is None or translation is None:
            continue
        if not own.permissions_for_user(request.user).can_publish():
            raise PermissionDenied
        try:
            translation.save_target(user=request.user, publish=True)
            published += 1
        except ValidationError as error:
            refused.append(f"“{own.draft_title}”: {' '.join(error.messages)}")
    if published:
        words = ngettext(
            "%(number)d page is published.", "%(number)d pages are published.", published
        )
        messages.success(request, words % {"number": published})
    for words in refused:
        messages.error(request, words)
    return redirect(back)


@at_the_desk
@require_POST
def confirm_page(request: HttpRequest, table: str, pk: int, language: str) -> HttpResponse:
    """Say that a version still says what its original says."""
    found, row, _page_of = _page(request, table, pk, language)
    try:
        found.confirm(row, language, request.user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("It counts as up to date again."))
    return redirect(_back(request, found, row, language))


def _page(request: HttpRequest, table: str, pk: int, language: str) -> tuple[PageTable, Any, Page]:
    found, row = page_named(table, pk)
    _of_page(request, found, row, language)  # 404 where the list is not the user's
    return found, row, found.original(row)


def _back(request: HttpRequest, table: PageTable, row: Any, language: str) -> str:
    return list_url(_of_page(request, table, row, language))


# -- wagtail-localize's own doors --------------------------------------------------------------


class SubmitPage(SubmitPageTranslationView):
    """“Translate this page”: for whoever may edit it, into languages that its assembly owes."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.get_object()
        if not (
            request.user.has_perm(BEGINNING) and page.permissions_for_user(request.user).can_edit()
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not self.get_form().fields["locales"].queryset.exists():
            messages.warning(
                request,
                _("This page exists in every language that its assembly owes."),
            )
            return redirect(self.get_success_url() or self.get_default_success_url())
        return super().get(request, *args, **kwargs)

    def get_form(self) -> Any:
        form = super().get_form()
        locales = form.fields["locales"]
        owed = owed_languages(self.object)
        if owed is not None:
            locales.queryset = locales.queryset.filter(language_code__in=owed)
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        page, chosen = self.object, form.cleaned_data["locales"]
        branch = form.cleaned_data["include_subtree"]
        if branch and page.get_descendants().count() > AT_ONCE:
            for locale in chosen:
                tasks.begin_branch.enqueue(page.pk, locale.pk, self.request.user.pk)
            messages.success(
                self.request,
                _(
                    "The pages are being prepared, one after the other; they join the list "
                    "meanwhile."
                ),
            )
            return redirect("translations:desk")
        begun = begin.begin(page, chosen, self.request.user, branch=branch)
        names = ", ".join(locale.language_code for locale in chosen)
        messages.success(self.request, _begun(begun, names))
        if len(chosen) == 1 and not branch:
            own = begin.own_version(page, chosen[0])
            if own is not None:
                return redirect("wagtailadmin_pages:edit", own.pk)
        return redirect(self.get_success_url() or self.get_default_success_url())


def owed_languages(page: Page) -> list[str] | None:
    """The languages that the assembly of a page owes; None for a page of no assembly."""
    above = AssemblyPage.objects.ancestor_of(page, inclusive=True).first()
    return list(above.languages) if above is not None else None


class UpdatePage(UpdateTranslationsView):
    """“Sync translated pages”: what changed in the original is noted as missing, no more.

    “Publish immediately” is gone: it filled what is missing with the original's words.
    """

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        page = self.get_object().get_source_instance()
        if not (
            request.user.has_perm(BEGINNING) and page.permissions_for_user(request.user).can_edit()
        ):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)

    def get_form(self) -> Any:
        form = super().get_form()
        del form.fields["publish_translations"]
        return form

    def form_valid(self, form: Any) -> HttpResponse:
        begin.sync(self.object)
        messages.success(self.request, _("The translations know what the original says today."))
        return redirect(self.get_success_url() or self.get_default_success_url())


def stop(request: HttpRequest, translation_id: int) -> HttpResponse:
    """“Stop”: not while a draft is half in the original's language; it could be published so."""
    translation = get_object_or_404(Translation, pk=translation_id)
    page = translation.get_target_instance()
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    if not page.live and not progress.progress_of(translation).complete:
        messages.error(
            request,
            _(
                "This draft is not translated yet. Delete it, if nobody will translate it; the "
                "site shows the original meanwhile, and says so."
            ),
        )
        return redirect("wagtailadmin_pages:edit", page.pk)
    return stop_translation(request, translation_id)


def convert_to_alias(request: HttpRequest, page_id: int) -> HttpResponse:
    """No page repeats another one in a second language: nothing would say in which it is."""
    page = get_object_or_404(Page, pk=page_id)
    if not page.permissions_for_user(request.user).can_edit():
        raise PermissionDenied
    messages.error(
        request,
        _("Pages are not copied into another language: what is not translated is shown as such."),
    )
    return redirect("wagtailadmin_pages:edit", page.pk)


def report(request: HttpRequest, results_only: bool) -> HttpResponse:
    """It lists the translations of every assembly: for administrators. Others have the desk."""
    if not request.user.is_superuser:
        return redirect(reverse("translations:desk"))
    return TranslationsReportView.as_view(results_only=results_only)(request)
