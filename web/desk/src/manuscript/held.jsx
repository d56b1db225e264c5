import { fieldName } from '../field-names.js';
import { t } from '../language.js';
import { elements } from '../text/rich-html.js';

/** Characters shown on each side of a word. */
const AROUND = 18;

/** The text of a field such as `pages[0].html`, in characters; HTML as readers see it. */
function charactersOf(content, field) {
  const value = field
    .split(/[.[\]]+/)
    .filter(Boolean)
    .reduce((at, name) => at?.[name], content);
  if (typeof value !== 'string') return [];
  return [...(field.endsWith('.html') ? elements(value).textContent : value)];
}

function Match({ content, match }) {
  const characters = charactersOf(content, match.field);
  const { start, length } = match;
  const end = start + length;
  const cut = (from, to) => characters.slice(Math.max(0, from), to).join('');
  return (
    <li>
      <span class="where">
        {fieldName(match.field)} · {t('held.position', { number: start + 1 })}
      </span>
      <q class="snippet">
        {start > AROUND && '…'}
        {cut(start - AROUND, start)}
        <mark>{cut(start, end) || match.word}</mark>
        {cut(end, end + AROUND)}
        {end + AROUND < characters.length && '…'}
      </q>
      {match.note && <span class="hint">{match.note}</span>}
    </li>
  );
}

/** The sensitive words in a text, with their places. */
export function HeldWords({ content, matches, title }) {
  if (matches.length === 0) return null;
  return (
    <section class="notice warning">
      <h2>{title}</h2>
      <ul class="held">
        {matches.map((match) => (
          <Match key={`${match.field} ${match.start} ${match.word}`} content={content} match={match} />
        ))}
      </ul>
    </section>
  );
}
