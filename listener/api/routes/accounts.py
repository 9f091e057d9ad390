"""Accounts and tokens: who may do what, changed by an admin; one's own tokens by oneself."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from canaries.accounts import accounts, approvals, sessions, tokens
from canaries.accounts.permissions import ROLES, Permission
from canaries.core.errors import NotFoundError
from listener.api import own
from listener.api.fields import RequestBody, reason, words
from listener.api.guard import caller
from listener.api.routing import Resource

resource = Resource(
    "accounts", "Who may use console and API. Every change is an entry; nobody changes their own account."
)


class AccountShape(Schema):
    """One account; no secret in it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    role = fields.String(required=True, metadata={"enum": list(ROLES)})
    created_at = fields.String(required=True)
    disabled_at = fields.String(required=True)
    signs_in = fields.Boolean(required=True)
    invited_until = fields.String(required=True)
    tokens = fields.Integer(required=True)


class InvitedShape(AccountShape):
    """An account and the code of its invitation, shown once."""

    invitation = fields.String(required=True)


class NewAccountBody(RequestBody):
    """An account to make."""

    name = words(64, least=1, required=True)
    role = fields.String(required=True, validate=validate.OneOf(list(ROLES)))
    reason = words(4000, load_default="")


class SessionShape(Schema):
    """One browser that is signed in; nothing in it lets anybody in."""

    id = fields.String(required=True)
    created_at = fields.String(required=True)
    used_at = fields.String(required=True)
    until = fields.String(required=True)
    network = fields.String(required=True)


class AccountChanges(RequestBody):
    """Either of the two or both, and why."""

    role = fields.String(validate=validate.OneOf(list(ROLES)))
    disabled = fields.Boolean(truthy={True}, falsy={False})
    reason = reason()

    @validates_schema
    def _any(self, data: dict[str, Any], **_: Any) -> None:
        if not {"role", "disabled"} & data.keys():
            raise ValidationError("give role or disabled", "role")


class ResetBody(RequestBody):
    """Why."""

    reason = reason()


class TokenShape(Schema):
    """One token; the secret is not in it."""

    id = fields.String(required=True)
    account = fields.String(required=True)
    name = fields.String(required=True)
    scopes = fields.List(fields.String(), required=True)
    created_at = fields.String(required=True)
    expires_at = fields.String(required=True)
    revoked_at = fields.String(required=True)
    used_at = fields.String(required=True)
    used_from = fields.String(required=True)


class NewTokenShape(TokenShape):
    """A token and its secret, shown once."""

    token = fields.String(required=True)


class NewTokenBody(RequestBody):
    """A token to make; without scopes: all that you have yourself."""

    name = words(80, least=1, required=True)
    scopes = fields.List(
        fields.String(validate=validate.OneOf([one.value for one in Permission])), load_default=list
    )
    days = fields.Integer(
        load_default=tokens.DAYS, strict=True, validate=validate.Range(min=1, max=tokens.MOST_DAYS)
    )


class MeShape(Schema):
    """Who you are here."""

    account = fields.String(required=True)
    role = fields.String(required=True)
    token = fields.String(required=True)
    permissions = fields.Dict(required=True, metadata={"description": "Permission to `own` or `all`."})


def _list_of(shape: type[Schema], name: str) -> type[Schema]:
    return Schema.from_dict({"items": fields.List(fields.Nested(shape), required=True)}, name=name)


def _approved(about: str, reason: str) -> None:
    approvals.require(caller().home, caller().actor, "accounts", about, reason)


@resource.on("GET", "/me", needs=None, gives=MeShape)
def me() -> dict[str, Any]:
    """Who asks, and what they may do."""
    actor = caller().actor
    reaches = {one.value: reach.value for one, reach in actor.reaches.items()}
    return {"account": actor.name, "role": actor.role, "token": actor.token, "permissions": reaches}


@resource.on("GET", "/accounts", needs=Permission.ACCOUNTS_READ, gives=_list_of(AccountShape, "AccountList"))
def listing() -> dict[str, Any]:
    """List accounts, by name."""
    return {"items": [asdict(one) for one in accounts.listing(caller().home)]}


