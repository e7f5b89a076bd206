"""Mails and ads made to cost time or to break readers: an answer comes back, and within seconds."""

from __future__ import annotations

import pytest
from composing import CONTEXT, CV, at_most, eml, file_part
from hypothesis import given, settings
from hypothesis import strategies as st

from parsing.header import parse_addresses, parse_parameters
from parsing.message import find_references, parse_message
from parsing.offer import parse_offer
from parsing.understand import Understanding, understand

SECONDS = 5
"""What takes longer here is quadratic: each of these needs a fraction of a second."""
FROM = b"From: a@example.net\r\nTo: camille@example.org\r\nSubject: Candidature\r\n"


def nested(depth: int, kind: bytes = b"mixed") -> bytes:
    levels = (b"Content-Type: multipart/%s; boundary=b%d\r\n\r\n--b%d\r\n" % (kind, level, level) for level in range(depth))
    return FROM + b"".join(levels) + b"\r\nfin\r\n"


HEADERS = {
    "20k encoded words": b"Subject: " + b" ".join([b"=?utf-8?b?w6k=?="] * 20_000),
    "20k encoded names": b"From: " + b" ".join([b"=?utf-8?q?a?="] * 20_000) + b" <a@example.net>",
    "48 KB of quotes": b"From: " + b'"' * 48_000 + b" <a@b.fr>",
    "escaped quotes": b"To: " + b'"\\' * 24_000,
    "brackets": b"From: " + b"<" * 48_000 + b"\r\nTo: " + b"<>" * 24_000,
    "comments": b"From: " + b"(" * 48_000 + b"\r\nTo: " + b"()" * 24_000 + b"a@b.fr\r\nDate: " + b"(" * 40_000,
    "50k recipients": b"To: " + b"a@b.fr," * 50_000,
    "50k references": b"References: " + b"<a@b> " * 50_000 + b"\r\nMessage-ID: " + b"<" * 50_000,
    "20k parameters": b"Content-Type: text/plain" + b"; a*0*=x" * 20_000,
    "30k fields": b"\r\n".join([b"X-A: b"] * 30_000),
    "folded": b"Subject: a" + b"\r\n b" * 50_000,
    "reply prefixes": b"Subject: " + b"Re: " * 10_000,
    "results": b"Authentication-Results: a; " + b"dkim=pass header.d=b.fr; " * 4_000 + b"(" * 2_000,
    "many results": b"\r\n".join([b"Authentication-Results: a; spf=pass"] * 1_500),
}
BODIES = {
    "300 boundaries": (b"Content-Type: multipart/mixed; boundary=b", b"--b\r\n\r\nx\r\n" * 300),
    "open boundaries": (b"Content-Type: multipart/mixed; boundary=b0", b"--b0\r\n" * 30_000),
    "deep page": (b"Content-Type: text/html", b"<div>" * 50_000 + b"x"),
    "attributes": (b"Content-Type: text/html", b"<a " + b"href " * 50_000 + b">" + b"<a " * 50_000),
    "angles": (b"Content-Type: text/html", b"<" * 400_000),
    "no-break spaces": (b"Content-Type: text/html", b"&nbsp;" * 60_000 + b"x"),
    "header lines": (b"X: y", b"De : x\r\n" * 20_000),
    "introductions": (b"X: y", b"Le lundi\r\n" * 20_000 + b"le " * 60_000),
    "wrote": (b"X: y", (b"on " + b"a" * 150 + b"\r\n") * 3_000),
    "dashes": (b"X: y", b"-" * 200_000 + b"\r\n" + b"- - " * 50_000 + b"\r\n" + b"_" * 100_000),
    "quotation marks": (b"X: y", b"> " * 24_000 + b"\r\n" + b">\r\n" * 20_000),
    "blanks": (b"X: y", b" " * 200_000 + b"x\r\n" + b"\t\n" * 100_000),
    "forward markers": (b"X: y", b"---------- Forwarded message ---------\r\n" * 5_000),
    "forwards in one line": (b"X: y", b"Forwarded message From: a " * 8_000),
    "base64": (b"Content-Transfer-Encoding: base64", b"A==" * 100_000),
    "quoted-printable": (b"Content-Transfer-Encoding: quoted-printable", b"=" * 300_000),
    "uuencode": (b"Content-Transfer-Encoding: uuencode", b"begin 644 a\r\n" * 20_000),
    "returned ids": (b"Content-Type: multipart/report; boundary=b", b"Message-ID: <" * 40_000),
}
CVS = {
    "addresses": b"a@" * 50_000 + b"\n" + b"a." * 50_000,
    "digits": b"0" * 50_000 + b"\n+33 " + b"1 " * 50_000,
    "one line of names": b"Jean Dupont " * 20_000,
    "names": b"Jean Dupont\n" * 20_000,
    "addresses like names": b"".join(b"jean.dupont.martin.%d@a.fr\n" % n for n in range(3_000)) + b"Jean Dupont Martin Petit Grand\n" * 400,
    "networks": b"www." * 50_000 + b"\n" + b"github.com/a/" * 10_000,
    "trades": b"Jean Dupont\n" + b"developpeur - " * 3_000 + b"\nExperience\n" + (b"chef 2020, " * 2_000 + b"\n") * 20,
}
SHAPES = {
    "nested 2000 deep": nested(2_000),
    "alternatives 2000 deep": nested(2_000, b"alternative"),
    "messages 2000 deep": FROM + b"Content-Type: message/rfc822\r\n\r\n" * 2_000 + b"\r\nx",
    "zeros": b"\x00" * 100_000,
    "returns": b"\r" * 100_000,
    "line ends": b"\n" * 100_000,
    "colons": b":" * 100_000,
    "6 MB of a folded field": FROM + b"Subject: x\r\n" + b" y\r\n" * 1_500_000 + b"\r\nx",
    "6 MB of fields": FROM + b"X: y\r\n" * 1_000_000 + b"\r\nx",
    "6 MB before the header": b" \n" * 3_000_000 + FROM + b"\r\nx",
    "6 MB of what is nearly a delimiter": FROM + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n" + b"--bx\n" * 1_200_000,
    **{name: FROM + field + b"\r\n\r\nbonjour" for name, field in HEADERS.items()},
    **{name: FROM + field + b"\r\n\r\n" + body for name, (field, body) in BODIES.items()},
    **{f"cv of {name}": eml(parts=[file_part("cv.txt", text, "text/plain")]) for name, text in CVS.items()},
}


