"""`pli parse` as people and scripts use it: JSON lines, cards, pages, and what an ad asks."""

from __future__ import annotations

import json
import os
import pty
import re
import signal
import subprocess
from base64 import b64decode
from html.parser import HTMLParser
from io import BytesIO
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mails import cv
from office import PROGRAM
from office import run_here as pli

from cli import console
from cli.child import ReadFile
from cli.findings import findings
from cli.parse_html import _pieces, page_of
from cli.parse_words import LANGUAGES, length, words
from cli.places import boxes_of, letters_of, sheet_of
from parsing.documents import Document, media_type
from parsing.documents.pdf_layout import Word
from parsing.profile import Education, Fact, Language, NetworkProfile, Profile, Work
from parsing.requirements import Kind

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[1]), "PYTHONUNBUFFERED": "1", "TERM": "xterm"}
AD = """---
title: Développeuse ou développeur Python
open: true
---

## Profil recherché

- Vous maîtrisez Python
- Vous connaissez Kubernetes
"""
HOSTILE = """<script>alert(1)</script> "Léa" Morin
Développeuse "><img src=x onerror=alert(1)>
lea.morin@example.net
\x1b[31mrouge\x1b[0m \u202eesrever

Compétences
Python, <script>alert(2)</script>, Kubernetes
"""
VOID = {"meta", "img", "br", "link", "input", "hr"}


