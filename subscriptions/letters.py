"""Mails as they leave: subject, text and HTML, made once for all to whom they say the same.

A letter has slots for what differs from one reader to the next: the address, the links that only
its reader may have, the number of the message. They are filled in when it leaves, in the finished
bytes, so that ten thousand mails of a round are written once.
"""

import html
import json
import re
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.headerregistry import Address as Mailbox
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import override

from assemblies import dates, directory
from assemblies.directory import Directory
from assemblies.pages.common import site_url
from assemblies.templatetags.suites import words
from assemblies.words import Choice
from subscriptions import asking, tokens, windows
from subscriptions.contents import Contents, count_of
from subscriptions.enums import Frequency, MailKind, Standing
from subscriptions.items import Stories
from subscriptions.mail_styles import STYLES
from subscriptions.models import UNCONFIRMED_DAYS, Address, Mail
from subscriptions.things import in_words

#: No header is folded: a mail client looks for the link to end mails on one line.
POLICY = SMTP.clone(max_line_length=998)
#: Lines longer than this are broken where a space allows it.
LINE = 900
#: So many bytes of HTML hold what a digest tells; the rest is behind a link.
MOST = 34_000
#: The links that only a mail's reader may have, and what else is filled in: words in no text.
LINKS = ("confirm", "manage", "stop", "read")
ADDRESS, MESSAGE = "slot7q-address-q7", "slot7q-message-q7"
SLOT = re.compile(rb"slot7q-(address|message|(?:confirm|manage|stop|read)-[a-z-]+?)-q7")
#: Characters that a list of mails shows after the subject.
PREVIEW = 140
#: Letters kept, of the last mails that differed.
KEPT = 64


@dataclass
class Letter:
    """A finished mail with its slots."""

    subject: str
    text: str
    html: str
    raw: bytes
    #: What stands between the slots, and their names: cut once, put together for each reader.
    pieces: list[bytes] = field(init=False)

    def __post_init__(self) -> None:
        self.pieces = SLOT.split(self.raw)

    def to(self, mail: Mail, address: Address) -> "Posted":
        """The mail to one reader."""
        fill = _Slots(mail, address)
        pieces = self.pieces.copy()
        pieces[1::2] = [fill[name] for name in pieces[1::2]]
        return Posted(b"".join(pieces), address.email)


class Wire:
    """Bytes that Django's mail backends take for a message."""

    def __init__(self, raw: bytes) -> None:
        self.raw = raw

    def as_bytes(self, *_args: Any, **_more: Any) -> bytes:
        return self.raw

    def get_charset(self) -> None:
        return None


class Posted(EmailMultiAlternatives):
    """A mail whose bytes are finished, for any of Django's mail backends."""

    def __init__(self, raw: bytes, to: str) -> None:
        if not (to.isascii() and to.isprintable()):
            raise ValueError("This is no address that SMTP knows.")
        sender = settings.SUITES_BOUNCES_TO or settings.DEFAULT_FROM_EMAIL
        super().__init__(to=[to], from_email=sender)
        self.raw = raw
        self.sender = _mailbox(sender)[1]

    def message(self, *_args: Any, **_more: Any) -> Any:
        return Wire(self.raw)


@cache
def _mailbox(written: str) -> tuple[str, str]:
    """The name and the address in "Suites <suites@example.org>"."""
    return parseaddr(written)


