"""Accounts for tests of more than one room: one that signs in, one with a token."""

from __future__ import annotations

from dataclasses import dataclass

from canaries.accounts import accounts, invitations, passwords, sessions, tokens
from canaries.accounts.accounts import OperatorAccount
from canaries.accounts.sessions import SignedIn
from canaries.installation.home import Home

PASSWORD = "five plain words in a row"


@dataclass
class Member:
    """Somebody with a password and an authenticator."""

    home: Home
    account: OperatorAccount
    secret: bytes

    def code(self, ahead: int = 0) -> str:
        """Of the home's present time step, or one ``ahead``."""
        return passwords.code_at(
            self.secret, int(self.home.clock.now().timestamp()) // passwords.STEP + ahead
        )

    def sign_in(self, ahead: int = 1, ip: str = "192.0.2.1", password: str = PASSWORD) -> SignedIn:
        """With the next code: that of now was used up by accepting the invitation."""
        return sessions.sign_in(self.home, self.account.name, password, self.code(ahead), ip)


def member(home: Home, name: str, role: str) -> Member:
    """A new account that has taken up its invitation."""
    _, code = accounts.add(home, name, role)
    secret = invitations.open_(home, code).secret
    someone = Member(home, accounts.find(home, name), secret)
    invitations.accept(home, code, secret, PASSWORD, someone.code())
    someone.account = accounts.find(home, name)
    return someone


def token(home: Home, name: str, role: str, *scopes: str) -> str:
    """The secret of a token of the account ``name``, which is made where there is none."""
    if name not in [one.name for one in accounts.listing(home)]:
        accounts.add(home, name, role)
    return tokens.create(home, accounts.find(home, name), "tests", scopes)[1]
