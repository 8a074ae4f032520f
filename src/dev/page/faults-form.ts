import { sendRefusals } from '../../aws/refusals.ts';
import type { Problem } from '../../core/decode.ts';
import { brokenOf } from '../broken.ts';
import type { FaultSettings, MessagingTrouble, Trouble } from '../faults.ts';
import { exceptionNames, gatewayTroubles, messagingTroubles, noFaults, troubles } from '../faults.ts';
import { element, find } from './element.ts';
import type { Ordered, Orders } from './orders.ts';

/** What can be broken, and what is. */
export interface FaultsForm {
  show(faults: FaultSettings): void;
}

const words: Readonly<Record<Trouble['kind'] | MessagingTrouble['kind'], string>> = {
  none: 'works',
  latency: 'is slow',
  throttling: 'throttles',
  exception: 'refuses',
  outage: 'is down (HTTP 500)',
  reset: 'resets connections',
  hang: 'never answers',
  'reset-reused': 'has dropped idle connections',
  'accept-then-reset': 'takes the message, then resets',
};

export function createFaultsForm(orders: Orders): FaultsForm {
  const form = find('faults', HTMLFormElement);
  const outcome = find('faults-outcome', HTMLElement);
  const mend = find('mend', HTMLButtonElement);

  const messaging = createRow('messaging', 'End User Messaging');
  const dynamodb = createRow('dynamodb', 'DynamoDB');
  const okta = createRow('okta', 'Okta tokens');
  const queue = createRow('queue', 'SQS');
  const gateway = createRow('gateway', 'API Gateway');
  const keys = labelled(
    'keys',
    "Okta's keys",
    element(
      'select',
      {},
      element('option', { value: 'sound' }, 'are sound'),
      element('option', { value: 'expired' }, 'have expired'),
      element('option', { value: 'unreachable' }, 'cannot be fetched'),
    ),
  );
  const skew = labelled('clockSkewSeconds', "Okta's clock ahead (s)", numberInput(-86_400, 86_400));
  const copies = labelled('copies', 'Copies of each event', numberInput(1, 20));
  // What others post to the hook is repeated, or not, by them.
  copies.field.append(element('p', { class: 'meta', id: 'fault-copies-hint' }, 'Only requests from this page.'));
  copies.input.setAttribute('aria-describedby', 'fault-copies-hint');
  form.append(
    ...[messaging, dynamodb, okta, queue, gateway].map(({ element: row }) => row),
    element('div', { class: 'fields' }, keys.field, skew.field, copies.field),
  );

  const read = (): FaultSettings => {
    return {
      messaging: messagingOf(messaging.read()),
      dynamodb: troubleOf(dynamodb.read()),
      okta: troubleOf(okta.read()),
      queue: troubleOf(queue.read()),
      gateway: troubleOf(gateway.read()),
      keys: keys.input.value === 'expired' || keys.input.value === 'unreachable' ? keys.input.value : 'sound',
      clockSkewSeconds: wholeNumber(skew.input, 0),
      copies: wholeNumber(copies.input, 1),
    };
  };

  const inputs = [...form.querySelectorAll<Input>('input, select')];
  /** What somebody is at: no answer to an earlier change may write over it. */
  const touched = new Set<Input>();
  /** One order after the other, or an earlier one might be the last to be heard. */
  let sending: Promise<unknown> = Promise.resolve();

  function report({ problems }: Ordered<unknown>, done: string): void {
    const inputOf = (path: string) => inputs.find(({ id }) => id === `fault-${path.replaceAll('.', '-')}`);
    const wrong = problems.map(({ path }) => inputOf(path));
    for (const input of inputs) {
      if (wrong.includes(input)) input.setAttribute('aria-invalid', 'true');
      else input.removeAttribute('aria-invalid');
    }
    const sentence = ({ path, message }: Problem) =>
      `${inputOf(path)?.labels?.[0]?.textContent ?? path} ${message}.`.trim();
    outcome.textContent = problems.length === 0 ? done : `Not changed: ${problems.map(sentence).join(' ')}`;
    outcome.dataset['state'] = problems.length === 0 ? 'good' : 'bad';
  }

  form.addEventListener('submit', (event) => event.preventDefault());
  form.addEventListener('input', ({ target }) => {
    for (const input of inputs) if (input === target) touched.add(input);
  });
  form.addEventListener('change', () => {
    const wanted = read();
    const written = inputs.map(({ value }) => value);
    sending = sending.then(async () => {
      const ordered = await orders.setFaults(wanted);
      report(ordered, brokenOf(wanted).length === 0 ? 'Everything works.' : 'That is how it is now.');
      if (ordered.problems.length > 0) return;
      for (const [at, input] of inputs.entries()) if (input.value === written[at]) touched.delete(input);
    });
  });
  mend.addEventListener('click', () => {
    touched.clear();
    sending = sending.then(async () => report(await orders.setFaults(noFaults), 'Everything is mended.'));
    find('faults-heading', HTMLElement).focus({ preventScroll: true });
  });
  find('cold', HTMLButtonElement).addEventListener('click', async () => {
    report(await orders.cold(), 'The functions start anew with the next request.');
  });

  function show(faults: FaultSettings): void {
    const put: Put = (input, value) => {
      if (!touched.has(input)) input.value = value;
    };
    messaging.show(faults.messaging, put);
    dynamodb.show(faults.dynamodb, put);
    okta.show(faults.okta, put);
    queue.show(faults.queue, put);
    gateway.show(faults.gateway, put);
    put(keys.input, faults.keys);
    put(skew.input, String(faults.clockSkewSeconds));
    put(copies.input, String(faults.copies));
    showBroken(brokenOf(faults), mend);
  }
  show(noFaults);
  return { show };
}

