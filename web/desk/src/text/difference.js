// What is different between two texts, by character for Chinese and by word for scripts that have words.

/** An HTML tag or reference, a word, a run of blanks, or one character: of Chinese each counts for itself. */
const TOKENS = /<[^>]*>|&#?\w+;|[\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{M}\p{N}]+|\s+|./gsu;

/** More edits than this are not worth reading one by one, and would take long to find. */
const MAX_EDITS = 1500;

/** Pieces `{ kind, text }` in order; `kind` is `same`, `removed` or `added`. */
export function difference(before, after) {
  const a = before.match(TOKENS) ?? [];
  const b = after.match(TOKENS) ?? [];
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start += 1;
  let end = 0;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end += 1;
  return join([
    ...a.slice(0, start).map((text) => ({ kind: 'same', text })),
    ...middle(a.slice(start, a.length - end), b.slice(start, b.length - end)),
    ...a.slice(a.length - end).map((text) => ({ kind: 'same', text })),
  ]);
}

/** The shortest way from `a` to `b`: E. Myers, An O(ND) Difference Algorithm and Its Variations (1986), section 3. */
function middle(a, b) {
  const replaced = () => [
    ...a.map((text) => ({ kind: 'removed', text })),
    ...b.map((text) => ({ kind: 'added', text })),
  ];
  if (a.length === 0 || b.length === 0) return replaced();
  const most = Math.min(a.length + b.length, MAX_EDITS);
  const furthest = new Map([[1, 0]]);
  const rounds = [];
  for (let edits = 0; edits <= most; edits += 1) {
    const round = new Int32Array(2 * edits + 1);
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      const down = furthest.get(diagonal + 1) ?? -1;
      const right = furthest.get(diagonal - 1) ?? -1;
      let x = diagonal === -edits || (diagonal !== edits && right < down) ? down : right + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      furthest.set(diagonal, x);
      round[diagonal + edits] = x;
      if (x >= a.length && x - diagonal >= b.length) return way(a, b, [...rounds, round]);
    }
    rounds.push(round);
  }
  return replaced();
}

/** Walks the rounds back from the end. */
function way(a, b, rounds) {
  const pieces = [];
  let x = a.length;
  let y = b.length;
  for (let edits = rounds.length - 1; edits > 0; edits -= 1) {
    const before = rounds[edits - 1];
    const reached = (diagonal) => (Math.abs(diagonal) < edits ? before[diagonal + edits - 1] : -1);
    const diagonal = x - y;
    const isAddition = diagonal === -edits || (diagonal !== edits && reached(diagonal - 1) < reached(diagonal + 1));
    const from = reached(isAddition ? diagonal + 1 : diagonal - 1);
    const afterEdit = isAddition ? from : from + 1;
    while (x > afterEdit) {
      pieces.push({ kind: 'same', text: a[x - 1] });
      x -= 1;
      y -= 1;
    }
    if (isAddition) {
      pieces.push({ kind: 'added', text: b[y - 1] });
      y -= 1;
    } else {
      pieces.push({ kind: 'removed', text: a[x - 1] });
      x -= 1;
    }
  }
  while (x > 0) {
    pieces.push({ kind: 'same', text: a[x - 1] });
    x -= 1;
  }
  return pieces.reverse();
}

/** Neighbours of one kind become one piece; within a change what was removed stands before what was added. */
function join(pieces) {
  const joined = [];
  let removed = '';
  let added = '';
  const close = () => {
    if (removed) joined.push({ kind: 'removed', text: removed });
    if (added) joined.push({ kind: 'added', text: added });
    removed = '';
    added = '';
  };
  for (const { kind, text } of pieces) {
    if (kind === 'removed') removed += text;
    else if (kind === 'added') added += text;
    else {
      close();
      const last = joined.at(-1);
      if (last?.kind === 'same') last.text += text;
      else joined.push({ kind, text });
    }
  }
  close();
  return joined;
}
