"""A person's professional facts, named as in JSON Resume, each with the words it was read from.

Only what serves a job: age, birth date, sex, nationality, family and photographs are never read (Code du travail, L1221-6).
Nothing is guessed: a fact without evidence is None.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsing.profile.contact import find_emails, find_profiles, find_site
from parsing.profile.facts import Education, Fact, Language, NetworkProfile, Profile, Work, fold
from parsing.profile.label import find_label
from parsing.profile.name import find_name
from parsing.profile.phone import find_phones
from parsing.profile.referees import own_links, without_referees
from parsing.profile.sections import find_sections
from parsing.profile.skills import find_skills

if TYPE_CHECKING:
    from datetime import date

    from parsing.address import Address
    from parsing.documents import Document

__all__ = ["Education", "Fact", "Language", "NetworkProfile", "Profile", "Work", "extract_profile"]


def extract_profile(document: Document | None, *, body: str = "", author: Address | None = None, today: date | None = None) -> Profile:
    """Read a profile from the best CV, completed from the mail's `body` and `author`; `today` ends what goes on. Never raises.

    `author` is for mails whose author applies; a recruiter who forwards a CV is not to be handed in.
    """
    text = without_referees(document.text) if document else ""
    links = own_links(document.links, document.text, text) if document else ()
    emails = find_emails(text, links) + find_emails(body, source="body")
    if author is not None and "@" in author.addr_spec:
        emails.append(Fact(author.addr_spec.lower(), author.addr_spec, "header"))
    phones = find_phones(text, links) + find_phones(body, source="body")
    profiles = {profile.network: profile for profile in (*find_profiles(body, source="body"), *find_profiles(text, links))}
    slugs = [profile.username for profile in profiles.values()]
    name = find_name(text, body, author.name if author else "", [email.value for email in emails], slugs)
    known = fold(name.value).split() if name else []
    return Profile(
        name=name,
        label=find_label(text, name),
        email=emails[0] if emails else None,
        phone=phones[0] if phones else None,
        url=find_site(text, links, known),
        profiles=tuple(profiles.values()),
        skills=find_skills(text, find_sections(text)),
    )