function showBroken(broken: readonly string[], mend: HTMLButtonElement): void {
  const header = find('broken', HTMLElement);
  find('condition', HTMLElement).dataset['state'] = broken.length === 0 ? 'sound' : 'broken';
  mend.hidden = broken.length === 0;
  header.replaceChildren(
    ...(broken.length === 0
      ? ['Nothing is broken']
      : [
          element('strong', {}, 'Broken'),
          ...broken.flatMap((what) => [' ', element('span', { class: 'chip' }, what)]),
        ]),
  );
}

/** What a row says: a kind, how many milliseconds, and of an exception its name and reason. */
interface Written {
  readonly kind: string;
  readonly ms: number;
  readonly exception: string | undefined;
  readonly reason: string | undefined;
}

const messagingOf = ({ kind: named, ms, exception, reason }: Written): MessagingTrouble => {
  const kind = messagingTroubles.find((known) => known === named) ?? 'none';
  if (kind === 'latency') return { kind, ms };
  if (kind !== 'exception') return { kind };
  return { kind, exception: exceptionNames.find((known) => known === exception), reason };
};

const troubleOf = ({ kind: named, ms }: Written): Trouble => {
  const kind = troubles.find((known) => known === named) ?? 'none';
  return kind === 'latency' ? { kind, ms } : { kind };
};

interface Row {
  readonly element: HTMLElement;
  read(): Written;
  show(trouble: MessagingTrouble | Trouble, put: Put): void;
}

type Input = HTMLInputElement | HTMLSelectElement;
/** Writes into an input, unless somebody is at it. */
type Put = (input: Input, value: string) => void;

const kindsOf = {
  messaging: messagingTroubles.filter((kind) => kind !== 'exception'),
  dynamodb: troubles,
  okta: troubles,
  queue: troubles,
  gateway: gatewayTroubles,
};

function createRow(service: keyof typeof kindsOf, title: string): Row {
  const select = element(
    'select',
    {},
    ...kindsOf[service].map((kind) => element('option', { value: kind }, words[kind])),
  );
  if (service === 'messaging') select.append(...exceptionNames.map(exceptionGroup));
  const { field } = labelled(service, title, select);
  const ms = labelled(`${service}-ms`, 'by ms', numberInput(0, 60_000));
  ms.input.value = String(slowMs);
  const showMs = () => {
    ms.field.hidden = select.value !== 'latency';
    ms.input.disabled = ms.field.hidden;
  };
  showMs();
  select.addEventListener('change', showMs);
  return {
    element: element('div', { class: 'fault-row' }, field, ms.field),
    read() {
      const [kind = 'none', exception, reason] = select.value.split(' ');
      return { kind, exception, reason, ms: wholeNumber(ms.input, slowMs) };
    },
    show(trouble, put) {
      const { kind, ms: of } = trouble;
      const named = 'exception' in trouble ? [kind, trouble.exception, trouble.reason] : [kind];
      put(select, named.filter((part) => part !== undefined).join(' '));
      if (of !== undefined) put(ms.input, String(of));
      showMs();
    },
  };
}

/** Enough to miss Okta's three seconds. */
const slowMs = 2_500;

function exceptionGroup(exception: string): HTMLElement {
  const reasons = sendRefusals[exception] ?? [];
  return element(
    'optgroup',
    { label: exception },
    element(
      'option',
      { value: `exception ${exception}` },
      reasons.length === 0 ? exception : `${exception}, without a reason`,
    ),
    ...reasons.map((reason) => element('option', { value: `exception ${exception} ${reason}` }, reason)),
  );
}

function labelled<T extends HTMLInputElement | HTMLSelectElement>(name: string, words: string, input: T) {
  input.id = `fault-${name}`;
  input.name = name;
  return { input, field: element('div', { class: 'field' }, element('label', { for: input.id }, words), input) };
}

const numberInput = (min: number, max: number) =>
  element('input', { type: 'number', min: String(min), max: String(max), step: '1', required: true });

/** What is no number counts as sound; what is out of bounds is the server's to refuse. */
const wholeNumber = ({ value }: HTMLInputElement, otherwise: number) => {
  const number = Number.parseInt(value, 10);
  return Number.isNaN(number) ? otherwise : number;
};
