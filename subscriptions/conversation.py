"""What is said to a mail server to hand it one mail, and what is done while it makes up its mind.

SMTP asks four times for a mail and waits for as many answers. Whoever sends thousands has something
to do meanwhile. Where the server allows it (``PIPELINING``, RFC 2920), the first three questions
leave at once.
"""

from collections.abc import Callable
from itertools import zip_longest
from smtplib import (
    SMTP,
    SMTPDataError,
    SMTPRecipientsRefused,
    SMTPSenderRefused,
)

from subscriptions.letters import Posted

#: The answers to MAIL, RCPT and DATA that let a mail go on.
GO_ON = ((250,), (250, 251), (354,))
#: The server closes the connection, whatever it was asked.
CLOSING = 421


def hand_over(session: SMTP, posted: Posted, *meanwhile: Callable[[], object]) -> None:
    """Give the server a finished mail; raises what ``smtplib`` does where it is not taken.

    What is done meanwhile, three things at most, is done before the mail's text leaves: nothing
    stands between the server's last answer and whoever called.
    """
    session.ehlo_or_helo_if_needed()
    questions = _questions(session, posted)
    together = session.has_extn("pipelining")
    if together:
        session.send("".join(f"{question}\r\n" for question in questions))
    problem: Exception | None = None
    code = 0
    for place, (question, do) in enumerate(zip_longest(questions, meanwhile)):
        if not together:
            session.putcmd(question)
        if do is not None:
            do()
        code, said = session.getreply()
        if code in GO_ON[place]:
            continue
        problem = problem or _refusal(place, code, said, posted)
        if code == CLOSING:
            session.close()
        if code == CLOSING or not together:
            break
    if problem is None:
        _text(session, posted.raw)
        return
    if code == GO_ON[-1][0]:
        session.send(b".\r\n")  # it waits for a mail that has no reader: an empty one, refused
        session.getreply()
    raise problem


def _questions(session: SMTP, posted: Posted) -> tuple[str, str, str]:
    options = f" SIZE={len(posted.raw)}" if session.has_extn("size") else ""
    if session.has_extn("8bitmime"):
        options += " BODY=8BITMIME"
    return f"MAIL FROM:<{posted.sender}>{options}", f"RCPT TO:<{posted.to[0]}>", "DATA"


def _refusal(place: int, code: int, said: bytes, posted: Posted) -> Exception:
    if place == 0:
        return SMTPSenderRefused(code, said, posted.sender)
    if place == 1:
        return SMTPRecipientsRefused({posted.to[0]: (code, said)})
    return SMTPDataError(code, said)


def _text(session: SMTP, raw: bytes) -> None:
    # Its lines end as SMTP wants them; one that begins with a point gets another.
    end = b".\r\n" if raw.endswith(b"\r\n") else b"\r\n.\r\n"
    session.send(raw.replace(b"\r\n.", b"\r\n..") + end)
    code, said = session.getreply()
    if code != 250:
        if code == CLOSING:
            session.close()
        raise SMTPDataError(code, said)
