import { useContext, useState } from 'preact/hooks';
import { Desk } from '../desk-context.js';
import { errorText } from '../failures.js';
import { t } from '../language.js';
import { Dialog } from '../parts/dialog.jsx';
import { Check, Line, Lines } from '../parts/field.jsx';
import { fromInput, fromNow, toInput } from '../time.js';
import { GRAVE_STEPS } from './steps.js';

/** What each step asks for; `value` is what it begins with. A change of what readers see may be explained to them. */
function questions(step, manuscript, timeZone) {
  const change = manuscript.isLive
    ? [
        { name: 'correction', kind: 'lines', label: 'step.correction', hint: 'step.correctionHint' },
        { name: 'significant', kind: 'check', label: 'step.significant', value: false },
      ]
    : [];
  const end = { name: 'unpublishAt', kind: 'time', label: 'step.unpublishAt', value: toInput(manuscript.unpublishAt) };
  switch (step) {
    case 'REJECT':
      return [{ name: 'note', kind: 'lines', label: 'step.note', isRequired: true }];
    case 'PUBLISH':
      return [...change, end];
    case 'SCHEDULE': {
      const value = toInput(manuscript.publishAt) || fromNow(60, timeZone);
      return [{ name: 'publishAt', kind: 'time', label: 'step.publishAt', value, isRequired: true }, end, ...change];
    }
    case 'LIMIT':
      return [{ ...end, hint: 'step.limitHint' }];
    case 'WITHDRAW':
      return [
        { name: 'reason', kind: 'lines', label: 'step.reason', hint: 'step.reasonHint', isRequired: true },
        { name: 'notice', kind: 'lines', label: 'step.notice', hint: 'step.noticeHint' },
      ];
    case 'RESTORE':
      return [{ name: 'reason', kind: 'lines', label: 'step.reason', hint: 'step.reasonHint', isRequired: true }];
    default:
      return [];
  }
}

function Question({ question, value, onValue, errors, zone }) {
  const { kind, label, hint, isRequired } = question;
  if (kind === 'check') return <Check label={t(label)} value={value} onValue={onValue} />;
  const shared = { label: t(label), isRequired, required: isRequired, errors, value, onValue };
  if (kind === 'time') {
    return (
      <Line {...shared} type="datetime-local" hint={[hint && t(hint), t('zone', { zone })].filter(Boolean).join(' ')} />
    );
  }
  return <Lines {...shared} rows={3} hint={hint && t(hint)} />;
}

/** Asks what a step needs to know. `onTake(values)` takes it, and answers the user errors or none. */
export function StepDialog({ step, manuscript, onTake, onClose, title, values: given = {} }) {
  const { site } = useContext(Desk);
  const asked = questions(step, manuscript, site.timeZone);
  const [values, setValues] = useState(() => ({
    ...Object.fromEntries(asked.map(({ name, value }) => [name, value ?? ''])),
    ...given,
  }));
  const [errors, setErrors] = useState([]);
  const [typed, setTyped] = useState('');
  const [isBusy, setIsBusy] = useState(false);
  // A withdrawal is for good: the title is typed, so that it is not done to another article by a slip.
  const isConfirmed = step !== 'WITHDRAW' || typed.trim() === manuscript.title.trim();

  const send = async (event) => {
    event.preventDefault();
    const input = Object.fromEntries(
      asked.map(({ name, kind }) => {
        const value = values[name];
        if (kind === 'time') return [name, fromInput(value, site.timeZone)];
        return [name, kind === 'lines' ? value.trim() || null : value];
      }),
    );
    setIsBusy(true);
    const failed = await onTake(input);
    setIsBusy(false);
    if (failed) setErrors(failed);
    else onClose();
  };

  const names = new Set(asked.map(({ name }) => name));
  const others = errors.filter(({ field }) => !names.has(field));

  return (
    <Dialog title={title ?? t(`step.${step}`)} onClose={onClose}>
      <form onSubmit={send}>
        <p class="about">{manuscript.title}</p>
        {t(`ask.${step}`) !== `ask.${step}` && <p class="hint">{t(`ask.${step}`)}</p>}
        {asked.map((question) => (
          <Question
            key={question.name}
            question={question}
            zone={site.timeZone}
            value={values[question.name]}
            errors={errors.filter(({ field }) => field === question.name).map(errorText)}
            onValue={(value) => setValues((before) => ({ ...before, [question.name]: value }))}
          />
        ))}
        {step === 'WITHDRAW' && (
          <Line
            class="confirm"
            label={t('step.typeTitle')}
            hint={manuscript.title}
            value={typed}
            onValue={setTyped}
            autoComplete="off"
          />
        )}
        {others.length > 0 && (
          <p class="error" role="alert">
            {others.map(errorText).join(' ')}
          </p>
        )}
        <div class="actions">
          <button type="button" onClick={onClose}>
            {t('cancel')}
          </button>
          <button type="submit" class={GRAVE_STEPS.has(step) ? 'danger' : 'primary'} disabled={isBusy || !isConfirmed}>
            {t(`step.${step}`)}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
