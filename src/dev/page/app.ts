import type { DevEvent, LogLine, Places } from '../events.ts';
import { createAnnouncer } from './announce.ts';
import { createComposeForm } from './compose-form.ts';
import type { ConnectionState } from './connection.ts';
import { connect } from './connection.ts';
import { createDeliveries } from './deliveries.ts';
import { element, find } from './element.ts';
import { createFaultsForm } from './faults-form.ts';
import { createOrders } from './orders.ts';
import { createPhones } from './phones.ts';
import { prepareVoices } from './speak.ts';
import { localeOf } from './template-card.ts';
import { createTemplates } from './templates.ts';
import { createViews } from './views.ts';

const token = new URL(location.href).searchParams.get('token') ?? '';
const orders = createOrders(token);
const announce = createAnnouncer();
const phones = createPhones(announce);
const deliveries = createDeliveries();
const compose = createComposeForm(orders);
const faults = createFaultsForm(orders);
const templates = createTemplates(orders, announce);
createViews({ onTemplates: templates.open });
prepareVoices();
connect(token, { onEvent: take, onState: showConnection });

function take(event: DevEvent): void {
  switch (event.type) {
    case 'state':
      showPlaces(event.places);
      for (const message of event.messages) phones.add(message);
      for (const delivery of event.deliveries) take({ type: 'delivery', delivery });
      faults.show(event.faults);
      take({ type: 'catalog', catalog: event.catalog });
      find('alerts', HTMLElement).replaceChildren(...event.leaks.map(leakAlert));
      for (const log of event.logs.slice(-mostLogs)) take({ type: 'log', log });
      break;
    case 'delivery':
      deliveries.add(event.delivery);
      phones.tell(event.delivery);
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
      announce(`The functions start anew: ${event.why}`);
      break;
    case 'sources-broken':
      announce(`The sources do not build, and the functions run on as they were: ${event.why}`);
      break;
    case 'log':
      showLog(event.log);
      break;
    case 'leak':
      find('alerts', HTMLElement).append(leakAlert(event.what));
  }
}

/** More of them would hide the page. */
const mostLogs = 3;

/** A stack is told by its first line; `--json` has the whole of it. */
function showLog({ by, line }: LogLine): void {
  const alerts = find('alerts', HTMLElement);
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
