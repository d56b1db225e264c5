import { useId } from 'preact/hooks';
import { t } from '../language.js';

/**
 * A label, an input and what is wrong with it. `children` is a function that draws the input from the attributes that tie the
 * three together.
 */
export function Field({ label, hint, errors = [], isRequired = false, class: className = '', children }) {
  const id = useId();
  const notes = [hint && `${id}-hint`, errors.length > 0 && `${id}-errors`].filter(Boolean).join(' ');
  return (
    <div class={`field ${className}`}>
      <label for={id}>
        {label}
        {isRequired && <span class="required">{t('required')}</span>}
      </label>
      {children({ id, 'aria-describedby': notes || undefined, 'aria-invalid': errors.length > 0 || undefined })}
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {errors.length > 0 && (
        <p class="error" id={`${id}-errors`}>
          {errors.join(' ')}
        </p>
      )}
    </div>
  );
}

/** A field of one line. */
export function Line({ label, hint, errors, isRequired, value, onValue, class: className, ...others }) {
  return (
    <Field label={label} hint={hint} errors={errors} isRequired={isRequired} class={className}>
      {(tied) => (
        <input type="text" {...others} {...tied} value={value ?? ''} onInput={(event) => onValue(event.target.value)} />
      )}
    </Field>
  );
}

/** A field of several lines. */
export function Lines({ label, hint, errors, isRequired, value, onValue, rows = 3, ...others }) {
  return (
    <Field label={label} hint={hint} errors={errors} isRequired={isRequired}>
      {(tied) => (
        <textarea
          {...others}
          {...tied}
          rows={rows}
          value={value ?? ''}
          onInput={(event) => onValue(event.target.value)}
        />
      )}
    </Field>
  );
}

/** A choice of one of `options`, pairs of value and text. */
export function Choice({ label, hint, errors, isRequired, value, onValue, options, empty, ...others }) {
  return (
    <Field label={label} hint={hint} errors={errors} isRequired={isRequired}>
      {(tied) => (
        <select {...others} {...tied} value={value ?? ''} onChange={(event) => onValue(event.target.value || null)}>
          {empty !== undefined && <option value="">{empty}</option>}
          {options.map(([option, text]) => (
            <option key={option} value={option}>
              {text}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

export function Check({ label, value, onValue, ...others }) {
  return (
    <label class="check">
      <input type="checkbox" {...others} checked={value} onChange={(event) => onValue(event.target.checked)} />
      <span>{label}</span>
    </label>
  );
}