class Writer:
    """Writes letters, and keeps what further mails of a round will say again."""

    def __init__(self) -> None:
        self.lists: Directory | None = None
        self.stories: Stories | None = None
        self.contents: dict[str, Contents] = {}
        self.letters: dict[tuple[str, ...], Letter] = {}

    def letter(self, mail: Mail, address: Address) -> Letter | None:
        """What a mail says; None where nothing is left to say."""
        if self.lists is None:
            self.renew()
        if mail.kind == MailKind.CONFIRMATION:
            return confirmation(self.lists, address)
        news = json.dumps(mail.news)
        key = (address.languages, mail.frequency, mail.window.partition(".")[0], news)
        if key not in self.letters:
            while len(self.letters) >= KEPT:
                self.letters.pop(next(iter(self.letters)))
            made = self.digest(mail, address.language_codes)
            if made is None:
                return None
            self.letters[key] = made
        return self.letters[key]

    def renew(self) -> None:
        """Forget what is out of date; a worker asks for it with every batch of mails."""
        lists = directory.current()
        if self.lists is None or self.lists.generation != lists.generation:
            self.lists, self.contents, self.letters = lists, {}, {}
            self.stories = Stories(lists)

    def told(self, mail: Mail, language: str) -> list[Any]:
        """The sections of a digest in one language."""
        if self.lists is None:
            self.renew()
        contents = self.contents.get(language)
        if contents is None:
            contents = Contents(self.lists, language, self.stories)
            self.contents[language] = contents
        return contents.sections({int(number): keys for number, keys in mail.news.items()})

    def digest(self, mail: Mail, languages: list[str]) -> Letter | None:
        parts, subjects = [], []
        for language in languages:
            sections = self.told(mail, language)
            total = sum(len(group.items) for section in sections for group in section.groups)
            if not total:
                return None
            with override(language):
                parts.append(self._part(mail, language, sections, total, MOST // len(languages)))
                subjects.append(_subject("digest", parts[-1]))
        return _letter("digest", subjects, parts, stop=True)

    def _part(
        self, mail: Mail, language: str, sections: list[Any], total: int, room: int
    ) -> dict[str, Any]:
        news = {int(number): keys for number, keys in mail.news.items()}
        shown, left = _cut(sections, room)
        names = self.contents[language].names(news)
        return {
            "language": language,
            "heading": count_of(total),
            "when": period(mail.frequency, mail.window),
            "rhythm": Frequency(mail.frequency).label,
            "names": names[:6],
            "more_names": max(0, len(names) - 6),
            "sections": shown,
            "left": left,
            "example": any(
                item.example or group.example
                for section in shown
                for group in section.groups
                for item in group.items
            ),
            "preview": _preview(item.title for s in shown for g in s.groups for item in g.items),
        }


def _preview(titles: Iterable[Choice]) -> SafeString:
    """What a list of mails shows after the subject: the first titles, in their languages."""
    shown, room = [], PREVIEW
    for title in titles:
        if room <= 0:
            break
        cut = Choice(title.text[:room], title.language, missing=title.missing)
        shown.append((words(cut, note=False),))
        room -= len(cut.text) + 3
    return format_html_join(" · ", "{}", shown)


def period(frequency: str, window: str) -> str:
    """Of which days a digest tells: "from 9 to 15 November 2026", "October 2026"; "" at once."""
    told = windows.told_of(frequency, window)
    if told is not None:
        return dates.span(*told)
    begins = windows.beginning(frequency, window) if frequency == Frequency.DAILY else None
    return dates.day(begins) if begins else ""


def _cut(sections: list[Any], room: int) -> tuple[list[Any], int]:
    """As much as there is room for, whole items only, and how many are left."""
    left = 0
    for section in sections:
        for group in section.groups:
            kept = []
            for item in group.items:
                size = _size(item)
                if room < size:
                    left += 1
                    room = 0  # what follows is left out as well: nothing is picked
                else:
                    room -= size
                    kept.append(item)
            group.items = kept
        section.groups = [group for group in section.groups if group.items]
    return [section for section in sections if section.groups], left


def _size(item: Any) -> int:
    """About how many bytes an item takes in HTML."""
    said = (item.title, item.text, item.reason, item.note, *item.because)
    sources = sum(len(each["url"]) + 260 for each in item.sources)
    return 1_900 + sources + 300 * len(item.changes) + sum(len(str(each or "")) for each in said)


def confirmation(lists: Directory, address: Address) -> Letter | None:
    """The one mail that asking brings: a button for what was asked, and the link to all of it."""
    rows = asking.pending(address)
    known = address.standing != Standing.UNCONFIRMED
    if not rows and not known:
        return None
    parts, subjects = [], []
    for language in address.language_codes:
        with override(language):
            things = in_words(lists, [row.followed for row in rows])
            part = {
                "language": language,
                "things": [things[row.followed_id] for row in rows],
                "known": known,
                "days": UNCONFIRMED_DAYS,
                "sections": [],
            }
            parts.append(part)
            subjects.append(_subject("confirmation", part))
    return _letter("confirmation", subjects, parts, stop=False)


# -- the bytes --------------------------------------------------------------------------------


def _context(part: dict[str, Any]) -> dict[str, Any]:
    slots = {name: _slot(name, part["language"]) for name in LINKS}
    return {**part, "css": STYLES, "slots": slots, "site_url": site_url()}


def _slot(name: str, language: str) -> str:
    return f"slot7q-{name}-{language}-q7".lower()


def _subject(name: str, part: dict[str, Any]) -> str:
    said = render_to_string(f"subscriptions/mail/{name}.subject.txt", _context(part))
    return " ".join(said.split())


def _letter(name: str, subjects: list[str], parts: list[dict], *, stop: bool) -> Letter:
    texts, pages = [], []
    for part in parts:
        with override(part["language"]):
            texts.append(render_to_string(f"subscriptions/mail/{name}.txt", _context(part)))
            pages.append(render_to_string(f"subscriptions/mail/{name}.html", _context(part)))
    subject = " / ".join(dict.fromkeys(subjects))[:200]
    first = parts[0]["language"]
    with override(first):
        page = render_to_string(
            "subscriptions/mail/frame.html",
            {
                **_context(parts[0]),
                "subject": subject,
                "parts": list(zip(parts, pages, strict=True)),
            },
        )
    text = _tidy("\n\n* * *\n\n".join(texts))
    narrow = _narrow(page)
    return Letter(
        subject, text, narrow, _bytes(subject, text, narrow, [p["language"] for p in parts], stop)
    )


def _bytes(subject: str, text: str, page: str, languages: list[str], stop: bool) -> bytes:
    message = EmailMessage(policy=POLICY)
    name, sender = _mailbox(settings.DEFAULT_FROM_EMAIL)
    user, _at, domain = sender.partition("@")
    message["From"] = Mailbox(name or "Suites", user, domain)
    message["To"] = Mailbox("", "to", "slot.invalid")
    message["Subject"] = subject
    message["Date"] = format_datetime(timezone.now())
    message["Message-ID"] = f"<{MESSAGE}@{host()}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = ", ".join(languages)
    message["List-Id"] = f"Suites <follow.{host()}>"
    if stop:
        message["List-Unsubscribe"] = f"<{_slot('stop', languages[0])}>"
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        message["Precedence"] = "bulk"
    message.set_content(text, cte="8bit")
    message.add_alternative(page, subtype="html", cte="8bit")
    return message.as_bytes().replace(b"to@slot.invalid", ADDRESS.encode(), 1)


class _Slots(dict[bytes, bytes]):
    """What is filled in for one reader, each made when it is first asked for."""

    def __init__(self, mail: Mail, address: Address) -> None:
        super().__init__({b"address": address.email.encode(), b"message": mail.message_id.encode()})
        self.mail, self.row = mail, address

    def __missing__(self, slot: bytes) -> bytes:
        """A link of the reader's own, in one language."""
        name, _hyphen, language = slot.decode().partition("-")
        if name == "read":
            token = tokens.for_reading(self.mail)
        elif name == "stop":
            token = tokens.for_stopping(self.row, self.mail.frequency or Frequency.WEEKLY)
        else:
            make = tokens.for_confirming if name == "confirm" else tokens.for_managing
            token = make(self.row)
        before, after = _link(name, language)
        self[slot] = made = f"{before}{token}{after}".encode()
        return made


@cache
def _link(name: str, language: str) -> tuple[str, str]:
    """What stands before and after a token in its address; kept, since every mail asks for it."""
    with override(language):
        before, _token, after = reverse(f"subscriptions:{name}", args=["-token-"]).partition(
            "-token-"
        )
        return site_url() + before, after


def host() -> str:
    """The name that messages and lists are known by."""
    return urlsplit(site_url()).hostname or "localhost"


def _tidy(text: str) -> str:
    """Plain text in lines that fit a terminal, links unbroken, at most one empty line in a row."""
    lines: list[str] = []
    for line in html.unescape(text).splitlines():
        indent = re.match(r"\s*(- )?", line)
        hang = " " * len(indent.group(0)) if indent else ""
        lines += textwrap.wrap(
            line.rstrip(),
            76,
            subsequent_indent=hang,
            break_long_words=False,
            break_on_hyphens=False,
        ) or [""]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _narrow(page: str) -> str:
    """HTML without empty lines, and without a line that a mail server would refuse."""
    lines: list[str] = []
    for line in page.splitlines():
        if not line.strip():
            continue
        while len(line.encode()) > LINE:
            space = line.rfind(" ", 0, LINE // 2)
            if space <= 0:
                break
            lines.append(line[:space])
            line = line[space + 1 :]
        lines.append(line.rstrip())
    return "\n".join(lines) + "\n"
