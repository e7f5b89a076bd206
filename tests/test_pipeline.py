"""From the mailbox to the mails that leave: `pli poll` and `pli digest` on a real Dovecot, a real SMTP conversation and both databases."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from days import working_days
from mails import NEWSLETTER, RECRUITERS, cv, mail


def test_an_application_is_stored_acknowledged_and_told_to_both_recruiters_once(office):
    office.deliver(mail(), mail(message_id="<2@lettres.example.com>", attachments=(), text="Nos conseils.", **NEWSLETTER))
    first = json.loads(office.pli_apart("poll", "--json"))
    assert (first["fetched"], first["applications"], first["sent"], first["failed"]) == (2, 1, 1, 0)
    [application] = office.json("candidates")
    assert application["candidate"] == {"name": "Léa Morin", "email": "lea.morin@example.net", "phone": "+33639981234"}
    assert application["offer"] == "backend"
    assert [(document["filename"], document["role"], document["pages"]) for document in application["documents"]] == [
        ("CV Léa Morin.pdf", "cv", 1)
    ]
    [acknowledgement] = office.sent()
    assert acknowledgement["To"] == "Léa Morin <lea.morin@example.net>"
    assert acknowledgement["In-Reply-To"] == "<1@example.net>"
    assert application["reference"] in acknowledgement.get_body(("plain",)).get_content()
    assert application["acknowledged_at"]

    earlier, latest = working_days()
    office.pli_apart("digest", "--date", earlier)
    digests = office.sent()[1:]
    assert sorted(str(digest["To"]) for digest in digests) == sorted(RECRUITERS)
    assert all(application["reference"] in digest.get_body(("plain",)).get_content() for digest in digests)

    again = office.json("poll")
    office.pli("digest", "--date", earlier)
    assert (again["fetched"], again["sent"]) == (0, 0)
    assert len(office.sent()) == 3

    office.pli("digest", "--date", latest)
    for digest in office.sent()[3:]:
        text = digest.get_body(("plain",)).get_content()
        assert "nouvelle candidature" not in text
        assert application["reference"] in text.partition("En attente d’une décision")[2]


def test_the_same_application_in_two_mailboxes_sent_twice_and_sent_again_is_one(office):
    other = "dominique@example.org"
    office.dovecot.make_mailbox(other)
    office.settings(
        more_mailboxes=f'[[mailbox]]\naddress = "{other}"\nhost = "127.0.0.1"\nport = {office.dovecot.port}\nsecurity = "none"\n'
        'password_file = "secret"'
    )
    office.deliver(mail(), mail())
    office.dovecot.deliver(other, mail())
    office.pli("poll")
    office.deliver(mail(message_id="<2@example.net>", text="Bonjour, voici de nouveau ma candidature et mon CV.\n"))
    office.pli("poll")
    [application] = office.json("candidates")
    assert sorted(application["mailboxes"]) == sorted([office.mailbox, other])
    assert len(office.sent()) == 1


def test_two_folders_of_one_address_are_both_read(office):
    office.settings(
        more_mailboxes=f'[[mailbox]]\naddress = "{office.mailbox}"\nfolder = "Divers"\nhost = "127.0.0.1"\nport = {office.dovecot.port}\n'
        'security = "none"\npassword_file = "secret"'
    )
    office.deliver(mail())
    office.deliver(mail(sender="Zoé Petit <zoe.petit@example.net>", message_id="<2@example.net>"), folder="Divers")
    result = office.json("poll")
    assert (result["fetched"], [box["ok"] for box in result["mailboxes"]]) == (2, [True, True])


def test_a_reply_with_the_missing_cv_joins_its_application(office):
    office.deliver(mail(attachments=()))
    office.pli("poll")
    [acknowledgement] = office.sent()
    assert "Ce qui manque" in acknowledgement.get_body(("html",)).get_content()
    office.deliver(
        mail(
            subject="Re: Votre candidature",
            message_id="<2@example.net>",
            text="Le voici.\n",
            In_Reply_To=str(acknowledgement["Message-ID"]),
        )
    )
    assert office.json("poll")["updated"] == 1
    [application] = office.json("candidates")
    assert [document["role"] for document in application["documents"]] == ["cv"]
    assert application["messages"] == 2
    assert len(office.sent()) == 1


def test_a_closed_offer_takes_applications_in_and_the_acknowledgement_says_so(office):
    office.publish(state="false")
    office.deliver(mail())
    office.pli("poll")
    [acknowledgement] = office.sent()
    assert "n’est plus ouverte" in acknowledgement.get_body(("plain",)).get_content()
    assert office.json("candidates")[0]["offer"] == "backend"


def test_nothing_changes_in_the_mailbox(office):
    office.deliver(mail(), mail(message_id="<2@example.net>", sender="Paul Roux <paul.roux@example.net>"))
    before = office.dovecot.flags(office.mailbox)
    office.pli("poll")
    office.pli("poll")
    assert office.dovecot.flags(office.mailbox) == before
    assert set(before.values()) == {""}


def test_in_a_personal_mailbox_what_is_no_application_leaves_nothing_but_its_position(office):
    office.settings(mailbox='kind = "personal"')
    secret = "Rendez-vous chez le cardiologue"
    office.deliver(
        mail(
            sender="Anne <anne@example.com>", subject=secret, text=f"{secret} mardi.\n", attachments=(), message_id="<private@example.com>"
        ),
        mail(),
    )
    result = office.json("poll")
    assert (result["applications"], result["ignored"]) == (1, 1)
    kept = b"".join(path.read_bytes() for path in office.folder.rglob("*") if path.is_file())
    for word in (secret, "cardiologue", "anne@example.com", "private@example.com"):
        assert word.encode() not in kept
    assert office.json("triage") == []
    if office.url.startswith("postgresql"):
        assert "cardiologue" not in _everything(office.url)


def _everything(url):
    from sqlalchemy import text

    from storage.database import open_database, reading
    from storage.tables import Base

    engine = open_database(url)
    with reading(engine) as session:
        rows = [
            list(map(str, row)) for table in Base.metadata.sorted_tables for row in session.execute(text(f"SELECT * FROM {table.name}"))
        ]
    engine.dispose()
    return json.dumps(rows)


def test_an_old_mail_is_taken_in_and_acknowledged_only_if_asked_for(office):
    office.settings(acknowledgement="")
    office.deliver(mail(), received_at=datetime.now(UTC) - timedelta(minutes=1))
    assert office.json("poll")["applications"] == 1
    office.deliver(
        mail(
            sender="Paul Roux <paul.roux@example.net>",
            message_id="<2@example.net>",
            attachments=(("cv.pdf", cv("Paul Roux", "paul.roux@example.net")),),
        )
    )
    office.pli("poll")
    assert [str(acknowledgement["To"]) for acknowledgement in office.sent()] == ["Paul Roux <paul.roux@example.net>"]


def test_who_must_not_be_answered_is_not(office):
    refused = {
        "Auto_Submitted": "auto-generated",
        "Return_Path": "<>",
        "X_Auto_Response_Suppress": "All",
        "Precedence": "bulk",
    }
    for number, (name, value) in enumerate(refused.items()):
        sender = f"person{number}@example.net"
        office.deliver(
            mail(
                sender=f"Une Personne <{sender}>",
                message_id=f"<n{number}@example.net>",
                attachments=(("cv.pdf", cv("Une Personne", sender)),),
                **{name: value},
            )
        )
    office.deliver(
        mail(
            sender="Faux Expéditeur <faux@example.net>",
            message_id="<faux@example.net>",
            attachments=(("cv.pdf", cv("Faux Expéditeur", "faux@example.net")),),
            Authentication_Results="mx.example.org; dmarc=fail header.from=example.net",
        )
    )
    office.pli("poll")
    assert len(office.json("candidates")) == 5
    assert office.sent() == []


def test_a_mail_that_cannot_be_sent_now_is_sent_later_with_the_same_octets(office):
    office.smtp.on_recipient = lambda _: "451 4.3.0 try later"
    office.deliver(mail())
    assert office.json("poll")["deferred"] == 1
    office.smtp.on_recipient = lambda _: "250 OK"
    office.pli("retry")
    assert office.json("poll")["sent"] == 1
    assert len(office.sent()) == 1
