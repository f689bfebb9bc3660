"""What shuts the doors that wagtail-localize leaves open, each of them tried in the tests.

==========================================  ===================================================
door                                        shut by
==========================================  ===================================================
"translate" over a page of its own          ``begin.CarefulCreator``, in the library's place
live copies of the pages above              the same: they begin as drafts
a copy that is translated is live at once   the same: it is a draft first
publishing below 100 %                      ``save_target`` (also of "publish immediately"),
                                            ``refuse_gaps`` for every other way to publish
``save_target(publish=False)``, live page   ``save_target``: it would change the public page
copies of whole language trees              ``refuse_tree_copies``; its form is taken away
"convert to alias", "stop", "start again"   ``views.pages``
PO files of any size and sort               ``views.files``
==========================================  ===================================================
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models.signals import pre_save
from django.utils.translation import gettext as _
from wagtail.models import Page, get_page_models
from wagtail_localize import operations
from wagtail_localize.locales.components import LOCALE_COMPONENTS
from wagtail_localize.models import LocaleSynchronization, Translation

from translations import progress
from translations.begin import CarefulCreator

_save_target = Translation.save_target


def install() -> None:
    """Stand before wagtail-localize's own ways. Called once, when the app is ready."""
    operations.TranslationCreator = CarefulCreator
    Translation.save_target = save_target
    LOCALE_COMPONENTS[:] = [
        each for each in LOCALE_COMPONENTS if each["model"] is not LocaleSynchronization
    ]
    pre_save.connect(refuse_tree_copies, sender=LocaleSynchronization)
    for model in get_page_models():
        pre_save.connect(refuse_gaps, sender=model)


def save_target(translation: Translation, user: Any = None, publish: bool = True) -> None:
    """Write a translated page: publish it only when complete; touch a live one only then."""
    page = translation.source.object.get_instance_or_none(translation.target_locale)
    live = page is not None and page.live and not page.alias_of_id
    if publish:
        progress.check(translation, live=live)
    elif live:
        raise ValidationError(
            _("This page is published: a translation changes it when it is complete.")
        )
    _save_target(translation, user=user, publish=publish)


def refuse_gaps(sender: Any, instance: Page, raw: bool = False, **kwargs: Any) -> None:
    """``pre_save`` of every page: a translation goes live when all its texts are translated."""
    if raw or not instance.live or not instance.pk or instance.alias_of_id:
        return
    if not Page.objects.filter(pk=instance.pk, live=False).exists():
        return
    translation = progress.translation_to(instance)
    if translation is None:
        return
    how_far = progress.progress_of(translation)
    if not how_far.complete:
        raise progress.refuse_incomplete(translation, how_far, live=False)


def refuse_tree_copies(sender: Any, **kwargs: Any) -> None:
    """``pre_save``: copying a language's tree would show French pages at Dutch addresses."""
    raise ValidationError(
        _("Pages are not copied into another language: what is not translated is shown as such.")
    )