class Tree(HTMLParser):
    """What a browser would see of a page: elements with their attributes, and that they are closed in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self._open: list[str] = []
        self.feed(page)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self._open[-1:] != ["style"]:
            self.text += data

    def of(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.elements if tag == name]

    def boxes(self) -> list[dict[str, str | None]]:
        return [attributes for attributes in self.of("a") if "box" in (attributes.get("class") or "").split()]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "cv.pdf").write_bytes(cv())
    (tmp_path / "cv.txt").write_text("Léa Morin\nlea.morin@example.net\n\nCompétences\nPython, Django\n", encoding="utf-8")
    (tmp_path / "broken.pdf").write_bytes(cv()[:300])
    (tmp_path / "ad.md").write_text(AD, encoding="utf-8")
    return tmp_path


def sound(page: str) -> Tree:
    """Return the page's elements; it must need nothing else, run nothing, and lead nowhere in vain."""
    tree = Tree(page)
    assert tree.of("script") == []
    assert not [name for _, attributes in tree.elements for name in attributes if name.startswith("on")]
    assert all((attributes.get("src") or "").startswith("data:image/png;base64,") and attributes["alt"] for attributes in tree.of("img"))
    assert "http://" not in page.replace(tree.text, "")
    assert not re.search(r"url\(|@import", page)
    ids = [attributes["id"] for _, attributes in tree.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    links = [attributes["href"] or "" for attributes in tree.of("a")]
    assert {link.removeprefix("#") for link in links if link.startswith("#")} <= set(ids)
    assert [level for level, _ in tree.elements if level[0] == "h" and level[1:].isdecimal()][:2] in (["h1", "h2"], ["h1"])
    return tree


def test_a_line_says_what_read_each_page_and_what_nobody_sees(folder):
    [line] = pli("parse", "--json", "cv.pdf", folder=folder)[0].splitlines()
    read = json.loads(line)
    assert (read["engines"], read["hidden"], read["evidence"]) == (["pdfium"], "", None)


def test_a_card_names_each_fact_with_its_page_and_has_no_colour_in_a_pipe(folder):
    out, _ = pli("parse", "cv.pdf", folder=folder)
    assert out.startswith("cv.pdf: PDF, 1 page, in French, read by pdfium, ")
    basics = json.loads(pli("parse", "--json", "cv.pdf", folder=folder)[0])["profile"]["basics"]
    for label, key in (("name", "name"), ("telephone", "phone")):
        page = basics["sources"][key]["page"]
        assert f"  {label}: {basics[key]}{f' [p. {page}]' if page else ''}\n" in out
    assert "\x1b" not in out


def test_a_card_tells_problems_in_words(folder):
    assert "  problem: damaged, does not open\n" in pli("parse", "broken.pdf", folder=folder)[0]


def test_an_empty_file_is_called_so_on_the_card_and_on_the_page(folder):
    (folder / "nothing.pdf").touch()
    assert "  problem: empty file\n" in pli("parse", "nothing.pdf", folder=folder)[0]
    pli("parse", "nothing.pdf", "--html", "page.html", folder=folder)
    said = sound((folder / "page.html").read_text(encoding="utf-8")).text
    assert "Fichier vide" in said
    assert "ne lit pas" not in said


@pytest.mark.parametrize("width", [24, 60, 120])
def test_a_card_fits_the_terminal(folder, width, monkeypatch):
    monkeypatch.setattr(console, "terminal_width", lambda: width)
    out, _ = pli("parse", "cv.pdf", folder=folder)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    assert max(map(len, plain.splitlines())) <= width
    assert "lea.morin@example.net" in plain.replace("\n", "").replace(" ", "")


@pytest.mark.parametrize("width", [None, 80])
def test_a_file_cannot_steer_the_terminal(tmp_path, width, monkeypatch):
    (tmp_path / "cv.txt").write_text(HOSTILE, encoding="utf-8")
    monkeypatch.setattr(console, "terminal_width", lambda: width)
    monkeypatch.setenv("NO_COLOR", "1")
    out, _ = pli("parse", "cv.txt", folder=tmp_path)
    assert "lea.morin@example.net" in out
    assert not {"\x1b[31m", "\u202e"} & set(re.findall(r"\x1b\[31m|\u202e", out))


def test_everything_a_profile_may_hold_is_on_the_card(capsys, monkeypatch):
    from cli.parse_card import print_card

    monkeypatch.setattr(console, "terminal_width", lambda: None)
    print_card("cv", ReadFile(Document("text/plain", text="x"), FULL, 0.1))
    out = capsys.readouterr().out
    for said in (
        "place: Nantes [p. 1]",
        "link: GitHub: https://github.com/lea",
        "experience: 6 years and 3 months in all",
        "experience as stated: 8 ans [p. 1]",
        "work: Développeuse, Coopérative du Lac (Annecy) [March 2019 – today] [p. 2]",
        "education: Master, Informatique (bac+5) [2017 – 2018] [p. 2]",
        "skills: Python, Django [p. 1], Rust [p. 2]",
        "languages: anglais (C1 · courant) [p. 2]",
        "certificates: Opquast [p. 2]",
    ):
        assert f"  {said}" in out


def test_in_a_pipe_each_fact_is_one_line(capsys, monkeypatch):
    from cli.parse_card import print_card

    monkeypatch.setattr(console, "terminal_width", lambda: None)
    works = (Work(position="Développeuse\nprincipale", name="Coopérative\tdu\u2028Lac"),)
    print_card("cv", ReadFile(Document("text/plain", text="x"), Profile(work=works), 0.1))
    assert capsys.readouterr().out.splitlines()[1:-1] == ["  work: Développeuse principale, Coopérative du Lac"]


FULL = Profile(
    location=Fact("Nantes", "Nantes", "cv", 0, 1),
    profiles=(NetworkProfile("GitHub", "lea", Fact("https://github.com/lea", "https://github.com/lea", "link")),),
    work=(
        Work(
            position="Développeuse",
            name="Coopérative du Lac",
            location="Annecy",
            start_date="2019-03",
            current=True,
            quote="Développeuse",
            start=9,
            page=2,
        ),
    ),
    education=(
        Education(study_type="Master", area="Informatique", level="bac+5", start_date="2017", end_date="2018", quote="M", start=30, page=2),
    ),
    skills=(Fact("Python", "Python", "cv", 40, 1), Fact("Django", "Django", "cv", 50, 1), Fact("Rust", "Rust", "cv", 60, 2)),
    languages=(Language(language="anglais", fluency="courant", level="C1", quote="anglais", start=70, page=2),),
    certificates=(Fact("Opquast", "Opquast", "cv", 80, 2),),
    experience_months=75,
    stated_experience=Fact("8 ans", "8 ans", "cv", 90, 1),
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_a_profile_may_hold_is_on_the_page(language):
    page = page_of("cv.txt", ReadFile(Document("text/plain", text="x" * 100), FULL, 0.1), (), language)
    said = sound(page).text
    for value in (
        "Nantes",
        "Développeuse, Coopérative du Lac",
        "Master, Informatique",
        "bac+5",
        "Rust",
        "anglais",
        "C1",
        "Opquast",
        "8 ans",
    ):
        assert value in said
    assert ("6 ans et 3 mois" if language == "fr" else "6 years and 3 months") in said
    assert ("mars 2019 – aujourd’hui" if language == "fr" else "March 2019 – today") in said


def test_a_page_shows_each_fact_of_a_pdf_where_it_stands(folder):
    out, _ = pli("parse", "cv.pdf", "--html", "page.html", folder=folder)
    assert out == "cv.pdf: page.html\n"
    tree = sound((folder / "page.html").read_text(encoding="utf-8"))
    assert tree.of("html") == [{"lang": "fr"}]
    assert len(tree.of("img")) == 1
    by_title = {box["title"]: box["style"] or "" for box in tree.boxes()}
    name = by_title["Nom : Léa Morin"]
    left, top, width, height = (float(share) for share in re.findall(r":([\d.]+)%", name))
    # drawn at 72, 780 in 12 points on a page of 595 x 842
    assert left == pytest.approx(100 * 72 / 595.28, abs=0.5)
    assert top + height == pytest.approx(100 * (841.89 - 780) / 841.89, abs=0.6)
    assert 5 < width < 12
    assert "Courriel : lea.morin@example.net" in by_title


def test_the_same_word_is_marked_where_it_was_read():
    lines = [("Java", 700), ("Python", 650), ("Java", 600)]
    page = [Word(text, 100, bottom, 130, bottom + 10) for text, bottom in lines]
    text = "Java\nPython\nJava"
    sheet = sheet_of(text, page, 500, 800)
    [first], [second] = boxes_of(sheet, "Java", 0), boxes_of(sheet, "Java", text.rindex("Java"))
    assert (round(first.top * 800), round(second.top * 800)) == (90, 190)


def test_a_part_of_a_word_is_marked_alone_and_a_word_inside_another_is_not_taken_for_it():
    page = [Word("Reactive", 0, 0, 80, 10), Word("Django/React,", 100, 0, 230, 10)]
    [box] = boxes_of(sheet_of("Reactive Django/React,", page, 1000, 100), "React", 16)
    assert (round(box.left, 3), round(box.width, 3)) == (0.17, 0.05)


def test_what_stands_on_several_lines_has_a_box_on_each():
    page = [Word("lea.morin@", 0, 80, 50, 90), Word("example.net", 0, 60, 50, 70)]
    assert len(boxes_of(sheet_of("lea.morin@\nexample.net", page, 100, 100), "lea.morin@\nexample.net", 0)) == 2


_WORDS = st.lists(
    st.builds(Word, st.text(max_size=8), *[st.floats(-1e6, 1e6, allow_nan=False)] * 4),
    max_size=8,
)


@given(_WORDS, st.text(max_size=40), st.text(max_size=12), st.integers(0, 40))
def test_boxes_lie_on_the_page_whatever_the_file_says(page, text, quote, start):
    for box in boxes_of(sheet_of(text, page, 595, 842), quote, start):
        assert 0 <= box.left <= box.left + box.width <= 1.0001
        assert 0 <= box.top <= box.top + box.height <= 1.0001


@given(st.text())
def test_letters_keep_their_places(text):
    found = letters_of(text)
    assert len(found.text) == len(found.origin)
    assert list(found.origin) == sorted(found.origin)
    assert all(0 <= offset < len(text) for offset in found.origin)


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20)), max_size=6))
def test_a_marked_text_says_what_the_text_said(text, spans):
    known = {number: (start, min(start + long, len(text))) for number, (start, long) in enumerate(spans) if start < len(text)}
    facts = findings(Profile(skills=tuple(Fact("x", "x", "cv", 0) for _ in spans)))
    pieces = list(_pieces(text, 0, len(text), known, facts, "fr"))
    assert "".join(piece.text for piece in pieces) == text
    assert sorted(anchor for piece in pieces for anchor in piece.anchors) == sorted(f"t{number}" for number in known)


