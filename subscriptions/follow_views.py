"""Ask to follow, confirm, read a mail in the browser. A GET changes nothing: scanners send it."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from assemblies.directory import Directory
from assemblies.pages.common import directory_of, reader_language, reading
from assemblies.pages.taxonomy import topics_with_counts
from assemblies.public_forms import from_here, network_of
from subscriptions import asking, frames, tasks, tokens
from subscriptions.enums import Followable, Frequency, MailKind
from subscriptions.forms import STAMP, FollowForm
from subscriptions.letters import Writer, period
from subscriptions.models import UNCONFIRMED_DAYS, Followed
from subscriptions.things import in_words

PURPOSE = "subscriptions.follow"
forms_only = require_http_methods(["GET", "HEAD", "POST"])


@csrf_exempt
@forms_only
def follow(request: HttpRequest) -> HttpResponse:
    """What can be followed, and the form for one thing (``?what=topic:12``) or for one's link."""
    lists = directory_of(request)
    if request.method == "POST":
        return _asked(request, lists)
    what = request.GET.get("what", "")[:620].replace("\0", "")
    initial = {"what": what, "level": request.GET.get("level", "")}
    return _page(request, lists, FollowForm(initial=initial, lists=lists))


def _asked(request: HttpRequest, lists: Directory) -> HttpResponse:
    if not from_here(request):
        return frames.from_elsewhere(request)
    form = FollowForm(request.POST, lists=lists)
    if not form.is_valid():
        return _page(request, lists, form)
    network = network_of(request, PURPOSE)
    if asking.too_many(network):
        return frames.too_many(request)
    email = form.cleaned_data["email"]
    asking.ask(
        email,
        form.followed,
        language=reader_language(),
        network=network,
        level=form.cleaned_data["level"],
    )
    tasks.post.enqueue()
    # Shown at once, not after a redirect: an address must stand in no address line and no log.
    thing = _named(lists, form.followed)
    context = {
        "email": email,
        "thing": thing,
        "days": UNCONFIRMED_DAYS,
        "back": form.what_to_show,
        "booklets": form.level_to_show,
    }
    return frames.page(request, "check_mail", context, here=gettext("Look in your mailbox"))


def _named(lists: Directory, followed: Followed | None) -> Any:
    if followed is None:
        return None
    followed.pk = followed.pk or 0
    return in_words(lists, [followed])[followed.pk]


def _page(request: HttpRequest, lists: Directory, form: FollowForm) -> HttpResponse:
    context = {
        "form": form,
        "field": form["email"],
        "thing": _named(lists, form.followed),
        "stamp": form.stamp_to_show,
        "assemblies": _assemblies(lists),
        "topics": topics_with_counts(lists),
        "noindex": form.is_bound or bool(request.GET),
        "action": reverse("subscriptions:follow"),
    }
    return frames.page(request, "follow", context)


def _assemblies(lists: Directory) -> list[Any]:
    rows = [
        Followed(pk=row.pk, kind=Followable.ASSEMBLY, key=row.pk)
        for row in lists.assemblies.values()
    ]
    found = in_words(lists, rows)
    return [found[row.pk] for row in rows if found[row.pk].url]


# -- the link in the mail -------------------------------------------------------------------------


@csrf_exempt
@forms_only
def confirm(request: HttpRequest, token: str) -> HttpResponse:
    """A page with a button; the button begins it. Pressed again, it says that it is done."""
    try:
        address = tokens.confirming(token)
    except tokens.Expired:
        return frames.message(
            request,
            title=gettext("This link is too old"),
            lead=gettext(
                "It worked for seven days. Ask once more on the page of what you want to follow: "
                "you get a new mail."
            ),
            status=410,
            again=True,
        )
    except tokens.Unknown:
        return frames.unknown(request)
    rows = asking.pending(address)
    if request.method != "POST":
        things = in_words(directory_of(request), [row.followed for row in rows])
        context = {
            "token": token,
            "rows": [{"row": row, "thing": things[row.followed_id]} for row in rows],
            "manage": reverse("subscriptions:manage", args=[tokens.for_managing(address)]),
        }
        return frames.page(request, "confirm", context, here=gettext("Confirm"))
    if not from_here(request):
        return frames.from_elsewhere(request)
    chosen = {int(key) for key in request.POST.getlist("follow") if _is_key(key)}
    asking.confirm(address, [row.pk for row in rows if row.pk in chosen])
    manage = reverse("subscriptions:manage", args=[tokens.for_managing(address)])
    return HttpResponseRedirect(f"{manage}?done=confirmed", status=303)


def _is_key(typed: str) -> bool:
    return typed.isascii() and typed.isdigit() and len(typed) < 16


@reading
def read(request: HttpRequest, token: str) -> HttpResponse:
    """A digest in the browser: all of it, and a link for whoever was sent it only."""
    try:
        mail = tokens.reading(token)
    except tokens.Unknown:
        return frames.unknown(request)
    except tokens.Expired:
        return _too_old(request)
    if mail.kind != MailKind.DIGEST:
        return _too_old(request)
    language = reader_language()
    sections = Writer().told(mail, language)
    if not sections:
        return _too_old(request)
    with override(language):
        context = {
            "sections": sections,
            "when": period(mail.frequency, mail.window),
            "rhythm": Frequency(mail.frequency).label,
        }
    return frames.page(request, "read", context, here=gettext("A mail in the browser"))


def _too_old(request: HttpRequest) -> HttpResponse:
    return frames.message(
        request,
        title=gettext("This mail is no longer here"),
        lead=gettext(
            "Mails stay readable here for thirty days. Every step they told of is in the timeline."
        ),
        status=410,
        timeline=True,
    )


__all__ = ["STAMP", "confirm", "follow", "read"]
