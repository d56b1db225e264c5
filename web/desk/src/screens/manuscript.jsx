import { useContext, useEffect, useRef, useState } from 'preact/hooks';
import { OPEN } from '../api/documents.js';
import { request } from '../api/request.js';
import { Desk } from '../desk-context.js';
import { errorText } from '../failures.js';
import { t } from '../language.js';
import { Body } from '../manuscript/body.jsx';
import { ConflictDialog } from '../manuscript/conflict-dialog.jsx';
import { Duplicates } from '../manuscript/duplicates.jsx';
import { Beside, Delivery, Heads, Origin, Pictures, Place } from '../manuscript/fields.jsx';
import { emptyForm } from '../manuscript/form.js';
import { HeldWords } from '../manuscript/held.jsx';
import { History } from '../manuscript/history.jsx';
import { Preview } from '../manuscript/preview.jsx';
import { StepDialog } from '../manuscript/step-dialog.jsx';
import { ASKING_STEPS, GRAVE_STEPS, obviousStep, STEP_ORDER } from '../manuscript/steps.js';
import { errorsOf, useManuscript } from '../manuscript/use-manuscript.js';
import { WithdrawalReport } from '../manuscript/withdrawal-report.jsx';
import { StateBadge } from '../parts/badge.jsx';
import { go, replace, to } from '../route.js';
import { useShortcut } from '../shortcuts.js';
import { shortTime } from '../time.js';
import { useLoad } from '../use-load.js';

const TABS = ['write', 'preview', 'history'];

function Facts({ manuscript }) {
  const { changedBy, changedAt, publishAt, unpublishAt, version, article, isLive } = manuscript;
  return (
    <p class="facts">
      <span>{t('manuscript.changed', { name: changedBy, time: shortTime(changedAt) })}</span>
      <span>{t('manuscript.version', { version })}</span>
      {publishAt && <span>{t('manuscript.publishAt', { time: shortTime(publishAt) })}</span>}
      {unpublishAt && <span>{t('manuscript.unpublishAt', { time: shortTime(unpublishAt) })}</span>}
      {isLive && article && (
        <a href={article.url} target="_blank" rel="noopener noreferrer">
          {t('manuscript.onPortal')}
        </a>
      )}
    </p>
  );
}

function Steps({ manuscript, isBusy, onStep }) {
  const steps = STEP_ORDER.filter((step) => manuscript.steps.includes(step));
  const obvious = obviousStep(steps);
  return steps.map((step) => {
    const look = step === obvious ? 'forward' : GRAVE_STEPS.has(step) ? 'grave' : '';
    return (
      <button key={step} type="button" class={look} data-step={step} disabled={isBusy} onClick={() => onStep(step)}>
        {t(`step.${step}`)}
      </button>
    );
  });
}

function Tabs({ tab, id }) {
  const next = (event) => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!by) return;
    const other = TABS[(TABS.indexOf(tab) + by + TABS.length) % TABS.length];
    replace(to('article', id, other));
    document.getElementById(`tab-${other}`).focus();
  };
  return (
    <div class="tabs" role="tablist" aria-label={t('tabs')} onKeyDown={next}>
      {TABS.map((name) => (
        <button
          key={name}
          type="button"
          role="tab"
          id={`tab-${name}`}
          aria-controls={`panel-${name}`}
          aria-selected={name === tab}
          tabIndex={name === tab ? 0 : -1}
          onClick={() => replace(to('article', id, name))}
        >
          {t(`tab.${name}`)}
        </button>
      ))}
    </div>
  );
}

/** What ties a panel to its tab. */
const panel = (name) => ({ id: `panel-${name}`, role: 'tabpanel', 'aria-labelledby': `tab-${name}` });

/** What stands in the way: a note from review, words that hold the text up, a text that was typed before. */
function Notices({ work }) {
  const { manuscript, errors, isRestored, isDirty, version, giveUp } = work;
  const refused = errors.flatMap(({ word }) => word ?? []);
  return (
    <>
      {isRestored && isDirty && (
        <div class="notice" role="note">
          <p>{manuscript && version !== manuscript.version ? t('draft.restoredOld') : t('draft.restored')}</p>
          <button type="button" onClick={giveUp}>
            {t('draft.giveUp')}
          </button>
        </div>
      )}
      {manuscript?.note && (
        <section class="notice warning">
          <h2>{t('manuscript.note')}</h2>
          <p class="pre">{manuscript.note}</p>
        </section>
      )}
      {manuscript && <HeldWords content={manuscript.content} matches={manuscript.heldBy} title={t('held.title')} />}
      {manuscript && <HeldWords content={manuscript.content} matches={refused} title={t('held.refused')} />}
      {manuscript && <Duplicates id={manuscript.id} version={manuscript.version} />}
      {manuscript && !manuscript.steps.includes('UPDATE') && <p class="notice">{t('manuscript.readOnly')}</p>}
    </>
  );
}

