"""Data that a recruiter must not keep: numbers of social security, bank accounts and cards (Code du travail, L1221-6; RGPD art. 5(1)(c)).

Each is told by its check digits, so that other long numbers stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable

_GAP = r"[ \t.\-\n\u00a0\u202f]{0,2}"
_NIR = re.compile(
    rf"(?<![\dA-Za-z+])([1-478]{_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d\d|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}})({_GAP}\d\d)?(?!\d)"
)
_NAMED = re.compile(r"(?i)s[ée]cu(?:rit[ée])?\b|\bNIR\b|\bINSEE\b|n°\s*ss\b|social security")
_IBAN = re.compile(rf"(?<![A-Za-z0-9])([A-Za-z]{{2}}{_GAP}\d{{2}})(?=((?:{_GAP}[A-Za-z0-9]){{11,30}}))")
_COUNTRIES_OF_LENGTH = {
    15: "NO",
    16: "BE",
    18: "DK FI NL",
    19: "SI",
    20: "AT EE LT LU",
    21: "CH HR LI LV",
    22: "BG DE GB IE RS",
    23: "AE GI IL",
    24: "AD CZ ES RO SA SE SK TN",
    25: "PT",
    26: "DZ IS TR",
    27: "FR GR IT MC MR SM",
    28: "BJ CI CY HU LB MA PL SN",
    29: "BR QA UA",
    31: "MT",
}
"""Countries whose account numbers have so many characters (ISO 13616)."""
_IBAN_LENGTHS = {country: length for length, countries in _COUNTRIES_OF_LENGTH.items() for country in countries.split()}
_FEWEST_DIGITS = 10
"""In an account number of any country."""
_VALUES = {sign: str(int(sign, 36)) for sign in "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
_SIGNS = re.compile(r"[^A-Za-z0-9]+")
_RIB = re.compile(rf"(?<![A-Za-z0-9])\d{{5}}{_GAP}\d{{5}}{_GAP}(?:[A-Za-z0-9]{_GAP}){{11}}\d{{2}}(?![A-Za-z0-9])")
_RIB_LETTERS = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
_CARD = re.compile(
    r"(?<![\w/.\-])(?:(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6\d{3})([ \-]?)\d{4}\1\d{4}\1\d{4}|3[47]\d\d([ \-]?)\d{6}\2\d{5})(?![\w/]|[.\-]\d)"
)


def mask(text: str) -> tuple[str, bool]:
    """Return `text` with such numbers replaced by as many bullets, and whether there was one. Offsets stay as they were."""
    masked = _NIR.sub(lambda match: _hidden(match[0]) if _is_nir(match) else match[0], text)
    masked = _without_ibans(masked)
    masked = _hide(_RIB, masked, _is_rib)
    masked = _hide(_CARD, masked, _is_card)
    return masked, masked != text


def _hide(pattern: re.Pattern[str], text: str, is_one: Callable[[str], bool]) -> str:
    return pattern.sub(lambda match: _hidden(match[0]) if is_one(match[0]) else match[0], text)


def _hidden(number: str) -> str:
    return re.sub(r"\w", "•", number)


def _is_nir(match: re.Match[str]) -> bool:
    """Tell whether a number's key fits; 13 digits without their key are too weak alone: only where the text calls them by name."""
    if match[2]:
        return _key_fits(match[1], match[2])
    return _NAMED.search(match.string[max(0, match.start() - 60) : match.start()]) is not None


def _key_fits(number: str, key: str) -> bool:
    """Check the key of a social security number: 97 minus the number modulo 97; Corsica's 2A counts as 19, 2B as 18."""
    digits = re.sub(r"[^0-9AB]", "", number.upper()).replace("2A", "19").replace("2B", "18")
    return digits.isdecimal() and 97 - int(digits) % 97 == int(re.sub(r"\D", "", key))


def _without_ibans(text: str) -> str:
    """Return `text` with the accounts in it hidden; words may follow a number without a sign between them."""
    parts: list[str] = []
    done = 0
    for match in _IBAN.finditer(text):
        if match.start() < done or (end := _end_of_iban(match)) is None:
            continue
        parts += [text[done : match.start()], _hidden(text[match.start() : end])]
        done = end
    return "".join([*parts, text[done:]]) if parts else text


def _end_of_iban(match: re.Match[str]) -> int | None:
    """Return where the account number ends that begins with `match`; None where its check digits do not fit (modulo 97)."""
    length = _IBAN_LENGTHS.get(match[1][:2].upper())
    written = match[1] + match[2]
    code = _SIGNS.sub("", written)[:length].upper()
    if length is None or len(code) < length or sum(map(str.isdecimal, code)) < _FEWEST_DIGITS:
        return None
    if int("".join(_VALUES[sign] for sign in code[4:] + code[:4])) % 97 != 1:
        return None
    places = [index for index, sign in enumerate(written) if sign in _VALUES or sign.upper() in _VALUES]
    return match.start() + places[length - 1] + 1


def _is_rib(written: str) -> bool:
    """Check the key of a French account number: bank, branch, account and two digits."""
    code = re.sub(r"\W", "", written).upper().translate(_RIB_LETTERS)
    if len(code) != 23 or not code.isdecimal():
        return False
    bank, branch, account, key = int(code[:5]), int(code[5:10]), int(code[10:21]), int(code[21:])
    return 97 - (89 * bank + 15 * branch + 3 * account) % 97 == key


def _is_card(written: str) -> bool:
    """Check the last digit of a card's number (ISO/IEC 7812, Luhn)."""
    digits = [int(sign) for sign in re.sub(r"\D", "", written)]
    doubled = [digit if place % 2 == 0 else (2 * digit - 1) % 9 + 1 if digit else 0 for place, digit in enumerate(reversed(digits))]
    return sum(doubled) % 10 == 0