@pytest.mark.parametrize("octets", SHAPES.values(), ids=SHAPES.keys())
def test_a_mail_is_understood_in_seconds(octets):
    with at_most(SECONDS):
        understanding = understand(octets, CONTEXT)
    assert understanding.verdict.reasons
    assert len(understanding.body) <= 20_000
    assert len(understanding.recipients) <= 100
    assert len(understanding.references) <= 100


@pytest.mark.parametrize("name", HEADERS)
def test_the_small_grammars_need_no_longer(name):
    value = HEADERS[name].partition(b": ")[2]
    with at_most(SECONDS):
        parse_addresses(value)
        parse_parameters(value)
        find_references(SHAPES[name])


FRONT = b"---\ntitle: a\nopen: true\n---\n"
ADS = {
    "brackets in YAML": b"---\na: " + b"[" * 20_000 + b"\n---\n",
    "aliases": b"---\na: &a [x,x]\n"
    + "".join(f"b{n}: &b{n} [*{name},*{name}]\n" for n, name in enumerate(["a", *(f"b{n}" for n in range(39))])).encode()
    + b"---\nx",
    "front matter without end": b"---\n" * 50_000,
    "quotes": FRONT + b"envoyez cv objet " + b'"' * 48_000,
    "subjects": FRONT + b"envoyez cv a@b.fr objet " + b"objet " * 30_000 + b'"' * 1_000,
    "quotations": FRONT + b"> " * 50_000 + b"a",
    "stars": FRONT + b"**a*" * 20_000,
    "links": FRONT + b"[a](mailto:x@y.fr) " * 10_000,
    "ticks": FRONT + b"`a``" * 30_000,
    "anchors": FRONT + b"<a href=" * 50_000,
    "long address": FRONT + b"a" * 60 + b"@" + b"a." * 100_000,
    "months": FRONT + b"poste de 3 mois a pourvoir " * 10_000,
    "keys": FRONT + b"a" * 40 + b" " * 100_000 + b": b",
    "lists": FRONT + b"".join(b" " * (2 * level) + b"- a\n" for level in range(400)),
    "references": FRONT + b"[a]: b\n" * 20_000 + b"[a]" * 20_000,
    "larger than an ad": FRONT + b"mot " * 200_000,
}


@pytest.mark.parametrize("octets", ADS.values(), ids=ADS.keys())
def test_an_ad_is_read_in_seconds(octets):
    with at_most(2 * SECONDS):
        assert parse_offer(octets, "a.md").title


