import { useContext, useState } from 'preact/hooks';
import { CREATE_AUTHOR, RECENT_AUTHORS } from '../api/documents.js';
import { request } from '../api/request.js';
import { Desk } from '../desk-context.js';
import { sayErrors, sayFailure } from '../failures.js';
import { t } from '../language.js';
import { ArticlePicker } from '../parts/article-picker.jsx';
import { Choice, Line, Lines } from '../parts/field.jsx';
import { MediaDialog, Thumbnail } from '../parts/media.jsx';
import { Picks } from '../parts/picks.jsx';
import { Sortable } from '../parts/sortable.jsx';
import { Tags } from '../parts/tags.jsx';
import { fromInput, toInput } from '../time.js';
import { useLoad } from '../use-load.js';

// The fields beside the text, in groups. Each group gets `form`, `set(name)` and `errors(name)`.

/** What the article is about. */
export function Place({ form, set, errors, isReadOnly }) {
  const { site, channels } = useContext(Desk);
  const options = channels.map(({ id, label }) => [id, label]);
  const channel = form.channel;
  // A channel below the third level is not among the options, but may be what the article has.
  if (channel && !channels.some(({ id }) => id === channel.id)) options.unshift([channel.id, channel.name]);
  return (
    <fieldset disabled={isReadOnly}>
      <legend>{t('group.place')}</legend>
      <Choice
        label={t('field.channel')}
        isRequired
        value={channel?.id}
        empty={t('choose')}
        options={options}
        errors={errors('channel')}
        onValue={(id) => set('channel')(id ? (channels.find((other) => other.id === id) ?? channel) : null)}
      />
      <Picks
        label={t('field.channels')}
        values={form.channels}
        onValues={set('channels')}
        options={channels}
        errors={errors('channels')}
        isReadOnly={isReadOnly}
      />
      <Tags
        label={t('field.tags')}
        values={form.tags}
        onValues={set('tags')}
        errors={errors('tags')}
        isReadOnly={isReadOnly}
      />
      <Picks
        label={t('field.topics')}
        values={form.topics}
        onValues={set('topics')}
        options={site.topics}
        nameOf={(topic) => topic.title}
        errors={errors('topics')}
        isReadOnly={isReadOnly}
      />
    </fieldset>
  );
}

function NewAuthor({ onAuthor }) {
  const [name, setName] = useState('');
  const [slug, setSlug] = useState('');
  const create = async () => {
    try {
      const { createAuthor } = await request(CREATE_AUTHOR, { input: { name: name.trim(), slug: slug.trim() } });
      if (createAuthor.userErrors.length > 0) sayErrors(createAuthor.userErrors);
      else {
        onAuthor(createAuthor.author);
        setName('');
        setSlug('');
      }
    } catch (error) {
      sayFailure(error);
    }
  };
  return (
    <details>
      <summary>{t('author.new')}</summary>
      <div class="row">
        <Line label={t('author.name')} value={name} onValue={setName} />
        <Line label={t('field.slug')} value={slug} onValue={setSlug} spellcheck={false} />
        <button type="button" disabled={!name.trim() || !slug.trim()} onClick={create}>
          {t('add')}
        </button>
      </div>
    </details>
  );
}

/** Who wrote it, and where it comes from. */
export function Origin({ form, set, errors, isReadOnly }) {
  const { site, abilities, me } = useContext(Desk);
  const { value: known } = useLoad(async () => {
    const { articles } = await request(RECENT_AUTHORS);
    const authors = new Map(articles.nodes.flatMap((article) => article.authors).map((author) => [author.id, author]));
    return [...authors.values()].sort((a, b) => a.name.localeCompare(b.name, 'zh'));
  }, []);
  return (
    <fieldset disabled={isReadOnly}>
      <legend>{t('group.origin')}</legend>
      <Picks
        label={t('field.authors')}
        values={form.authors}
        onValues={set('authors')}
        options={known ?? []}
        errors={errors('authors')}
        isReadOnly={isReadOnly}
      />
      {!isReadOnly && abilities.has('createAuthor') && me.permissions.includes('MANAGE_NOUNS') && (
        <NewAuthor onAuthor={(author) => set('authors')((before) => [...before, author])} />
      )}
      <Choice
        label={t('field.source')}
        value={form.source?.id}
        empty={t('none')}
        options={site.sources.map(({ id, name }) => [id, name])}
        errors={errors('source')}
        onValue={(id) => set('source')(site.sources.find((source) => source.id === id) ?? null)}
      />
      <Line
        label={t('field.sourceUrl')}
        value={form.sourceUrl}
        onValue={set('sourceUrl')}
        errors={errors('sourceUrl')}
        inputMode="url"
      />
    </fieldset>
  );
}

