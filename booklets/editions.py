"""What happens to an edition: it is frozen, published, added to, corrected, withdrawn.

Each is one function, one transaction, and the only way to do it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from i18nfield.strings import LazyI18nString
from wagtail.log_actions import get_active_log_context

from assemblies import clock
from assemblies.models import Change
from assemblies.models.change import lock_numbers, record_list
from assemblies.signals import told_together
from booklets import canonical, words
from booklets.drafting import Drafting, versions_of
from booklets.guards import said
from booklets.layers import laid_over, only_missing
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


def say_in(row: Erratum | Retraction, words: dict[str, str]) -> None:
    """Say what stands beside an edition in languages that it lacks; what it says already stays."""
    (name,) = row.worded
    with transaction.atomic():
        row = type(row).objects.select_for_update(of=("self",)).get(pk=row.pk)
        lacking = missing_languages(row)
        added = {code: text for code, text in words.items() if text and code in lacking}
        if not added:
            raise ValidationError(_("Every language asked for is there already."))
        setattr(row, name, LazyI18nString({**said(getattr(row, name)), **added}))
        row.full_clean(exclude=["published_by", "withdrawn_by"])
        row.save()
        what = f"erratum-words:{row.pk}" if isinstance(row, Erratum) else "withdrawn-words"
        # No news for those who follow: they were told on the day itself.
        record_list(f"booklet:{row.edition.code}:{what}")


def missing_languages(row: Erratum | Retraction) -> list[str]:
    """The languages of the edition in which what stands beside it is not said."""
    (name,) = row.worded
    there = said(getattr(row, name))
    return [code for code in row.edition.languages if code not in there]


# -- for the rooms above ----------------------------------------------------------------------


def published_since(number: int) -> Any:
    """Editions whose publication has a higher number in the change log, the oldest first."""
    return Edition.objects.light().readable().filter(published__gt=number).order_by("published")


def sheets_of(edition: Edition, language: str) -> Any:
    """The pages of an edition in a language, front first: those that readers see now."""
    layer = edition.layers.filter(language=language, made_at__isnull=False).order_by("-pk").first()
    return EditionPart.objects.filter(edition=edition, language=language, layer=layer)
