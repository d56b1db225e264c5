import { useId } from 'preact/hooks';
import { t } from '../language.js';

/** Several of `options` (`{ id, name }`): chips for those chosen, and a choice of the others. */
export function Picks({ label, errors = [], values, onValues, options, nameOf = (value) => value.name, isReadOnly }) {
  const id = useId();
  const chosen = new Set(values.map((value) => value.id));
  const others = options.filter((option) => !chosen.has(option.id));
  if (isReadOnly) return <Chosen label={label} values={values} nameOf={nameOf} />;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Chips values={values} nameOf={nameOf} onValues={onValues} />
      <select
        id={id}
        value=""
        aria-invalid={errors.length > 0 || undefined}
        onChange={(event) => {
          const option = options.find((other) => other.id === event.target.value);
          event.target.value = '';
          if (option) onValues([...values, option]);
        }}
      >
        <option value="">{t('picks.add')}</option>
        {others.map((option) => (
          <option key={option.id} value={option.id}>
            {option.label ?? nameOf(option)}
          </option>
        ))}
      </select>
      {errors.length > 0 && <p class="error">{errors.join(' ')}</p>}
    </div>
  );
}

/** What was chosen, for those who cannot change it. */
export function Chosen({ label, values, nameOf }) {
  return (
    <div class="field">
      <span class="label">{label}</span>
      {values.length > 0 ? <Chips values={values} nameOf={nameOf} /> : <span>{t('none')}</span>}
    </div>
  );
}

/** What was chosen, each with a button that takes it away, where it can be. */
export function Chips({ values, nameOf, onValues }) {
  if (values.length === 0) return null;
  return (
    <ul class="chips">
      {values.map((value, index) => (
        <li key={value.id ?? value}>
          <span>{nameOf(value)}</span>
          {onValues && (
            <button
              type="button"
              class="quiet"
              aria-label={t('picks.remove', { name: nameOf(value) })}
              onClick={() => onValues(values.filter((_, i) => i !== index))}
            >
              ×
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}
