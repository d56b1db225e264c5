import { t } from '../language.js';
import { message, unsay } from '../messages.js';
import { useValue } from '../state.js';

/** The live region: it is always there, since screen readers announce only what changes in a region they know. */
export function Messages() {
  const said = useValue(message);
  return (
    <div class="messages" role="status" aria-live="polite">
      {said && (
        <p class={`message ${said.kind}`} key={said.number}>
          <span>{said.text}</span>
          <button type="button" class="quiet" aria-label={t('close')} onClick={unsay}>
            ×
          </button>
        </p>
      )}
    </div>
  );
}
