"""What the domain adds to Wagtail's admin."""

from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.forms.models import register_form_field_override
from wagtail.models import Page
from wagtail.snippets.models import register_snippet
from i18nfield.fields import I18nCharField, I18nTextField

from assemblies import history
from assemblies.forms import WordsInput, WordsTextarea
from assemblies.models import FACTS, Recommendation
from assemblies.permissions import policies, policy_for
from assemblies.viewsets import FollowUpGroup, ListsGroup

register_form_field_override(I18nCharField, override={"widget": WordsInput})
register_form_field_override(I18nTextField, override={"widget": WordsTextarea})
register_snippet(FollowUpGroup)
register_snippet(ListsGroup)


@hooks.register("insert_global_admin_css")
def admin_css():
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


def _back(request, instance, message):
    messages.error(request, message)
    if isinstance(instance, Page):
        return redirect("wagtailadmin_pages:edit", instance.pk)
    return redirect(instance.snippet_viewset.get_url_name("edit"), instance.pk)


@hooks.register("before_delete_snippet")
def keep_published_facts(request, instances):
    """Deletion, one by one or in bulk: say what to do instead, before anything is touched."""
    for instance in instances:
        if type(instance) in policies() and not policy_for(
            type(instance)
        ).user_has_permission_for_instance(request.user, "delete", instance):
            return _back(request, instance, history.NO_RIGHT)
        if isinstance(instance, FACTS) and instance.live:
            return _back(request, instance, str(history.refuse_delete(instance)))
    return None


@hooks.register("before_unpublish")
def keep_facts_published(request, instance):
    if isinstance(instance, FACTS) and instance.live:
        return _back(request, instance, str(history.refuse(instance)))
    return None


def _holds_published(page) -> bool:
    """Whether a page is, or has below it, a published recommendation."""
    keys = Page.objects.descendant_of(page, inclusive=True).values("translation_key")
    return Recommendation.objects.filter(translation_key__in=keys).exists()


@hooks.register("before_unpublish_page")
@hooks.register("before_delete_page")
def keep_published_pages(request, page):
    if _holds_published(page):
        return _back(request, page, str(history.refuse_unpublication(page)))
    return None


@hooks.register("before_bulk_action")
def keep_published_pages_in_bulk(request, action_type, objects, action_class):
    if action_type not in {"delete", "unpublish"}:
        return None
    for page in objects:
        if isinstance(page, Page) and _holds_published(page):
            return _back(request, page, str(history.refuse_unpublication(page)))
    return None


@hooks.register("before_move_page")
def keep_published_pages_in_place(request, page, destination):
    """A published recommendation stays in its cycle, and a published cycle with its assembly."""
    if request.method != "POST" or destination.pk == page.get_parent().pk:
        return None
    if _holds_published(page) and page.depth > 3:
        return _back(request, page, history.stays_in_place(page))
    return None
