"""What somebody follows, behind the link in every mail: change, pause, stop, export, erase."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from assemblies.pages.common import directory_of
from assemblies.public_forms import from_here
from subscriptions import choices, frames, tokens, year
from subscriptions.enums import Ending, Frequency, Running
from subscriptions.forms import ChoiceForm, LanguageForm
from subscriptions.models import KEPT_DAYS, Address, Subscription
from subscriptions.things import in_words

forms_only = require_http_methods(["GET", "HEAD", "POST"])

#: What a page says after something was done; a word in its address, and nothing of the reader.
DONE = {
    "confirmed": lambda: gettext("It is confirmed. You can close this page, or choose below."),
    "saved": lambda: gettext("Your choices are saved."),
    "paused": lambda: gettext("It is paused: no mail until you let it go on."),
    "resumed": lambda: gettext("It goes on from now."),
    "stopped": lambda: gettext("It is stopped: no more mail about it."),
    "restarted": lambda: gettext("You follow it again."),
    "all-stopped": lambda: gettext(
        "All is stopped: no more mail. Your address will be erased in thirty days."
    ),
}


def _opened(request: HttpRequest, token: str) -> Address | HttpResponse:
    """The address that a link opens, or the page that says why it opens nothing."""
    try:
        return tokens.managing(token)
    except tokens.Expired:
        return frames.message(
            request,
            title=gettext("This link is too old"),
            lead=gettext(
                "A link from a mail opens what you follow for 180 days. Below you get a new one."
            ),
            status=410,
            again=True,
        )
    except tokens.Unknown:
        return frames.unknown(request)


@csrf_exempt
@forms_only
def manage(request: HttpRequest, token: str) -> HttpResponse:
    """All that an address follows, each with its choices; every button saves them all."""
    address = _opened(request, token)
    if isinstance(address, HttpResponse):
        return address
    rows = list(
        address.subscriptions.exclude(standing=Running.ASKED)
        .select_related("followed")
        .order_by("pk")
    )
    if request.method != "POST":
        return _page(request, token, address, rows)
    if not from_here(request):
        return frames.from_elsewhere(request)
    return _changed(request, token, address, rows)


def _changed(
    request: HttpRequest, token: str, address: Address, rows: list[Subscription]
) -> HttpResponse:
    given = {
        row.pk: ChoiceForm(request.POST, prefix=str(row.pk), kind=row.followed.kind)
        for row in _open(rows)
    }
    languages = LanguageForm(request.POST)
    # A button of one row alone, as a program sends it, leaves the choices of the others.
    sent = {pk: form for pk, form in given.items() if form.add_prefix("level") in request.POST}
    wrong = [form for form in sent.values() if not form.is_valid()]
    if "languages" in request.POST and not languages.is_valid():
        wrong.append(languages)  # type: ignore[arg-type]
    if wrong:
        problem = gettext("One of the choices is not among those offered. Nothing was changed.")
        return _page(request, token, address, rows, problem=problem, status=400)
    for row in rows:
        if row.pk in sent:
            choices.change(row, **sent[row.pk].cleaned_data)
    if "languages" in request.POST:
        choices.change_languages(address, languages.cleaned_data["languages"])
    done = _pressed(request.POST.get("do", "save"), address, rows)
    here = reverse("subscriptions:manage", args=[token])
    return HttpResponseRedirect(f"{here}?done={done}", status=303)


def _pressed(button: str, address: Address, rows: list[Subscription]) -> str:
    """Do what a button says (``pause:12``); what is done already stays done."""
    what, _colon, key = button.partition(":")
    one = [row for row in rows if str(row.pk) == key]
    if what == "pause" and one:
        choices.pause(one)
        return "paused"
    if what == "resume" and one:
        choices.resume(one)
        return "resumed"
    if what == "stop" and key == "all":
        choices.end(address, why=Ending.READER)
        return "all-stopped"
    if what == "stop" and one:
        choices.end(address, why=Ending.READER, only={"pk": one[0].pk})
        return "stopped"
    if what == "restart" and one:
        choices.restart(one[0])
        return "restarted"
    return "saved"


def _open(rows: list[Subscription]) -> list[Subscription]:
    return [row for row in rows if row.standing != Running.ENDED]


def _page(
    request: HttpRequest,
    token: str,
    address: Address,
    rows: list[Subscription],
    *,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    lists = directory_of(request)
    things = in_words(lists, [row.followed for row in rows])
    past = year.Year.current(lists)
    said = DONE.get(request.GET.get("done", ""))
    context: dict[str, Any] = {
        "token": token,
        "address": address,
        "done": said() if said and not problem else "",
        "problem": problem,
        "rows": [_choice(row, things[row.followed_id], past) for row in _open(rows)],
        "ended": [
            {"row": row, "thing": things[row.followed_id]}
            for row in rows
            if row.standing == Running.ENDED
        ],
        "language_form": LanguageForm(initial={"languages": address.languages}),
        "kept_days": KEPT_DAYS,
    }
    here = gettext("What you follow")
    return frames.page(request, "manage", context, status=status, here=here)


def _choice(row: Subscription, thing: Any, past: year.Year) -> dict[str, Any]:
    counts = past.mails(row.followed, row.level)
    form = ChoiceForm(
        prefix=str(row.pk),
        kind=row.followed.kind,
        initial={"frequency": row.frequency, "level": row.level},
    )
    return {
        "row": row,
        "thing": thing,
        "form": form,
        "mails": counts[row.frequency] if counts else None,
        "none": bool(counts) and not any(counts.values()),
        "other": [
            {"label": Frequency(code).label, "mails": number}
            for code, number in counts.items()
            if code != row.frequency
        ],
    }


@require_safe
def export(request: HttpRequest, token: str) -> HttpResponse:
    """Everything that is known of an address, as a file for whoever it belongs to."""
    address = _opened(request, token)
    if isinstance(address, HttpResponse):
        return address
    response = JsonResponse(
        choices.export(address), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    response["Content-Disposition"] = 'attachment; filename="suites.json"'
    add_never_cache_headers(response)
    return response


@csrf_exempt
@forms_only
def erase(request: HttpRequest, token: str) -> HttpResponse:
    """Asked once more, then erased at once and for good."""
    address = _opened(request, token)
    if isinstance(address, HttpResponse):
        return address
    if request.method != "POST":
        here = gettext("Erase my address")
        return frames.page(request, "erase", {"token": token, "address": address}, here=here)
    if not from_here(request):
        return frames.from_elsewhere(request)
    choices.erase(address)
    return frames.message(
        request,
        title=gettext("Your address is erased"),
        lead=gettext("With it all that you followed. Nothing more is sent to it."),
    )


@csrf_exempt
@forms_only
def stop(request: HttpRequest, token: str) -> HttpResponse:
    """End the mails of one rhythm: the button of a page, or the mail program's own (RFC 8058).

    A mail program sends its POST from its maker's servers, so nobody asks where it comes from.
    """
    try:
        address, frequency = tokens.stopping(token)
    except tokens.Unknown:
        return frames.unknown(request)
    if request.method != "POST":
        context = {"token": token, "gone": address is None, "rhythm": Frequency(frequency).label}
        return frames.page(request, "stop", context, here=gettext("Unsubscribe"))
    left = 0
    if address is not None:
        choices.end(address, why=Ending.ONE_CLICK, only={"frequency": frequency})
        left = address.subscriptions.filter(standing=Running.ACTIVE).count()
    manage_url = (
        reverse("subscriptions:manage", args=[tokens.for_managing(address)])
        if address is not None
        else ""
    )
    return frames.message(
        request,
        title=gettext("You are unsubscribed"),
        lead=gettext("No more of these mails will come."),
        left=left,
        manage=manage_url,
    )
