import { createArticleLink } from './article-link.js';
import { arrange, el, put, slide, write } from './elements.js';
import { number } from './format.js';
import { t } from './language.js';
import { createMovement } from './movement.js';

const SHOWN = 5;

/** Those that climbed most, and the best of those that are new. */
export function moversOf(entries) {
  const rise = ({ rank, previousRank }) => (previousRank ?? rank) - rank;
  const up = entries
    .filter((entry) => !entry.isNew && rise(entry) > 0)
    .sort((a, b) => rise(b) - rise(a) || a.rank - b.rank);
  return { up: up.slice(0, SHOWN), new: entries.filter(({ isNew }) => isNew).slice(0, SHOWN) };
}

function createItem() {
  const movement = createMovement();
  const link = createArticleLink();
  const places = el('span', { class: 'mover-places' });
  const element = el(
    'li',
    { class: 'mover' },
    movement.element,
    el('span', { class: 'mover-text' }, link.element, places),
  );
  return {
    element,
    update(entry) {
      const { rank, previousRank, isNew, article } = entry;
      put(element, { 'data-article': article.id });
      movement.update(entry);
      link.update(article);
      write(
        places,
        isNew
          ? t('movers.at', { to: number(rank) })
          : t('movers.fromTo', { from: number(previousRank), to: number(rank) }),
      );
    },
  };
}

function createList(kind) {
  const items = new Map();
  const list = el('ol', { class: 'mover-list', 'data-movers': kind });
  const none = el('p', { class: 'nothing small' }, t(kind === 'up' ? 'movers.noneUp' : 'movers.noneNew'));
  return {
    element: el('div', null, el('h3', null, t(`movers.${kind}`)), list, none),
    update(entries) {
      const shown = new Set(entries.map(({ article }) => article.id));
      for (const id of items.keys()) if (!shown.has(id)) items.delete(id);
      const of = ({ article }) => {
        if (!items.has(article.id)) items.set(article.id, createItem());
        return items.get(article.id);
      };
      slide([...list.children], () =>
        arrange(
          list,
          entries.map((entry) => of(entry).element),
        ),
      );
      for (const entry of entries) of(entry).update(entry);
      put(list, { hidden: entries.length === 0 });
      put(none, { hidden: entries.length > 0 });
    },
  };
}

/** Who moved among the first of the list. */
export function createMovers() {
  const lists = { up: createList('up'), new: createList('new') };
  const hint = el('p', { class: 'hint' });
  return {
    element: el(
      'section',
      { class: 'card movers', 'aria-labelledby': 'movers-title' },
      el('header', { class: 'card-head' }, el('h2', { id: 'movers-title' }, t('movers.title')), hint),
      el('div', { class: 'mover-lists' }, lists.up.element, lists.new.element),
    ),
    update({ field }) {
      const entries = field?.entries ?? [];
      const movers = moversOf(entries);
      write(hint, entries.length > 0 ? t('movers.hint', { count: number(entries.length) }) : '');
      lists.up.update(movers.up);
      lists.new.update(movers.new);
    },
  };
}
