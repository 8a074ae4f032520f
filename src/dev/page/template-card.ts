import type { CatalogFile } from '../../core/catalog.ts';
import type { Channel } from '../../core/channel.ts';
import { channels } from '../../core/channel.ts';
import type { Finding } from '../../core/lint-rules.ts';
import type { RequestType } from '../../core/request-type.ts';
import { button, element } from './element.ts';
import type { PreviewValues } from './preview.ts';
import { findingsOf, previewTemplate, readLanguage, textFor } from './preview.ts';
import { renderPreview } from './render-preview.ts';
import { hasVoice } from './voice-language.ts';

/** What the gallery is set to show. */
export interface CardView extends PreviewValues {
  readonly channel: Channel | undefined;
  readonly requestType: RequestType;
  readonly files: readonly CatalogFile[];
  readonly onEdit: (path: string) => void;
}

/** `pt-BR` of `templates/pt-BR.json`. */
export const localeOf = (path: string) => path.replace(/^templates\/|\.json$/g, '');

/** By which a language's button is found again after it has been drawn anew. */
export const editLabel = (locale: string) => `Edit ${locale}`;

const namesOf = (locale: string, of: string) => {
  try {
    return new Intl.DisplayNames([locale], { type: 'language' }).of(of) ?? of;
  } catch {
    return of;
  }
};

/** The language's name in English, and as those who speak it write it. */
export const languageNames = (locale: string) => ({ english: namesOf('en', locale), own: namesOf(locale, locale) });

/** One language with its messages, and everything that may be searched for in it. */
export function renderCard(
  file: CatalogFile,
  view: CardView,
): { readonly element: HTMLElement; readonly words: string } {
  const locale = localeOf(file.path);
  const language = readLanguage(file.text);
  const { english, own } = languageNames(locale);
  const previews = (language === undefined ? [] : channels)
    .filter((channel) => view.channel === undefined || view.channel === channel)
    .map((channel) => {
      const template = language === undefined ? undefined : textFor(language, channel, view.requestType);
      return template === undefined
        ? element('p', { class: 'none' }, noText(channel, locale))
        : renderPreview(previewTemplate(template, view), locale);
    });
  const findings = findingsOf(file, view.files);
  const card = element(
    'li',
    { class: 'card' },
    element(
      'div',
      { class: 'card-head' },
      element('h3', {}, locale),
      element('span', { class: 'dim' }, english),
      element('span', { class: 'dim', lang: locale, dir: 'auto' }, own === english ? '' : own),
    ),
    element('div', { class: 'badges' }, ...badgesOf(language?.reviewed, findings)),
    ...previews,
    language === undefined ? element('p', { class: 'problem' }, 'This file cannot be read as it stands.') : undefined,
    element(
      'div',
      { class: 'buttons' },
      button('Edit', () => view.onEdit(file.path), { 'aria-label': editLabel(locale) }),
    ),
  );
  return { element: card, words: `${locale} ${english} ${own} ${file.text}`.toLowerCase() };
}

function noText(channel: Channel, locale: string): string {
  if (channel === 'sms') return 'No SMS.';
  return hasVoice(locale) ? 'No call: there is no text for it.' : 'No call: the service has no voice for it.';
}

function badgesOf(reviewed: boolean | undefined, findings: readonly Finding[]): readonly HTMLElement[] {
  const count = (severity: Finding['severity']) => findings.filter((finding) => finding.severity === severity).length;
  const [errors, warnings] = [count('error'), count('warning')];
  const badge = (kind: string, words: string) => element('span', { class: `badge ${kind}` }, words);
  return [
    ...(reviewed === undefined ? [] : [reviewed ? badge('good', 'reviewed') : badge('note', 'not reviewed')]),
    ...(errors === 0 ? [] : [badge('bad', `${errors} ${errors === 1 ? 'error' : 'errors'}`)]),
    ...(warnings === 0 ? [] : [badge('warn', `${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`)]),
  ];
}