function Work({ manuscript: initial, tab }) {
  const { site, abilities } = useContext(Desk);
  const [blank] = useState(() => emptyForm(site.language));
  const work = useManuscript(initial, blank, (id) => replace(to('article', id)));
  const { manuscript, form, errors, conflict, isBusy, isDirty, setField, save, take, reload, theirs } = work;
  const [asked, setAsked] = useState(null);
  const writing = useRef(null);
  const isReadOnly = manuscript !== null && !manuscript.steps.includes('UPDATE');
  const shown = manuscript ? tab : 'write';

  useShortcut('save', () => {
    if (isDirty && !isBusy && !isReadOnly) save();
  });

  useEffect(() => {
    if (!initial) writing.current.querySelector('.headline input').focus();
  }, []);

  useEffect(() => {
    if (errors.length > 0) writing.current?.querySelector('[aria-invalid]')?.focus();
  }, [errors]);

  useEffect(() => {
    document.title = `${isDirty ? '● ' : ''}${form.title || t('manuscript.new')} · ${t('desk')}`;
  }, [form.title, isDirty]);

  const onStep = (step) => (ASKING_STEPS.has(step) ? setAsked(step) : take(step));
  const fields = {
    form,
    set: setField,
    errors: (name) => errorsOf(errors, name, errorText),
    isReadOnly,
  };

  return (
    <div class="manuscript">
      <header class="work-head">
        <div class="work-title">
          <h1>{form.title || t('manuscript.new')}</h1>
          {manuscript && <StateBadge state={manuscript.state} isLive={manuscript.isLive} />}
          {isDirty && <span class="badge warning">{t('manuscript.notSaved')}</span>}
        </div>
        {manuscript && <Facts manuscript={manuscript} />}
        <div class="actions start steps">
          {!isReadOnly && (
            <button
              type="button"
              class="primary"
              data-step="UPDATE"
              disabled={!isDirty || isBusy}
              onClick={() => save()}
            >
              {t('step.UPDATE')}
            </button>
          )}
          {isDirty && (
            <button
              type="button"
              class="quiet"
              data-step="revert"
              disabled={isBusy}
              onClick={() => confirm(t('draft.sure')) && work.giveUp()}
            >
              {t('draft.drop')}
            </button>
          )}
          {manuscript && <Steps manuscript={manuscript} isBusy={isBusy} onStep={onStep} />}
        </div>
        {manuscript && <Tabs tab={shown} id={manuscript.id} />}
      </header>
      <Notices work={work} />
      {manuscript?.state === 'WITHDRAWN' && abilities.has('withdrawalReport') && (
        <WithdrawalReport id={manuscript.id} version={manuscript.version} />
      )}
      <div class="writing" {...(manuscript && panel('write'))} hidden={shown !== 'write'} ref={writing}>
        <div class="writing-text">
          <Heads {...fields} />
          <Body pages={form.pages} onPages={setField('pages')} errors={fields.errors} isReadOnly={isReadOnly} />
        </div>
        <div class="writing-beside">
          <Place {...fields} />
          <Origin {...fields} />
          <Pictures {...fields} />
          <Beside {...fields} />
          <Delivery {...fields} />
        </div>
      </div>
      {shown === 'preview' && (
        <div {...panel('preview')}>
          <Preview id={manuscript.id} version={manuscript.version} isDirty={isDirty} />
        </div>
      )}
      {shown === 'history' && (
        <div {...panel('history')}>
          <History
            id={manuscript.id}
            version={manuscript.version}
            onRestore={(number) => take('RESTORE_REVISION', { number })}
          />
        </div>
      )}
      {asked && (
        <StepDialog
          step={asked}
          manuscript={manuscript}
          onClose={() => setAsked(null)}
          onTake={(values) => take(asked, values)}
        />
      )}
      {conflict && (
        <ConflictDialog
          conflict={conflict}
          isDirty={isDirty}
          loadTheirs={theirs}
          onTakeTheirs={() => reload()}
          onClose={work.closeConflict}
        />
      )}
    </div>
  );
}

/** One manuscript, or a new one without an id. */
export function ManuscriptScreen({ id, tab = 'write' }) {
  const { value, isLoading, error } = useLoad(async () => (id ? request(OPEN, { id }) : { manuscript: null }), [id]);
  if (isLoading && !value)
    return (
      <p class="empty" aria-busy="true">
        {t('loading')}
      </p>
    );
  if (error || (id && !value?.manuscript)) {
    return (
      <div class="empty">
        <p>{t('manuscript.none')}</p>
        <button type="button" onClick={() => go(to('list'))}>
          {t('nav.list')}
        </button>
      </div>
    );
  }
  return <Work key={id ?? 'new'} manuscript={value.manuscript} tab={TABS.includes(tab) ? tab : 'write'} />;
}
