"""The operators' page: how mails go out, and what is followed by how many."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from assemblies.pages.common import directory_of
from subscriptions import clockwork, health

PERMISSION = "subscriptions.view_mail"


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Numbers only; by a permission of its own."""
    if not request.user.has_perm(PERMISSION):
        raise PermissionDenied
    context = {
        "page_title": gettext("Mails to followers"),
        "header_icon": "mail",
        "delivery": health.delivery(),
        "followers": health.followers(),
        "followed": health.most_followed(directory_of(request)),
        "few": health.FEW,
        "jobs": health.periodic(clockwork.known_jobs()),
    }
    return TemplateResponse(request, "subscriptions/admin/status.html", context)
