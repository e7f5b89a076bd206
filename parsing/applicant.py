"""Whose application a message carries: its author, whoever wrote what was forwarded, or the person the CV speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsing.address import Address
from parsing.attachment import Attachment, Role
from parsing.boards import is_program, is_relay
from parsing.body import Body, Forward
from parsing.context import Context
from parsing.documents import Document
from parsing.forward import is_ours, writes_for_others
from parsing.mail_class import MailClass
from parsing.message import Message
from parsing.notice import Notice, notice_of, own_form, read_notice
from parsing.person import is_same, is_somebody_else, is_sure, natural_name, same_name, shown_name
from parsing.profile import Profile, find_person
from parsing.profile.facts import fold
from parsing.quotation import is_forward
from parsing.vocabulary import match, plain

_MOST_CVS = 10
_FROM_THE_AUTHOR = frozenset({MailClass.APPLICATION, MailClass.REPLY, MailClass.UNSURE})


@dataclass(frozen=True, slots=True)
class Applicant:
    """Whose application a message carries; not its author when it was forwarded."""

    name: str | None
    email: str | None
    """Lower case."""
    name_is_sure: bool = False
    """True: it may stand in a greeting."""


def is_presented(message: Message, body: Body) -> bool:
    """Tell whether somebody presents another person: an agency, a job board, a counsellor, a mother."""
    return match(plain(f"{message.subject} {body.written[:2000]}"), "presents_pattern") is not None


def find_applicant(
    mail_class: MailClass,
    message: Message,
    body: Body,
    profile: Profile,
    cv: Document | None,
    context: Context,
    notice: Notice | None = None,
) -> tuple[Applicant | None, bool]:
    """Return the applicant, and whether that is surely the person who wrote the message.

    `profile` is that of `cv` alone. An applicant who is not the author is never written to by a machine, and never by the author's name.
    """
    author = message.author
    if mail_class is MailClass.FORWARDED_APPLICATION:
        inner = body.forward.author if body.forward else None
        if body.forward and inner and not speaks_for_others(inner, context) and not _is_others(inner, profile, body.forward, cv):
            return _person(inner, profile), False
        passed_on = read_notice(inner, body.forward.subject, body.forward.text, _ours(message, context)) if body.forward else None
        return (_of_notice(passed_on, profile) if passed_on else _of_cv(profile)), False
    if mail_class not in _FROM_THE_AUTHOR or author is None:
        return None, False
    if notice is not None:
        return _of_notice(notice, profile), False
    presented = is_presented(message, body)
    others = is_ours(author, context) or _is_others(author, profile, body, cv, presented=presented)
    if others or _is_counter(author, profile):
        return _of_cv(profile) or Applicant(None, None), False
    return _person(author, profile), True


def speaks_for_others(author: Address, context: Context) -> bool:
    """Tell whether no applicant writes from an address: one of us, a program, a desk, a job board, a relay."""
    return writes_for_others(author, context) or is_program(author) or is_relay(author)


def find_notice(message: Message, body: Body, context: Context) -> Notice | None:
    """Return what a job board or a form says of an applicant in what it wrote; forms on our own sites write in our name."""
    others = _ours(message, context)
    if not is_ours(message.author, context):
        return notice_of(message, body.written, others)
    return None if is_forward(message.subject) or body.quotes else own_form(message, body.written, others)


def _ours(message: Message, context: Context) -> frozenset[str]:
    recipients = frozenset(address.addr_spec.lower() for address in message.recipients)
    return recipients | context.our_addresses | context.recruiters


def _of_notice(notice: Notice, profile: Profile) -> Applicant:
    """Return whom a notice names, completed from the CV where that is the same person's."""
    said = profile.name.value if profile.name else None
    cv_email = profile.email.value.lower() if profile.email else None
    one = not (notice.name and said) or same_name(notice.name, said) or (cv_email is not None and cv_email == notice.email)
    name = (_nicer(notice.name, said) if notice.name and said and one else notice.name) or said
    return Applicant(natural_name(name) if name else None, notice.email or (cv_email if one else None))


def find_several(attachments: Sequence[Attachment], messages: Sequence[Message], context: Context) -> tuple[str, ...]:
    """Return the people of whom a message holds applications, where they are more than one: by attached messages, by CVs."""
    authors = [message.author for message in messages if message.author is not None]
    writers = tuple(dict.fromkeys(author.addr_spec.lower() for author in authors if not is_ours(author, context)))
    if len(writers) > 1:
        return writers
    cvs = [file.document for file in attachments if file.role is Role.CV and file.document and "content" in file.told_by][:_MOST_CVS]
    people: list[Profile] = []
    for profile in (find_person(cv).profile for cv in cvs) if len(cvs) > 1 else ():
        if profile.name and profile.email and not any(_one_person(profile, other) for other in people):
            people.append(profile)
    return tuple(person.email.value.lower() for person in people if person.email) if len(people) > 1 else ()


def _one_person(one: Profile, other: Profile) -> bool:
    address = Address(one.name.value if one.name else "", one.email.value if one.email else "")
    return is_same(address, other)


def _is_others(author: Address, profile: Profile, said: Body | Forward, cv: Document | None, *, presented: bool = False) -> bool:
    text = said.text if isinstance(said, Forward) else said.written
    return is_somebody_else(author, profile, text, cv.text if cv else "", presented=presented)


def _is_counter(author: Address, profile: Profile) -> bool:
    """Tell whether a desk, a job board or a program wrote, which never applies itself."""
    counter = is_program(author) or is_relay(author)
    return counter and not is_same(author, profile) and not is_sure(author.name, author.addr_spec, Profile())


def _person(author: Address, profile: Profile) -> Applicant:
    """Return the author as applicant; the name is sure when it is plainly a name and the address or the CV says the same."""
    email = author.addr_spec.lower()
    shown = shown_name(author.name)
    said = profile.name.value if profile.name else None
    if shown and said and same_name(shown, said):
        name = natural_name(_nicer(shown, said))
        return Applicant(name, email, name_is_sure=is_sure(name, email, profile))
    if shown:
        name = natural_name(shown)
        return Applicant(name, email, name_is_sure=is_sure(name, email, Profile()))
    return Applicant(said, email, name_is_sure=bool(said and is_sure(said, email, Profile())))


def _of_cv(profile: Profile) -> Applicant | None:
    if profile.name is None and profile.email is None:
        return None
    return Applicant(profile.name.value if profile.name else None, profile.email.value.lower() if profile.email else None)


def _nicer(shown: str, said: str) -> str:
    """Prefer the CV's way of writing a name that says nothing else, or spells out its initials: given name first, capitals in place."""
    ours, theirs = fold(shown).split(), fold(said).split()
    initials = [word for word in ours if len(word) == 1 and word not in theirs]
    spelled = bool(initials) and all(any(word.startswith(initial) and word not in ours for word in theirs) for initial in initials)
    whole = any(len(word) > 1 for word in ours) and len(ours) <= len(theirs) and all(len(word) == 1 or word in theirs for word in ours)
    return said if set(theirs) <= set(ours) or (spelled and whole) else shown
