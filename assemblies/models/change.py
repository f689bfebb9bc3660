"""The one change log: every publication has a number, in the order of commits."""

from django.db import connections, models, router, transaction
from django.db.models import PROTECT, Max
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assemblies import clock, history
from assemblies.signals import tell

#: The things a change can be about; each is a column, exactly one of which is filled.
SUBJECTS = (
    "action",
    "measure",
    "act",
    "announcedcount",
    "withdrawal",
    "passage",
    "recommendation",
    "cycle",
    "assembly",
)

#: Key of PostgreSQL's advisory lock under which numbers are handed out ("suites" in ASCII).
LOCK = 0x737569746573


def _exactly_one(names) -> models.Q:
    """Of these foreign keys, one is filled and the others are empty."""
    either = models.Q()
    for filled in names:
        either |= models.Q(**{f"{name}__isnull": name != filled for name in names})
    return either


def _none_of(names) -> dict[str, bool]:
    return {f"{name}__isnull": True for name in names}


class ChangeKind(models.TextChoices):
    PUBLISHED = "published", _("Published")
    WORDS = "words", _("Words added")
    REVISED = "revised", _("Page revised")
    LISTED = "listed", _("List changed")


class Change(models.Model):
    """One publication: the public "n° 411".

    Written in the publishing transaction, numbered under a lock, so that numbers follow the order
    of commits and have no gaps. It is the digests' watermark, the search index's catch-up point,
    the feeds' Last-Modified; being ``PROTECT``, it also keeps what it names from being deleted.
    """

    number = models.PositiveBigIntegerField(_("number"), primary_key=True)
    moment = models.DateTimeField(_("moment"))
    kind = models.CharField(_("kind"), max_length=10, choices=ChangeKind.choices)
    fingerprint = models.CharField(_("fingerprint"), max_length=64)
    #: What a change of a list is about, in words for operators: "body:direction-du-logement".
    listed = models.CharField(max_length=120, blank=True)
    action = models.ForeignKey("assemblies.Action", PROTECT, null=True, related_name="changes")
    measure = models.ForeignKey("assemblies.Measure", PROTECT, null=True, related_name="changes")
    act = models.ForeignKey("assemblies.Act", PROTECT, null=True, related_name="changes")
    announcedcount = models.ForeignKey(
        "assemblies.AnnouncedCount", PROTECT, null=True, related_name="changes"
    )
    withdrawal = models.ForeignKey(
        "assemblies.Withdrawal", PROTECT, null=True, related_name="changes"
    )
    passage = models.ForeignKey("assemblies.Passage", PROTECT, null=True, related_name="changes")
    recommendation = models.ForeignKey(
        "assemblies.Recommendation", PROTECT, null=True, related_name="changes"
    )
    cycle = models.ForeignKey("assemblies.Cycle", PROTECT, null=True, related_name="changes")
    assembly = models.ForeignKey("assemblies.Assembly", PROTECT, null=True, related_name="changes")

    objects = history.LogQuerySet.as_manager()

    class Meta:
        verbose_name = _("change")
        verbose_name_plural = _("changes")
        ordering = ["number"]
        base_manager_name = "objects"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(number__gte=1), name="change_number_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ChangeKind.values), name="change_kind_known"
            ),
            models.CheckConstraint(
                condition=models.Q(kind=ChangeKind.LISTED, **_none_of(SUBJECTS))
                & ~models.Q(listed="")
                | ~models.Q(kind=ChangeKind.LISTED) & _exactly_one(SUBJECTS),
                name="change_has_one_subject",
            ),
        ]

    def __str__(self):
        return gettext("no. %(number)s") % {"number": self.number}

    @property
    def subject(self):
        """What was published; None for a change of a list."""
        names = (name for name in SUBJECTS if getattr(self, f"{name}_id") is not None)
        return getattr(self, next(names, ""), None)

    def delete(self, *args, **kwargs):
        raise history.never_rewritten()


def lock_numbers() -> None:
    """Hold the lock under which numbers are handed out, until the transaction ends.

    SQLite: the transaction is IMMEDIATE and so holds the only write lock already.
    """
    connection = connections[router.db_for_write(Change)]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])


def next_number() -> int:
    """The next free number; call it with :func:`lock_numbers` held."""
    return (Change.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def record(subject, kind: str, *, said: dict | None = None) -> Change:
    """Write one publication into the log, and tell upper rooms, within the open transaction.

    ``subject`` is a fact or a register row; ``said`` its content where it is no fact.
    """
    return _write(
        kind=kind,
        fingerprint=history.fingerprint(history.content(subject) if said is None else said),
        **{subject.subject_name: subject},
    )


def record_list(listed: str) -> Change:
    """Write into the log that a list or another page changed: caches and copies must be renewed.

    ``listed`` says which, in words for operators: ``"body:direction-du-logement"``.
    """
    return _write(kind=ChangeKind.LISTED, listed=listed[:120])


def _write(**columns) -> Change:
    with transaction.atomic():
        lock_numbers()
        change = Change(number=next_number(), moment=clock.now(), **columns)
        change.save(force_insert=True)
        tell(Change, [change.number])
    return change


class Listed(models.Model):
    """An object of a list that the owner decides: changing it is noted in the change log."""

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        with transaction.atomic():
            super().save(*args, **kwargs)
            record_list(f"{self._meta.model_name}:{self.pk}")

    def delete(self, *args, **kwargs):
        with transaction.atomic():
            pk = self.pk
            result = super().delete(*args, **kwargs)
            record_list(f"{self._meta.model_name}:{pk}")
        return result
