import { el, write } from './elements.js';
import { number, percent } from './format.js';
import { t } from './language.js';
import { excludedOf, sum } from './scale.js';

function createFigure(name) {
  const value = el('dd', { class: 'figure-value', 'data-figure': name }, '–');
  const hint = el('dd', { class: 'figure-hint' });
  return {
    element: el('div', { class: `figure figure-${name}` }, el('dt', null, t(name)), value, hint),
    update(text, hintText) {
      write(value, text);
      write(hint, hintText);
    },
  };
}

/** The views of all hours: those that count, those that do not, and their share. */
export function createFigures() {
  const [views, excluded, share] = ['views', 'excluded', 'share'].map(createFigure);
  return {
    element: el('dl', { class: 'figures' }, views.element, excluded.element, share.element),
    update(stats) {
      const others = sum(stats.excluded);
      const now = stats.hours.at(-1);
      const ofNow = (count) => `${t('curve.now')} ${number(count)}`;
      views.update(number(stats.views), ofNow(now?.views ?? 0));
      excluded.update(number(others), ofNow(now ? excludedOf(now) : 0));
      share.update(percent(others, stats.views + others), t('share.hint', { all: number(stats.views + others) }));
    },
  };
}
