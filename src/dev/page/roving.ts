/** Makes a list one stop of the Tab key: arrows, Home and End go from one of its buttons to the next. */
export function rove(list: HTMLElement, selector: string): { readonly added: (item: HTMLElement) => void } {
  let current: HTMLElement | undefined;
  const take = (item: HTMLElement) => {
    if (current !== undefined) current.tabIndex = -1;
    current = item;
    item.tabIndex = 0;
  };
  list.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target.matches(selector)) take(target);
  });
  list.addEventListener('keydown', (event) => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches(selector)) return;
    const items = [...list.querySelectorAll<HTMLElement>(selector)];
    const at = items.indexOf(event.target);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    const item = to === undefined ? undefined : items[to];
    if (item === undefined) return;
    event.preventDefault();
    item.focus();
  });
  return {
    added(item) {
      // The newest is the stop, unless somebody is in the list right now.
      if (current === undefined || !list.contains(document.activeElement)) take(item);
      else item.tabIndex = -1;
    },
  };
}