def test_a_text_is_shown_with_its_facts_marked(folder):
    pli("parse", "cv.txt", "--html", "page.html", "--language", "en", folder=folder)
    tree = sound((folder / "page.html").read_text(encoding="utf-8"))
    assert tree.of("html") == [{"lang": "en"}]
    titles = [mark["title"] for mark in tree.of("mark")]
    assert "E-mail: lea.morin@example.net" in titles
    assert "Skill: Django" in titles


@pytest.mark.parametrize("name", ["cv.txt", '"><script>alert(3)</script>.txt'.replace("/", "_")])
def test_a_page_runs_nothing_that_a_file_says(tmp_path, name):
    (tmp_path / name).write_text(HOSTILE, encoding="utf-8")
    pli("parse", name, "--html", "page.html", folder=tmp_path)
    tree = sound((tmp_path / "page.html").read_text(encoding="utf-8"))
    assert "<script>alert(1)</script>" in tree.text
    assert tree.of("img") == []


def test_a_picture_is_shown_as_it_is_and_a_broken_one_is_not(folder):
    from PIL import Image

    Image.new("RGB", (1200, 600), "white").save(folder / "scan.jpg", exif=b"Exif\x00\x00secret")
    (folder / "broken.jpg").write_bytes((folder / "scan.jpg").read_bytes()[:40])
    pli("parse", "scan.jpg", "broken.jpg", "--html", "pages", folder=folder)
    [image] = sound((folder / "pages" / "scan.html").read_text(encoding="utf-8")).of("img")
    picture = b64decode((image["src"] or "").partition(",")[2])
    assert Image.open(BytesIO(picture)).size == (1000, 500)
    assert b"secret" not in picture
    assert sound((folder / "pages" / "broken.html").read_text(encoding="utf-8")).of("img") == []


