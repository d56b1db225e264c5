import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { t } from '../language.js';
import { say } from '../messages.js';

/**
 * A list in an order that the editor chooses: by dragging, by buttons, or by Alt with the arrow keys from anywhere in an item.
 * `draw(item, index)` draws an item, `nameOf` says what it is called, `keyOf` tells it from others.
 */
export function Sortable({ items, onItems, keyOf, nameOf, draw, label, isReadOnly = false }) {
  const list = useRef(null);
  const refocus = useRef(null);
  const [dragged, setDragged] = useState(null);
  const [over, setOver] = useState(null);

  // An element that is moved in the document loses the focus.
  useLayoutEffect(() => {
    if (!refocus.current) return;
    const { index, control } = refocus.current;
    refocus.current = null;
    const item = list.current?.children[index];
    const wanted = item?.querySelector(`[data-control="${control}"]:not(:disabled)`);
    (wanted ?? item?.querySelector('[data-control]:not(:disabled)'))?.focus();
  }, [items]);

  const move = (from, to, control) => {
    if (to < 0 || to >= items.length || from === to) return;
    const moved = [...items];
    moved.splice(to, 0, ...moved.splice(from, 1));
    if (control) refocus.current = { index: to, control };
    onItems(moved);
    say(t('sort.moved', { name: nameOf(items[from]), place: to + 1, count: items.length }));
  };

  const onKeyDown = (index) => (event) => {
    if (!event.altKey || !['ArrowUp', 'ArrowDown'].includes(event.key) || isReadOnly) return;
    event.preventDefault();
    move(index, index + (event.key === 'ArrowUp' ? -1 : 1), event.target.dataset.control ?? 'drag');
  };

  return (
    <ol class="sortable" ref={list} aria-label={label}>
      {items.map((item, index) => (
        <li
          key={keyOf(item)}
          class={over === index && dragged !== index ? 'over' : ''}
          onKeyDown={onKeyDown(index)}
          onDragOver={(event) => {
            if (dragged === null) return;
            event.preventDefault();
            setOver(index);
          }}
          onDrop={(event) => {
            event.preventDefault();
            if (dragged !== null) move(dragged, index);
            setDragged(null);
            setOver(null);
          }}
        >
          {!isReadOnly && (
            // Not a button element: Firefox does not drag those.
            <span
              class="handle"
              role="button"
              tabIndex={0}
              aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
              data-control="drag"
              draggable
              aria-label={t('sort.handle', { name: nameOf(item), place: index + 1, count: items.length })}
              title={t('sort.hint')}
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = 'move';
                event.dataTransfer.setData('text/plain', nameOf(item));
                event.dataTransfer.setDragImage(event.target.closest('li'), 8, 8);
                setDragged(index);
              }}
              onDragEnd={() => {
                setDragged(null);
                setOver(null);
              }}
            >
              <span aria-hidden="true">⠿</span>
            </span>
          )}
          <div class="sortable-item">{draw(item, index)}</div>
          {!isReadOnly && (
            <div class="sortable-tools">
              <button
                type="button"
                class="quiet"
                data-control="up"
                disabled={index === 0}
                aria-label={t('sort.up', { name: nameOf(item) })}
                onClick={() => move(index, index - 1, 'up')}
              >
                ↑
              </button>
              <button
                type="button"
                class="quiet"
                data-control="down"
                disabled={index === items.length - 1}
                aria-label={t('sort.down', { name: nameOf(item) })}
                onClick={() => move(index, index + 1, 'down')}
              >
                ↓
              </button>
              <button
                type="button"
                class="quiet"
                data-control="remove"
                aria-label={t('sort.remove', { name: nameOf(item) })}
                onClick={() => onItems(items.filter((_, i) => i !== index))}
              >
                ×
              </button>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}
