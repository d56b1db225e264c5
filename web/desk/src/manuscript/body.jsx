import { useState } from 'preact/hooks';
import { t } from '../language.js';
import { Field, Line } from '../parts/field.jsx';
import { survives, unknownTags } from '../text/round-trip.js';
import { newPage } from './pages.js';
import { RichText } from './rich-text.jsx';

function Page({ page, index, count, errors, isReadOnly, onPage, onRemove, onMove }) {
  const [isSource, setIsSource] = useState(() => !survives(page.html));
  const [note, setNote] = useState(() => (isSource ? unknownTags(page.html) : null));
  const label = t('field.pages.html', { number: index + 1 });

  const toggle = () => {
    if (isSource && !survives(page.html)) {
      setNote(unknownTags(page.html));
      return;
    }
    setNote(null);
    setIsSource(!isSource);
  };

  return (
    <section class="page" aria-label={t('page.number', { number: index + 1 })}>
      <header class="page-head">
        {count > 1 ? (
          <Line
            class="page-title"
            label={t('field.pages.title', { number: index + 1 })}
            value={page.title}
            onValue={(title) => onPage({ ...page, title })}
            readOnly={isReadOnly}
            errors={errors(`pages[${index}].title`)}
          />
        ) : (
          <span class="label">{t('field.body')}</span>
        )}
        <div class="page-tools">
          {count > 1 && !isReadOnly && (
            <>
              <button type="button" class="quiet" disabled={index === 0} onClick={() => onMove(-1)}>
                {t('page.up')}
              </button>
              <button type="button" class="quiet" disabled={index === count - 1} onClick={() => onMove(1)}>
                {t('page.down')}
              </button>
              <button type="button" class="quiet" onClick={onRemove}>
                {t('page.remove')}
              </button>
            </>
          )}
          <button type="button" class="quiet" aria-pressed={isSource} onClick={toggle}>
            {t('page.source')}
          </button>
        </div>
      </header>
      {note && (
        <p class="notice" role="note">
          {note.length > 0 ? t('page.sourceOnlyTags', { tags: note.join(', ') }) : t('page.sourceOnly')}
        </p>
      )}
      {isSource ? (
        <Field
          label={t('page.sourceOf', { number: index + 1 })}
          class="only-input"
          errors={errors(`pages[${index}].html`)}
        >
          {(tied) => (
            <textarea
              {...tied}
              class="source"
              rows={18}
              spellcheck={false}
              readOnly={isReadOnly}
              value={page.html}
              onInput={(event) => onPage({ ...page, html: event.target.value })}
            />
          )}
        </Field>
      ) : (
        <>
          <RichText
            html={page.html}
            label={label}
            isReadOnly={isReadOnly}
            onHtml={(html) => onPage({ ...page, html })}
          />
          {errors(`pages[${index}].html`).map((text) => (
            <p class="error" key={text}>
              {text}
            </p>
          ))}
        </>
      )}
    </section>
  );
}

/** The pages of a body: each has a key of its own, so that its editor moves with it. */
export function Body({ pages, onPages, errors, isReadOnly }) {
  const change = (index) => (page) => onPages((before) => before.map((old, i) => (i === index ? page : old)));
  const move = (index, by) =>
    onPages((before) => {
      const moved = [...before];
      moved.splice(index + by, 0, ...moved.splice(index, 1));
      return moved;
    });
  return (
    <div class="body-pages">
      {pages.map((page, index) => (
        <Page
          key={page.key}
          page={page}
          index={index}
          count={pages.length}
          errors={errors}
          isReadOnly={isReadOnly}
          onPage={change(index)}
          onMove={(by) => move(index, by)}
          onRemove={() => onPages((before) => before.filter((_, i) => i !== index))}
        />
      ))}
      {errors('body').map((text) => (
        <p class="error" key={text}>
          {text}
        </p>
      ))}
      {!isReadOnly && (
        <button type="button" class="quiet" onClick={() => onPages((before) => [...before, newPage()])}>
          {t('page.add')}
        </button>
      )}
    </div>
  );
}
