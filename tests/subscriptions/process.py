"""A worker in a process of its own, on a database that a test made: to be killed."""

import os
import sys


def main() -> None:
    from django.conf import settings

    name, port = sys.argv[1], int(sys.argv[2])
    os.environ["DJANGO_SETTINGS_MODULE"] = "portal.settings.test"
    settings.DATABASES["default"]["NAME"] = name
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", port, 5
    settings.SUITES_MAILS_A_MINUTE = 0
    import django

    django.setup()
    from subscriptions.delivery import deliver

    outcome = deliver(seconds=60)
    sys.stdout.write(f"{outcome.sent}\n")


if __name__ == "__main__":
    main()
