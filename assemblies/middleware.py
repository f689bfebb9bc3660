"""In the admin, what the domain refuses is told to the editor, and is no error of the server."""

from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _


class TellRefusals:
    """Forms say beside the field what is wrong; this is for the doors that have no form.

    Publishing in bulk or by a workflow, a duty that is taken out of a regime and was answered …
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def _language_of(self, request: HttpRequest) -> str | None:
        """The admin's language of this user; Wagtail has left it when an exception comes here."""
        profile = getattr(request.user, "wagtail_userprofile", None)
        return profile.get_preferred_language() if profile else translation.get_language()

    def _words(self, exception: Exception) -> str:
        if isinstance(exception, ValidationError):
            return " ".join(exception.messages)
        if isinstance(exception, ProtectedError):
            return _("Other things rest on this: it can’t be deleted.")
        return ""

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        admin = reverse("wagtailadmin_home")
        if not request.path_info.startswith(admin):
            return None
        with translation.override(self._language_of(request)):
            words = self._words(exception)
        if not words:
            return None
        if request.headers.get("x-requested-with") == "XMLHttpRequest":
            return HttpResponseBadRequest(words, content_type="text/plain; charset=utf-8")
        messages.error(request, words)
        back = request.headers.get("referer", "")
        here = url_has_allowed_host_and_scheme(
            back, allowed_hosts={request.get_host()}, require_https=request.is_secure()
        )
        return redirect(back if here else admin)
