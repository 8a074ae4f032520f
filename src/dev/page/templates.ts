import { channels } from '../../core/channel.ts';
import { requestTypes } from '../../core/request-type.ts';
import type { CatalogState } from '../events.ts';
import { requestTypeWords } from './compose-form.ts';
import { element, find } from './element.ts';
import type { Orders } from './orders.ts';
import { settingsOf } from './preview.ts';
import type { CardView } from './template-card.ts';
import { editLabel, localeOf, renderCard } from './template-card.ts';
import { createTemplateEditor } from './template-editor.ts';

/** Every language side by side, as the catalog stands. */
export interface Templates {
  show(catalog: CatalogState): void;
  /** Nothing is drawn before somebody wants to see it. */
  open(): void;
}

interface Drawn {
  readonly element: HTMLElement;
  readonly words: string;
}

export function createTemplates(orders: Orders, announce: (words: string) => void): Templates {
  const filter = find('template-filter', HTMLInputElement);
  const channel = find('template-channel', HTMLSelectElement);
  const type = find('template-type', HTMLSelectElement);
  const firstName = find('template-name', HTMLInputElement);
  const cards = find('cards', HTMLElement);
  const none = find('no-cards', HTMLElement);
  let catalog: CatalogState = { version: 0, folder: undefined, files: [], problems: [] };
  let isOpen = false;
  let drawn: readonly Drawn[] = [];

  type.append(...requestTypes.map((name) => element('option', { value: name }, requestTypeWords[name])));
  type.value = 'mfa-verification';
  const editor = createTemplateEditor({ orders, announce, files: () => catalog.files, onClosed: backTo });
  const languages = () => catalog.files.filter(({ path }) => path.startsWith('templates/'));

  function draw(): void {
    if (!isOpen) return;
    const { files } = catalog;
    const view: CardView = {
      files,
      settings: settingsOf(files),
      firstName: firstName.value.trim() === '' ? undefined : firstName.value.trim(),
      channel: channels.find((known) => known === channel.value),
      requestType: requestTypes.find((known) => known === type.value) ?? 'mfa-verification',
      onEdit: editor.open,
    };
    const focused = cards.contains(document.activeElement)
      ? document.activeElement?.getAttribute('aria-label')
      : undefined;
    drawn = languages().map((file) => renderCard(file, view));
    cards.replaceChildren(...drawn.map((card) => card.element));
    sift();
    if (typeof focused === 'string') focusOn(focused);
  }

  function focusOn(label: string): boolean {
    const made = [...cards.querySelectorAll('button')].find((known) => known.getAttribute('aria-label') === label);
    made?.focus();
    return made !== undefined && made === document.activeElement;
  }

  /**
   * Whoever has edited is back at the button that they came by. The browser would lead there by itself, but to the very
   * button of then: what was saved may have been drawn anew before the dialog closed, or be drawn after it.
   */
  function backTo(path: string): void {
    if (!focusOn(editLabel(localeOf(path)))) filter.focus();
  }

  function sift(): void {
    const sought = filter.value.trim().toLowerCase();
    for (const { element: card, words } of drawn) card.hidden = !words.includes(sought);
    none.hidden = drawn.some(({ element: card }) => !card.hidden);
  }

  filter.addEventListener('input', sift);
  for (const input of [channel, type]) input.addEventListener('change', draw);
  firstName.addEventListener('input', draw);

  return {
    show(next) {
      catalog = next;
      const { version, folder, problems } = next;
      find('template-count', HTMLElement).textContent = String(languages().length);
      find('catalog-source', HTMLElement).textContent =
        folder === undefined
          ? `Version ${version} serves: the package's own texts. What you edit lasts as long as this run; --dir names a folder to keep it in.`
          : `Version ${version} serves, from ${folder}.`;
      find('catalog-problems', HTMLElement).replaceChildren(
        ...problems.map((problem) => element('li', {}, `${problem}; version ${version} serves on.`)),
      );
      draw();
    },
    open() {
      if (isOpen) return;
      isOpen = true;
      draw();
    },
  };
}
