from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HomeConfig(AppConfig):
    name = "home"
    verbose_name = _("Home")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.db.models.signals import post_delete
        from wagtail.signals import page_published, page_unpublished, post_page_move

        from home import models, signal_handlers

        for page in (models.HomePage, models.StandardPage):
            page_published.connect(signal_handlers.note_page, sender=page)
            post_delete.connect(signal_handlers.note_page, sender=page)
        page_unpublished.connect(signal_handlers.note_branch)
        post_page_move.connect(signal_handlers.note_branch)
