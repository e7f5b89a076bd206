"""A `Profile` as a plain JSON Resume object (jsonresume.org schema, 1.0.0)."""

from __future__ import annotations

from typing import Any

from parsing.profile import Education, Fact, Language, Profile, Work
from parsing.profile.place import country_code, postal_code


def to_json_resume(profile: Profile) -> dict[str, Any]:
    """Return `basics`, `work`, `education`, `skills`, `languages` and `certificates`; unknown is None or an empty list.

    Beside the schema's keys, each fact has a `source` (of `basics`, in `sources` by key): page, quotation, and offset in the text.
    """
    return {
        "basics": {
            "name": _value(profile.name),
            "label": _value(profile.label),
            "email": _value(profile.email),
            "phone": _value(profile.phone),
            "url": _value(profile.url),
            "location": _location(profile.location) if profile.location else None,
            "profiles": [
                {"network": item.network, "username": item.username, "url": item.url.value, "source": to_source(item.url)}
                for item in profile.profiles
            ],
            "sources": {key: to_source(fact) for key, fact in _basics(profile) if fact},
        },
        "work": [_work(item) for item in profile.work],
        "education": [_education(item) for item in profile.education],
        "skills": [{"name": fact.value, "source": to_source(fact)} for fact in profile.skills],
        "languages": [_language(item) for item in profile.languages],
        "certificates": [{"name": fact.value, "source": to_source(fact)} for fact in profile.certificates],
        "meta": {
            "experienceMonths": profile.experience_months,
            "statedExperience": _value(profile.stated_experience),
        },
    }


def _location(place: Fact) -> dict[str, str]:
    known = {"city": place.value, "postalCode": postal_code(place), "countryCode": country_code(place)}
    return {key: value for key, value in known.items() if value}


def _basics(profile: Profile) -> tuple[tuple[str, Fact | None], ...]:
    return (
        ("name", profile.name),
        ("label", profile.label),
        ("email", profile.email),
        ("phone", profile.phone),
        ("url", profile.url),
        ("location", profile.location),
    )


def to_source(item: Fact | Work | Education | Language) -> dict[str, Any]:
    """Return where a fact was read: `from` (`ocr`: the CV, but from a picture), `page`, `quote`, `start`."""
    where = ("ocr" if item.by_ocr else item.source) if isinstance(item, Fact) else "cv"
    return {"from": where, "page": item.page, "quote": item.quote, "start": item.start}


def _value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


def _work(item: Work) -> dict[str, Any]:
    return {
        "name": item.name,
        "position": item.position,
        "location": item.location,
        "startDate": item.start_date,
        "endDate": item.end_date,
        "current": item.current,
        "source": to_source(item),
    }


def _education(item: Education) -> dict[str, Any]:
    return {
        "institution": item.institution,
        "area": item.area,
        "studyType": item.study_type,
        "level": item.level,
        "startDate": item.start_date,
        "endDate": item.end_date,
        "source": to_source(item),
    }


def _language(item: Language) -> dict[str, Any]:
    return {
        "language": item.language,
        "code": item.code,
        "fluency": item.fluency,
        "level": item.level,
        "source": to_source(item),
    }
