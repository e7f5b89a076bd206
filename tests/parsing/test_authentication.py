"""What our provider says about the sender (RFC 8601): whose word counts, and for which domain."""

from __future__ import annotations

from dataclasses import replace

import pytest
from composing import CONTEXT, CV, at_most, eml

from parsing.authentication import Authentication, authenticate, find_authserv_id, same_organisation
from parsing.message import parse_message
from parsing.understand import understand

PASS, FAIL, NONE = Authentication.PASS, Authentication.FAIL, Authentication.NONE

BAD_SIGNATURE = "dkim=fail (a signature which did not verify at all) header.d=sender.example header.s=selector; "
MICROSOFT = (
    "spf={spf} (sender IP is 192.0.2.7) smtp.mailfrom=example.net; dkim=none (message not signed) header.d=none;"
    "dmarc={dmarc} action=none header.from=example.net;compauth=fail reason=001"
)

SAID = [
    ("dmarc passes", "mx.example.org; dmarc=pass header.from=example.net", PASS),
    ("spf passes for the author's domain", "mx.example.org; spf=pass smtp.mailfrom=lea@example.net", PASS),
    ("spf passes for a subdomain of it", "mx.example.org; spf=pass smtp.mailfrom=lea@mail.example.net", PASS),
    ("spf passes for somebody else", "mx.example.org; spf=pass smtp.mailfrom=list@lists.example.com", NONE),
    ("a domain that only ends alike", "mx.example.org; spf=pass smtp.mailfrom=lea@badexample.net", NONE),
    ("a top-level domain is no domain", "mx.example.org; spf=pass smtp.mailfrom=lea@net", NONE),
    ("dkim passes by the signing domain", "mx.example.org; dkim=pass header.d=example.net", PASS),
    ("dkim passes by the identity", "mx.example.org; dkim=pass header.i=@example.net", PASS),
    ("dkim passes for a mailing service", "mx.example.org; dkim=pass header.d=service.example.com", NONE),
    ("dkim fails, spf passes", "mx.example.org; dkim=fail header.d=example.net; spf=pass smtp.mailfrom=lea@example.net", PASS),
    ("dkim alone fails", "mx.example.org; dkim=fail header.d=example.net", NONE),
    ("spf fails", "mx.example.org; spf=fail smtp.mailfrom=lea@example.net", FAIL),
    ("spf fails softly", "mx.example.org; spf=softfail smtp.mailfrom=lea@example.net", NONE),
    (
        "spf fails after forwarding, dkim holds",
        "mx.example.org; spf=fail smtp.mailfrom=lea@example.net; dkim=pass header.d=example.net",
        PASS,
    ),
    ("spf fails for a forwarder", "mx.example.org; spf=fail smtp.mailfrom=list@lists.example.com", NONE),
    ("dmarc fails whatever else passes", "mx.example.org; dmarc=fail header.from=example.net; spf=pass smtp.mailfrom=l@example.net", FAIL),
    ("nothing was checked", "mx.example.org; none", NONE),
    ("the host in capitals", "MX.Example.ORG; dmarc=pass header.from=example.net", PASS),
    ("another host", "mx.elsewhere.example; dmarc=pass header.from=example.net", NONE),
    ("another host says that it failed", "mx.elsewhere.example; dmarc=fail header.from=example.net", FAIL),
    ("another host that begins alike", "mx.example.org.evil.example; dmarc=pass header.from=example.net", NONE),
    ("dmarc passes for another From", "mx.example.org; dmarc=pass header.from=evil.example", NONE),
    ("dmarc passes for nobody named", "mx.example.org; dmarc=pass", NONE),
    ("many bad signatures hide no failure", "mx.example.org; " + 40 * BAD_SIGNATURE + "dmarc=fail header.from=example.net", FAIL),
    ("a failure in a field that is not readable", "mx.example.org; dkim=fail reason=bad sig; dmarc=fail header.from=example.net", FAIL),
    ("a failure as Microsoft writes it", MICROSOFT.format(spf="fail", dmarc="fail"), FAIL),
    ("a failure of SPF as Microsoft writes it", MICROSOFT.format(spf="fail", dmarc="none"), FAIL),
    ("a pass as Microsoft writes it comes from nobody we know", MICROSOFT.format(spf="pass", dmarc="pass"), NONE),
    ("not readable", "mx.example.org; ((((", NONE),
    ("empty", "", NONE),
]


