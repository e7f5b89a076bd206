"""Logging in with tokens instead of a password (RFC 6749): what Microsoft 365 and Gmail ask for.

In: an account's `oauth2` table. Out: an access token for its log-in, from the token file while it holds, else fresh from the provider's
log-in server; or an error in a person's words. Tokens and secrets stand in the token file and in what goes to the log-in server, and
nowhere else: not in logs, errors, reprs or arguments of programs.
"""
