"""The pages of the contact form: no cookie, nothing lost, and no other site may send it."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assemblies.pages.common import crumbs, directory_of, reader_language, reading
from assemblies.public_forms import from_here
from home import contact, frame, tasks
from home.forms import ContactForm
from home.models import MessageKind
from home.models.message import KEPT_MONTHS
from home.setup import standard_key


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest) -> HttpResponse:
    """The form; once it is sent, on to a page that says so (a reload sends nothing twice)."""
    if request.method == "POST":
        return _sent(request)
    typed = request.GET.get("about", "")[:60].replace("\0", "")
    chosen = request.GET.get("kind", "")
    initial = {"about": typed, "kind": chosen if chosen in MessageKind.values else ""}
    form = ContactForm(initial=initial, lists=directory_of(request))
    form.subject = contact.subject(form.lists, typed)
    return _page(request, form)


def _sent(request: HttpRequest) -> HttpResponse:
    form = ContactForm(request.POST, lists=directory_of(request))
    valid = form.is_valid()
    if not from_here(request):
        refusal = gettext(
            "This form came from another site, or your browser did not say from where. "
            "Nothing was sent. Read it again, and send it from here."
        )
        return _page(request, form, status=403, refusal=refusal)
    if not valid:
        return _page(request, form)
    network = contact.network_of(request)
    if contact.too_many(network):
        refusal = gettext(
            "Many messages came from your network in the last hour. Nothing was sent. "
            "Keep your text, and send it again in an hour."
        )
        response = _page(request, form, status=429, refusal=refusal)
        response["Retry-After"] = "3600"
        return response
    given = form.cleaned_data
    message = contact.keep(
        kind=given["kind"],
        about=form.subject,
        text=given["text"],
        reply_to=given["reply_to"],
        language=reader_language(),
        network=network,
    )
    tasks.mail.enqueue(message.pk)
    query = f"?{urlencode({'about': message.about})}" if message.about else ""
    return HttpResponseRedirect(reverse("home:contact_sent") + query, status=303)


def _page(
    request: HttpRequest, form: ContactForm, *, status: int = 200, refusal: str = ""
) -> HttpResponse:
    settings = frame.current(form.lists)
    assembly = form.subject.assembly if form.subject is not None else None
    query = request.META.get("QUERY_STRING", "") if request.method != "POST" else ""
    context = {
        **_frame(request),
        "form": form,
        "fields": {name: form[name] for name in form.fields},
        "refusal": refusal,
        "intro": settings.contact_intro,
        "address": settings.address_for(assembly),
        "kept_months": KEPT_MONTHS,
        "privacy": form.lists.address(standard_key("privacy")),
        "noindex": bool(query) or status != 200,
    }
    response = TemplateResponse(request, "home/contact.html", context, status=status)
    add_never_cache_headers(response)
    return response


@reading
def sent(request: HttpRequest) -> HttpResponse:
    """The message is kept. Nothing of it is shown: whoever has the address could read it."""
    found = contact.subject(directory_of(request), request.GET.get("about", "").replace("\0", ""))
    context = {**_frame(request), "subject": found, "noindex": True}
    response = TemplateResponse(request, "home/contact_sent.html", context)
    add_never_cache_headers(response)
    return response


def _frame(request: HttpRequest) -> dict[str, Any]:
    lists = directory_of(request)
    home = next(iter(lists.homes.values()), None)
    here = {"label": gettext("Contact"), "url": None}
    return {"breadcrumbs": crumbs(lists, [home] if home else [], here)}
