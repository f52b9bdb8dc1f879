# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who visits: the pools of Cognito."""

MOST = 60  # pools in a page
MOST_SERVERS = 50


def read_user_pools(view):
    """User pools with their clients, domains, groups, servers and users, never with a secret of theirs."""
    for listed in view.all("list_user_pools", "UserPools", MaxResults=MOST):
        number = {"UserPoolId": listed["Id"]}
        pool = view.part("describe_user_pool", "UserPool", **number)
        pool.pop("EstimatedNumberOfUsers", None)
        pool["Mfa"] = view.get("get_user_pool_mfa_config", **number)
        pool["Tags"] = pool.get("UserPoolTags", {})
        view.add("cognito-idp/user-pool", f"{pool['Name']}/{pool['Id']}", pool)
        for domain in filter(None, (pool.get("Domain"), pool.get("CustomDomain"))):
            shown = view.part("describe_user_pool_domain", "DomainDescription", Domain=domain)
            view.add("cognito-idp/domain", domain, shown)
        _read_clients(view, number)
        _read_members(view, number)


def _read_clients(view, number):
    for listed in view.all("list_user_pool_clients", "UserPoolClients", **number):
        client = view.part("describe_user_pool_client", "UserPoolClient", **number, ClientId=listed["ClientId"])
        client["HasSecret"] = bool(client.pop("ClientSecret", None))
        view.add("cognito-idp/client", f"{client['ClientName']}/{client['ClientId']}", client)


def _read_members(view, number):
    pool = number["UserPoolId"]
    for group in view.all("list_groups", "Groups", **number):
        view.add("cognito-idp/group", f"{pool}/{group['GroupName']}", group)
    for user in view.all("list_users", "Users", **number):
        view.add("cognito-idp/user", f"{pool}/{user['Username']}", user)
    for server in view.all("list_resource_servers", "ResourceServers", **number, MaxResults=MOST_SERVERS):
        view.add("cognito-idp/resource-server", f"{pool}/{server['Identifier']}", server)
    for listed in view.all("list_identity_providers", "Providers", **number):
        name = listed["ProviderName"]
        provider = view.part("describe_identity_provider", "IdentityProvider", **number, ProviderName=name)
        provider["ProviderDetails"].pop("client_secret", None)
        view.add("cognito-idp/identity-provider", f"{pool}/{name}", provider)


def read_identity_pools(view):
    """Identity pools with the roles that they give."""
    for listed in view.all("list_identity_pools", "IdentityPools", MaxResults=MOST):
        number = {"IdentityPoolId": listed["IdentityPoolId"]}
        pool = view.get("describe_identity_pool", **number)
        given = view.get("get_identity_pool_roles", **number)
        pool["Roles"] = {name: given.get(name) for name in ("Roles", "RoleMappings")}
        pool["Tags"] = pool.get("IdentityPoolTags", {})
        view.add("cognito-identity/identity-pool", f"{pool['IdentityPoolName']}/{listed['IdentityPoolId']}", pool)


READERS = {"cognito-identity": read_identity_pools, "cognito-idp": read_user_pools}
