import { describe, expect, it } from 'vitest';
import { actionReply, badRequestReply, errorReply } from '../../src/core/hook-response.ts';

describe('the reply to Okta', () => {
  it('is the documented action, with what the System Log shows', () => {
    expect(actionReply('SUCCESSFUL', { provider: 'AWS', transactionId: 'msg-1', metadata: 'parts=1' })).toEqual({
      status: 200,
      body: {
        commands: [
          {
            type: 'com.okta.telephony.action',
            value: [{ status: 'SUCCESSFUL', provider: 'AWS', transactionId: 'msg-1', transactionMetadata: 'parts=1' }],
          },
        ],
      },
    });
  });

  it('leaves out what it does not know', () => {
    const reply = actionReply('FAILED', { provider: 'AWS', transactionId: undefined });
    expect(JSON.stringify(reply.body)).toBe(
      '{"commands":[{"type":"com.okta.telephony.action","value":[{"status":"FAILED","provider":"AWS"}]}]}',
    );
  });

  // The AWS guidance answered 400 to every failure.
  it('is a 200 also when it is an error: the end user reads its sentence, and nothing else is in it', () => {
    expect(errorReply('This number cannot receive codes.')).toEqual({
      status: 200,
      body: { error: { errorSummary: 'This number cannot receive codes.', errorCauses: [] } },
    });
  });

  it('to a body that is no hook request is a 400 that names every field', () => {
    const reply = badRequestReply([
      { path: 'data.messageProfile.otpCode', message: 'is missing' },
      { path: '', message: 'is not valid JSON' },
    ]);
    expect(reply).toEqual({
      status: 400,
      body: {
        error: {
          errorSummary: 'The verification code could not be sent.',
          errorCauses: [
            { errorSummary: 'The hook request is not valid', reason: 'data.messageProfile.otpCode is missing' },
            { errorSummary: 'The hook request is not valid', reason: 'body is not valid JSON' },
          ],
        },
      },
    });
  });
});
