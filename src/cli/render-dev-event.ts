import { Chalk } from 'chalk';
import { brokenOf } from '../dev/broken.ts';
import type { DevEvent } from '../dev/events.ts';
import type { Output } from './context.ts';

/** What happens while `dev` runs, one line each; the code is on the page alone. */
export function renderDevEvent(event: DevEvent, output: Output): string {
  const colors = new Chalk({ level: output.hasColor ? 1 : 0 });
  switch (event.type) {
    case 'delivery': {
      const { channel = '?', locale = '', phone = '', country = '', verdict, tookMs, status } = event.delivery;
      const mark = verdict.codeTakenForSent ? colors.green('✔') : colors.red('✘');
      const words = [channel, locale, phone, country].filter((word) => word !== '').join(' ');
      return `${mark} ${words.padEnd(34)} HTTP ${status} ${`${Math.round(tookMs)} ms`.padStart(8)}  ${verdict.reason}\n`;
    }
    case 'catalog': {
      const { version, problems } = event.catalog;
      const wrong = problems.map((problem) => `${colors.red('✘')} ${problem}\n`).join('');
      return problems.length > 0 ? `${wrong}  version ${version} serves on\n` : `• catalog version ${version} serves\n`;
    }
    case 'faults': {
      const broken = brokenOf(event.faults);
      return broken.length === 0 ? '• nothing is broken\n' : `• broken: ${broken.join(', ')}\n`;
    }
    case 'cold':
      return `• the functions start anew: ${event.why}\n`;
    case 'sources-broken':
      return `${colors.red('✘')} the sources do not build, and the functions run on as they were: ${event.why}\n`;
    case 'log':
      return `${colors.red('✘')} the ${event.log.by} printed: ${event.log.line}\n`;
    case 'leak':
      return `${colors.red('✘')} a function printed a secret: ${event.what}\n`;
    default:
      return '';
  }
}
