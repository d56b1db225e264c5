const SVG = 'http://www.w3.org/2000/svg';

/** Sets what is not so already: what is written again is read out again. `on…` takes a listener. */
export function put(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (value === null || value === undefined || value === false) element.removeAttribute(name);
    else {
      const text = value === true ? '' : String(value);
      if (element.getAttribute(name) !== text) element.setAttribute(name, text);
    }
  }
  return element;
}

function filled(element, attributes, children) {
  put(element, attributes ?? {});
  element.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

/** An HTML element. Text among the children becomes text, never markup. */
export const el = (name, attributes, ...children) => filled(document.createElement(name), attributes, children);

/** The same of a drawing. */
export const draw = (name, attributes, ...children) =>
  filled(document.createElementNS(SVG, name), attributes, children);

/** Sets the text of a node if it is another. */
export function write(node, text) {
  const wanted = String(text);
  if (node.textContent !== wanted) node.textContent = wanted;
}

/** Text for those who listen to the page. */
export const spoken = (text) => el('span', { class: 'hidden' }, text);

/** Puts `children` in that order. The one with the focus stays where it is: an element that is moved loses it. */
export function arrange(parent, children) {
  const wanted = new Set(children);
  for (const child of [...parent.children]) if (!wanted.has(child)) child.remove();
  if (children.every((child, index) => parent.children[index] === child)) return;
  const anchor = children.findIndex((child) => child.parentNode === parent && child.contains(document.activeElement));
  if (anchor < 0) parent.append(...children);
  else {
    children[anchor].before(...children.slice(0, anchor));
    children[anchor].after(...children.slice(anchor + 1));
  }
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');

/** Runs `change`, and lets those of `elements` that are elsewhere afterwards slide there. */
export function slide(elements, change) {
  if (calm.matches) {
    change();
    return;
  }
  const before = new Map([...elements].map((element) => [element, element.getBoundingClientRect().top]));
  // Where the list itself moves on the page, its rows do not move in it.
  const parent = elements[0]?.parentNode;
  const start = parent?.getBoundingClientRect().top;
  change();
  const shift = parent ? parent.getBoundingClientRect().top - start : 0;
  for (const [element, top] of before) {
    if (!element.isConnected) continue;
    const by = top + shift - element.getBoundingClientRect().top;
    if (Math.abs(by) < 1) continue;
    element.animate([{ transform: `translateY(${by}px)` }, { transform: 'none' }], {
      duration: 350,
      easing: 'ease-out',
    });
  }
}

let count = 0;
/** An id that no other element has. */
export const uniqueId = (name) => {
  count += 1;
  return `${name}-${count}`;
};

/** A row of choices of which one is taken. */
export function choice({ label, name, options, chosen, onChoice }) {
  const group = uniqueId(name);
  return el(
    'fieldset',
    { class: 'choice', 'data-choice': name },
    el('legend', null, label),
    el(
      'div',
      { class: 'choice-row' },
      options.map(([value, text]) =>
        el(
          'label',
          null,
          el('input', {
            type: 'radio',
            name: group,
            value,
            checked: value === chosen,
            onchange: () => onChoice(value),
          }),
          el('span', null, text),
        ),
      ),
    ),
  );
}
