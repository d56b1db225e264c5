import { useEffect, useId, useState } from 'preact/hooks';
import { FIND_ARTICLE, FIND_ARTICLES } from '../api/documents.js';
import { request } from '../api/request.js';
import { sayFailure } from '../failures.js';
import { t } from '../language.js';
import { StateBadge } from './badge.jsx';

const WAIT_MS = 300;

/** How an address or an id of an article is asked for; none for the words of a title. */
function asName(text) {
  if (/^https?:\/\//.test(text) || text.startsWith('/')) return { url: text };
  return null;
}

async function find(text) {
  const by = asName(text);
  if (by) {
    const { article } = await request(FIND_ARTICLE, { by });
    return article ? [{ ...article, changedAt: article.modifiedAt }] : [];
  }
  const { manuscripts } = await request(FIND_ARTICLES, { title: text });
  return manuscripts.nodes;
}

/** Finds an article by the words of its title or by its address, and hands it to `onPick`. */
export function ArticlePicker({ label, onPick }) {
  const id = useId();
  const [text, setText] = useState('');
  const [found, setFound] = useState(null);

  useEffect(() => {
    const wanted = text.trim();
    if (!wanted) {
      setFound(null);
      return undefined;
    }
    let isWanted = true;
    const timer = setTimeout(async () => {
      try {
        const articles = await find(wanted);
        if (isWanted) setFound(articles);
      } catch (error) {
        if (isWanted) sayFailure(error);
      }
    }, WAIT_MS);
    return () => {
      isWanted = false;
      clearTimeout(timer);
    };
  }, [text]);

  return (
    <div class="field picker">
      <label for={id}>{label}</label>
      <input
        id={id}
        type="search"
        autoComplete="off"
        placeholder={t('picker.hint')}
        value={text}
        onInput={(event) => setText(event.target.value)}
        onKeyDown={(event) => {
          // Enter takes the first; it must not send the form around it.
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (found?.[0]) {
            onPick(found[0]);
            setText('');
          }
        }}
      />
      {found && (
        <ul class="found">
          {found.map((article) => (
            <li key={article.id}>
              <button
                type="button"
                class="quiet"
                onClick={() => {
                  onPick(article);
                  setText('');
                }}
              >
                <span>{article.title}</span> <StateBadge state={article.state} isLive={article.isLive} />
              </button>
            </li>
          ))}
          {found.length === 0 && <li class="empty">{t('picker.none')}</li>}
        </ul>
      )}
    </div>
  );
}
