import { el, uniqueId, write } from './elements.js';
import { hourName, number, rangeName } from './format.js';
import { t } from './language.js';
import { excludedOf } from './scale.js';

/** The curve in words and numbers. It is filled only while it is open. */
export function createHoursTable() {
  const rows = el('tbody');
  const caption = el('caption', { id: uniqueId('hours') });
  const heads = ['curve.hour', 'views.short', 'excluded.short'].map((name) => el('th', { scope: 'col' }, t(name)));
  const table = el('table', { class: 'numbers' }, caption, el('thead', null, el('tr', null, heads)), rows);
  // A region that scrolls must be within reach of keys.
  const frame = el(
    'div',
    { class: 'numbers-frame', tabindex: 0, role: 'region', 'aria-labelledby': caption.id },
    table,
  );
  const element = el('details', { class: 'as-table', ontoggle: fill }, el('summary', null, t('curve.table')), frame);
  let hours = [];
  let range = '24';

  function fill() {
    if (!element.open) return;
    write(caption, t('curve.title') + t('dot') + rangeName(range));
    while (rows.children.length > hours.length) rows.lastChild.remove();
    while (rows.children.length < hours.length) {
      rows.append(el('tr', null, el('th', { scope: 'row' }), el('td'), el('td')));
    }
    // The newest first: it is what most come for.
    hours.forEach((entry, index) => {
      const [time, counted, others] = rows.children[hours.length - 1 - index].children;
      write(time, hourName(entry.at, index === hours.length - 1));
      write(counted, number(entry.views));
      write(others, number(excludedOf(entry)));
    });
  }

  return {
    element,
    update(newHours, newRange) {
      hours = newHours;
      range = newRange;
      fill();
    },
  };
}
