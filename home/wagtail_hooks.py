"""What this room adds to Wagtail's admin: the messages of readers, to read and to tick off."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.snippets.models import register_snippet
from wagtail.snippets.views.snippets import SnippetViewSet

from home.models import ContactMessage


class MessagePolicy(ModelPermissionPolicy):
    """By permissions of their own, given to a group: readers write messages, editors never."""

    def user_has_permission(self, user, action):
        return action != "add" and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return super().user_has_any_permission(user, [each for each in actions if each != "add"])


def _shown(*names: str) -> list[FieldPanel]:
    return [FieldPanel(name, read_only=True) for name in names]


class MessageViewSet(SnippetViewSet):
    model = ContactMessage
    icon = "mail"
    menu_label = pgettext_lazy("contact", "Messages")
    menu_name = "messages"
    menu_order = 130
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "__str__",
        "assembly",
        "received_at",
        "sent_at",
        BooleanColumn("done", label=_("dealt with")),
    ]
    list_filter = ["done", "kind", "assembly"]
    search_fields = ["text", "about"]
    ordering = ["done", "-received_at"]
    panels = [
        MultiFieldPanel(
            _shown("kind", "about", "text", "reply_to", "received_at"),
            heading=pgettext_lazy("contact", "Message"),
        ),
        MultiFieldPanel(_shown("sent_to", "sent_at", "failure"), heading=_("Sent by mail")),
        FieldPanel("done"),
    ]

    @property
    def permission_policy(self):
        return MessagePolicy(self.model)


register_snippet(MessageViewSet)