/** Pictures and files. */
export function Pictures({ form, set, errors, isReadOnly }) {
  const [asked, setAsked] = useState(null);
  const pick = (media) => {
    if (asked === 'cover') set('cover')(media);
    else set('gallery')((before) => [...before, { media, caption: '', key: `${media.id}-${Date.now()}` }]);
    setAsked(null);
  };
  const caption = (index) => (text) =>
    set('gallery')((before) => before.map((image, i) => (i === index ? { ...image, caption: text } : image)));
  return (
    <fieldset disabled={isReadOnly}>
      <legend>{t('group.pictures')}</legend>
      <div class="field">
        <span class="label">{t('field.cover')}</span>
        {form.cover && <Thumbnail media={form.cover} />}
        {!isReadOnly && (
          <div class="actions start">
            <button type="button" onClick={() => setAsked('cover')}>
              {form.cover ? t('media.change') : t('media.choose')}
            </button>
            {form.cover && (
              <button type="button" class="quiet" onClick={() => set('cover')(null)}>
                {t('remove')}
              </button>
            )}
          </div>
        )}
        {errors('cover').map((text) => (
          <p class="error" key={text}>
            {text}
          </p>
        ))}
      </div>
      <div class="field">
        <span class="label">{t('field.gallery')}</span>
        <Sortable
          label={t('field.gallery')}
          items={form.gallery}
          onItems={set('gallery')}
          keyOf={(image) => image.key ?? image.media.id}
          nameOf={(image) => image.caption || image.media.alt || image.media.id}
          isReadOnly={isReadOnly}
          draw={(image, index) => (
            <>
              <Thumbnail media={image.media} />
              <Line
                label={t('field.caption')}
                value={image.caption}
                onValue={caption(index)}
                errors={errors(`gallery[${index}].caption`)}
              />
            </>
          )}
        />
        {!isReadOnly && (
          <button type="button" onClick={() => setAsked('gallery')}>
            {t('media.addToGallery')}
          </button>
        )}
      </div>
      {asked && <MediaDialog onPick={pick} onClose={() => setAsked(null)} />}
    </fieldset>
  );
}

/** Other articles that are named in field `name`. */
function Articles({ name, form, set, errors, isReadOnly }) {
  return (
    <>
      <div class="field">
        <span class="label">{t(`field.${name}`)}</span>
        <Sortable
          label={t(`field.${name}`)}
          items={form[name]}
          onItems={set(name)}
          keyOf={(article) => article.id}
          nameOf={(article) => article.title}
          isReadOnly={isReadOnly}
          draw={(article) => article.title}
        />
        {errors(name).map((text) => (
          <p class="error" key={text}>
            {text}
          </p>
        ))}
      </div>
      {!isReadOnly && (
        <ArticlePicker
          label={t(`${name}.add`)}
          onPick={({ id, title }) =>
            set(name)((before) => (before.some((other) => other.id === id) ? before : [...before, { id, title }]))
          }
        />
      )}
    </>
  );
}

