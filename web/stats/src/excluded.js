import { draw, el, put, write } from './elements.js';
import { number, percent, rangeName } from './format.js';
import { has, t } from './language.js';
import { sum } from './scale.js';

/** In the order in which the server decides. */
const REASONS = ['ROBOT', 'PREFETCH', 'REPEAT', 'BURST'];

function createBar(reason) {
  const count = el('span', { class: 'bar-count' });
  const bar = draw('rect', { class: 'bar', height: 10, rx: 2 });
  return {
    element: el(
      'li',
      { 'data-reason': reason },
      el(
        'p',
        { class: 'bar-head' },
        el('span', { class: 'bar-name' }, has(`reason.${reason}`) ? t(`reason.${reason}`) : reason),
        count,
      ),
      draw(
        'svg',
        { class: 'bar-frame', height: 10, width: '100%', 'aria-hidden': 'true' },
        draw('rect', { class: 'bar-ground', height: 10, width: '100%', rx: 2 }),
        bar,
      ),
      has(`reason.${reason}.hint`) ? el('p', { class: 'hint' }, t(`reason.${reason}.hint`)) : '',
    ),
    update(views, all, largest) {
      write(count, t('excluded.of', { count: number(views), share: percent(views, all) }));
      // A single view among thousands is still to be seen.
      const part = views > 0 ? Math.max(1, (views / largest) * 100) : 0;
      put(bar, { width: `${Math.round(part * 100) / 100}%` });
    },
  };
}

/** What does not count, by reason. */
export function createExcluded() {
  const bars = new Map(REASONS.map((reason) => [reason, createBar(reason)]));
  const list = el(
    'ul',
    { class: 'bars' },
    [...bars.values()].map(({ element }) => element),
  );
  const hint = el('p', { class: 'hint' });
  return {
    element: el(
      'section',
      { class: 'card excluded', 'aria-labelledby': 'excluded-title' },
      el('header', { class: 'card-head' }, el('h2', { id: 'excluded-title' }, t('excluded.title')), hint),
      list,
    ),
    update({ viewStats }, { hours }) {
      const counts = new Map(viewStats.excluded.map(({ reason, views }) => [reason, views]));
      // A newer server may know more reasons.
      for (const reason of counts.keys()) {
        if (bars.has(reason)) continue;
        bars.set(reason, createBar(reason));
        list.append(bars.get(reason).element);
      }
      const all = sum(viewStats.excluded);
      const range = rangeName(hours);
      write(hint, all > 0 ? t('excluded.hint', { range, count: number(all) }) : t('excluded.none', { range }));
      const largest = Math.max(...counts.values(), 1);
      for (const [reason, bar] of bars) bar.update(counts.get(reason) ?? 0, all, largest);
    },
  };
}
