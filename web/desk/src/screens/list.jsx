import { useContext, useEffect, useState } from 'preact/hooks';
import { COUNTS, LIST } from '../api/documents.js';
import { request } from '../api/request.js';
import { session } from '../api/session.js';
import { Desk } from '../desk-context.js';
import { sayFailure } from '../failures.js';
import { t } from '../language.js';
import { readDraft } from '../manuscript/drafts.js';
import { StateBadge } from '../parts/badge.jsx';
import { Check, Choice, Line } from '../parts/field.jsx';
import { replace, to } from '../route.js';
import { shortTime } from '../time.js';
import { useLoad } from '../use-load.js';

const STATES = ['DRAFT', 'IN_REVIEW', 'REJECTED', 'APPROVED', 'SCHEDULED', 'PUBLISHED', 'WITHDRAWN', 'ARCHIVED'];
const TYPING_MS = 300;

/** The filter of the API for the address of the list. */
function filterOf(search) {
  const states = search.getAll('state').filter((state) => STATES.includes(state));
  return {
    ...(states.length > 0 && { states }),
    ...(search.get('mine') && { mine: true }),
    ...(search.get('held') && { held: true }),
    ...(search.get('channel') && { channel: search.get('channel') }),
    ...(search.get('title') && { title: search.get('title') }),
  };
}

/** Changes one condition in the address; the screen follows the address. */
function change(search, name, values) {
  const next = new URLSearchParams(search);
  next.delete(name);
  for (const value of values) next.append(name, value);
  replace(`${to('list')}${next.size > 0 ? `?${next}` : ''}`);
}

function States({ search, counts }) {
  const chosen = search.getAll('state');
  const countOf = (state) => counts?.find((entry) => entry.state === state)?.count;
  const toggle = (state) =>
    change(search, 'state', chosen.includes(state) ? chosen.filter((other) => other !== state) : [...chosen, state]);
  return (
    <div class="states" role="group" aria-label={t('list.states')}>
      <button type="button" class="chip" aria-pressed={chosen.length === 0} onClick={() => change(search, 'state', [])}>
        {t('list.all')}
      </button>
      {STATES.map((state) => (
        <button
          key={state}
          type="button"
          class="chip"
          data-state={state}
          aria-pressed={chosen.includes(state)}
          onClick={() => toggle(state)}
        >
          {t(`state.${state}`)}
          {countOf(state) !== undefined && <span class="count">{countOf(state)}</span>}
        </button>
      ))}
    </div>
  );
}

function Row({ manuscript, owner }) {
  const { id, title, state, isLive, channel, changedBy, changedAt, publishAt, heldBy } = manuscript;
  return (
    <tr>
      <td class="row-title">
        <a href={to('article', id)}>{title}</a>
        {heldBy.length > 0 && <span class="badge warning">{t('held.badge')}</span>}
        {readDraft(owner, id) && <span class="badge warning">{t('manuscript.notSaved')}</span>}
      </td>
      <td>
        <StateBadge state={state} isLive={isLive} />
        {publishAt && <span class="hint">{shortTime(publishAt)}</span>}
      </td>
      <td>{channel?.name}</td>
      <td>{changedBy}</td>
      <td class="time">{shortTime(changedAt)}</td>
    </tr>
  );
}

/** All manuscripts, by state and more. */
export function ListScreen({ search }) {
  const { channels, me } = useContext(Desk);
  const [title, setTitle] = useState(search.get('title') ?? '');
  const [older, setOlder] = useState(null);
  const filter = filterOf(search);
  const key = JSON.stringify(filter);

  const { value: counts } = useLoad(async () => (await request(COUNTS)).manuscriptCounts, []);
  const { value, isLoading } = useLoad(async () => {
    const { manuscripts } = await request(LIST, { filter });
    setOlder(null);
    return manuscripts;
  }, [key]);

  useEffect(() => {
    if (title === (search.get('title') ?? '')) return undefined;
    const timer = setTimeout(() => change(search, 'title', title.trim() ? [title.trim()] : []), TYPING_MS);
    return () => clearTimeout(timer);
  }, [title]);

  useEffect(() => {
    document.title = `${t('nav.list')} · ${t('desk')}`;
  });

  const shown = [...(value?.nodes ?? []), ...(older?.nodes ?? [])];
  const pageInfo = (older ?? value)?.pageInfo;
  const more = async () => {
    try {
      const { manuscripts } = await request(LIST, { filter, after: pageInfo.endCursor });
      setOlder((before) => ({
        nodes: [...(before?.nodes ?? []), ...manuscripts.nodes],
        pageInfo: manuscripts.pageInfo,
      }));
    } catch (error) {
      sayFailure(error);
    }
  };

  return (
    <div class="list">
      <header class="screen-head">
        <h1>{t('nav.list')}</h1>
        {me.permissions.includes('WRITE_ARTICLES') && (
          <a class="button primary" href={to('new')}>
            {t('list.new')}
          </a>
        )}
      </header>
      <section class="filters" aria-label={t('list.filters')} role="search">
        <States search={search} counts={counts} />
        <div class="row">
          <Line label={t('list.title')} type="search" value={title} onValue={setTitle} autoComplete="off" />
          <Choice
            label={t('field.channel')}
            value={search.get('channel')}
            empty={t('list.anyChannel')}
            options={channels.map(({ id, label }) => [id, label])}
            onValue={(id) => change(search, 'channel', id ? [id] : [])}
          />
          <Check
            label={t('list.mine')}
            value={search.has('mine')}
            onValue={(on) => change(search, 'mine', on ? ['1'] : [])}
          />
          <Check
            label={t('list.held')}
            value={search.has('held')}
            onValue={(on) => change(search, 'held', on ? ['1'] : [])}
          />
        </div>
      </section>
      <table class="manuscripts" aria-busy={isLoading}>
        <thead>
          <tr>
            <th scope="col">{t('field.title')}</th>
            <th scope="col">{t('list.state')}</th>
            <th scope="col">{t('field.channel')}</th>
            <th scope="col">{t('list.changedBy')}</th>
            <th scope="col">{t('list.changedAt')}</th>
          </tr>
        </thead>
        <tbody>
          {shown.map((manuscript) => (
            <Row key={manuscript.id} manuscript={manuscript} owner={session.get().account?.id} />
          ))}
        </tbody>
      </table>
      {value && shown.length === 0 && <p class="empty">{t('list.none')}</p>}
      {pageInfo?.hasNextPage && (
        <p class="more">
          <button type="button" onClick={more}>
            {t('more')}
          </button>
        </p>
      )}
    </div>
  );
}
