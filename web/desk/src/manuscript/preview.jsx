import { useLayoutEffect, useRef } from 'preact/hooks';
import { render } from 'preact';
import { PREVIEW } from '../api/documents.js';
import { request } from '../api/request.js';
import { t } from '../language.js';
import { shortTime } from '../time.js';
import { useLoad } from '../use-load.js';
import { articleStyle } from './article-style.js';

/** HTML of the API, which has sanitised it. */
const Html = ({ html }) => <div dangerouslySetInnerHTML={{ __html: html }} />;

function Picture({ media, caption }) {
  const said = [caption, media.credit].filter(Boolean).join(' · ');
  return (
    <figure>
      <img
        src={media.url}
        alt={media.alt ?? ''}
        width={media.width}
        height={media.height}
        referrerpolicy="no-referrer"
      />
      {said && <figcaption>{said}</figcaption>}
    </figure>
  );
}

function ArticlePage({ article }) {
  const facts = [
    article.publishedAt && shortTime(article.publishedAt),
    article.source && `${t('field.source')}${t('colon')}${article.source.name}`,
    article.authors.length > 0 &&
      `${t('field.authors')}${t('colon')}${article.authors.map(({ name }) => name).join(t('comma'))}`,
  ].filter(Boolean);
  return (
    <article lang={article.language}>
      <p class="crumbs">{article.breadcrumbs.map(({ name }) => name).join(' › ')}</p>
      <h1>{article.title}</h1>
      {article.subtitle && <p class="subtitle">{article.subtitle}</p>}
      <p class="facts">{facts.join(' · ')}</p>
      {article.summary && !article.summaryIsExcerpt && (
        <p class="summary">
          <b>{t('field.summary')}</b> {article.summary}
        </p>
      )}
      {article.cover && <Picture media={article.cover} />}
      {article.body?.pages.map(({ title, html }, index) => (
        <section key={index}>
          {title && <h2>{title}</h2>}
          <Html html={html} />
        </section>
      ))}
      {article.gallery.map(({ media, caption }, index) => (
        <Picture key={index} media={media} caption={caption} />
      ))}
      {article.corrections.map(({ at, note }, index) => (
        <p class="correction" key={index}>
          <b>{t('preview.correction')}</b> {shortTime(at)} {note}
        </p>
      ))}
      {article.attachments.length > 0 && (
        <ul>
          {article.attachments.map(({ name, url }) => (
            <li key={url}>
              <a href={url}>{name}</a>
            </li>
          ))}
        </ul>
      )}
      {article.tags.length > 0 && <p class="tags">{article.tags.map(({ name }) => `#${name}`).join('  ')}</p>}
      {article.disclaimer && <p class="disclaimer">{article.disclaimer}</p>}
      {article.related.length > 0 && (
        <aside>
          <h2>{t('preview.related')}</h2>
          <ul>
            {article.related.map(({ article: other }, index) => (
              <li key={index}>{other.title}</li>
            ))}
          </ul>
        </aside>
      )}
    </article>
  );
}

/** A shadow tree of its own: the styles of desk and article, and the ids in the article, keep apart. */
function Apart({ children }) {
  const host = useRef(null);
  useLayoutEffect(() => {
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(articleStyle);
    root.adoptedStyleSheets = [sheet];
    // A link in an article must not lead away from the desk.
    const open = (event) => {
      const link = event.target.closest('a[href]');
      if (!link) return;
      event.preventDefault();
      window.open(link.href, '_blank', 'noopener,noreferrer');
    };
    root.addEventListener('click', open);
    return () => root.removeEventListener('click', open);
  }, []);
  useLayoutEffect(() => render(children, host.current.shadowRoot));
  return <div class="article-page" ref={host} />;
}

/** The saved text as readers would see it. */
export function Preview({ id, version, isDirty }) {
  const { value, isLoading } = useLoad(async () => (await request(PREVIEW, { id })).manuscript, [id, version]);
  return (
    <div class="panel" aria-busy={isLoading}>
      {isDirty && <p class="notice">{t('preview.notSaved')}</p>}
      {value && (
        <Apart>
          <ArticlePage article={value.preview} />
        </Apart>
      )}
    </div>
  );
}
