"""Accounts: people and programs that use console and API, what their roles allow, their sessions and tokens.

permissions     the one table: which role may do what, and with whose objects
passwords       Argon2id, one-time codes (RFC 6238)
backoff         slower and slower after failures, by account and network; nobody is locked out for good
accounts        making, changing, recovering accounts
invitations     the code with which a person sets password and one-time codes
sessions        signing in and out of the console
challenges      what a browser has to answer, known again without being kept
passkeys        keys that an authenticator keeps (WebAuthn), by py_webauthn
openid          a provider's word on who somebody is (OpenID Connect), by Authlib
federation      accounts of those for whom a provider vouches
approvals       what a second person has to approve
tokens          secrets of programs, for the API
checkpoints     what the log was at somebody's last sign-in, held against what it is
"""