/** Files to download, and articles that stand beside this one, or must not. */
export function Beside({ form, set, errors, isReadOnly }) {
  const attach = (index, name) => (value) =>
    set('attachments')((before) => before.map((file, i) => (i === index ? { ...file, [name]: value } : file)));
  return (
    <fieldset disabled={isReadOnly}>
      <legend>{t('group.beside')}</legend>
      <Articles name="related" form={form} set={set} errors={errors} isReadOnly={isReadOnly} />
      <Articles name="unrelated" form={form} set={set} errors={errors} isReadOnly={isReadOnly} />
      <div class="field">
        <span class="label">{t('field.attachments')}</span>
        <Sortable
          label={t('field.attachments')}
          items={form.attachments.map((file, index) => ({ ...file, index }))}
          onItems={(files) => set('attachments')(files.map(({ index, ...file }) => file))}
          keyOf={(file) => file.key ?? `${file.index} ${form.attachments.length}`}
          nameOf={(file) => file.name || file.url}
          isReadOnly={isReadOnly}
          draw={(file, index) => (
            <>
              <Line
                label={t('field.attachments.name')}
                value={file.name}
                onValue={attach(index, 'name')}
                errors={errors(`attachments[${index}].name`)}
              />
              <Line
                label={t('field.attachments.url')}
                value={file.url}
                onValue={attach(index, 'url')}
                errors={errors(`attachments[${index}].url`)}
              />
              <div class="row">
                <Line
                  label={t('field.mimeType')}
                  value={file.mimeType}
                  onValue={attach(index, 'mimeType')}
                  errors={errors(`attachments[${index}].mimeType`)}
                />
                <Line
                  label={t('field.sizeBytes')}
                  type="number"
                  min="0"
                  value={file.sizeBytes}
                  onValue={(size) => attach(index, 'sizeBytes')(size === '' ? null : Number(size))}
                  errors={errors(`attachments[${index}].sizeBytes`)}
                />
              </div>
            </>
          )}
        />
        {!isReadOnly && (
          <button
            type="button"
            onClick={() => set('attachments')((before) => [...before, { key: Date.now(), name: '', url: '' }])}
          >
            {t('attachments.add')}
          </button>
        )}
      </div>
    </fieldset>
  );
}

/** What the address looks like, and when it may be seen. */
export function Delivery({ form, set, errors, isReadOnly }) {
  const { site } = useContext(Desk);
  return (
    <fieldset disabled={isReadOnly}>
      <legend>{t('group.delivery')}</legend>
      <Line
        label={t('field.slug')}
        hint={t('slug.hint')}
        value={form.slug}
        onValue={set('slug')}
        errors={errors('slug')}
        spellcheck={false}
      />
      <Line
        label={t('field.language')}
        value={form.language}
        onValue={set('language')}
        errors={errors('language')}
        list="languages"
      />
      <datalist id="languages">
        {['zh-Hans', 'zh-Hant', 'en'].map((tag) => (
          <option key={tag} value={tag} />
        ))}
      </datalist>
      <Line
        label={t('field.canonicalUrl')}
        value={form.canonicalUrl}
        onValue={set('canonicalUrl')}
        errors={errors('canonicalUrl')}
        inputMode="url"
      />
      <Line
        label={t('field.embargoUntil')}
        hint={t('zone', { zone: site.timeZone })}
        type="datetime-local"
        value={toInput(form.embargoUntil)}
        onValue={(value) => set('embargoUntil')(fromInput(value, site.timeZone))}
        errors={errors('embargoUntil')}
      />
    </fieldset>
  );
}

/** The headlines. */
export function Heads({ form, set, errors, isReadOnly }) {
  return (
    <fieldset disabled={isReadOnly} class="heads">
      <legend class="hidden">{t('group.heads')}</legend>
      <Line
        class="headline"
        label={t('field.title')}
        isRequired
        value={form.title}
        onValue={set('title')}
        errors={errors('title')}
      />
      <Line label={t('field.subtitle')} value={form.subtitle} onValue={set('subtitle')} errors={errors('subtitle')} />
      <Lines
        label={t('field.summary')}
        hint={t('summary.hint')}
        rows={3}
        value={form.summary}
        onValue={set('summary')}
        errors={errors('summary')}
      />
    </fieldset>
  );
}
