"""The gateway: what browsers speak to. It keeps people's sessions, signs them in at the issuer, and serves the front.

It decides nothing of the business and has no event log: what a person may do is said by the services, which get the
person's own token with each request.
"""
