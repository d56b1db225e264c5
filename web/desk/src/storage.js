// What the browser keeps. A browser may refuse (private windows, full storage): the desk works on without.

const PREFIX = 'tidings-desk.';

function keeper(area) {
  return {
    read(name) {
      try {
        return JSON.parse(area().getItem(PREFIX + name));
      } catch {
        return null;
      }
    },
    /** Whether it was kept. */
    write(name, value) {
      try {
        if (value === null) area().removeItem(PREFIX + name);
        else area().setItem(PREFIX + name, JSON.stringify(value));
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** For all tabs, until it is removed. */
export const shared = keeper(() => localStorage);

/** For this tab, until it is closed. */
export const ofTab = keeper(() => sessionStorage);
