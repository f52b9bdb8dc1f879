# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""User pools: a domain of one's own takes its time."""

from tests.unit.sandbox.issued import certificate


def test_a_custom_domain_is_served_after_a_while(sandbox):
    cognito = sandbox.client("cognito-idp")
    pool = cognito.create_user_pool(PoolName="users")["UserPool"]["Id"]
    config = {"CertificateArn": certificate(sandbox)}
    named = {"UserPoolId": pool, "Domain": "auth.example.com"}

    def status():
        return cognito.describe_user_pool_domain(Domain="auth.example.com")["DomainDescription"]["Status"]

    sandbox.delays(scale=1)
    assert cognito.create_user_pool_domain(**named, CustomDomainConfig=config)["CloudFrontDomain"]
    assert status() == "CREATING"
    sandbox.advance(900)
    assert status() == "ACTIVE"
    cognito.update_user_pool_domain(**named, CustomDomainConfig=config)
    assert status() == "UPDATING"
    sandbox.advance(900)
    assert status() == "ACTIVE"
