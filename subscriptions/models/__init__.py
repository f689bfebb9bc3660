from subscriptions.models.address import (
    KEPT_DAYS,
    UNCONFIRMED_DAYS,
    Address,
    fingerprint,
    language_choices,
)
from subscriptions.models.followed import Followed, Mark, Mention
from subscriptions.models.outbox import MAIL_KEPT_DAYS, Mail, Window
from subscriptions.models.run import Knock, Run
from subscriptions.models.subscription import Subscription

__all__ = [
    "KEPT_DAYS",
    "MAIL_KEPT_DAYS",
    "UNCONFIRMED_DAYS",
    "Address",
    "Followed",
    "Knock",
    "Mail",
    "Mark",
    "Mention",
    "Run",
    "Subscription",
    "Window",
    "fingerprint",
    "language_choices",
]
