import { DUPLICATES } from '../api/documents.js';
import { request } from '../api/request.js';
import { t } from '../language.js';
import { to } from '../route.js';
import { useLoad } from '../use-load.js';

function Sentences({ title, sentences }) {
  if (sentences.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <ul>
        {sentences.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </>
  );
}

function Duplicate({ duplicate: { article, likeness, onlyHere, onlyThere } }) {
  return (
    <li>
      <a href={to('article', article.id)}>{article.title}</a>{' '}
      <span class="where">{t('duplicates.likeness', { percent: Math.round(likeness * 100) })}</span>
      {onlyHere.length + onlyThere.length > 0 && (
        <details>
          <summary>{t('duplicates.differ')}</summary>
          <Sentences title={t('duplicates.onlyHere')} sentences={onlyHere} />
          <Sentences title={t('duplicates.onlyThere')} sentences={onlyThere} />
        </details>
      )}
    </li>
  );
}

/** Published articles that have the saved text already, more or less, and where the two differ. */
export function Duplicates({ id, version }) {
  const { value: duplicates } = useLoad(
    async () => (await request(DUPLICATES, { id })).manuscript?.duplicates,
    [id, version],
  );
  if (!duplicates?.length) return null;
  return (
    <section class="notice warning duplicates">
      <h2>{t('duplicates.title')}</h2>
      <ul>
        {duplicates.map((duplicate) => (
          <Duplicate key={duplicate.article.id} duplicate={duplicate} />
        ))}
      </ul>
    </section>
  );
}