PIECES = st.sampled_from(
    [
        b"From: lea@example.net\r\n",
        b"To: camille@example.org\r\n",
        b"Subject: Fwd: cv\r\n",
        b"\r\n",
        b"Bonjour, ma candidature\r\n",
        b"> cit\xc3\xa9\r\n",
    ]
    + [
        b"Content-Type: multipart/mixed; boundary=b\r\n",
        b"\r\n--b\r\n",
        b"--b--\r\n",
        b"Content-Type: message/rfc822\r\n",
        b"%PDF-1.4",
        b"PK\x03\x04",
    ]
    + [
        b"Content-Disposition: attachment; filename=cv.pdf\r\n",
        b"De : a@b.fr\r\n",
        b"Objet : x\r\n",
        b"Le 3 mai, A <a@b.fr> a \xc3\xa9crit :\r\n",
    ]
    + [
        b"Content-Type: text/html\r\n",
        b"<p>",
        b"<a href=x>",
        b"-- \r\n",
        b"\x00",
        b"\xff\xfe",
        b"=?utf-8?q?=C3",
        b"Auto-Submitted: x\r\n",
        b"List-Id: x\r\n",
    ]
)
MAILS = st.one_of(st.binary(max_size=1_000), st.lists(st.one_of(PIECES, st.binary(max_size=8)), max_size=40).map(b"".join))


@settings(max_examples=300, deadline=SECONDS * 1000)
@given(MAILS)
def test_any_octets_are_understood(octets):
    understanding = understand(octets, CONTEXT)
    assert isinstance(understanding, Understanding)
    assert len(understanding.content_key) == 64
    for text in (
        understanding.subject,
        understanding.body,
        *understanding.verdict.reasons,
        *(file.filename for file in understanding.attachments),
    ):
        text.encode("utf-8")
        assert "\x00" not in text


@settings(max_examples=60, deadline=SECONDS * 1000)
@given(st.data())
def test_a_damaged_mail_is_understood(data):
    octets = bytearray(eml(html="<p>Bonjour</p>", files=[CV]))
    for place, octet in data.draw(st.lists(st.tuples(st.integers(0, len(octets) - 1), st.integers(0, 255)), max_size=20)):
        octets[place] = octet
    assert parse_message(bytes(octets)) is not None
    assert understand(bytes(octets), CONTEXT).verdict.reasons


YAML = st.sampled_from(
    [
        b"---\n",
        b"title: ",
        b"open: ",
        b"true\n",
        b'"',
        b"'",
        b": ",
        b"- ",
        b"[",
        b"{",
        b"&a ",
        b"*a ",
        b"!!python/object:os.system ",
        b"|\n",
        b"\t",
    ]
)
TEXT = st.sampled_from(
    [
        b"[a](mailto:a@b.fr?cc=",
        b"mailto:",
        b"@example.org",
        b"?subject=%C3",
        b"# ",
        b"> ",
        b"objet : ",
        b"<a href='",
        b"envoyez cv ",
        b"\r\n",
    ]
)


@settings(max_examples=300, deadline=SECONDS * 1000)
@given(st.lists(st.one_of(YAML, TEXT, st.binary(max_size=6)), max_size=40).map(b"".join), st.text(max_size=20))
def test_any_octets_are_an_ad(octets, name):
    offer = parse_offer(octets, name)
    assert offer.title
    assert offer.apply_by_email is bool(offer.recruiters)
    assert all("@" in address and address == address.lower() for address in offer.recruiters)


SLOW_TEXTS = {
    "blanks in a forward's only line": "---------- Forwarded message ----------From: x" + " " * 50_000,
    "many such lines": ("---------- Forwarded message ----------From: x" + " " * 2000 + "\n") * 180,
    "blanks after an introduction": "Le lundi 23 novembre, Anne a écrit" + " " * 100_000 + "x",
    "at signs in a field": "Message transféré\nDe : [" + "a@" * 200_000 + "\nObjet : x\n\ny",
    "fields without end": "De : x\n" * 60_000,
    "dashes": ("-" * 90 + "\n") * 4400,
    "signs of quotation": "> \n" * 130_000,
    "introductions that are none": ("le " + "a " * 100 + "\n" + "b " * 60 + "\n") * 1200,
    "one word": "a" * 400_000,
    "brackets": "De : " + "<mailto:" * 40_000 + "\nObjet : x\n",
}


@pytest.mark.parametrize("subject", ["Fwd: x", "x"])
@pytest.mark.parametrize("text", SLOW_TEXTS.values(), ids=SLOW_TEXTS.keys())
def test_no_text_takes_long(text, subject):
    mail = eml(text, subject=subject)
    with at_most(4):
        assert understand(mail, CONTEXT).verdict.reasons
