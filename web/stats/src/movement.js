import { el, put, spoken } from './elements.js';
import { number } from './format.js';
import { t } from './language.js';

/** How a place came about: its sign, and the words for it. */
export function movementOf({ rank, previousRank, isNew }) {
  if (isNew) return { kind: 'new', sign: t('movement.newMark'), text: t('movement.new') };
  if (previousRank === null || previousRank === undefined) {
    return { kind: 'unknown', sign: '–', text: t('movement.unknown') };
  }
  const count = Math.abs(previousRank - rank);
  if (previousRank > rank)
    return { kind: 'up', sign: `▲${number(count)}`, text: t('movement.up', { count: number(count) }) };
  if (previousRank < rank)
    return { kind: 'down', sign: `▼${number(count)}`, text: t('movement.down', { count: number(count) }) };
  return { kind: 'same', sign: '=', text: t('movement.same') };
}

/** The sign is drawn, the words are read out. */
export function createMovement() {
  const element = el('span', { class: 'movement' });
  let shown = '';
  return {
    element,
    update(entry) {
      const { kind, sign, text } = movementOf(entry);
      if (shown === kind + sign) return;
      shown = kind + sign;
      put(element, { class: `movement ${kind}`, 'data-movement': kind, title: text });
      element.replaceChildren(el('span', { 'aria-hidden': 'true' }, sign), spoken(text));
    },
  };
}
