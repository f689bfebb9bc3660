"""Views of Wagtail's admin that ask neither a hook nor our policies: ours stand before them."""

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.views.decorators.cache import never_cache
from wagtail.admin import messages
from wagtail.admin.auth import require_admin_access
from wagtail.admin.views.chooser import ChosenMultipleView
from wagtail.admin.views.reports.audit_logging import LogEntriesView
from wagtail.models import Page
from wagtail.permission_policies.pages import PagePermissionPolicy
from wagtail.utils.urlpatterns import decorate_urlpatterns
from wagtail_localize.views import convert

from assemblies import history


def within_reach(pages, user):
    """Of these pages the published ones, and the drafts that the user works on."""
    own = PagePermissionPolicy().instances_user_has_any_permission_for(
        user, {"add", "change", "publish"}
    )
    return pages.filter(Q(live=True) | Q(pk__in=own.order_by().values("pk")))


def chosen_pages(request):
    """The pages that somebody chose, by their keys."""
    keys = [key for key in request.GET.getlist("id") if key.isdecimal()]
    pages = within_reach(Page.objects.filter(pk__in=keys), request.user)
    request.GET = request.GET.copy()
    request.GET.setlist("id", [str(key) for key in pages.values_list("pk", flat=True)])
    return ChosenMultipleView.as_view()(request)


def convert_to_alias(request, page_id):
    """A published translation doesn't become a repetition of its original."""
    page = get_object_or_404(Page, pk=page_id)
    if history.holds_published(page):
        messages.error(request, str(history.refuse_unpublication(page)))
        return redirect("wagtailadmin_pages:edit", page.pk)
    return convert.convert_to_alias(request, page_id)


def refuse_view(request, rest):
    """It lists the objects of every assembly; only translatable snippets need it, and none is."""
    raise Http404


def site_history(request, results_only):
    """It lists what was done to the drafts of every assembly: for administrators."""
    if not request.user.is_superuser:
        raise PermissionDenied
    return LogEntriesView.as_view(results_only=results_only)(request)


VIEWS = [
    path("choose-page/chosen-multiple/", chosen_pages),
    path("localize/page/<int:page_id>/convert_to_alias/", convert_to_alias),
    path("localize/api/snippets/<path:rest>", refuse_view),
    path("reports/site-history/", site_history, {"results_only": False}),
    path("reports/site-history/results/", site_history, {"results_only": True}),
]

urlpatterns = decorate_urlpatterns(VIEWS, never_cache)
urlpatterns = decorate_urlpatterns(urlpatterns, require_admin_access)
