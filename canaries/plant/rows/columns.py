"""Which column of a stranger's table takes which value of a bait's row: names and their common synonyms, pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_SYNONYMS = """
email e_mail mail email_address mail_address user_email primary_email contact_email
phone phone_number telephone tel mobile mobile_phone mobile_number cell cell_phone msisdn contact_phone
username user_name login user_login login_name nick nickname handle screen_name account_name uid
password_hash passwd_hash pw_hash hashed_password encrypted_password password_digest pwhash password passwd pwd
first_name given_name forename fname
last_name surname family_name lname
name full_name display_name real_name person_name subscriber_name customer_name
street street_address address address1 address_1 address_line1 address_line_1 addr street_line
city town locality
postcode postal_code zip zip_code post_code plz
state region province county
country country_code country_name
profile_url url website web_site homepage home_page link
birth_date birthday date_of_birth dob born
company organisation organization employer org
locale language lang
"""
"""Each line: names of one thing, most usual first. A bare ``password`` takes the hash: tables keep no clear text."""

_ARRIVALS = """
created_at created created_on creation_date date_created date_joined joined_at joined signup_at signup_date
signed_up_at registered_at registered_on registration_date inserted_at subscribed_at added_at
updated_at updated updated_on modified_at modified last_modified changed_at date_modified
"""
"""Names of columns that say when a row came, or was last changed."""

_GROUPS = tuple(
    frozenset(name.replace("_", "") for name in line.split()) for line in _SYNONYMS.strip().splitlines()
)
_TIMES = frozenset(name.replace("_", "") for name in _ARRIVALS.split())
_CLEAR = frozenset({"password", "passwd", "pwd"})
_HASH_GROUP = next(group for group in _GROUPS if "passwordhash" in group)


def plain(name: str) -> str:
    """``E-Mail_Address`` and ``emailAddress`` are one name."""
    return "".join(char for char in name.lower() if char.isalnum())


def is_arrival(column: str) -> bool:
    """Whether this column says when the row came or was last changed."""
    return plain(column) in _TIMES


def is_clear_password(key: str) -> bool:
    """Whether this key of a bait's row is a password in clear."""
    return plain(key) in _CLEAR


def says_hash(column: str) -> bool:
    """Whether this column's own name says that it holds hashes."""
    return plain(column) in _HASH_GROUP - _CLEAR


def match(row: Iterable[str], columns: Iterable[str]) -> Mapping[str, str]:
    """Column to the key of ``row`` whose value it takes: by the same name first, then by synonym.

    A key serves the first free column of its group only, so that one phone number does not fill three columns.
    """
    keys, free = list(row), list(columns)
    matched: dict[str, str] = {}
    hashed = any(plain(key) in _HASH_GROUP and plain(key) != "password" for key in keys)
    for key in keys:
        if plain(key) == "password" and hashed:
            continue  # the clear text is for whoever cracks the hash
        column = next((name for name in free if plain(name) == plain(key)), None)
        if column is not None:
            matched[column] = key
            free.remove(column)
    for key in keys:
        if key in matched.values() or (plain(key) == "password" and hashed):
            continue
        group = next((group for group in _GROUPS if plain(key) in group), frozenset[str]())
        column = next((name for name in free if plain(name) in group), None)
        if column is not None:
            matched[column] = key
            free.remove(column)
    return matched