@pytest.mark.parametrize(("field", "expected"), [pytest.param(field, expected, id=name) for name, field, expected in SAID])
def test_the_trusted_host_is_heard_about_the_authors_domain(field, expected):
    message = parse_message(eml(authentication_results=field))
    assert authenticate(message, "mx.example.org") is expected
    assert understand(eml(files=[CV], authentication_results=field), CONTEXT).verdict.authentication is expected


def test_a_mail_without_the_field_says_nothing():
    assert authenticate(parse_message(eml()), "mx.example.org") is NONE


def test_without_a_trusted_host_nobody_passes_and_anybody_may_fail():
    assert authenticate(parse_message(eml(authentication_results="a.example; dmarc=pass header.from=example.net")), None) is NONE
    assert authenticate(parse_message(eml(authentication_results="a.example; dmarc=fail header.from=example.net")), None) is FAIL


def test_a_field_that_the_sender_wrote_into_his_mail_does_not_help_him():
    forged = "Authentication-Results: mx.evil.example; dmarc=pass header.from=example.net"
    mail = eml(top=["Authentication-Results: mx.example.org; dmarc=fail header.from=example.net", forged])
    assert authenticate(parse_message(mail), "mx.example.org") is FAIL


def test_of_the_trusted_host_only_the_topmost_field_may_speak_for_the_sender():
    said = "Authentication-Results: mx.example.org; dmarc={} header.from=example.net"
    assert authenticate(parse_message(eml(top=[said.format("none"), said.format("pass")])), "mx.example.org") is NONE
    assert authenticate(parse_message(eml(top=[said.format("pass"), said.format("none")])), "mx.example.org") is PASS
    assert authenticate(parse_message(eml(top=[said.format("pass"), said.format("fail")])), "mx.example.org") is FAIL


BY_A_LIST = (
    "Authentication-Results: mx.example.org; dkim=pass header.d=lists.example.com; spf=pass smtp.mailfrom=l@lists.example.com; dmarc=none"
)
ARC = "i=1; mx.example.org; dmarc=pass header.from=example.net; spf=pass smtp.mailfrom=lea@example.net"


@pytest.mark.parametrize(
    "top",
    [
        [f"ARC-Authentication-Results: {ARC}", "ARC-Seal: i=1; cv=pass; d=lists.example.com"],
        [BY_A_LIST, f"ARC-Authentication-Results: {ARC}"],
        [BY_A_LIST + "; arc=pass (i=1 dmarc=pass header.from=example.net)"],
        [BY_A_LIST, f"X-Original-Authentication-Results: {ARC.removeprefix('i=1; ')}"],
        [BY_A_LIST, f"Authentication-Results: {ARC}"],
    ],
)
def test_neither_a_chain_of_handlers_nor_a_list_vouches_for_the_author(top):
    mail = eml(files=[CV], top=[*top, "List-Id: <l.lists.example.com>", "Sender: l-bounces@lists.example.com"])
    verdict = understand(mail, CONTEXT).verdict
    assert verdict.authentication is NONE  # whoever handed it on may have written what RFC 8617 has it say
    assert not verdict.auto_reply_allowed


