"""Work that an editor need not wait for."""

from django.contrib.auth import get_user_model
from django_tasks import task
from wagtail.models import Locale, Page

from translations import begin, delivery
from translations.models import Delivery


@task(backend="background")
def begin_branch(page: int, locale: int, user: int) -> None:
    """Begin the translation of a page and of all below it, each in a transaction of its own.

    So a large cycle never keeps others from writing for long, and a second run goes on.
    """
    root = Page.objects.get(pk=page)
    language, by = Locale.objects.get(pk=locale), get_user_model().objects.get(pk=user)
    begin.begin(root, [language], by)
    for below in root.get_descendants().filter(alias_of__isnull=True, live=True).iterator():
        begin.begin(below, [language], by)


@task(backend="background")
def take_over(sent: int, user: int, seen: str) -> None:
    """Take a large file over as it was looked at; if the site has changed since, nothing of it."""
    file = Delivery.objects.select_related("assembly").get(pk=sent)
    if file.content is None:
        return
    try:
        found = delivery.take_over(
            bytes(file.content),
            assembly=file.assembly,
            language=file.language,
            user=get_user_model().objects.get(pk=user),
            seen=seen,
        )
    except delivery.Refused:
        file.refuse()
    except Exception:
        file.refuse()
        raise
    else:
        file.take(facts=found.facts, pages=found.pages)
