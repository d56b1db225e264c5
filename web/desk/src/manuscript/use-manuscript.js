import { useEffect, useRef, useState } from 'preact/hooks';
import { CREATE, OPEN, RESTORE, stepDocument, WITHDRAW } from '../api/documents.js';
import { request } from '../api/request.js';
import { session } from '../api/session.js';
import { failureText, sayErrors, sayFailure } from '../failures.js';
import { t } from '../language.js';
import { say } from '../messages.js';
import { dropDraft, keepDraft, readDraft } from './drafts.js';
import { changedInput, compareForms, toForm } from './form.js';
import { FREE_STEPS, SAVING_STEPS } from './steps.js';

const KEEP_AFTER_MS = 250;

/** What is worked on: `form` is what was typed upon `base`, which the API had at `version`. */
function begin(owner, manuscript, blank) {
  const id = manuscript?.id ?? 'new';
  const draft = readDraft(owner, id);
  const saved = manuscript ? toForm(manuscript.content) : blank;
  if (draft && changedInput(draft.base, draft.form)) {
    return { manuscript, base: draft.base, form: draft.form, version: draft.version, isRestored: true };
  }
  return { manuscript, base: saved, form: saved, version: manuscript?.version, isRestored: false };
}

/**
 * Everything that can be done with one manuscript, or with a new one where `initial` is none. A conflict is
 * `{ changedBy, changedAt, version, retry }`: `retry` does again what was refused, upon the newest version.
 */