@pytest.mark.parametrize(
    ("signer", "author", "expected"),
    [
        ("github.io", "victim.github.io", NONE),
        ("co.uk", "victim.co.uk", NONE),
        ("gouv.fr", "mairie.gouv.fr", NONE),
        ("evil.github.io", "github.io", NONE),
        ("example.net", "agents.example.net", PASS),
        ("mail.example.net", "example.net", PASS),
    ],
)
def test_a_signature_speaks_for_another_domain_only_where_both_have_one_owner(signer, author, expected):
    mail = eml(sender=f"lea@{author}", authentication_results=f"mx.example.org; dkim=pass header.d={signer}")
    assert authenticate(parse_message(mail), "mx.example.org") is expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("mx.interieur.gouv.fr", "imap.interieur.gouv.fr", True),
        ("mx.example.org", "example.org", True),
        ("mx.culture.gouv.fr", "mx.interieur.gouv.fr", False),
        ("a.co.uk", "b.co.uk", False),
        ("mx.example.org", "mx.example.net", False),
        ("localhost", "localhost", True),
        ("", "mx.example.org", False),
    ],
)
def test_hosts_belong_together_below_a_domain_that_somebody_registered(one, other, same):
    assert same_organisation(one, other) is same
    assert same_organisation(other, one) is same


def test_a_huge_field_is_looked_through_in_time():
    with at_most(3):
        for filler in ("spf=fail ", "dmarc =" + " " * 20, "(", "smtp.mailfrom=a", "a=b; "):
            mail = eml(top=["Authentication-Results: mx.example.org; " + filler * (60_000 // len(filler))])
            assert authenticate(parse_message(mail), "mx.example.org") is not PASS
            find_authserv_id(mail)


@pytest.mark.parametrize(
    "sender",
    [
        "<lea@evil.example> <victim@bank.example>",
        "victim@bank.example <lea@evil.example>",
        "<@evil.example:victim@bank.example>",
        "Victim <vic tim@bank.example>",
        "vic tim@bank.example",
        "victim@bank.example@evil.example",
        'Victim <"vic"tim@bank.example>',
    ],
)
def test_where_two_readers_could_see_two_authors_there_is_none(sender):
    found = understand(eml(files=[CV], sender=sender), CONTEXT)
    assert found.author is None
    assert "no_author" in found.verdict.refusals


@pytest.mark.parametrize(
    "sender",
    [
        "lea@evil.example (<victim@bank.example>)",
        'lea@evil.example ("x" <victim@bank.example>)',
        '"victim@bank.example" <lea@evil.example>',
    ],
)
def test_what_stands_in_comments_and_quotes_is_no_address(sender):
    author = understand(eml(files=[CV], sender=sender), CONTEXT).author
    assert author is not None
    assert author.addr_spec == "lea@evil.example"


def test_two_authors_are_never_authenticated():
    mail = eml(authentication_results="mx.example.org; dmarc=pass header.from=example.net", sender="a@example.net, b@example.net")
    assert authenticate(parse_message(mail), "mx.example.org") is NONE


def test_the_uppermost_field_tells_the_host_to_trust():
    mail = eml(top=["Authentication-Results: MX.Example.org 1; spf=pass", "Authentication-Results: other.example; spf=pass"])
    assert find_authserv_id(mail) == "mx.example.org"


def test_a_folded_field_is_read_too():
    mail = eml(authentication_results="mx.example.org;\r\n\tdmarc=pass (p=none)\r\n\t header.from=example.net")
    assert find_authserv_id(mail) == "mx.example.org"
    assert authenticate(parse_message(mail), "mx.example.org") is PASS


@pytest.mark.parametrize("mail", [eml(), eml(authentication_results="(((("), eml(authentication_results=MICROSOFT), b"", b"\x00\xff"])
def test_no_host_is_invented(mail):
    assert find_authserv_id(mail) is None


def test_who_failed_is_refused_and_who_is_unknown_is_left_to_the_settings():
    failed = understand(eml(files=[CV], authentication_results="mx.example.org; dmarc=fail"), CONTEXT).verdict
    unknown = understand(eml(files=[CV]), CONTEXT).verdict
    learning = understand(eml(files=[CV], authentication_results="mx.example.org; dmarc=pass"), replace(CONTEXT, authserv_id=None)).verdict
    assert not failed.auto_reply_allowed
    assert unknown.auto_reply_allowed
    assert (unknown.authentication, learning.authentication) == (NONE, NONE)
