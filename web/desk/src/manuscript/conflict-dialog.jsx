import { useState } from 'preact/hooks';
import { sayFailure } from '../failures.js';
import { t } from '../language.js';
import { Changes } from '../parts/changes.jsx';
import { Dialog } from '../parts/dialog.jsx';
import { shortTime } from '../time.js';

/** Somebody else was faster: says who and when, shows what they changed, and lets the editor choose. */
export function ConflictDialog({ conflict, isDirty, loadTheirs, onTakeTheirs, onClose }) {
  const [theirs, setTheirs] = useState(null);
  const look = () => loadTheirs().then(setTheirs, sayFailure);
  return (
    <Dialog title={t('conflict.title')} onClose={onClose} isWide>
      <p>{t('conflict.text', { name: conflict.changedBy, time: shortTime(conflict.changedAt) })}</p>
      {isDirty && <p class="hint">{t('conflict.mineIsSafe')}</p>}
      {theirs && (
        <Changes changes={theirs.changes} noteOf={(field) => (theirs.mine.has(field) ? t('conflict.both') : null)} />
      )}
      <div class="actions">
        <button type="button" onClick={onClose}>
          {t('conflict.goOn')}
        </button>
        {!theirs && (
          <button type="button" onClick={look}>
            {t('conflict.look')}
          </button>
        )}
        <button
          type="button"
          onClick={() => {
            onClose();
            onTakeTheirs();
          }}
        >
          {isDirty ? t('conflict.takeTheirs') : t('conflict.reload')}
        </button>
        <button
          type="button"
          class="primary"
          onClick={() => {
            onClose();
            conflict.retry(conflict.version);
          }}
        >
          {isDirty ? t('conflict.saveMine') : t('conflict.anyway')}
        </button>
      </div>
    </Dialog>
  );
}
