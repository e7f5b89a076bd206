"""Data that a recruiter must not keep: social security and bank account numbers (Code du travail, L1221-6; RGPD art. 5(1)(c))."""

from __future__ import annotations

import re

_GAP = r"[ \t.\-]?"
_NIR = re.compile(
    rf"(?<![\dA-Za-z+])([1278]{_GAP}\d\d{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d\d|2[ABab]){_GAP}\d{{3}}{_GAP}\d{{3}})({_GAP}\d\d)?(?!\d)"
)
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \t]?[A-Z0-9]){11,35}(?![A-Za-z0-9])")
_NAMED = re.compile(r"(?i)s[ée]cu(?:rit[ée])?\b|\bNIR\b|\bINSEE\b|n°\s*ss\b|social security")


def mask(text: str) -> tuple[str, bool]:
    """Return `text` with such numbers replaced by as many bullets, and whether there was one. Offsets stay as they were."""
    found = False

    def hide(number: str) -> str:
        nonlocal found
        found = True
        return re.sub(r"\w", "•", number)

    def nir(match: re.Match[str]) -> str:
        # 13 digits without their key are too weak alone: only where the text calls them by name
        named = _NAMED.search(text[max(0, match.start() - 60) : match.start()])
        return hide(match[0]) if (_key_fits(match[1], match[2]) if match[2] else named) else match[0]

    def iban(match: re.Match[str]) -> str:
        # words in capitals may follow the number
        number = match[0]
        while number and not _is_iban(number):
            number = re.sub(r"(?:^|[ \t])[A-Z0-9]+$", "", number)
        return hide(number) + match[0][len(number) :] if number else match[0]

    text = _NIR.sub(nir, text)
    return _IBAN.sub(iban, text), found


def _key_fits(number: str, key: str) -> bool:
    """Check the key of a social security number: 97 minus the number modulo 97; Corsica's 2A counts as 19, 2B as 18."""
    digits = re.sub(r"[^0-9AB]", "", number.upper()).replace("2A", "19").replace("2B", "18")
    return digits.isdigit() and 97 - int(digits) % 97 == int(re.sub(r"\D", "", key))


def _is_iban(text: str) -> bool:
    """Check length and check digits of an IBAN (ISO 13616, modulo 97)."""
    code = re.sub(r"\s", "", text)
    if not 15 <= len(code) <= 34:
        return False
    return int("".join(str(int(sign, 36)) for sign in code[4:] + code[:4])) % 97 == 1
