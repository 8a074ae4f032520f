import { describe, expect, it } from 'vitest';
import { translateSdkError } from '../../src/aws/sdk-errors.ts';
import { OktaOtpError } from '../../src/core/error.ts';

const attempted = { what: 'the failures queue', action: 'sqs:ReceiveMessage' };

/** An error as the SDK makes them: told apart by name, code and metadata. */
const sdkError = (name: string, message = 'of arn:aws:sqs:us-east-1:123456789012:failures', more: object = {}) =>
  Object.assign(new Error(message), { name }, more);
const answered = (httpStatusCode: number) => ({ $metadata: { httpStatusCode } });

const translate = (error: unknown) => translateSdkError(error, attempted);

describe('an error of the SDK', () => {
  it.each<[string, Error, string, number]>([
    ['no credentials', sdkError('CredentialsProviderError', 'Could not load'), 'credentials-missing', 4],
    ['no SSO token', sdkError('TokenProviderError', 'Token is missing'), 'credentials-missing', 4],
    ['an old SSO session', sdkError('CredentialsProviderError', 'session has expired'), 'credentials-expired', 4],
    ['an old token', sdkError('ExpiredToken', '', answered(403)), 'credentials-expired', 4],
    ['an old token of the newer protocol', sdkError('ExpiredTokenException'), 'credentials-expired', 4],
    ['an unknown key', sdkError('InvalidClientTokenId', '', answered(403)), 'credentials-refused', 4],
    ['an unknown client', sdkError('UnrecognizedClientException'), 'credentials-refused', 4],
    ['a wrong secret', sdkError('SignatureDoesNotMatch', '', answered(403)), 'credentials-refused', 4],
    ['a missing permission', sdkError('AccessDenied', '', answered(403)), 'access-denied', 4],
    ['a missing permission, newer', sdkError('AccessDeniedException'), 'access-denied', 4],
    ["a missing permission for the queue's key", sdkError('KmsAccessDenied'), 'access-denied', 4],
    ['no Region', sdkError('Error', 'Region is missing'), 'region-missing', 2],
    ['no such queue', sdkError('QueueDoesNotExist', '', answered(400)), 'queue-not-found', 1],
    ['a purge after a purge', sdkError('PurgeQueueInProgress', '', answered(400)), 'purge-in-progress', 1],
    ['throttling', sdkError('ThrottlingException', '', answered(400)), 'aws-throttled', 1],
    ['throttling of requests', sdkError('RequestThrottled', '', answered(403)), 'aws-throttled', 1],
    ['an outage', sdkError('InternalFailure', '', answered(503)), 'aws-failed', 1],
    ['a refusal without a name here', sdkError('InvalidAttributeName', '', answered(400)), 'aws-refused', 1],
    ['a refused connection', sdkError('Error', '', { code: 'ECONNREFUSED' }), 'aws-unreachable', 1],
    ['a dead connection', sdkError('TimeoutError', '', { code: 'ECONNRESET' }), 'aws-unreachable', 1],
    ['a connection that takes too long', sdkError('TimeoutError'), 'aws-unreachable', 1],
    ['a name that does not resolve', sdkError('Error', '', { code: 'ENOTFOUND' }), 'aws-unreachable', 1],
    [
      'a certificate of somebody else',
      sdkError('Error', '', { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
      'aws-unreachable',
      1,
    ],
  ])('that means %s is told in words of ours, with a hint', (_, error, code, exitCode) => {
    const translated = translate(error);
    expect(translated).toMatchObject({ code, exitCode, hint: expect.stringMatching(/./), cause: error });
    const { message, hint } =
      translated instanceof Error && 'hint' in translated ? translated : { message: '', hint: '' };
    expect(message).toMatch(/./);
    expect(`${message} ${hint}`).not.toMatch(/arn:|\d{12}|\n/);
  });

  it('about a permission names the one that is missing', () => {
    expect(translate(sdkError('AccessDenied'))).toMatchObject({
      message: 'these credentials may not use the failures queue',
      hint: 'they need sqs:ReceiveMessage',
    });
    expect(translate(sdkError('KmsAccessDenied'))).toMatchObject({ hint: expect.stringContaining('kms:Decrypt') });
  });

  it('shows its code or name only if that is one word', () => {
    expect(translate(sdkError('Error', '', { code: 'EPIPE' }))).toMatchObject({
      message: 'AWS could not be reached (EPIPE)',
    });
    expect(translate(sdkError('not a word', '', answered(400)))).toMatchObject({
      message: 'AWS refused the request (no name)',
    });
  });
});

describe('what is no error of the SDK', () => {
  it.each([
    ['a bug', new TypeError('x is not a function')],
    ['a misuse of Node', Object.assign(new Error('bad'), { code: 'ERR_INVALID_ARG_TYPE' })],
    ['metadata without an answer', Object.assign(new Error('bad'), { $metadata: { attempts: 3 } })],
    ['metadata that is none', Object.assign(new Error('bad'), { $metadata: null, code: 7 })],
    ['no error', 'nothing'],
  ])('comes back as it is: %s', (_, error) => {
    expect(translate(error)).toBe(error);
  });
});

it('leaves an error alone that is in words for a person already', () => {
  const error = new OktaOtpError('catalog-conflict', 'somebody was faster');
  expect(translate(error)).toBe(error);
});
