/**
 * What an authorization server says of itself (RFC 8414), as Okta does for a custom one.
 * @see https://developer.okta.com/docs/api/openapi/okta-oauth/oauth/tag/CustomAS/
 */
export function metadataOf(issuer: string, scopes: readonly string[]): Readonly<Record<string, unknown>> {
  return {
    issuer,
    authorization_endpoint: `${issuer}/v1/authorize`,
    token_endpoint: `${issuer}/v1/token`,
    jwks_uri: `${issuer}/v1/keys`,
    response_types_supported: ['token'],
    response_modes_supported: ['query', 'fragment', 'form_post', 'okta_post_message'],
    grant_types_supported: ['client_credentials'],
    subject_types_supported: ['public'],
    scopes_supported: scopes,
    token_endpoint_auth_methods_supported: ['private_key_jwt'],
    claims_supported: ['ver', 'jti', 'iss', 'aud', 'iat', 'exp', 'cid', 'scp', 'sub'],
    code_challenge_methods_supported: ['S256'],
  };
}

/** OpenID Connect's metadata: the same, and how ID tokens are signed. */
export const openIdMetadataOf = (issuer: string, scopes: readonly string[]): Readonly<Record<string, unknown>> => ({
  ...metadataOf(issuer, scopes),
  id_token_signing_alg_values_supported: ['RS256'],
});
