export type OAuthErrorCode =
  | 'access_denied'
  | 'invalid_client'
  | 'invalid_request'
  | 'invalid_scope'
  | 'unsupported_grant_type';

/** A refusal in OAuth's shape (RFC 6749, section 5.2), which the token endpoint uses. */
export const oauthError = (status: 400 | 401, error: OAuthErrorCode, description: string): Response =>
  Response.json(
    { error, error_description: description },
    { status, headers: { 'cache-control': 'no-cache, no-store' } },
  );
