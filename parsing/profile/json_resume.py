"""A `Profile` as a plain JSON Resume object (jsonresume.org schema, 1.0.0)."""

from __future__ import annotations

from typing import Any

from parsing.profile import Education, Fact, Profile, Work


def to_json_resume(profile: Profile) -> dict[str, Any]:
    """Return `basics`, `work`, `education`, `skills` and `languages`; unknown is None or an empty list."""
    return {
        "basics": {
            "name": _value(profile.name),
            "label": _value(profile.label),
            "email": _value(profile.email),
            "phone": _value(profile.phone),
            "url": _value(profile.url),
            "location": {"city": profile.location.value} if profile.location else None,
            "profiles": [{"network": item.network, "username": item.username, "url": item.url.value} for item in profile.profiles],
        },
        "work": [_work(item) for item in profile.work],
        "education": [_education(item) for item in profile.education],
        "skills": [{"name": fact.value} for fact in profile.skills],
        "languages": [{"language": fact.value} for fact in profile.languages],
    }


def _value(fact: Fact | None) -> str | None:
    return fact.value if fact else None


def _work(item: Work) -> dict[str, Any]:
    return {"name": item.name, "position": item.position, "startDate": item.start_date, "endDate": item.end_date}


def _education(item: Education) -> dict[str, Any]:
    return {
        "institution": item.institution,
        "area": item.area,
        "studyType": item.study_type,
        "startDate": item.start_date,
        "endDate": item.end_date,
    }
