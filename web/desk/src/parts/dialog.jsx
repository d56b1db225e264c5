import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../language.js';

/** A dialog over the page. The browser's own keeps the focus inside, closes on Escape and gives the focus back. */
export function Dialog({ title, onClose, children, isWide = false }) {
  const element = useRef(null);
  const isGone = useRef(false);
  const id = useId();
  useEffect(() => {
    const shown = element.current;
    const focusedBefore = document.activeElement;
    shown.showModal();
    // The first thing to fill in, rather than the button that closes.
    (shown.querySelector('[autofocus]') ?? shown.querySelector('form :is(input, select, textarea)'))?.focus();
    return () => {
      isGone.current = true;
      shown.close();
      focusedBefore?.focus?.();
    };
  }, []);
  return (
    <dialog
      ref={element}
      class={isWide ? 'dialog wide' : 'dialog'}
      aria-labelledby={id}
      onCancel={(event) => {
        // Drawn and taken away by its parent, so that both always agree.
        event.preventDefault();
        onClose?.();
      }}
      onClose={() => {
        // Browsers close a dialog at the second Escape whatever the page says.
        if (isGone.current) return;
        if (onClose) onClose();
        else element.current.showModal();
      }}
    >
      <header>
        <h2 id={id}>{title}</h2>
        {onClose && (
          <button type="button" class="quiet" aria-label={t('close')} onClick={onClose}>
            ×
          </button>
        )}
      </header>
      {children}
    </dialog>
  );
}
