/**
 * The service that a SigV4 header was made for, or `undefined` if the header is missing or malformed. What it signs is not
 * checked.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
export function signedService(authorization: string | null): string | undefined {
  const [, service] =
    /^AWS4-HMAC-SHA256 Credential=[^/]+\/\d{8}\/[^/]+\/([^/]+)\/aws4_request, ?SignedHeaders=[^,]+, ?Signature=[0-9a-f]{64}$/.exec(
      authorization ?? '',
    ) ?? [];
  return service;
}
