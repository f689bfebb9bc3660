from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save
from django.utils.translation import gettext_lazy as _


class SearchConfig(AppConfig):
    name = "search"
    verbose_name = _("Search")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from wagtail.models import Locale

        from assemblies.signals import changes_recorded
        from search import editions, facts  # noqa: F401 - they register what there is to find
        from search.signal_handlers import index_changes, prepare

        changes_recorded.connect(index_changes, dispatch_uid="search")
        post_migrate.connect(prepare, sender=self, dispatch_uid="search")
        post_save.connect(prepare, sender=Locale, dispatch_uid="search")
