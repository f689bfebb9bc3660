"""What a worker does: mail the messages of readers, who need not wait for a mail server."""

from django_tasks import task

from home import contact


@task(backend="background")
def mail(message: int) -> None:
    """Mail the message of this number, unless somebody has. Safe to run twice, and at once."""
    contact.send(message)
