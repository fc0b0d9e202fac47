"""A small OIDC issuer for the demo, the tests and `make up`. In production any OIDC issuer does.

Services and roles get tokens by client credentials; people sign in with a password, by authorization code and PKCE. Its
key, its clients' secrets and the people's passwords are made at first start, readable by their owner only, and stay in
its state folder: STATE/clients/<service> for a service's own calls, STATE/clients/role-<role> for a person's role,
STATE/clients/aftercare-console for the front, STATE/password for the people. Who is signed in is kept in memory: after
a restart people sign in again.
"""

from deploy.devstack.issuer.people import ROLES
from deploy.devstack.issuer.signing import Issuer

__all__ = ["ROLES", "Issuer"]
