import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { sayFailure } from './failures.js';

/**
 * What `load` resolves to, loaded anew whenever `keys` change or `reload` is called. While it loads, what was there stays;
 * an answer that comes after a later question is dropped.
 */
export function useLoad(load, keys) {
  const [result, setResult] = useState({ value: null, error: null, isLoading: true });
  const latest = useRef(0);
  const run = useCallback(async () => {
    latest.current += 1;
    const mine = latest.current;
    setResult((before) => ({ ...before, isLoading: true }));
    try {
      const value = await load();
      if (mine === latest.current) setResult({ value, error: null, isLoading: false });
    } catch (error) {
      if (mine !== latest.current) return;
      setResult((before) => ({ ...before, error, isLoading: false }));
      sayFailure(error);
    }
  }, keys);
  useEffect(() => {
    run();
    return () => {
      latest.current += 1;
    };
  }, [run]);
  return { ...result, reload: run };
}
