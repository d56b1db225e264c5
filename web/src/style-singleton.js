/**
 * Stands in for the package of the same name, which Radix dialogs and menus use to lock scrolling
 * and which inserts <style> elements. A constructed style sheet does the same and needs no
 * 'unsafe-inline' in the content security policy.
 */
import { useEffect } from 'react';

export function styleSingleton() {
  const sheet = new CSSStyleSheet();
  let users = 0;

  return function Sheet({ styles, dynamic }) {
    useEffect(() => {
      users += 1;
      if (users === 1) {
        sheet.replaceSync(styles);
        document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
      }
      return () => {
        users -= 1;
        if (users === 0) {
          document.adoptedStyleSheets = document.adoptedStyleSheets.filter((it) => it !== sheet);
        }
      };
    }, [styles && dynamic]);
    return null;
  };
}
