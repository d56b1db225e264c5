import { useEffect, useState } from 'preact/hooks';
import { CLOSE_TAKEDOWN, TAKEDOWNS, WITHDRAW } from '../api/documents.js';
import { request } from '../api/request.js';
import { errorText, sayFailure } from '../failures.js';
import { t } from '../language.js';
import { StepDialog } from '../manuscript/step-dialog.jsx';
import { say } from '../messages.js';
import { ArticlePicker } from '../parts/article-picker.jsx';
import { StateBadge } from '../parts/badge.jsx';
import { Choice, Lines } from '../parts/field.jsx';
import { go, replace, to } from '../route.js';
import { shortTime } from '../time.js';
import { useLoad } from '../use-load.js';

const STATES = ['OPEN', 'UPHELD', 'REFUSED'];

/** Closes a case without touching an article. */
function CloseForm({ id, onClosed }) {
  const [note, setNote] = useState('');
  const [errors, setErrors] = useState([]);
  const close = async (upheld) => {
    try {
      const { closeTakedown } = await request(CLOSE_TAKEDOWN, { input: { id, upheld, note: note.trim() } });
      setErrors(closeTakedown.userErrors);
      if (closeTakedown.userErrors.length > 0) return;
      say(t(upheld ? 'done.takedownUpheld' : 'done.takedownRefused'));
      onClosed();
    } catch (error) {
      sayFailure(error);
    }
  };
  return (
    <form class="close-case" onSubmit={(event) => event.preventDefault()}>
      <Lines
        label={t('takedowns.note')}
        hint={t('takedowns.noteHint')}
        value={note}
        onValue={setNote}
        errors={errors.map(errorText)}
      />
      <div class="actions start">
        <button type="button" data-step="refuse" onClick={() => close(false)}>
          {t('takedowns.refuse')}
        </button>
        <button type="button" data-step="uphold" onClick={() => close(true)}>
          {t('takedowns.uphold')}
        </button>
      </div>
    </form>
  );
}

function Case({ found, onClosed }) {
  const [isWithdrawing, setIsWithdrawing] = useState(false);
  const [picked, setPicked] = useState(null);
  const { id, state, address, name, contact, claim, note, createdAt, closedAt, closedBy } = found;
  const article = found.article ?? picked;
  const withdraw = async (values) => {
    try {
      const { withdrawArticle } = await request(WITHDRAW, { input: { id: article.id, takedown: id, ...values } });
      if (withdrawArticle.userErrors.length > 0) return withdrawArticle.userErrors;
      say(t('done.WITHDRAW'));
      onClosed();
      return null;
    } catch (error) {
      sayFailure(error);
      return [];
    }
  };
  return (
    <section class="panel case" aria-label={t('takedowns.one')}>
      <h2>
        {t('takedowns.one')} <span class={`badge case-${state.toLowerCase()}`}>{t(`takedown.${state}`)}</span>
      </h2>
      <dl class="facts-list">
        <dt>{t('takedowns.claim')}</dt>
        <dd class="pre">{claim}</dd>
        <dt>{t('takedowns.name')}</dt>
        <dd>{name}</dd>
        <dt>{t('takedowns.contact')}</dt>
        <dd>{contact}</dd>
        <dt>{t('takedowns.address')}</dt>
        <dd class="address">{address}</dd>
        <dt>{t('takedowns.createdAt')}</dt>
        <dd>{shortTime(createdAt)}</dd>
        <dt>{t('takedowns.article')}</dt>
        <dd>
          {article ? (
            <>
              <a href={to('article', article.id)}>{article.title}</a> <StateBadge state={article.state} />
            </>
          ) : (
            t('takedowns.noArticle')
          )}
        </dd>
        {closedAt && (
          <>
            <dt>{t('takedowns.closed')}</dt>
            <dd>
              {shortTime(closedAt)} · {closedBy}
            </dd>
          </>
        )}
        {note && (
          <>
            <dt>{t('takedowns.note')}</dt>
            <dd class="pre">{note}</dd>
          </>
        )}
      </dl>
      {state === 'OPEN' && !found.article && <ArticlePicker label={t('takedowns.pick')} onPick={setPicked} />}
      {state === 'OPEN' && article && article.state !== 'WITHDRAWN' && (
        <div class="actions start">
          <button type="button" class="danger" data-step="WITHDRAW" onClick={() => setIsWithdrawing(true)}>
            {t('takedowns.withdraw')}
          </button>
        </div>
      )}
      {state === 'OPEN' && <CloseForm id={id} onClosed={onClosed} />}
      {isWithdrawing && (
        <StepDialog
          step="WITHDRAW"
          title={t('takedowns.withdraw')}
          manuscript={article}
          values={{ reason: t('takedowns.reason', { name }) }}
          onTake={withdraw}
          onClose={() => setIsWithdrawing(false)}
        />
      )}
    </section>
  );
}

/** What others want taken away: the cases, and one of them. */
export function TakedownsScreen({ id, search }) {
  const state = STATES.includes(search.get('state')) ? search.get('state') : null;
  const [older, setOlder] = useState(null);
  const variables = state ? { states: [state] } : {};
  const { value, isLoading, reload } = useLoad(async () => {
    const { takedowns } = await request(TAKEDOWNS, variables);
    setOlder(null);
    return takedowns;
  }, [state]);
  const cases = [...(value?.nodes ?? []), ...(older?.nodes ?? [])];
  const pageInfo = (older ?? value)?.pageInfo;
  const found = cases.find((one) => one.id === id);
  const query = state ? `?state=${state}` : '';

  const more = async () => {
    try {
      const { takedowns } = await request(TAKEDOWNS, { ...variables, after: pageInfo.endCursor });
      setOlder((before) => ({ nodes: [...(before?.nodes ?? []), ...takedowns.nodes], pageInfo: takedowns.pageInfo }));
    } catch (error) {
      sayFailure(error);
    }
  };

  useEffect(() => {
    document.title = `${t('nav.takedowns')} · ${t('desk')}`;
  });

  return (
    <div class="takedowns">
      <header class="screen-head">
        <h1>{t('nav.takedowns')}</h1>
        <Choice
          label={t('list.state')}
          value={state}
          empty={t('list.all')}
          options={STATES.map((one) => [one, t(`takedown.${one}`)])}
          onValue={(one) => replace(`${to('takedowns')}${one ? `?state=${one}` : ''}`)}
        />
      </header>
      <div class="two">
        <ul class="cases panel" aria-busy={isLoading} aria-label={t('nav.takedowns')}>
          {cases.map((one) => (
            <li key={one.id}>
              <a href={`${to('takedowns', one.id)}${query}`} aria-current={one.id === id ? 'true' : undefined}>
                <span class={`badge case-${one.state.toLowerCase()}`}>{t(`takedown.${one.state}`)}</span>{' '}
                <span>{one.article?.title ?? one.address}</span>
                <span class="hint">
                  {one.name} · {shortTime(one.createdAt)}
                </span>
              </a>
            </li>
          ))}
          {value && cases.length === 0 && <li class="empty">{t('takedowns.none')}</li>}
          {pageInfo?.hasNextPage && (
            <li>
              <button type="button" onClick={more}>
                {t('more')}
              </button>
            </li>
          )}
        </ul>
        {found ? (
          <Case
            key={found.id}
            found={found}
            onClosed={() => {
              reload();
              go(`${to('takedowns', found.id)}${query}`);
            }}
          />
        ) : (
          <p class="empty">{t('takedowns.choose')}</p>
        )}
      </div>
    </div>
  );
}
