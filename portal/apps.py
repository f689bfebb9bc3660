from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self):
        from portal.schedule import JOBS
        from subscriptions import clockwork

        clockwork.register(JOBS)
