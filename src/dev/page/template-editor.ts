import type { CatalogFile } from '../../core/catalog.ts';
import { placeOf } from '../../core/lint.ts';
import type { Finding } from '../../core/lint-rules.ts';
import { requestTypes } from '../../core/request-type.ts';
import { requestTypeWords } from './compose-form.ts';
import { directionOf } from './direction.ts';
import { button, element, find } from './element.ts';
import type { Orders } from './orders.ts';
import { findingsOf, previewTemplate, readLanguage, settingsOf } from './preview.ts';
import { renderPreview } from './render-preview.ts';
import { languageNames, localeOf } from './template-card.ts';
import type { TemplateField } from './template-fields.ts';
import { fieldsOf, withValue } from './template-fields.ts';

interface EditorOptions {
  readonly orders: Orders;
  readonly announce: (words: string) => void;
  readonly files: () => readonly CatalogFile[];
  /** However the editor was closed. */
  readonly onClosed: (path: string) => void;
}

/** Edits one language: its texts beside what becomes of them, and what the lint has to say. */
export function createTemplateEditor({ orders, announce, files, onClosed }: EditorOptions) {
  const dialog = find('editor', HTMLDialogElement);
  /** What was typed and not saved, by file: closing the editor loses nothing. */
  const drafts = new Map<string, string>();
  let opened = '';
  dialog.addEventListener('close', () => onClosed(opened));

  function open(path: string): void {
    const saved = files().find((file) => file.path === path)?.text ?? '';
    let text = drafts.get(path) ?? saved;
    const locale = localeOf(path);
    const { english } = languageNames(locale);

    const texts = element('div', { class: 'texts' });
    const findings = element('ul', { class: 'findings', 'aria-label': 'Findings' });
    const outcome = element('p', { class: 'outcome', role: 'status' });
    const json = element('textarea', { id: 'editor-json', rows: '14', spellcheck: 'false', dir: 'ltr' });
    const reviewed = element('input', { type: 'checkbox', id: 'editor-reviewed' });
    const previews = new Map<string, { readonly field: TemplateField['path']; readonly element: HTMLElement }>();

    function drawFields(): void {
      previews.clear();
      texts.replaceChildren(
        ...fieldsOf(text).map(({ path: place, text: written }) => {
          const name = place.join('.');
          const id = `editor-${name.replaceAll('.', '-')}`;
          const isSms = place[0] === 'sms';
          // Markup is read from the left, whatever stands between it.
          const dir = isSms ? directionOf(locale) : 'ltr';
          const input = element('textarea', { id, dir, lang: locale, rows: isSms ? '3' : '7' });
          input.value = written;
          input.addEventListener('input', () => {
            text = withValue(text, place, input.value);
            json.value = text;
            changed();
          });
          const preview = element('div', { class: 'beside' });
          previews.set(name, { field: place, element: preview });
          const field = element('div', { class: 'field' }, element('label', { for: id }, titleOf(place)), input);
          return element('div', { class: 'text-row' }, field, preview);
        }),
      );
    }

    function changed(): void {
      if (text === saved) drafts.delete(path);
      else drafts.set(path, text);
      outcome.textContent = '';
      discard.disabled = text === saved;
      const language = readLanguage(text);
      const values = { settings: settingsOf(files()), firstName: 'Ana' };
      const written = fieldsOf(text);
      for (const [place, { field, element: preview }] of previews) {
        const own = written.find(({ path: at }) => at.join('.') === place)?.text;
        // One text that is no good is no reason not to show the others.
        const shown = language ?? readLanguage(withValue(saved, field, own));
        const template = shown?.templates.find((candidate) => placeOf(candidate) === place);
        // As long as a text is no good, what it was stays and says that it is old.
        preview.classList.toggle('stale', template === undefined);
        if (template !== undefined) preview.replaceChildren(renderPreview(previewTemplate(template, values), locale));
      }
      reviewed.checked = language?.reviewed ?? reviewed.checked;
      showFindings(findingsOf({ path, text }, files()));
    }

    function showFindings(found: readonly Finding[]): void {
      findings.replaceChildren(
        ...found.map(({ severity, rule, path: place, message, fix }) =>
          element(
            'li',
            { class: severity },
            element('span', { class: `badge ${severity}` }, severity),
            element('span', {}, `${place} ${message}.`),
            // What cannot be read has no advice of its own beyond what the message says.
            rule === 'undecodable' ? undefined : element('span', { class: 'dim' }, sentence(fix)),
          ),
        ),
        ...(found.length === 0 ? [element('li', { class: 'good' }, 'Nothing is wrong with it.')] : []),
      );
    }

    async function save(): Promise<void> {
      const sent = text;
      const { value, problems } = await orders.save({ path, text: sent });
      const errors = value?.findings?.filter(({ severity }) => severity === 'error') ?? [];
      if (value === undefined || problems.length > 0 || errors.length > 0) {
        if (errors.length > 0) showFindings(value?.findings ?? []);
        outcome.textContent = `Not saved: ${problems.map(({ path: at, message }) => `${at} ${message}`.trim()).join('; ') || 'correct the errors first'}.`;
        outcome.dataset['state'] = 'bad';
        return;
      }
      drafts.delete(path);
      dialog.close();
      announce(`${locale} is saved: the next message says it`);
    }

    const discard = button('Discard changes', () => {
      text = saved;
      json.value = text;
      drawFields();
      changed();
      json.focus();
    });
    json.value = text;
    json.addEventListener('input', () => {
      text = json.value;
      drawFields();
      changed();
    });
    reviewed.addEventListener('change', () => {
      text = withValue(text, ['reviewed'], reviewed.checked);
      json.value = text;
      changed();
    });

    const form = element(
      'form',
      { method: 'dialog' },
      element(
        'div',
        { class: 'editor-head' },
        element('h2', { id: 'editor-heading' }, `${locale} `, element('span', { class: 'dim' }, english)),
        element('label', { class: 'check', for: 'editor-reviewed' }, reviewed, 'Read by a native speaker'),
        button('Close', () => dialog.close(), { class: 'small' }),
      ),
      element(
        'div',
        { class: 'editor-body' },
        texts,
        element(
          'details',
          {},
          element('summary', {}, path),
          element('label', { for: 'editor-json', class: 'unseen' }, path),
          json,
        ),
      ),
      element(
        'div',
        { class: 'editor-foot' },
        findings,
        element(
          'div',
          { class: 'buttons' },
          element('button', { type: 'submit', class: 'primary' }, 'Save'),
          discard,
          outcome,
        ),
      ),
    );
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      void save();
    });
    dialog.replaceChildren(form);
    drawFields();
    changed();
    // A file that has no texts that could be edited one by one is shown as it stands.
    const details = form.querySelector('details');
    if (details !== null) details.open = previews.size === 0;
    opened = path;
    dialog.showModal();
    (form.querySelector('textarea') ?? json).focus();
  }

  return { open };
}

const sentence = (words: string) => `${words.slice(0, 1).toUpperCase()}${words.slice(1)}.`;

function titleOf([channel, , type]: readonly string[]): string {
  const known = requestTypes.find((name) => name === type);
  return `${channel === 'sms' ? 'SMS' : 'Call (SSML)'}${known === undefined ? '' : `, ${requestTypeWords[known].toLowerCase()}`}`;
}
