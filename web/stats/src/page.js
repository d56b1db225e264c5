import { signOut } from '../../desk/src/api/session.js';
import { choices } from './choices.js';
import { createCurve } from './curve.js';
import { el, put, write } from './elements.js';
import { createExcluded } from './excluded.js';
import { failureText } from './failures.js';
import { timeOfDay } from './format.js';
import { t } from './language.js';
import { createMovers } from './movers.js';
import { createRanking } from './ranking.js';
import { createTools } from './tools.js';

const SIGNS = { loading: '…', live: '●', paused: '‖', late: '▲' };

/** Whether the figures are those of now. Only a change of state is read out, not every refresh. */
function createStatus(onPause) {
  const sign = el('span', { class: 'status-sign', 'aria-hidden': 'true' });
  const state = el('span', { role: 'status' });
  const time = el('span', { class: 'status-time' });
  const button = el('button', { type: 'button', 'data-tool': 'pause', onclick: onPause });
  let shown;
  return {
    element: el('div', { class: 'status' }, sign, state, time, button),
    update(name, at, paused) {
      if (shown !== name) {
        shown = name;
        write(sign, SIGNS[name]);
        write(state, t(`status.${name}`));
      }
      put(state.parentNode, { 'data-status': name });
      write(time, at ? t('status.at', { time: at }) : '');
      write(button, t(paused ? 'status.resume' : 'status.pause'));
      put(button, { 'aria-pressed': String(paused) });
    },
  };
}

/** The head of the page, with nothing below it yet. */
function frame(start, account, ...content) {
  return [
    el('a', { class: 'skip', href: '#main', onclick: skip }, t('skip')),
    el(
      'header',
      { class: 'head' },
      el('p', { class: 'brand' }, el('span', null, start?.site.name ?? 'Tidings'), ' ', el('small', null, t('stats'))),
      el('a', { class: 'to-desk', href: '/desk' }, t('desk')),
      el(
        'div',
        { class: 'tools' },
        createTools(),
        el('span', { class: 'who' }, account.name),
        el('button', { type: 'button', class: 'quiet', 'data-tool': 'sign-out', onclick: signOut }, t('signOut')),
      ),
    ),
    el('main', { id: 'main', tabindex: -1 }, content),
  ];
}

function skip(event) {
  // The address holds what is looked at.
  event.preventDefault();
  document.getElementById('main').focus();
}

/** Before anything is known of the portal: a word, and what went wrong if something did. */
export const waiting = (account, error) =>
  frame(
    null,
    account,
    el('h1', { class: 'hidden' }, t('stats')),
    error
      ? el('p', { class: 'notice warning', role: 'alert' }, `${failureText(error)} ${t('late.never')}`)
      : el('p', { class: 'nothing', role: 'status' }, t('loading')),
  );

/** For accounts that may not see any of it. */
export const refused = (start, account) =>
  frame(
    start,
    account,
    el('h1', { class: 'hidden' }, t('stats')),
    el(
      'section',
      { class: 'card refused', role: 'alert' },
      el('h2', null, t('forbidden.title')),
      el('p', null, t('forbidden.text', { name: account.name })),
    ),
  );

/** The whole page. `answer()` draws figures, `fail()` says that there are none. */
export function createPage({ start, account, isPaused, onPause }) {
  const asked = choices.get();
  const status = createStatus(onPause);
  const late = el('p', { class: 'notice warning late', role: 'alert', hidden: true });
  const ranking = createRanking(asked, start.channels ?? []);
  const [curve, movers, excluded] = [createCurve(asked), createMovers(), createExcluded()];
  const blocks = [curve, ranking, movers, excluded];
  const clock = (milliseconds) => timeOfDay(milliseconds, start.site.timeZone);
  let paused = isPaused;
  let failure = null;
  let at = null;

  function drawStatus() {
    const name = failure ? 'late' : paused ? 'paused' : at ? 'live' : 'loading';
    status.update(name, at && clock(at), paused);
    const since = at ? t('late.since', { time: clock(at) }) : t('late.never');
    put(late, { hidden: !failure });
    write(late, failure ? `${failureText(failure)} ${since}` : '');
  }
  drawStatus();

  return {
    elements: frame(
      start,
      account,
      el('div', { class: 'title-row' }, el('h1', null, t('stats')), status.element),
      late,
      curve.element,
      el(
        'div',
        { class: 'columns' },
        ranking.element,
        el('div', { class: 'beside' }, movers.element, excluded.element),
      ),
      el('p', { class: 'hint zone' }, t('zone', { zone: start.site.timeZone })),
    ),
    wait: () => ranking.wait(),
    answer({ data, asked: choice, at: time }) {
      failure = null;
      at = time;
      for (const block of blocks) block.update(data, choice);
      drawStatus();
    },
    fail(error) {
      failure = error;
      drawStatus();
    },
    pause(now) {
      paused = now;
      drawStatus();
    },
  };
}
