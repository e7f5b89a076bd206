"""A person's professional facts, named as in JSON Resume, each with the words it was read from.

Only what serves a job: age, birth date, sex, nationality, family and photographs are never read (Code du travail, L1221-6).
Nothing is guessed: a fact without evidence is None.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from parsing.profile.agreement import agreement, known_of
from parsing.profile.certificates import find_certificates
from parsing.profile.education import find_education
from parsing.profile.emails import find_emails
from parsing.profile.experience import experience_months, find_stated_experience
from parsing.profile.facts import Education, Fact, Language, NetworkProfile, Profile, Work, fold
from parsing.profile.label import find_label
from parsing.profile.name import find_name
from parsing.profile.networks import find_handles, find_profiles, own_profiles
from parsing.profile.phone import find_phones
from parsing.profile.place import find_place
from parsing.profile.referees import own_links, without_referees
from parsing.profile.sections import cut_at, find_sections
from parsing.profile.site import find_site
from parsing.profile.skills import find_skills
from parsing.profile.spoken import find_languages
from parsing.profile.work import find_work

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from parsing.address import Address
    from parsing.documents import Document

__all__ = ["Education", "Fact", "Language", "NetworkProfile", "Person", "Profile", "Work", "extract_profile", "find_person"]


_MOST_TEXT = 200_000
"""Characters in which a person is looked for: fifty dense pages."""
_Item = TypeVar("_Item", Fact, Work, Education, Language)


@dataclass(frozen=True, slots=True)
class Person:
    """What a CV's text says by itself of how its person is reached: read once, whatever mails add to it."""

    text: str = ""
    """Without the people named as references."""
    links: tuple[str, ...] = ()
    emails: tuple[Fact, ...] = ()
    phones: tuple[Fact, ...] = ()
    pages: tuple[NetworkProfile, ...] = ()
    """Of networks, other people's among them."""
    name: Fact | None = None

    @property
    def profile(self) -> Profile:
        """Return name, e-mail address and telephone number alone."""
        return Profile(name=self.name, email=next(iter(self.emails), None), phone=next(iter(self.phones), None))


def find_person(document: Document | None) -> Person:
    """Return who a CV's person is, a fifth of the work of a whole profile. Never raises."""
    if document is None:
        return Person()
    text = without_referees(document.text[:_MOST_TEXT])
    links = own_links(document.links, document.text[:_MOST_TEXT], text)
    emails, pages = find_emails(text, links), find_profiles(text, links)
    name = _named(text, "", "", emails, pages)
    return Person(text, links, tuple(emails), tuple(find_phones(text, links)), tuple(pages), name)


def extract_profile(
    document: Document | None, *, body: str = "", author: Address | None = None, today: date | None = None, person: Person | None = None
) -> Profile:
    """Read a profile from the best CV, completed from the mail's `body` and `author`; `today` ends what goes on. Never raises.

    `author` is for mails whose author applies; a recruiter who forwards a CV is not to be handed in.
    `person`: what `find_person` found in `document`, if that is known already.
    """
    person = person or find_person(document)
    text, links, body = person.text, person.links, body[:_MOST_TEXT]
    emails = [*person.emails, *find_emails(body, source="body")]
    if author is not None and "@" in author.addr_spec:
        emails.append(Fact(author.addr_spec.lower(), author.addr_spec, "header"))
    phones = [*person.phones, *find_phones(body, source="body")]
    pages = [*person.pages]
    pages += [page for page in find_profiles(body, source="body") if page.network not in {found.network for found in pages}]
    name = _named(text, body, author.name if author else "", emails, pages) if body or author else person.name
    is_own = partial(_is_named, name)
    profiles = own_profiles(pages, is_own)
    profiles += tuple(find_handles(text, {page.network for page in profiles}, is_own))
    sections = cut_at(find_sections(text), name.start if name and name.source == "cv" else None)
    work = find_work(text, sections)
    profile = Profile(
        name=name,
        label=find_label(text, name, work),
        email=emails[0] if emails else None,
        phone=phones[0] if phones else None,
        url=find_site(text, links, fold(name.value).split() if name else []),
        location=find_place(text, [fact for fact in (name, *phones[:3], *emails[:3]) if fact]),
        profiles=profiles,
        skills=find_skills(text, sections, name),
        work=work,
        education=find_education(text, sections),
        languages=find_languages(text, sections),
        certificates=find_certificates(text, sections),
        experience_months=experience_months(work, today.isoformat()[:7] if today else None),
        stated_experience=find_stated_experience(text),
    )
    return _with_pages(profile, document) if document and document.page_starts else profile


def _named(text: str, body: str, author: str, emails: Sequence[Fact], pages: Sequence[NetworkProfile]) -> Fact | None:
    return find_name(text, body, author, [email.value for email in emails], [page.username for page in pages])


def _is_named(name: Fact | None, username: str) -> bool:
    """Tell whether a user name is made of the person's."""
    return name is not None and agreement(tuple(name.value.split()), known_of([], [username], "")) > 1


def _with_pages(profile: Profile, document: Document) -> Profile:
    """Return `profile` with the page of everything that was read from the text of `document`."""

    def paged(item: _Item) -> _Item:
        in_text = not isinstance(item, Fact) or item.source == "cv"
        return replace(item, page=document.page_at(item.start)) if in_text and item.start is not None else item

    def fact(one: Fact | None) -> Fact | None:
        return paged(one) if one else None

    return replace(
        profile,
        name=fact(profile.name),
        label=fact(profile.label),
        email=fact(profile.email),
        phone=fact(profile.phone),
        url=fact(profile.url),
        location=fact(profile.location),
        profiles=tuple(replace(item, url=paged(item.url)) for item in profile.profiles),
        work=tuple(map(paged, profile.work)),
        education=tuple(map(paged, profile.education)),
        skills=tuple(map(paged, profile.skills)),
        languages=tuple(map(paged, profile.languages)),
        certificates=tuple(map(paged, profile.certificates)),
        stated_experience=fact(profile.stated_experience),
    )
