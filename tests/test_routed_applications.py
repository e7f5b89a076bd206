"""Offers that share their recruiters, through the commands: which one an application is for, and what the candidate is told."""

from __future__ import annotations

from mails import RECRUITERS, mail

AD = """---
title: {title}
open: {state}
---
Envoyez votre CV à camille@example.org et dominique@example.org.
"""


def test_each_application_comes_to_its_offer_and_what_no_word_tells_is_acknowledged_without_a_title(office):
    """Beside the open backend ad: another open one and a closed one, all with the same addresses."""
    folder = office.folder / "offers"
    (folder / "design.md").write_text(AD.format(title="Designer de services", state="true"), encoding="utf-8")
    (folder / "archives.md").write_text(AD.format(title="Archiviste de quartier", state="false"), encoding="utf-8")
    local, domain = RECRUITERS[0].split("@")

    def apply(name: str, subject: str, number: int = 1, **more: str) -> bytes:
        message_id = f"<{name}{number}@example.net>"
        return mail(sender=f"{name.title()} Roux <{name}@example.net>", subject=subject, message_id=message_id, attachments=(), **more)

    office.deliver(
        apply("anna", "CV", to=f"{local}+design@{domain}"),
        apply("paul", "DESIGNERS DE SERVICE"),
        apply("zora", "Archiviste de quartier"),
        apply("marc", "Candidature"),
    )
    office.pli("poll")
    told = {str(sent["To"]).rpartition("<")[2][:4]: " ".join(sent.get_body(("plain",)).get_content().split()) for sent in office.sent()}
    titles = ("Designer de services", "Archiviste de quartier", "backend")
    said = {who: next((title for title in titles if title in text), None) for who, text in told.items()}
    assert said == {"anna": "Designer de services", "paul": "Designer de services", "zora": "Archiviste de quartier", "marc": None}
    assert [who for who, text in told.items() if "n’est plus ouverte" in text] == ["zora"]
    assert "Votre candidature nous est bien parvenue" in told["marc"]
    [waiting] = office.json("triage")
    assert (waiting["kind"], sorted(waiting["offers"])) == ("application", ["archives", "backend", "design"])

    [answered] = [sent for sent in office.sent() if "zora" in str(sent["To"])]
    office.deliver(apply("zora", "Mon CV", 2, In_Reply_To=str(answered["Message-ID"])))
    assert office.json("poll")["updated"] == 1
    offers = {item["candidate"]["email"][:4]: (item["offer"], item["messages"]) for item in office.json("candidates")}
    assert (offers["anna"], offers["paul"], offers["zora"]) == (("design", 1), ("design", 1), ("archives", 2))
