import { createArticleLink } from './article-link.js';
import { choose, ORDERS, WINDOWS } from './choices.js';
import { arrange, choice, el, put, slide, uniqueId, write } from './elements.js';
import { number, score } from './format.js';
import { t } from './language.js';
import { createMovement } from './movement.js';
import { createSparkline } from './sparkline.js';

/** Named, since rows that are laid out as cards are no rows to a browser otherwise. */
const cell = (name, ...children) => el('td', { class: `cell-${name}`, role: 'cell' }, ...children);

function createRow() {
  const rank = cell('rank');
  const movement = createMovement();
  const link = createArticleLink();
  const channel = cell('channel');
  const views = el('span', { class: 'views' });
  const points = el('span', { class: 'score' });
  const sparkline = createSparkline();
  const element = el(
    'tr',
    { role: 'row' },
    rank,
    cell('movement', movement.element),
    el('th', { class: 'cell-title', scope: 'row', role: 'rowheader' }, link.element),
    channel,
    cell('views', views, points),
    cell('history', sparkline.element),
  );
  return {
    element,
    update(entry, by) {
      write(rank, number(entry.rank));
      put(element, { 'data-article': entry.article.id, class: entry.rank <= 3 ? 'first' : null });
      movement.update(entry);
      link.update(entry.article);
      write(channel, entry.article.channel?.name ?? '');
      put(channel, { title: entry.article.channel?.name });
      write(views, number(entry.views));
      // The number of views does not explain any other order.
      write(points, by === 'VIEWS' ? '' : t('score', { score: score(entry.score) }));
      sparkline.update(entry.history);
    },
  };
}

/** Roots with those below them, as options of a list. */
function channelOptions(channels, chosen) {
  const option = ({ id, name }, indent) => el('option', { value: id, selected: id === chosen }, indent + name);
  return channels.flatMap((root) => [
    option(root, ''),
    ...(root.children ?? []).map((child) => option(child, '\u3000')),
  ]);
}

/** The list of what is read most. */
export function createRanking({ window, by, channel }, channels) {
  const names = new Map(channels.flatMap((root) => [root, ...(root.children ?? [])]).map(({ id, name }) => [id, name]));
  const scopeId = uniqueId('scope');
  const scope = el(
    'select',
    { id: scopeId, onchange: () => choose({ channel: scope.value }) },
    el('option', { value: '' }, t('ranking.site')),
    channelOptions(channels, channel),
  );
  const hint = el('p', { class: 'hint' }, t(`by.${by}.hint`));
  const notice = el('p', { class: 'notice', role: 'status', hidden: true });
  const nothing = el(
    'div',
    { class: 'nothing', hidden: true },
    el('p', { class: 'nothing-title' }, t('ranking.none')),
    el('p', null, t('ranking.noneHint')),
  );
  const caption = el('caption');
  const body = el('tbody', { role: 'rowgroup' });
  const table = el(
    'table',
    { class: 'ranking', role: 'table', hidden: true },
    caption,
    el(
      'thead',
      { role: 'rowgroup' },
      el(
        'tr',
        { role: 'row' },
        ['rank', 'movement', 'title', 'channel', 'views', 'history'].map((name) =>
          el('th', { class: `cell-${name}`, scope: 'col', role: 'columnheader' }, t(`column.${name}`)),
        ),
      ),
    ),
    body,
  );
  const rows = new Map();

  function rowOf(id) {
    if (!rows.has(id)) rows.set(id, createRow());
    return rows.get(id);
  }

  function drawRows(entries, asked) {
    const shown = new Set(entries.map(({ article }) => article.id));
    for (const id of rows.keys()) if (!shown.has(id)) rows.delete(id);
    slide([...body.children], () => {
      arrange(
        body,
        entries.map(({ article }) => rowOf(article.id).element),
      );
    });
    for (const entry of entries) rowOf(entry.article.id).update(entry, asked.by);
  }

  function drawNotice(list, asked) {
    const place = (name, shownWindow) =>
      t('ranking.place', {
        scope: name ? t('ranking.channelInText', { name }) : t('ranking.siteInText'),
        window: t(`windowName.${shownWindow}`),
      });
    const isOther = Boolean(list?.isFallback && list.entries.length > 0);
    put(notice, { hidden: !isOther });
    if (!isOther) return;
    write(
      notice,
      t('ranking.fallback', {
        asked: place(names.get(asked.channel), asked.window),
        shown: place(list.channel?.name, list.window),
      }),
    );
  }

  const element = el(
    'section',
    { class: 'card top', 'aria-labelledby': 'ranking-title' },
    el('header', { class: 'card-head' }, el('h2', { id: 'ranking-title' }, t('ranking.title'))),
    el(
      'div',
      { class: 'switches' },
      choice({
        label: t('ranking.window'),
        name: 'window',
        options: WINDOWS.map((it) => [it, t(`window.${it}`)]),
        chosen: window,
        onChoice: (chosen) => choose({ window: chosen }),
      }),
      choice({
        label: t('ranking.by'),
        name: 'by',
        options: ORDERS.map((it) => [it, t(`by.${it}`)]),
        chosen: by,
        onChoice: (chosen) => choose({ by: chosen }),
      }),
      el('div', { class: 'choice', 'data-choice': 'scope' }, el('label', { for: scopeId }, t('ranking.scope')), scope),
    ),
    hint,
    notice,
    nothing,
    table,
  );

  return {
    element,
    /** While another list is on its way. */
    wait: () => put(table, { 'aria-busy': 'true' }),
    update({ top }, asked) {
      const entries = top?.entries ?? [];
      put(table, { 'aria-busy': null, hidden: entries.length === 0 });
      put(nothing, { hidden: entries.length > 0 });
      write(hint, t(`by.${asked.by}.hint`));
      write(
        caption,
        t('ranking.caption', {
          scope: top?.channel?.name ?? t('ranking.site'),
          window: t(`windowName.${top?.window ?? asked.window}`),
          by: t(`ranking.by.${top?.by ?? asked.by}`),
        }),
      );
      drawNotice(top, asked);
      drawRows(entries, asked);
    },
  };
}
