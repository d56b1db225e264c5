import { useState } from 'preact/hooks';
import { t } from '../language.js';
import { Dialog } from '../parts/dialog.jsx';
import { Line } from '../parts/field.jsx';

/** The addresses that the API keeps: others it drops without a word. */
const PATTERNS = {
  link: '\\s*(https?://|mailto:|tel:|/).+',
  image: '\\s*(https?://|/).+',
};

/** Asks for the address of a `link` or an `image`. */
export function AddressDialog({ kind, onClose, onDone }) {
  const [address, setAddress] = useState('');
  const [alt, setAlt] = useState('');
  return (
    <Dialog title={t(`rich.${kind}`)} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          onDone({ address: address.trim(), alt: alt.trim() || null });
        }}
      >
        <Line
          label={t('rich.address')}
          value={address}
          onValue={setAddress}
          required
          pattern={PATTERNS[kind]}
          title={t('invalid.address')}
          inputMode="url"
          autoComplete="off"
        />
        {kind === 'image' && <Line label={t('field.alt')} value={alt} onValue={setAlt} />}
        <div class="actions">
          <button type="submit" class="primary">
            {t('rich.insert')}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