def test_several_files_make_a_folder_of_pages_with_an_index_in_their_order(folder):
    out, _ = pli("parse", "cv.txt", "cv.pdf", "broken.pdf", "--html", "pages", folder=folder)
    assert out.splitlines() == [
        "cv.txt: pages/cv.html",
        "cv.pdf: pages/cv-2.html",
        "broken.pdf: pages/broken.html",
        "index: pages/index.html",
    ]
    index = sound((folder / "pages" / "index.html").read_text(encoding="utf-8"))
    assert [link["href"] for link in index.of("a")] == ["cv.html", "cv-2.html", "broken.html"]
    assert "damaged" in index.text or "endommagé" in index.text


def test_a_page_is_never_written_over_a_file_that_is_read(folder):
    content = "<p>Léa Morin</p><p>lea.morin@example.net</p>"
    (folder / "cv.html").write_text(content)
    pli("parse", "cv.html", "--html", ".", folder=folder)
    assert (folder / "cv-2.html").is_file()
    _, err = pli("parse", "cv.html", "--html", "cv.html", folder=folder, code=2)
    assert "cv.html is a file to be read" in err
    assert (folder / "cv.html").read_text() == content


def test_an_index_does_not_say_where_on_the_machine_the_files_lie(folder):
    (folder / "in" / "b").mkdir(parents=True)
    for name in ("b/2.txt", "1.txt"):
        (folder / "in" / name).write_text("Léa Morin", encoding="utf-8")
    pli("parse", str(folder / "in"), "--html", "pages", folder=folder)
    index = sound((folder / "pages" / "index.html").read_text(encoding="utf-8"))
    assert "b/2.txt" in index.text
    assert str(folder) not in index.text
    pli("parse", str(folder / "in" / "1.txt"), "cv.txt", "--html", "pages", folder=folder)  # nothing is shared: as they were named
    assert str(folder / "in" / "1.txt") in sound((folder / "pages" / "index.html").read_text(encoding="utf-8")).text


