import type { Problem } from '../../core/decode.ts';
import type { RequestType } from '../../core/request-type.ts';
import { requestTypes } from '../../core/request-type.ts';
import type { Delivery } from '../events.ts';
import { element, find } from './element.ts';
import type { Orders, Typed } from './orders.ts';
import type { VerdictWords } from './verdict-words.ts';
import { verdictWords } from './verdict-words.ts';

/** The form in which a request is composed. */
export interface ComposeForm {
  /** The languages that there are texts for. */
  setLocales(locales: readonly string[]): void;
  /** Takes the verdict on what was sent from here; false for a delivery of somebody else's. */
  take(delivery: Delivery): boolean;
}

/** A request that was sent from here, with what has come of it. */
interface Sent {
  readonly typed: Typed;
  readonly eventId: string;
  readonly isAgain: boolean;
  /** One for each time that Okta delivered the event. */
  readonly verdicts: VerdictWords[];
  answer: { readonly error?: string | undefined } | undefined;
}

const fields = ['phoneNumber', 'locale', 'requestType', 'firstName', 'lastName', 'otp'] as const;

/** What the four of them are to a person. https://developer.okta.com/docs/guides/telephony-inline-hook/ */
export const requestTypeWords: Readonly<Record<RequestType, string>> = {
  'mfa-verification': 'MFA verification',
  'pre-enrollment': 'Pre-enrollment',
  'account-unlock': 'Account unlock',
  'password-reset': 'Password reset',
};

export function createComposeForm(orders: Orders): ComposeForm {
  const form = find('compose', HTMLFormElement);
  const again = find('again', HTMLButtonElement);
  const outcome = find('compose-outcome', HTMLElement);
  const locales = find('locales', HTMLDataListElement);
  let last: Sent | undefined;

  find('requestType', HTMLSelectElement).append(
    ...requestTypes
      .toSorted((a, b) => Number(b === 'mfa-verification') - Number(a === 'mfa-verification'))
      .map((type) => element('option', { value: type }, requestTypeWords[type])),
  );

  /** The event's id is made here, so that its delivery is known for one's own whenever it is told of. */
  async function send(typed: Typed, eventId: string, isAgain: boolean): Promise<void> {
    const sent: Sent = { typed, eventId, isAgain, verdicts: [], answer: undefined };
    showProblems([]);
    say('Sending…', '');
    const before = last;
    last = sent;
    const { value, problems } = await orders.call({ ...typed, eventId });
    // Somebody has sent another one meanwhile.
    if (last !== sent) return;
    showProblems(problems);
    if (problems.length > 0 || value === undefined) {
      last = before;
      return;
    }
    again.disabled = false;
    sent.answer = value;
    showVerdict(sent);
  }

  /** What Okta makes of it, once the answer and the delivery are both there: then it is said once, and whole. */
  function showVerdict({ verdicts, answer, isAgain }: Sent): void {
    if (answer === undefined) return;
    const what = isAgain ? 'The same event again: ' : '';
    const worst =
      verdicts.find(({ tone }) => tone === 'bad') ?? verdicts.find(({ tone }) => tone === 'warn') ?? verdicts[0];
    const failed = answer.error === undefined ? [] : [`Not sent: ${answer.error}.`];
    if (worst === undefined) {
      say(failed[0] ?? `${what}sent, and nothing is known of its delivery yet.`, failed.length === 0 ? '' : 'bad');
      return;
    }
    const same = verdicts.filter(({ headline }) => headline === worst.headline).length;
    const share = verdicts.length === 1 ? what : `${what}${same} of ${verdicts.length} requests: `;
    say([...failed, share + worst.headline, worst.consequence].join(' '), worst.tone);
  }

  function say(words: string, state: string): void {
    outcome.textContent = words;
    outcome.dataset['state'] = state;
  }

  function showProblems(problems: readonly Problem[]): void {
    for (const name of fields) {
      const problem = problems.find(({ path }) => path === name);
      const input = find(name, HTMLElement);
      find(`${name}-problem`, HTMLElement).textContent = problem === undefined ? '' : sentence(problem.message);
      if (problem === undefined) {
        input.removeAttribute('aria-invalid');
        input.removeAttribute('aria-describedby');
      } else {
        input.setAttribute('aria-invalid', 'true');
        input.setAttribute('aria-describedby', `${name}-problem`);
      }
    }
    const first = fields.find((name) => problems.some(({ path }) => path === name));
    if (first !== undefined) find(first, HTMLElement).focus();
    const rest = problems.filter(({ path }) => !fields.some((name) => name === path));
    if (rest.length > 0)
      say(rest.map(({ path, message }) => `${path === '' ? 'The request' : path} ${message}.`).join(' '), 'bad');
    else if (problems.length > 0) say('Nothing was sent: look at the fields.', 'bad');
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const typed = [...new FormData(form)].flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' && value.trim() !== '' ? [[name, value.trim()]] : [],
    );
    void send(Object.fromEntries(typed), crypto.randomUUID(), false);
  });
  again.addEventListener('click', () => {
    if (last !== undefined) void send(last.typed, last.eventId, true);
  });

  return {
    setLocales: (names) => locales.replaceChildren(...names.map((value) => element('option', { value }))),
    take(delivery) {
      if (last === undefined || delivery.eventId !== last.eventId) return false;
      last.verdicts.push(verdictWords(delivery));
      showVerdict(last);
      return true;
    },
  };
}

/** `must be a number` as it stands below its field. */
const sentence = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
