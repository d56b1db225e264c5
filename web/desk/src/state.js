import { useEffect, useState } from 'preact/hooks';

/** A value that several parts of the page look at. */
export function createState(initial) {
  let value = initial;
  const listeners = new Set();
  return {
    get: () => value,
    set(next) {
      if (Object.is(next, value)) return;
      value = next;
      for (const listener of [...listeners]) listener(next);
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The value now; the component is drawn again when it changes. */
export function useValue(state) {
  const [value, setValue] = useState(state.get);
  useEffect(() => {
    // It may have changed between drawing and listening.
    setValue(() => state.get());
    return state.listen((next) => setValue(() => next));
  }, [state]);
  return value;
}