def test_a_page_is_never_written_over_another_kind_of_file_or_into_a_dash(folder):
    _, err = pli("parse", "cv.txt", "--html", "ad.md", folder=folder, code=2)
    assert "ad.md is a file, and no page is written over it; name one that ends in .html, or a folder" in err
    assert (folder / "ad.md").read_text(encoding="utf-8") == AD
    _, err = pli("parse", "cv.txt", "--html", "-", folder=folder, code=2)
    assert "--html: - is no place" in err
    assert not (folder / "-").exists()


def test_many_pages_do_not_fit_one_file(folder):
    _, err = pli("parse", "cv.txt", "cv.pdf", "--html", "page.html", folder=folder, code=2)
    assert "name a folder" in err


def test_a_folder_is_read_with_its_subfolders_in_the_order_of_names(folder):
    (folder / "in" / "b").mkdir(parents=True)
    (folder / "in" / ".hidden").mkdir()
    for name in ("b/2.pdf", "1.pdf", ".hidden/3.pdf", ".4.pdf"):
        (folder / "in" / name).write_bytes(cv())
    (folder / "in" / "0.pdf").symlink_to(folder / "cv.pdf")
    out, err = pli("parse", "--json", "in", folder=folder)
    assert [json.loads(line)["file"] for line in out.splitlines()] == ["in/1.pdf", "in/b/2.pdf"]
    assert "in: 2 files" in err


def test_an_empty_folder_and_a_missing_file_are_named(folder):
    (folder / "empty").mkdir()
    out, err = pli("parse", "--json", "empty", "nowhere.pdf", "cv.pdf", folder=folder, code=1)
    assert [json.loads(line)["file"] for line in out.splitlines()] == ["cv.pdf"]
    assert "empty: there is no file in this folder" in err
    assert "nowhere.pdf: cannot be read (No such file or directory)" in err


def test_what_an_ad_asks_is_shown_with_quotations_and_never_scored(folder):
    [line] = pli("parse", "--json", "--offer", "ad.md", "cv.txt", folder=folder)[0].splitlines()
    by_asked = {item["asked"]: item for item in json.loads(line)["evidence"]}
    [python] = by_asked["Python"]["found"]
    assert "Python" in python["source"]["quote"]
    assert python["value"] == "Python"
    assert by_asked["Kubernetes"]["found"] == []
    assert set(by_asked["Python"]) == {"kind", "asked", "sentence", "sought", "found"}
    pli("parse", "--offer", "ad.md", "cv.txt", "--html", "page.html", folder=folder)
    said = sound((folder / "page.html").read_text(encoding="utf-8")).text
    assert "Ce que demande l’annonce" in said
    assert "non trouvé dans le texte" in said
    card, _ = pli("parse", "--offer", "ad.md", "cv.txt", folder=folder)
    assert "  asked: Python: “Python, Django”\n" in card
    assert "  asked: Kubernetes: not found in the text\n" in card


def test_an_ad_that_is_not_there_ends_the_command(folder):
    out, err = pli("parse", "--offer", "no.md", "cv.txt", folder=folder, code=2)
    assert out == ""
    assert "--offer: no.md cannot be read" in err


