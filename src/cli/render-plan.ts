import { Chalk } from 'chalk';
import type { FileChange } from '../core/catalog-diff.ts';
import type { PlanRow } from '../deploy/plan.ts';
import type { AccountChange } from './api-logging.ts';
import type { Output } from './context.ts';
import { renderCatalogDiff } from './render-catalog-diff.ts';

const signs = { add: '+', modify: '~', remove: '-' } as const;

/** What a deployment changes: a row for each resource, what to look at twice in capitals, and the catalog beside it. */
export function renderPlan(
  rows: readonly PlanRow[],
  catalog: readonly FileChange[],
  output: Pick<Output, 'hasColor'>,
  account: readonly AccountChange[] = [],
): string {
  const { green, red, yellow, bold } = new Chalk({ level: output.hasColor ? 1 : 0 });
  const paints = { add: green, modify: yellow, remove: red };
  const width = (of: (row: PlanRow) => string) => Math.max(0, ...rows.map((row) => of(row).length));
  const [idWidth, typeWidth] = [width((row) => row.logicalId), width((row) => row.type)];
  const lines = rows.flatMap((row) => {
    const { action, logicalId, type, parts, broadened } = row;
    const cells = `${signs[action]} ${logicalId.padEnd(idWidth)}  ${type.padEnd(typeWidth)}`;
    const flag = flags[row.replacement];
    const flagged = flag === '' ? '' : `  ${red(flag)}`;
    const what = action === 'modify' && parts.length > 0 ? `  ${parts.join(', ')}` : '';
    return [
      `  ${paints[action](cells)}${flagged}${what}`.trimEnd(),
      ...broadened.map((permission) => `      ${red(`PERMITS MORE  ${permission}`)}`),
    ];
  });
  const files =
    catalog.length === 0
      ? []
      : [bold('Catalog'), ...renderCatalogDiff(catalog, output).trimEnd().split('\n').map(indent)];
  const beside =
    account.length === 0
      ? []
      : [
          bold('Account: outlives the stack, and all APIs of the account and Region use it'),
          ...account.map(({ action, name, what }) => `  ${paints[action](`${signs[action]} ${name}  ${what}`)}`),
        ];
  const stack = rows.length === 0 ? ['  nothing changes'] : lines;
  return `${[bold('Stack'), ...stack, ...beside, ...files, '', summaryOf(rows, catalog)].join('\n')}\n`;
}

const flags = { yes: 'REPLACED', maybe: 'MAY BE REPLACED', no: '' } as const;

const indent = (line: string) => `  ${line}`;

function summaryOf(rows: readonly PlanRow[], catalog: readonly FileChange[]): string {
  const count = (action: PlanRow['action']) => rows.filter((row) => row.action === action).length;
  const replaced = rows.filter(({ replacement }) => replacement !== 'no').length;
  const wider = rows.filter(({ broadened }) => broadened.length > 0).length;
  const notes = [
    ...(replaced === 0 ? [] : [`${replaced} replaced`]),
    ...(wider === 0 ? [] : [`${wider} with more permissions`]),
  ];
  const noted = notes.length === 0 ? '' : ` (${notes.join(', ')})`;
  const files =
    catalog.length === 0 ? '' : `; ${catalog.length} catalog ${catalog.length === 1 ? 'file differs' : 'files differ'}`;
  return `${count('add')} to add, ${count('modify')} to change${noted}, ${count('remove')} to remove${files}`;
}
