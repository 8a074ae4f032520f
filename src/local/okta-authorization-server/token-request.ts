import type { AssertionCheck, OktaClient } from './client-assertion.ts';
import { clientOf } from './client-assertion.ts';
import { oauthError } from './oauth-error.ts';

/** What the token endpoint grants. */
export interface Grant {
  readonly client: OktaClient;
  readonly scopes: readonly string[];
}

const jwtBearer = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** Reads a token request and decides on it: the grant, or the refusal to answer with. */
export async function decideTokenRequest(request: Request, check: AssertionCheck): Promise<Grant | Response> {
  const type = request.headers.get('content-type') ?? '';
  if (!type.startsWith('application/x-www-form-urlencoded')) {
    return oauthError(400, 'invalid_request', 'The content type must be application/x-www-form-urlencoded.');
  }
  const form = new URLSearchParams(await request.text());
  const grantType = form.get('grant_type');
  if (grantType === null) return oauthError(400, 'invalid_request', "The token request must contain 'grant_type'.");
  if (grantType !== 'client_credentials') {
    return oauthError(
      400,
      'unsupported_grant_type',
      'The authorization grant type is not supported by the authorization server.',
    );
  }
  const client = await authenticate(form, request, check);
  return client instanceof Response ? client : grantTo(client, form.get('scope'), check.clients);
}

async function authenticate(
  form: URLSearchParams,
  request: Request,
  check: AssertionCheck,
): Promise<OktaClient | Response> {
  const assertion = form.get('client_assertion');
  const clientId = form.get('client_id');
  if (assertion === null) {
    if (clientId === null && !request.headers.has('authorization')) {
      return oauthError(400, 'invalid_client', 'A client_id must be provided in the request.');
    }
    const secret = form.get('client_secret');
    const known = check.clients.find((client) => client.clientId === clientId);
    if (secret !== null && known?.secret !== undefined && known.secret === secret) return known;
    return oauthError(
      401,
      'invalid_client',
      'Client authentication failed. Either the client or the client credentials are invalid.',
    );
  }
  if (form.get('client_assertion_type') !== jwtBearer) {
    return oauthError(401, 'invalid_client', 'The client_assertion_type is invalid.');
  }
  const client = await clientOf(assertion, check);
  if (client instanceof Response || clientId === null || clientId === client.clientId) return client;
  return oauthError(401, 'invalid_client', 'The client_id does not match the client of the client_assertion.');
}

/** A scope that no client may ask for is taken as one that the server does not have. */
function grantTo(client: OktaClient, scope: string | null, clients: readonly OktaClient[]): Grant | Response {
  const scopes = (scope ?? '').split(' ').filter((name) => name !== '');
  if (scopes.length === 0) {
    return oauthError(
      400,
      'invalid_scope',
      "The authorization server resource does not have any configured default scopes, 'scope' must be provided.",
    );
  }
  if (!scopes.every((name) => clients.some((known) => known.scopes.includes(name)))) {
    return oauthError(
      400,
      'invalid_scope',
      'One or more scopes are not configured for the authorization server resource.',
    );
  }
  if (!scopes.every((name) => client.scopes.includes(name))) {
    return oauthError(
      400,
      'access_denied',
      'Policy evaluation failed for this request, please check the policy configurations.',
    );
  }
  return { client, scopes };
}
