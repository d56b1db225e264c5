// A field with proposals (WAI-ARIA Authoring Practices, combobox with list autocomplete).

/**
 * `find(typed)` gives `[{ value, text, depth? }]` or a promise of it; `take(value, isTyping)` is told what the field has. What was
 * typed is taken as it is: proposals are help, not a limit.
 */
export function makeCombobox(input, { find, take }) {
  const list = document.getElementById(input.getAttribute('aria-controls'));
  let options = [];
  let active = -1;
  let asked = 0;
  let resting;

  /** Also forgets what was asked for: an answer would open it again. */
  const close = () => {
    clearTimeout(resting);
    asked += 1;
    list.hidden = true;
    active = -1;
    input.setAttribute('aria-expanded', 'false');
    input.removeAttribute('aria-activedescendant');
  };

  const mark = (index) => {
    active = index;
    [...list.children].forEach((row, at) => row.setAttribute('aria-selected', String(at === index)));
    const row = list.children[index];
    if (row) {
      input.setAttribute('aria-activedescendant', row.id);
      row.scrollIntoView({ block: 'nearest' });
    } else input.removeAttribute('aria-activedescendant');
  };

  const choose = (option) => {
    input.value = option.value;
    close();
    take(option.value);
  };

  const open = async () => {
    asked += 1;
    const mine = asked;
    const found = await Promise.resolve(find(input.value.trim())).catch(() => []);
    // Answers may come in another order.
    if (mine !== asked) return;
    const marked = options[active]?.value;
    options = found;
    list.replaceChildren(
      ...options.map(({ value, text, depth = 0 }, index) => {
        const row = Object.assign(document.createElement('li'), { id: `${list.id}-${index}` });
        row.setAttribute('role', 'option');
        const name = Object.assign(document.createElement('span'), { textContent: '\u3000'.repeat(depth) + text });
        row.append(name, Object.assign(document.createElement('small'), { textContent: value }));
        row.addEventListener('pointerdown', (event) => event.preventDefault());
        row.addEventListener('click', () => choose(options[index]));
        return row;
      }),
    );
    list.hidden = options.length === 0;
    input.setAttribute('aria-expanded', String(!list.hidden));
    // What was marked meanwhile stays marked, if it is still there.
    mark(options.findIndex(({ value }) => value === marked));
  };

  input.addEventListener('input', () => {
    take(input.value.trim(), true);
    clearTimeout(resting);
    resting = setTimeout(open, 150);
  });
  input.addEventListener('focus', open);
  input.addEventListener('click', () => list.hidden && open());
  input.addEventListener('blur', () => {
    close();
    const typed = input.value.trim();
    const named = options.find(({ text }) => text === typed);
    if (named) choose(named);
    else take(typed);
  });
  input.addEventListener('keydown', (event) => {
    if (event.key === 'Escape' && !list.hidden) close();
    else if (event.key === 'Enter') {
      if (active >= 0) choose(options[active]);
      else close();
    } else if (['ArrowDown', 'ArrowUp'].includes(event.key)) {
      if (list.hidden) open();
      else if (event.key === 'ArrowDown') mark(active + 1 < options.length ? active + 1 : 0);
      else mark(active > 0 ? active - 1 : options.length - 1);
    } else return;
    event.preventDefault();
  });
}