@resource.on(
    "POST",
    "/accounts",
    needs=Permission.ACCOUNTS_CHANGE,
    takes=NewAccountBody,
    gives=InvitedShape,
    status=201,
)
def add(body: dict[str, Any]) -> dict[str, Any]:
    """Make an account; the code of its invitation comes once."""
    _approved(f"{body['name'].strip().lower()}: made {body['role']}", body["reason"])
    made, code = accounts.add(caller().home, body["name"], body["role"], body["reason"])
    return {**asdict(made), "invitation": code}


@resource.on("GET", "/accounts/<string:name>", needs=Permission.ACCOUNTS_READ, gives=AccountShape)
def one(name: str) -> dict[str, Any]:
    """One account, by name or id."""
    return asdict(accounts.find(caller().home, name))


@resource.on(
    "PATCH",
    "/accounts/<string:name>",
    needs=Permission.ACCOUNTS_CHANGE,
    takes=AccountChanges,
    gives=AccountShape,
)
def change(body: dict[str, Any], name: str) -> dict[str, Any]:
    """Give it another role, disable it or let it in again: its sessions end at once."""
    home = caller().home
    found = accounts.find(home, name)
    lets_in = [f"role {body['role']}"] if "role" in body else []
    lets_in += ["enabled"] if body.get("disabled") is False else []
    if lets_in:  # disabling is never waited for
        _approved(f"{found.name}: {', '.join(lets_in)}", body["reason"])
    if "role" in body:
        found = accounts.set_role(home, found.id, body["role"], body["reason"])
    if "disabled" in body:
        change = accounts.disable if body["disabled"] else accounts.enable
        found = change(home, found.id, body["reason"])
    return asdict(found)


@resource.on(
    "POST",
    "/accounts/<string:name>/reset",
    needs=Permission.ACCOUNTS_CHANGE,
    takes=ResetBody,
    gives=InvitedShape,
)
def reset(body: dict[str, Any], name: str) -> dict[str, Any]:
    """Recover it: password, one-time codes, sessions and tokens are gone; a new invitation's code comes once."""
    _approved(f"{accounts.find(caller().home, name).name}: recovered", body["reason"])
    found, code = accounts.reset(caller().home, name, body["reason"])
    return {**asdict(found), "invitation": code}


@resource.on(
    "GET",
    "/accounts/<string:name>/sessions",
    needs=Permission.ACCOUNTS_READ,
    gives=_list_of(SessionShape, "SessionList"),
)
def session_listing(name: str) -> dict[str, Any]:
    """Where it is signed in, newest first, with the last use of each session."""
    home = caller().home
    return {"items": [asdict(one) for one in sessions.listing(home, accounts.find(home, name).id)]}


@resource.on("DELETE", "/accounts/<string:name>/sessions", needs=Permission.ACCOUNTS_CHANGE, status=204)
def end_sessions(name: str) -> str:
    """Sign it out everywhere."""
    home = caller().home
    sessions.end_all(home, accounts.find(home, name).id)
    return ""


@resource.on("GET", "/tokens", needs=Permission.TOKENS, gives=_list_of(TokenShape, "TokenList"))
def token_listing() -> dict[str, Any]:
    """List tokens, newest first: one's own, an admin everybody's."""
    who = caller()
    return {"items": [asdict(one) for one in tokens.listing(who.home, own.only(who, Permission.TOKENS))]}


@resource.on("POST", "/tokens", needs=Permission.TOKENS, takes=NewTokenBody, gives=NewTokenShape, status=201)
def make_token(body: dict[str, Any]) -> dict[str, Any]:
    """Make a token of one's own account; it gets no scope that this token lacks. The secret comes once."""
    who = caller()
    mine = accounts.find(who.home, who.actor.account)
    made, secret = tokens.create(who.home, mine, body["name"], body["scopes"], body["days"], who.actor)
    return {**asdict(made), "token": secret}


@resource.on("DELETE", "/tokens/<string:id_>", needs=Permission.TOKENS, status=204)
def revoke_token(id_: str) -> str:
    """Revoke a token, at once."""
    who = caller()
    mine = tokens.listing(who.home, own.only(who, Permission.TOKENS))
    if id_ not in [one.id for one in mine]:  # the same words for another's and for none
        raise NotFoundError(f"there is no token {id_}")
    tokens.revoke(who.home, id_)
    return ""
