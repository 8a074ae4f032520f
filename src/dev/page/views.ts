import { find } from './element.ts';

const names = ['phones', 'templates'] as const;

export interface Views {
  /** Shows a view as its link does, and at once. */
  open(name: (typeof names)[number]): void;
}

/** Shows the one of the two views that the address names, so that it can be gone back from and reloaded. */
export function createViews({ onTemplates }: { readonly onTemplates: () => void }): Views {
  const show = () => {
    const wanted = names.find((name) => location.hash === `#${name}`);
    // A link within the view, such as the one that skips the forms.
    if (wanted === undefined && location.hash !== '') return;
    const current = wanted ?? 'phones';
    for (const name of names) find(`view-${name}`, HTMLElement).hidden = name !== current;
    for (const link of document.querySelectorAll('nav a')) {
      if (link.getAttribute('href') === `#${current}`) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
    }
    if (current === 'templates') onTemplates();
    scrollTo({ top: 0 });
  };
  addEventListener('hashchange', show);
  show();
  return {
    open(name) {
      if (!find(`view-${name}`, HTMLElement).hidden) return;
      location.hash = name;
      show();
    },
  };
}
