"""The closed lists of this room: what is followed, how often, how much, and how it stands."""

from typing import Any

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Followable(TextChoices):
    """What can be followed."""

    TOPIC = "topic", _("Topic")
    BODY = "body", _("Body")
    ASSEMBLY = "assembly", _("Assembly")
    CYCLE = "cycle", _("Cycle")
    RECOMMENDATION = "recommendation", _("Recommendation")
    MEASURE = "measure", _("Measure")
    SEARCH = "search", pgettext_lazy("followed", "Search")


class Frequency(TextChoices):
    """How often mails come at most; none comes without news."""

    AT_ONCE = "at_once", pgettext_lazy("frequency", "At once")
    DAILY = "daily", pgettext_lazy("frequency", "Every day")
    WEEKLY = "weekly", pgettext_lazy("frequency", "Every week, on Monday")
    MONTHLY = "monthly", pgettext_lazy("frequency", "Every month, on the first")


class Level(TextChoices):
    """How much of what happens is told."""

    ALL = "all", pgettext_lazy("level", "Everything")
    DECISIONS = "decisions", pgettext_lazy("level", "Decisions and deliveries")
    BOOKLETS = "booklets", pgettext_lazy("level", "New booklets only")


#: What booklets are about: whoever follows it may choose to be told of them only.
IN_BOOKLETS = frozenset(
    {
        *(Followable.ASSEMBLY, Followable.CYCLE, Followable.TOPIC),
        *(Followable.RECOMMENDATION, Followable.SEARCH),
    }
)


def levels(kind: str) -> list[tuple[str, Any]]:
    """How much can be told of a kind of thing."""
    return [
        (code, label)
        for code, label in Level.choices
        if code != Level.BOOKLETS or kind in IN_BOOKLETS
    ]


class Standing(TextChoices):
    """What is known of an address."""

    UNCONFIRMED = "unconfirmed", pgettext_lazy("address", "Not confirmed")
    CONFIRMED = "confirmed", pgettext_lazy("address", "Confirmed")
    SUSPENDED = "suspended", pgettext_lazy("address", "Suspended")


class Running(TextChoices):
    """How one subscription stands."""

    ASKED = "asked", pgettext_lazy("subscription", "Asked for")
    ACTIVE = "active", pgettext_lazy("subscription", "Active")
    PAUSED = "paused", pgettext_lazy("subscription", "Paused")
    ENDED = "ended", pgettext_lazy("subscription", "Ended")


class Ending(TextChoices):
    """Why a subscription ended."""

    READER = "reader", pgettext_lazy("ending", "Ended by the reader")
    ONE_CLICK = "one_click", pgettext_lazy("ending", "Unsubscribed from a mail")
    BOUNCE = "bounce", pgettext_lazy("ending", "Mails came back")
    COMPLAINT = "complaint", pgettext_lazy("ending", "Reported as unwanted")
    UNDELIVERABLE = "undeliverable", pgettext_lazy("ending", "Could not be delivered for long")


class MailKind(TextChoices):
    """What a mail is for; what somebody waits for goes first, in this order of codes."""

    CONFIRMATION = "confirmation", pgettext_lazy("mail", "Confirmation")
    DIGEST = "digest", pgettext_lazy("mail", "Digest")


class MailStanding(TextChoices):
    """How a mail stands in the outbox."""

    QUEUED = "queued", pgettext_lazy("mail", "Waiting")
    SENT = "sent", pgettext_lazy("mail", "Sent")
    FAILED = "failed", pgettext_lazy("mail", "Given up")
    BOUNCED = "bounced", pgettext_lazy("mail", "Came back")
    DROPPED = "dropped", pgettext_lazy("mail", "No longer wanted")
