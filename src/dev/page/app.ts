import type { Delivery, DevEvent, LogLine, Places } from '../events.ts';
import { createAnnouncer } from './announce.ts';
import { createComposeForm } from './compose-form.ts';
import type { ConnectionState } from './connection.ts';
import { connect } from './connection.ts';
import { channelWords, createDeliveries } from './deliveries.ts';
import { element, find } from './element.ts';
import { createFaultsForm } from './faults-form.ts';
import { createOrders } from './orders.ts';
import { createPhones } from './phones.ts';
import { keepPlace } from './reading-place.ts';
import { prepareVoices } from './speak.ts';
import { localeOf } from './template-card.ts';
import { createTemplates } from './templates.ts';
import { verdictWords } from './verdict-words.ts';
import { createViews } from './views.ts';

const token = new URL(location.href).searchParams.get('token') ?? '';
const orders = createOrders(token);
const announce = createAnnouncer();
const alerts = find('alerts', HTMLElement);
const phones = createPhones(announce, { onAnswer: () => views.open('phones') });
const deliveries = createDeliveries();
const compose = createComposeForm(orders);
const faults = createFaultsForm(orders);
const templates = createTemplates(orders, announce);
const views = createViews({ onTemplates: templates.open });
prepareVoices();
connect(token, { onEvent: (event) => keepPlace(() => take(event)), onState: showConnection });

function take(event: DevEvent): void {
  switch (event.type) {
    case 'state':
      showPlaces(event.places);
      for (const message of event.messages) phones.add(message);
      for (const delivery of event.deliveries) show(delivery);
      faults.show(event.faults);
      take({ type: 'catalog', catalog: event.catalog });
      alerts.replaceChildren(...event.leaks.map(leakAlert));
      for (const log of event.logs.slice(-mostLogs)) take({ type: 'log', log });
      showNews(undefined);
      break;
    case 'delivery':
      // Whatever was to start has started by now.
      showNews(undefined);
      // The form says itself what came of its own.
      if (show(event.delivery) === 'of others') announce(inShort(event.delivery), 'deliveries');
      break;
    case 'message':
      phones.add(event.message);
      break;
    case 'faults':
      faults.show(event.faults);
      break;
    case 'catalog': {
      const { files } = event.catalog;
      compose.setLocales(files.filter(({ path }) => path.startsWith('templates/')).map(({ path }) => localeOf(path)));
      templates.show(event.catalog);
      break;
    }
    case 'cold':
      showSourcesBroken(undefined);
      showNews(`Cold start with the next request: ${event.why}`);
      announce(`The functions start anew: ${event.why}`);
      break;
    case 'sources-broken':
      showSourcesBroken(event.why);
      break;
    case 'log':
      showLog(event.log);
      break;
    case 'leak':
      alerts.append(leakAlert(event.what));
  }
}

function show(delivery: Delivery): 'known' | 'own' | 'of others' {
  if (!deliveries.add(delivery)) return 'known';
  phones.tell(delivery);
  return compose.take(delivery) ? 'own' : 'of others';
}

const inShort = (delivery: Delivery) =>
  [channelWords(delivery), delivery.phone, verdictWords(delivery).headline].filter(Boolean).join(', ');

/** Stays until the functions start anew, which they do once their sources build. */
function showSourcesBroken(why: string | undefined): void {
  alerts.querySelector('.sources')?.remove();
  if (why !== undefined) {
    const words = `The sources do not build, and the functions run on as they were: ${why}`;
    alerts.append(element('p', { class: 'sources' }, words));
  }
}

function showNews(words: string | undefined): void {
  const news = find('news', HTMLElement);
  news.hidden = words === undefined;
  news.textContent = words ?? '';
}

/** More of them would hide the page. */
const mostLogs = 3;

/** A stack is told by its first line; `--json` has the whole of it. */
function showLog({ by, line }: LogLine): void {
  alerts.append(element('p', { 'data-log': by }, `The ${by} printed: ${line.slice(0, 300)}`));
  for (const old of [...alerts.querySelectorAll('[data-log]')].slice(0, -mostLogs)) old.remove();
}

const leakAlert = (what: string) => element('p', {}, `A function printed a secret: ${what}`);

function showConnection(state: ConnectionState): void {
  const status = find('connection', HTMLElement);
  status.dataset['state'] = state;
  status.textContent = {
    connecting: 'Connecting',
    open: 'Connected',
    lost: 'Connection to dev is lost; trying again',
    ended: 'This run of dev has ended: open the address that the new one printed',
  }[state];
}

function showPlaces({ hook, issuer, clientId, scope, trusted }: Places): void {
  const also =
    trusted === undefined
      ? {}
      : { 'Trusted too': `${trusted.issuer} (client ${trusted.clientId}, scope ${trusted.scope})` };
  const rows = { Hook: hook, Issuer: issuer, Client: clientId, Scope: scope, ...also };
  find('places', HTMLElement).replaceChildren(
    ...Object.entries(rows).flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]),
  );
}