export function useManuscript(initial, blank, onCreated) {
  // Whoever it is: the account may be another by the time the screen goes.
  const [owner] = useState(() => session.get().account.id);
  const [work, setWork] = useState(() => begin(owner, initial, blank));
  const [errors, setErrors] = useState([]);
  const [conflict, setConflict] = useState(null);
  const [isBusy, setIsBusy] = useState(false);
  const failure = useRef(null);
  const current = useRef(work);
  current.current = work;
  const id = work.manuscript?.id ?? 'new';
  const isDirty = changedInput(work.base, work.form) !== null;

  useEffect(() => {
    const keep = () => {
      const { base, form, version } = current.current;
      if (changedInput(base, form)) keepDraft(owner, id, { base, form, version });
      else dropDraft(owner, id);
    };
    const timer = setTimeout(keep, KEEP_AFTER_MS);
    addEventListener('pagehide', keep);
    return () => {
      clearTimeout(timer);
      removeEventListener('pagehide', keep);
      keep();
    };
  }, [work.form, work.base, id]);

  useEffect(() => {
    if (!isDirty) return undefined;
    const warn = (event) => event.preventDefault();
    addEventListener('beforeunload', warn);
    return () => removeEventListener('beforeunload', warn);
  }, [isDirty]);

  const setField = (name) => (value) =>
    setWork((before) => {
      const next = typeof value === 'function' ? value(before.form[name]) : value;
      return { ...before, form: { ...before.form, [name]: next } };
    });

  /** Takes over what the API says. What was typed since `sent` stays typed, upon the new base. */
  const accept = (manuscript, sent) =>
    setWork((before) => {
      const base = toForm(manuscript.content, before.form.pages);
      const isTyping = before.form !== sent && changedInput(before.base, before.form);
      return { manuscript, base, form: isTyping ? before.form : base, version: manuscript.version, isRestored: false };
    });

  /** Runs `ask` alone; its payload, or none if that failed. */
  const during = async (ask) => {
    setIsBusy(true);
    try {
      return await ask();
    } catch (error) {
      failure.current = error;
      sayFailure(error);
      return null;
    } finally {
      setIsBusy(false);
    }
  };

  /** Whether the payload is free of errors; shows those that there are. */
  const passes = (payload, retry) => {
    const stale = payload.userErrors.find(({ code }) => code === 'STALE');
    if (stale) setConflict({ ...stale.conflict, retry });
    else {
      setErrors(payload.userErrors);
      if (payload.userErrors.length > 0) sayErrors(payload.userErrors);
    }
    return payload.userErrors.length === 0;
  };

  const create = async () => {
    const sent = current.current.form;
    const payload = await during(() => request(CREATE, { input: { content: changedInput(blank, sent) ?? {} } }));
    if (!payload || !passes(payload.createArticle)) return null;
    dropDraft(owner, 'new');
    say(t('done.CREATE'));
    // Nothing is left to keep of this form when the screen goes.
    current.current = { ...current.current, base: sent };
    onCreated(payload.createArticle.manuscript.id);
    return payload.createArticle.manuscript;
  };

  /** The manuscript as saved, or none if that failed. */
  const save = async (version = current.current.version) => {
    if (!current.current.manuscript) return create();
    const { base, form, manuscript } = current.current;
    const content = changedInput(base, form);
    if (!content) return manuscript;
    const input = { id: manuscript.id, version, content };
    const payload = await during(() => request(stepDocument('UPDATE'), { input }));
    if (!payload || !passes(payload.step, (newest) => save(newest))) return null;
    accept(payload.step.manuscript, form);
    say(t('done.UPDATE'));
    return payload.step.manuscript;
  };

  /** Loads the newest version and gives up what was typed, unless `keepTyped`. */
  const reload = async (keepTyped = false) => {
    const data = await during(() => request(OPEN, { id }));
    if (!data?.manuscript) return;
    if (!keepTyped) dropDraft(owner, id);
    accept(data.manuscript, keepTyped ? undefined : current.current.form);
    setErrors([]);
  };

  /** The last failure as a user error, for the dialog that asked: it hides the message behind it. */
  const failed = () => [{ message: failureText(failure.current) }];

  const endOrReturn = async (step, values) => {
    const [document, name] = step === 'WITHDRAW' ? [WITHDRAW, 'withdrawArticle'] : [RESTORE, 'restoreArticle'];
    const payload = await during(() => request(document, { input: { id, ...values } }));
    if (!payload) return failed();
    if (!passes(payload[name])) return payload[name].userErrors;
    await reload(true);
    say(t(`done.${step}`));
    return null;
  };

  /** Takes a step. Answers the user errors, or none if it was taken. */
  const take = async (step, values = {}, version) => {
    if (step === 'WITHDRAW' || step === 'RESTORE') return endOrReturn(step, values);
    let seen = version ?? current.current.manuscript.version;
    if (changedInput(current.current.base, current.current.form)) {
      if (SAVING_STEPS.has(step)) {
        const saved = await save();
        if (!saved) return [];
        seen = saved.version;
        if (!saved.steps.includes(step)) return [];
      } else if (!FREE_STEPS.has(step)) {
        say(t('step.saveFirst'), 'failed');
        return [];
      }
    }
    const payload = await during(() => request(stepDocument(step), { input: { id, version: seen, ...values } }));
    if (!payload) return failed();
    if (!passes(payload.step, (newest) => take(step, values, newest))) return payload.step.userErrors;
    accept(payload.step.manuscript);
    say(t(`done.${step}`));
    return null;
  };

  /** What the newest version changed since the form was loaded, and the fields that were changed here too. */
  const theirs = async () => {
    const { manuscript } = await request(OPEN, { id });
    const { base, form } = current.current;
    return {
      changes: compareForms(base, toForm(manuscript.content)),
      mine: new Set(compareForms(base, form).map(({ field }) => field)),
    };
  };

  const giveUp = () =>
    setWork(({ manuscript }) => {
      const saved = manuscript ? toForm(manuscript.content) : blank;
      return { manuscript, base: saved, form: saved, version: manuscript?.version, isRestored: false };
    });

  return {
    ...work,
    errors,
    conflict,
    isBusy,
    isDirty,
    setField,
    save,
    take,
    reload,
    theirs,
    giveUp,
    closeConflict: () => setConflict(null),
  };
}

/** What is wrong with a field of the content, from user errors. */
export function errorsOf(errors, name, textOf) {
  const path = `content.${name}`;
  return errors
    .filter(({ field, word }) => {
      const about = field ?? (word && `content.${word.field}`);
      return about === path || about === name || about?.startsWith(`${path}[`) || about?.startsWith(`${path}.`);
    })
    .map(textOf);
}
