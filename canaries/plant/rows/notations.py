"""Writing a phony person's values as a neighbour writes theirs: phones, dates, locales, upper and lower case; pure."""

from __future__ import annotations

import datetime as dt
import re

from canaries.content.locales import calling_code

_DAYS = ("%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%Y/%m/%d", "%Y%m%d", "%d-%m-%Y")


def phone(value: str, neighbour: str, country: str) -> str:
    """The number ``value`` (as its country writes it) in the manner of ``neighbour``: with +, 00, or neither, and that
    neighbour's separators where the digits are as many; otherwise the separator it uses most."""
    code, national = calling_code(country), re.sub(r"\D", "", value)
    if dialled := re.match(r"00([1-9]\d{0,2}) ", value):  # a number kept in another country
        code, national = dialled[1], national[2 + len(dialled[1]) :]
    if not code:
        return value
    abroad = national.removeprefix("0")  # the trunk 0 is not dialled from abroad
    digits = re.sub(r"\D", "", neighbour)
    if neighbour.startswith("+"):
        fresh, lead = code + abroad, "+"
    elif digits.startswith("00"):
        fresh, lead = "00" + code + abroad, ""
    elif (digits.startswith(code) and len(digits) == len(code + abroad) and code != "1") or (
        code == "1" and len(digits) == 11
    ):
        fresh, lead = code + abroad, ""
    else:
        fresh, lead = national, ""
    if len(fresh) == len(digits):
        letters = iter(fresh)
        return re.sub(r"\d", lambda _: next(letters), neighbour)
    between = re.findall(r"\D+", neighbour.lstrip("+"))
    if not between:
        return lead + fresh
    if lead:
        return f"+{code}{between[0][0] if between[0][0] in ' -.' else ' '}{abroad}"
    return value


def day(value: str, neighbour: object) -> object:
    """The ISO date ``value`` in the manner of ``neighbour``: a date, or a text in one of the usual notations."""
    parsed = dt.date.fromisoformat(value)
    if isinstance(neighbour, dt.datetime):
        return dt.datetime(parsed.year, parsed.month, parsed.day, tzinfo=neighbour.tzinfo)
    if isinstance(neighbour, dt.date):
        return parsed
    for form in _DAYS:
        try:
            dt.datetime.strptime(str(neighbour), form)  # noqa: DTZ007  a date has no zone
        except ValueError:
            continue
        return parsed.strftime(form)
    return value


def place(value: str, neighbour: str) -> str:
    """The locale ``value`` (``de_DE``) as ``neighbour`` writes one: ``de``, ``de-DE``, ``de_de`` ..."""
    language, _, country = value.partition("_")
    if re.fullmatch(r"[A-Za-z]{2,3}", neighbour):
        return cased(language, neighbour)
    if found := re.fullmatch(r"([A-Za-z]{2,3})([-_])([A-Za-z]{2})", neighbour):
        return cased(language, found[1]) + found[2] + cased(country, found[3])
    return value


def cased(value: str, neighbour: str) -> str:
    """In capitals or small letters throughout, where the neighbour's is."""
    letters = [char for char in neighbour if char.isalpha()]
    if len(letters) > 1 and all(char.isupper() for char in letters):
        return value.upper()
    return value.lower() if letters and all(char.islower() for char in letters) else value
