"""Signing in and out at the issuer: OpenID Connect, authorization code with PKCE."""
