import { useId, useState } from 'preact/hooks';
import { t } from '../language.js';
import { Chips, Chosen } from './picks.jsx';

/** Commas and pauses of both scripts part tags. */
const SEPARATORS = /[,\uff0c\u3001;\uff1b\n]+/;

const nameOf = (tag) => tag;

/** Names of tags, typed one after the other. */
export function Tags({ label, errors, values, onValues, isReadOnly }) {
  const id = useId();
  const [text, setText] = useState('');
  const add = (typed) => {
    const names = typed
      .split(SEPARATORS)
      .map((name) => name.trim())
      .filter(Boolean);
    onValues([...new Set([...values, ...names])]);
    setText('');
  };
  if (isReadOnly) return <Chosen label={label} values={values} nameOf={nameOf} />;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <Chips values={values} nameOf={nameOf} onValues={onValues} />
      <input
        id={id}
        type="text"
        value={text}
        placeholder={t('tags.hint')}
        aria-invalid={errors.length > 0 || undefined}
        onInput={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // Enter while an input method is composing chooses characters.
          if (event.isComposing) return;
          if (event.key === 'Enter') {
            event.preventDefault();
            add(text);
          } else if (event.key === 'Backspace' && text === '') {
            onValues(values.slice(0, -1));
          }
        }}
        onBlur={() => text.trim() && add(text)}
      />
      {errors.length > 0 && <p class="error">{errors.join(' ')}</p>}
    </div>
  );
}
