import { useMemo } from 'preact/hooks';
import { fieldName } from '../field-names.js';
import { t } from '../language.js';
import { difference } from '../text/difference.js';

/** So much of what stayed the same is shown on each side of a change. */
const CONTEXT_CHARACTERS = 60;

function shorten(text, isFirst, isLast) {
  const characters = [...text];
  if (characters.length <= 2 * CONTEXT_CHARACTERS + 20) return text;
  const head = isFirst ? '' : characters.slice(0, CONTEXT_CHARACTERS).join('');
  const tail = isLast ? '' : characters.slice(-CONTEXT_CHARACTERS).join('');
  return `${head} … ${tail}`;
}

function Change({ change, note }) {
  const pieces = useMemo(() => difference(change.before ?? '', change.after ?? ''), [change.before, change.after]);
  return (
    <section class="change">
      <h3>
        {fieldName(change.field)} {note && <span class="badge warning">{note}</span>}
      </h3>
      <p class="difference">
        {pieces.map(({ kind, text }, index) => {
          if (kind === 'removed') return <del key={index}>{text}</del>;
          if (kind === 'added') return <ins key={index}>{text}</ins>;
          return <span key={index}>{shorten(text, index === 0, index === pieces.length - 1)}</span>;
        })}
      </p>
    </section>
  );
}

/** What is different, field by field; `noteOf(field)` may say more of a field. */
export function Changes({ changes, noteOf = () => null }) {
  if (changes.length === 0) return <p class="empty">{t('changes.none')}</p>;
  return (
    <div class="changes">
      {changes.map((change) => (
        <Change key={change.field} change={change} note={noteOf(change.field)} />
      ))}
    </div>
  );
}
