import { useContext, useState } from 'preact/hooks';
import { CREATE_MEDIA, FIND_MEDIA } from '../api/documents.js';
import { request } from '../api/request.js';
import { Desk } from '../desk-context.js';
import { errorText, sayFailure } from '../failures.js';
import { t } from '../language.js';
import { Dialog } from './dialog.jsx';
import { Line } from './field.jsx';

/** The size of the picture at an address, in pixels. */
function measure(url) {
  return new Promise((resolve, reject) => {
    const picture = new Image();
    picture.referrerPolicy = 'no-referrer';
    picture.onload = () => resolve({ width: picture.naturalWidth, height: picture.naturalHeight });
    picture.onerror = () => reject(new Error(t('media.unreadable')));
    picture.src = url;
  });
}

/** Chooses a picture: a new one by its address, or one that is known by its id or by that of an article whose cover it is. */
export function MediaDialog({ onPick, onClose }) {
  const { abilities, me } = useContext(Desk);
  const canCreate = abilities.has('createMedia') && me.permissions.includes('MANAGE_NOUNS');
  const [values, setValues] = useState({ url: '', width: '', height: '', alt: '', credit: '' });
  const [id, setId] = useState('');
  const [errors, setErrors] = useState([]);
  const set = (name) => (value) => setValues((before) => ({ ...before, [name]: value }));
  const errorsAt = (name) => errors.filter(({ field }) => field?.split('.').at(-1) === name).map(errorText);

  const create = async (event) => {
    event.preventDefault();
    try {
      const size = values.width && values.height ? values : await measure(values.url.trim());
      const input = {
        url: values.url.trim(),
        width: Number(size.width),
        height: Number(size.height),
        alt: values.alt.trim() || null,
        credit: values.credit.trim() || null,
      };
      const { createMedia } = await request(CREATE_MEDIA, { input });
      setErrors(createMedia.userErrors);
      if (createMedia.media) onPick(createMedia.media);
    } catch (error) {
      if (error.code) sayFailure(error);
      else setErrors([{ field: 'url', message: error.message }]);
    }
  };

  const find = async (event) => {
    event.preventDefault();
    try {
      const { node } = await request(FIND_MEDIA, { id: id.trim() });
      const media = node?.url ? node : node?.cover;
      if (media) onPick(media);
      else setErrors([{ field: 'id', message: t('media.none') }]);
    } catch (error) {
      setErrors([{ field: 'id', message: error.code === 'BAD_USER_INPUT' ? t('media.none') : error.message }]);
    }
  };

  return (
    <Dialog title={t('media.choose')} onClose={onClose}>
      {canCreate && (
        <form onSubmit={create}>
          <Line
            label={t('media.url')}
            hint={t('media.sizeHint')}
            required
            value={values.url}
            onValue={set('url')}
            errors={errorsAt('url')}
          />
          <div class="row">
            <Line
              label={t('media.width')}
              inputMode="numeric"
              value={values.width}
              onValue={set('width')}
              errors={errorsAt('width')}
            />
            <Line
              label={t('media.height')}
              inputMode="numeric"
              value={values.height}
              onValue={set('height')}
              errors={errorsAt('height')}
            />
          </div>
          <Line label={t('field.alt')} value={values.alt} onValue={set('alt')} errors={errorsAt('alt')} />
          <Line label={t('field.credit')} value={values.credit} onValue={set('credit')} errors={errorsAt('credit')} />
          <div class="actions">
            <button type="submit" class="primary">
              {t('media.add')}
            </button>
          </div>
        </form>
      )}
      <form onSubmit={find}>
        <Line
          label={t('media.id')}
          hint={t('media.idHint')}
          required
          value={id}
          onValue={setId}
          errors={errorsAt('id')}
        />
        <div class="actions">
          <button type="submit">{t('media.take')}</button>
        </div>
      </form>
    </Dialog>
  );
}

/** A picture in small, with what is said of it. */
export function Thumbnail({ media }) {
  return (
    <figure class="thumbnail">
      <img
        src={media.url}
        alt={media.alt ?? ''}
        width={media.width}
        height={media.height}
        loading="lazy"
        referrerpolicy="no-referrer"
      />
      <figcaption>
        {media.width} × {media.height}
        {media.credit && ` · ${media.credit}`}
      </figcaption>
    </figure>
  );
}
