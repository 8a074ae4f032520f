import type { Problem } from '../../core/decode.ts';
import type { RequestType } from '../../core/request-type.ts';
import { requestTypes } from '../../core/request-type.ts';
import { element, find } from './element.ts';
import type { Orders, Typed } from './orders.ts';

/** The form in which a request is composed. */
export interface ComposeForm {
  /** The languages that there are texts for. */
  setLocales(locales: readonly string[]): void;
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
  let last: Typed | undefined;

  find('requestType', HTMLSelectElement).append(
    ...requestTypes
      .toSorted((a, b) => Number(b === 'mfa-verification') - Number(a === 'mfa-verification'))
      .map((type) => element('option', { value: type }, requestTypeWords[type])),
  );

  async function send(typed: Typed): Promise<void> {
    showProblems([]);
    say('Sending…', '');
    const { value, problems } = await orders.call(typed);
    showProblems(problems);
    if (problems.length > 0 || value === undefined) return;
    if (value.error !== undefined) say(`Not sent: ${value.error}.`, 'bad');
    else say(typed['eventId'] === undefined ? 'Sent.' : 'Sent again, with the same event id.', 'good');
    last = { ...typed, eventId: value.eventId };
    again.disabled = false;
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
    void send(Object.fromEntries(typed));
  });
  again.addEventListener('click', () => {
    if (last !== undefined) void send(last);
  });

  return {
    setLocales: (names) => locales.replaceChildren(...names.map((value) => element('option', { value }))),
  };
}

/** `must be a number` as it stands below its field. */
const sentence = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;
