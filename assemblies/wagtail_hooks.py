"""What the domain adds to Wagtail's admin."""

from django.shortcuts import redirect
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.translation import gettext as _
from i18nfield.fields import I18nCharField, I18nTextField
from wagtail import hooks
from wagtail.admin import messages
from wagtail.admin.forms.models import register_form_field_override
from wagtail.models import Page
from wagtail.snippets.models import register_snippet

from assemblies import history
from assemblies.admin_urls import within_reach
from assemblies.forms import WordsInput, WordsTextarea
from assemblies.models import FACTS, RecommendationPage
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


@hooks.register("before_unpublish_page")
def keep_pages_published(request, page):
    if history.holds_published(page):
        return _back(request, page, str(history.refuse_unpublication(page)))
    return None


@hooks.register("before_delete_page")
def keep_published_pages(request, page):
    if history.is_registered(page):
        return _back(request, page, str(history.refuse_delete(page)))
    return None


@hooks.register("before_bulk_action")
def keep_published_pages_in_bulk(request, action_type, objects, action_class):
    for page in objects:
        if not isinstance(page, Page) or page.alias_of_id:
            continue
        if action_type == "unpublish" and history.holds_published(page):
            return _back(request, page, str(history.refuse_unpublication(page)))
        if action_type == "delete" and history.is_registered(page):
            return _back(request, page, str(history.refuse_delete(page)))
        if action_type == "move" and page.depth > 3 and history.holds_published(page):
            return _back(request, page, history.stays_in_place(page))
    return None


@hooks.register("before_move_page")
def keep_published_pages_in_place(request, page, destination):
    """A published recommendation stays in its cycle, and a published cycle with its assembly."""
    if request.method != "POST" or destination.pk == page.get_parent().pk:
        return None
    if page.depth > 3 and history.holds_published(page):
        return _back(request, page, history.stays_in_place(page))
    return None


@hooks.register("before_convert_alias_page")
def keep_aliases(request, page):
    """An alias repeats a recommendation; as a page of its own it would be a second one."""
    if isinstance(page.specific, RecommendationPage):
        return _back(request, page, _("This repeats another recommendation: delete it instead."))
    return None


@hooks.register("construct_reports_menu")
def hide_site_history(request, menu_items):
    if not request.user.is_superuser:
        menu_items[:] = [item for item in menu_items if item.name != "site-history"]


@hooks.register("construct_page_chooser_queryset")
def choose_within_reach(pages, request):
    """Drafts of another assembly are not offered; what is published, everybody may link to."""
    return within_reach(pages, request.user)
