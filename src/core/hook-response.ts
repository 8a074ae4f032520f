import type { Problem } from './decode.ts';

/** What Okta reads of a success; `FAILED` makes it send the code itself. */
export type HookStatus = 'SUCCESSFUL' | 'PENDING' | 'FAILED';

/**
 * The body of an answer to a telephony inline hook.
 * @see https://developer.okta.com/docs/guides/telephony-inline-hook/
 */
export type HookResponse =
  | {
      readonly commands: readonly [
        {
          readonly type: 'com.okta.telephony.action';
          readonly value: readonly [
            {
              readonly status: HookStatus;
              readonly provider: string;
              readonly transactionId?: string;
              readonly transactionMetadata?: string;
            },
          ];
        },
      ];
    }
  | {
      readonly error: {
        readonly errorSummary: string;
        readonly errorCauses: readonly { readonly errorSummary: string; readonly reason: string }[];
      };
    };

/** The answer with its HTTP status, as it goes back and as the ledger keeps it. */
export interface HookReply {
  readonly status: 200 | 400;
  readonly body: HookResponse;
}

export interface ActionDetail {
  readonly provider: string;
  readonly transactionId?: string | undefined;
  /** Free text for Okta's System Log; never personal. */
  readonly metadata?: string | undefined;
}

export function actionReply(status: HookStatus, detail: ActionDetail): HookReply {
  return {
    status: 200,
    body: {
      commands: [
        {
          type: 'com.okta.telephony.action',
          value: [
            {
              status,
              provider: detail.provider,
              ...(detail.transactionId === undefined ? {} : { transactionId: detail.transactionId }),
              ...(detail.metadata === undefined ? {} : { transactionMetadata: detail.metadata }),
            },
          ],
        },
      ],
    },
  };
}

/** An error that the end user reads: `sentence` must be plain, without anything of ours in it. */
export function errorReply(sentence: string): HookReply {
  return { status: 200, body: { error: { errorSummary: sentence, errorCauses: [] } } };
}

/** The answer to a body that is not a hook request; the reason names the fields, never their values. */
export function badRequestReply(problems: readonly Problem[]): HookReply {
  return {
    status: 400,
    body: {
      error: {
        errorSummary: 'The verification code could not be sent.',
        errorCauses: problems.map(({ path, message }) => ({
          errorSummary: 'The hook request is not valid',
          reason: `${path === '' ? 'body' : path} ${message}`,
        })),
      },
    },
  };
}

/** What a reply tells Okta; of a duplicate's only the reply is kept. */
export function answerIn({ body }: HookReply): 'successful' | 'fallback' | 'error' {
  if ('error' in body) return 'error';
  return body.commands[0].value[0].status === 'FAILED' ? 'fallback' : 'successful';
}