def test_what_is_no_ad_ends_the_command_and_an_ad_that_asks_nothing_is_named(folder):
    (folder / "photo.md").write_bytes(bytes(range(256)))
    out, err = pli("parse", "--offer", "photo.md", "cv.txt", folder=folder, code=2)
    assert out == ""
    assert "--offer: photo.md: is no text" in err
    (folder / "ad.md").write_text("---\ntitle: Bonjour\nopen: true\n---\n\nMerci.\n", encoding="utf-8")
    out, _ = pli("parse", "--offer", "ad.md", "cv.txt", folder=folder)
    assert "  asked: The ad asks nothing that could be looked for.\n" in out


def test_a_file_may_come_in_on_stdin(folder):
    done = subprocess.run([*PROGRAM, "parse", "--json", "-"], input=cv(), capture_output=True, env=ENVIRONMENT, cwd=folder, check=True)
    read = json.loads(done.stdout)
    assert (read["file"], read["profile"]["basics"]["name"]) == ("-", "Léa Morin")
    done = subprocess.run([*PROGRAM, "parse", "-"], input=b"", capture_output=True, env=ENVIRONMENT, cwd=folder, check=True)
    assert done.stderr == b"pli: -: empty file\n"


def test_ctrl_c_ends_it_with_one_line(folder):
    arguments = [*PROGRAM, "parse", "--json", *["cv.pdf"] * 2000]
    with subprocess.Popen(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=ENVIRONMENT, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline().startswith("{")
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
    assert (process.returncode, said) == (1, "\npli: interrupted\n")


def test_a_person_sees_how_far_it_is_and_json_stays_clean(folder):
    ours, theirs = pty.openpty()
    try:
        arguments = [*PROGRAM, "parse", "--json", *["cv.pdf"] * 9]
        done = subprocess.run(arguments, cwd=folder, stdout=subprocess.PIPE, stderr=theirs, env=ENVIRONMENT, check=True)
        os.set_blocking(ours, False)
        seen = os.read(ours, 65536)
    finally:
        os.close(ours)
        os.close(theirs)
    assert b"reading CVs" in seen
    assert [json.loads(line)["file"] for line in done.stdout.splitlines()] == ["cv.pdf"] * 9


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_format_that_is_told_apart_has_a_name(language):
    kinds = {kind for name, kind in vars(media_type).items() if name.isupper() and isinstance(kind, str)} - {media_type._OLE}
    kinds |= {kind for table in (media_type._SIGNATURES, media_type._OFFICE) for _, kind in table} | media_type.IMAGES
    assert media_type.PDF in kinds
    assert kinds <= set(words(language)["media"])


def test_both_languages_say_everything():
    def keys(table, before=""):
        for key, value in table.items():
            yield from keys(value, f"{before}{key}.") if isinstance(value, dict) else [f"{before}{key}"]

    french, english = (sorted(keys(words(language))) for language in LANGUAGES)
    assert french == english


@pytest.mark.parametrize(("months", "said"), [(0, "0 mois"), (1, "1 mois"), (12, "1 an"), (13, "1 an et 1 mois"), (30, "2 ans et 6 mois")])
def test_a_length_in_words(months, said):
    assert length(months, "fr") == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_whatever_an_ad_may_ask_has_its_word(language):
    assert set(get_args(Kind)) <= set(words(language)["asked"])


@pytest.mark.parametrize(
    ("quote", "place", "value"),
    [
        ("04.2022 → 06.2024", None, ""),
        ("Istanbul, Turkey\nSept 2021", "Istanbul, Turkey", ""),
        ("Feb. 2004 – Nov. 2006\tAt vero eos", None, "At vero eos"),
    ],
)
def test_a_date_or_a_place_is_shown_as_no_title(quote, place, value):
    (found,) = findings(Profile(work=(Work(location=place, start_date="2021", quote=quote, start=0),)))
    assert (found.value, found.detail, found.quote) == (value, place or "", quote)
