"""What happens to an edition: it is drafted, frozen, published, added to, corrected, withdrawn.

Each is one function, one transaction, and the only way to do it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import get_active_log_context

from assemblies import clock, directory
from assemblies.models import Change
from assemblies.models.change import lock_numbers, record_list
from assemblies.signals import told_together
from booklets import canonical, gather, words
from booklets.changes import changes
from booklets.compile import compile
from booklets.gaps import gaps
from booklets.layers import laid_over, only_missing
from booklets.material import Scope
from booklets.models import (
    BookletPage,
    Edition,
    EditionFile,
    EditionPart,
    Erratum,
    Layer,
    Retraction,
    Standing,
)
from booklets.place import Place, place_of

_publishing: ContextVar[bool] = ContextVar("an edition goes online", default=False)


@contextmanager
def _going_online() -> Iterator[None]:
    token = _publishing.set(True)
    try:
        yield
    finally:
        _publishing.reset(token)


def is_publishing(page: BookletPage) -> bool:
    """Whether its edition is going online just now: the one moment in which a page may."""
    return _publishing.get()


# -- drafts -----------------------------------------------------------------------------------


def original_of(page: BookletPage) -> BookletPage:
    """The page that the choices are read from: the one made first, as it is being edited."""
    first = (
        BookletPage.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
        .order_by("pk")
        .first()
    )
    if first is None or first.pk == page.pk:
        return page
    latest: BookletPage = first.get_latest_revision_as_object()
    return latest


def versions_of(page: BookletPage) -> dict[str, BookletPage]:
    """Language → its page as it is being edited; ``page`` itself as it is given."""
    found = {}
    for each in (
        BookletPage.objects.filter(translation_key=page.translation_key, alias_of__isnull=True)
        .select_related("locale")
        .order_by("pk")
    ):
        own = each.pk == page.pk
        found[each.locale.language_code] = page if own else each.get_latest_revision_as_object()
    if page.locale_id and page.locale.language_code not in found:
        found[page.locale.language_code] = page
    return found


def previous_of(place: Place, number: int) -> Edition | None:
    """The edition before: the highest number below that is frozen and not withdrawn."""
    rows = Edition.objects.filter(
        assembly=place.assembly, cycle=place.cycle, retraction__isnull=True
    )
    found: Edition | None = rows.filter(number__lt=number).order_by("-number").first()
    return found


def languages_of(page: BookletPage, place: Place) -> list[str]:
    chosen = page.languages or place.assembly.languages
    return [code for code, _name in settings.LANGUAGES if code in chosen] or [
        page.locale.language_code
    ]


def draft(page: BookletPage, *, parent: Any = None) -> dict[str, Any]:
    """The snapshot of a draft, as the facts are at this moment; its pictures are named by file.

    Raises ``ValidationError`` where what stands above it is not published.
    """
    return Drafting(page, parent=parent).snapshot


class Drafting:
    """A draft, worked out: its snapshot, and the pictures that belong to it."""

    def __init__(self, page: BookletPage, *, parent: Any = None) -> None:
        self.page = original_of(page)
        place = place_of(parent or page.get_parent())
        if place is None:
            raise ValidationError(_("Publish the assembly’s or the cycle’s page first."))
        self.place = place
        self.previous = previous_of(place, self.page.number)
        self.languages = languages_of(self.page, place)
        self.pictures: dict[str, tuple[str, bytes]] = {}
        self.versions = versions_of(page)
        self.snapshot = self._snapshot()

    def _snapshot(self) -> dict[str, Any]:
        page, place = self.page, self.place
        cycles = [c for c in place.cycles() if not self._chosen("cycles") or place.cycle]
        if place.cycle is None and (chosen := self._chosen("cycles")):
            cycles = [cycle for cycle in place.cycles() if cycle.pk in chosen]
        material = gather.material(place.assembly, cycles)
        closing = page.closing_on or clock.today()
        scope = Scope(
            closing_on=closing,
            languages=gather.languages(),
            cycles=frozenset(cycle.pk for cycle in cycles),
            groups=frozenset(self._chosen("groups")),
            topics=frozenset(self._chosen("topics")),
            bodies=frozenset(self._chosen("bodies")),
            kinds=frozenset(kind.code for kind in page.kinds.all()),
            order=page.order,
        )
        found = compile(
            material,
            scope,
            edition=self._edition(cycles),
            texts={
                code: words.of_page(version, self._keep)
                for code, version in sorted(self.versions.items())
                if code in self.languages and (version.title or version.foreword)
            },
        )
        if self.previous is not None:
            found["changes"] = changes(self.previous.snapshot, found)
        found["cover"] = words.cover_of(page, self.versions, self._keep)
        found["gaps"] = gaps(found)
        return found

    def _chosen(self, name: str) -> set[int]:
        return {each.pk for each in getattr(self.page, name).all()}

    def _keep(self, name: str, media_type: str, content: bytes) -> None:
        self.pictures[name] = (media_type, content)

    def _edition(self, cycles: list[Any]) -> dict[str, Any]:
        page, previous = self.page, self.previous
        start = page.period_from
        if start is None and previous is not None:
            start = previous.closing_on
        if start is None:
            days = [cycle.handed_over_on for cycle in cycles if cycle.handed_over_on]
            start = min(days, default=None)
        return {
            "code": self.place.code(page.number),
            "number": page.number,
            "place": self.place.reference,
            "period_from": start.isoformat() if start else None,
            "frozen_on": clock.today().isoformat(),
            "languages": self.languages,
            "original": page.locale.language_code,
            "example": page.example or self.place.assembly.example,
            "site": gather.site_url(),
            "site_version": settings.SUITES_VERSION,
            "known_to": directory.generation()[0],
            "previous": {
                "code": previous.code,
                "number": previous.number,
                "closing_on": previous.closing_on.isoformat(),
                "sha256": previous.sha256,
            }
            if previous is not None
            else None,
        }


# -- freezing ---------------------------------------------------------------------------------


def freeze(page: BookletPage, *, user: Any = None) -> Edition:
    """Write the edition of a booklet down, once and for ever, and have its files made.

    ``page``: in any of its languages, with the words to be frozen. One transaction, under the lock
    of the change log: nothing is published meanwhile, and of two editors who freeze at once the
    second is told so. Raises ``ValidationError`` with a sentence for the editor.
    """
    from booklets import render, tasks

    user = user or get_active_log_context().user
    with transaction.atomic():
        lock_numbers()
        BookletPage.objects.select_for_update().filter(pk=page.pk).first()
        taken = Edition.objects.light().filter(translation_key=page.translation_key).first()
        if taken is not None:
            raise ValidationError(_("This edition is frozen already."))
        _check_approved(page, user)
        drafting = Drafting(page)
        if drafting.place.taken(drafting.page.number, page.translation_key):
            raise ValidationError({"number": _("Another edition has this number.")})
        snapshot = drafting.snapshot
        if not snapshot["recommendations"]:
            raise ValidationError(_("Nothing goes into this booklet: no recommendation fits."))
        content = canonical.dumps(snapshot)
        sha256 = canonical.sha256(content)
        parts = [
            part
            for language in drafting.languages
            for part in render.parts(snapshot, sha256, language)
        ]
        edition = Edition(
            page=BookletPage.objects.get(pk=drafting.page.pk),
            translation_key=page.translation_key,
            code=snapshot["edition"]["code"],
            number=drafting.page.number,
            assembly=drafting.place.assembly,
            cycle=drafting.place.cycle,
            previous=drafting.previous,
            title={code: texts["title"] for code, texts in snapshot["texts"].items()},
            languages=drafting.languages,
            closing_on=drafting.page.closing_on or clock.today(),
            frozen_at=clock.now(),
            frozen_by=user if getattr(user, "pk", None) else None,
            example=snapshot["edition"]["example"],
            content=content,
            sha256=sha256,
            seal=canonical.seal(
                {"content": sha256}
                | {f"{part['language']}/{part['slug']}": part["sha256"] for part in parts}
                | {name: canonical.sha256(data) for name, (_t, data) in drafting.pictures.items()}
            ),
            known_to=snapshot["edition"]["known_to"],
            site_version=snapshot["edition"]["site_version"],
            moved_at=timezone.now(),
        )
        edition.save(force_insert=True)
        EditionPart.objects.bulk_create(EditionPart(edition=edition, **part) for part in parts)
        for name, (media_type, data) in drafting.pictures.items():
            add_file(edition, name, media_type, data)
        transaction.on_commit(lambda: tasks.make.enqueue(edition.pk))
    return edition


def _check_approved(page: BookletPage, user: Any) -> None:
    """Where a workflow watches over the booklet, a second person has approved it."""
    if not page.has_workflow:
        return
    workflow = page.get_workflow()
    last = page.workflow_states.order_by("-created_at").first()
    if last is None or last.status != last.STATUS_APPROVED:
        raise ValidationError(
            _("A second person approves this booklet: submit it to “%(workflow)s”.")
            % {"workflow": workflow.name}
        )
    if last.requested_by_id is not None and last.requested_by_id == getattr(user, "pk", None):
        raise ValidationError(_("Who submits a booklet does not approve it: ask somebody else."))


def add_file(
    edition: Edition,
    name: str,
    media_type: str,
    content: bytes,
    *,
    pages: int | None = None,
    layer: Layer | None = None,
) -> EditionFile:
    row = EditionFile(
        edition=edition,
        layer=layer,
        name=name,
        media_type=media_type,
        content=content,
        size=len(content),
        sha256=canonical.sha256(content),
        pages=pages,
    )
    row.save(force_insert=True)
    return row


# -- publishing -------------------------------------------------------------------------------


def publish(edition: Edition, made: dict[str, tuple[bytes, int]]) -> bool:
    """Bring an edition online with the PDF files that were made and verified.

    ``made``: language → file and its number of pages. One transaction: the files, the pages of the
    tree, its number in the change log. False when another worker was faster.
    """
    with transaction.atomic(), told_together(Change):
        lock_numbers()
        row = Edition.objects.light().select_for_update(of=("self",)).get(pk=edition.pk)
        if row.standing == Standing.PUBLISHED:
            return False
        if set(made) != set(row.languages):
            raise ValueError("A file for each language of the edition is needed.")
        for language, (content, pages) in made.items():
            add_file(row, f"{language}.pdf", "application/pdf", content, pages=pages)
        for page in versions_of(row.page).values():
            _bring_online(page)
        change = record_list(listed_as(row))
        Edition.objects.filter(pk=row.pk).update(
            standing=Standing.PUBLISHED,
            published_at=clock.now(),
            published=change.number,
            moved_at=timezone.now(),
            problem="",
        )
    return True


def _bring_online(page: BookletPage) -> None:
    with _going_online():
        revision = page.get_latest_revision() or page.save_revision()
        revision.publish()


def listed_as(edition: Edition) -> str:
    """What the change log says of its publication: its name, and the seal over all of it."""
    return f"booklet:{edition.code}:{public_seal(edition)}"


def public_seal(edition: Edition) -> str:
    """One fingerprint over what was frozen and over the PDF files made of it."""
    files = edition.files.filter(layer__isnull=True, name__endswith=".pdf")
    return canonical.seal({"frozen": edition.seal} | dict(files.values_list("name", "sha256")))


# -- beside an edition ------------------------------------------------------------------------


def words_to_add(edition: Edition, language: str, *, page: BookletPage | None = None) -> Any:
    """The words of a language that the edition lacks and that exist by now."""
    texts = words.of_page(page, lambda *picture: None) if page is not None else None
    present = words.present(edition, language)
    if texts is not None:
        present["texts"] = texts
    return only_missing(edition.snapshot_in(language), present, language)


def add_words(
    edition: Edition, language: str, *, page: BookletPage | None = None, user: Any = None
) -> Layer:
    """Lay the words of a missing language over an edition: dated, with their own fingerprint."""
    from booklets import render, tasks

    user = user or get_active_log_context().user
    with transaction.atomic():
        lock_numbers()
        edition = Edition.objects.get(pk=edition.pk)
        if not edition.is_public:
            raise ValidationError(_("The edition itself is not published yet."))
        before = edition.layers.filter(language=language).order_by("-pk").first()
        added = words_to_add(edition, language, page=page)
        if not added:
            raise ValidationError(_("There are no further words in this language."))
        whole = _merged(before.words if before else {}, added)
        content = canonical.dumps(whole)
        layer = Layer(
            edition=edition,
            language=language,
            content=content,
            sha256=canonical.sha256(content),
            added_at=clock.now(),
            added_by=user if getattr(user, "pk", None) else None,
        )
        layer.save(force_insert=True)
        snapshot = laid_over(edition.snapshot, whole, language)
        EditionPart.objects.bulk_create(
            EditionPart(edition=edition, layer=layer, **part)
            for part in render.parts(snapshot, edition.sha256, language, layer=layer)
        )
        transaction.on_commit(lambda: tasks.make_layer.enqueue(layer.pk))
    return layer


def _merged(before: dict[str, Any], added: dict[str, Any]) -> dict[str, Any]:
    """Words laid over an edition one after the other; what was added first stays."""
    found = {**added}
    for table, rows in before.items():
        if table == "texts":
            found[table] = rows
            continue
        there = found.setdefault(table, {})
        for name, fields in rows.items():
            there[name] = {**there.get(name, {}), **fields}
    return found


def publish_layer(layer: Layer, content: bytes, pages: int) -> bool:
    """Show a layer, with the PDF of its language."""
    with transaction.atomic():
        lock_numbers()
        row = Layer.objects.select_for_update(of=("self",)).get(pk=layer.pk)
        if row.made_at is not None:
            return False
        edition = row.edition
        name = f"{row.language}.pdf"
        add_file(edition, name, "application/pdf", content, pages=pages, layer=row)
        page = versions_of(edition.page).get(row.language)
        if page is not None and not page.live:
            _bring_online(page)
        Layer.objects.filter(pk=row.pk).update(made_at=clock.now())
        record_list(f"booklet:{edition.code}:{row.language}:{row.sha256[:32]}")
    return True


def publish_erratum(edition: Edition, text: Any, *, reference: str = "", user: Any = None) -> Any:
    """Say beside an edition what is wrong in it."""
    with transaction.atomic():
        row = Erratum(
            edition=edition,
            reference=reference,
            text=text,
            published_on=clock.today(),
            published_by=user,
        )
        row.full_clean(exclude=["published_by"])
        row.save(force_insert=True)
        record_list(f"booklet:{edition.code}:erratum:{row.pk}")
    return row


def withdraw(edition: Edition, reason: Any, *, user: Any = None) -> Retraction:
    """Take an edition back: its address says when and why."""
    with transaction.atomic():
        lock_numbers()
        if not edition.is_public:
            raise ValidationError(_("An edition that is not published needs no withdrawal."))
        if Retraction.objects.filter(edition=edition).exists():
            raise ValidationError(_("This edition is withdrawn already."))
        row = Retraction(
            edition=edition, reason=reason, withdrawn_on=clock.today(), withdrawn_by=user
        )
        row.full_clean(exclude=["withdrawn_by"])
        row.save(force_insert=True)
        record_list(f"booklet:{edition.code}:withdrawn")
    return row


# -- for the rooms above ----------------------------------------------------------------------


def published_since(number: int) -> Any:
    """Editions whose publication has a higher number in the change log, the oldest first."""
    return Edition.objects.light().readable().filter(published__gt=number).order_by("published")


def sheets_of(edition: Edition, language: str) -> Any:
    """The pages of an edition in a language, front first: those that readers see now."""
    layer = edition.layers.filter(language=language, made_at__isnull=False).order_by("-pk").first()
    return EditionPart.objects.filter(edition=edition, language=language, layer=layer)
