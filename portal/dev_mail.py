"""For development only: mails go into a folder, ``var/mail/``, and are read at ``/_mail/``.

So a newcomer goes through the whole of following without a mail server: ask on a page, confirm in
the mail, publish a step, let the digests go, and unsubscribe as a mail program does.
"""

import email
import threading
import time
from collections.abc import Sequence
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.core.mail.backends.base import BaseEmailBackend
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.safestring import mark_safe
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from portal.env import BASE_DIR
from subscriptions import rounds, tasks

_lock = threading.Lock()
_last = 0
SHOWN = 100


def folder() -> Path:
    return Path(getattr(settings, "SUITES_MAIL_FOLDER", BASE_DIR / "var" / "mail"))


class Folder(BaseEmailBackend):
    """Each mail is a file of its own, named by the moment it was sent."""

    def send_messages(self, email_messages: Sequence[Any]) -> int:
        global _last
        folder().mkdir(parents=True, exist_ok=True)
        for message in email_messages:
            with _lock:
                _last = max(_last + 1, time.time_ns())
            (folder() / f"{_last}.eml").write_bytes(message.message().as_bytes())
        return len(email_messages)


def _read(path: Path) -> dict[str, Any]:
    message = email.message_from_bytes(path.read_bytes(), policy=default)
    assert isinstance(message, EmailMessage)
    text, page = (message.get_body((kind,)) for kind in ("plain", "html"))
    return {
        "name": path.stem,
        "headers": [(name, str(value)) for name, value in message.items()],
        "subject": message["subject"],
        "to": message["to"],
        "date": message["date"],
        "size": path.stat().st_size,
        "text": text.get_content() if text is not None else "",
        "html": page.get_content() if page is not None else "",
        "stop": str(message.get("List-Unsubscribe", "")).strip("<>"),
    }


def _named(name: str) -> dict[str, Any]:
    path = folder() / f"{name}.eml"
    if not name.isdigit() or not path.exists():
        raise Http404
    return _read(path)


@require_safe
def mails(request: HttpRequest) -> HttpResponse:
    """The latest mails, the newest first."""
    paths = sorted(folder().glob("*.eml"), reverse=True)[:SHOWN] if folder().exists() else []
    return render(request, "developers/mails.html", {"mails": [_read(path) for path in paths]})


@require_safe
def mail(request: HttpRequest, name: str) -> HttpResponse:
    """One mail: headers, text, and its buttons."""
    return render(request, "developers/mail.html", {"mail": _named(name)})


@require_safe
@csp_replace({"default-src": ["'none'"], "style-src": ["'unsafe-inline'"]})
def page(request: HttpRequest, name: str = "") -> HttpResponse:
    """The HTML of a mail, as a mail program shows it: its own styles, nothing from outside."""
    return HttpResponse(mark_safe(_named(name)["html"]))  # noqa: S308 -- our own mail


@csrf_exempt
@require_POST
def now(request: HttpRequest) -> HttpResponse:
    """Hold a round of every rhythm at once, and send it: nobody waits for Monday to try it out."""
    rounds.send_now()
    tasks.post.enqueue()
    return HttpResponseRedirect("/_mail/", status=303)
