import { baseKeymap, chainCommands, exitCode, setBlockType, toggleMark, wrapIn, lift } from 'prosemirror-commands';
import { history, redo, undo } from 'prosemirror-history';
import { keymap } from 'prosemirror-keymap';
import { liftListItem, sinkListItem, splitListItem, wrapInList } from 'prosemirror-schema-list';
import { EditorState } from 'prosemirror-state';
import { EditorView } from 'prosemirror-view';
import { useEffect, useRef, useState } from 'preact/hooks';
import { t } from '../language.js';
import { toHtml, toModel, withoutInline } from '../text/rich-html.js';
import { schema } from '../text/rich-schema.js';
import { AddressDialog } from './address-dialog.jsx';

const { marks, nodes } = schema;

function lineBreak(state, dispatch) {
  dispatch?.(state.tr.replaceSelectionWith(nodes.hard_break.create()).scrollIntoView());
  return true;
}

// Tab is not bound: it leaves the editor, as it leaves every other field.
const KEYS = {
  'Mod-z': undo,
  'Shift-Mod-z': redo,
  'Mod-y': redo,
  'Mod-b': toggleMark(marks.strong),
  'Mod-i': toggleMark(marks.em),
  'Mod-u': toggleMark(marks.underline),
  'Shift-Enter': chainCommands(exitCode, lineBreak),
  Enter: splitListItem(nodes.list_item),
  'Mod-[': liftListItem(nodes.list_item),
  'Mod-]': sinkListItem(nodes.list_item),
  'Alt-Mod-0': setBlockType(nodes.paragraph),
  'Alt-Mod-2': setBlockType(nodes.heading, { level: 2 }),
  'Alt-Mod-3': setBlockType(nodes.heading, { level: 3 }),
};

/** What the toolbar shows: name in the dictionary, sign, command, and where it is on. */
const TOOLS = [
  ['paragraph', '¶', setBlockType(nodes.paragraph), (at) => at.block === nodes.paragraph],
  ['heading2', 'H2', setBlockType(nodes.heading, { level: 2 }), (at) => at.block === nodes.heading && at.level === 2],
  ['heading3', 'H3', setBlockType(nodes.heading, { level: 3 }), (at) => at.block === nodes.heading && at.level === 3],
  ['strong', 'B', toggleMark(marks.strong), (at) => at.marks.has(marks.strong)],
  ['em', 'I', toggleMark(marks.em), (at) => at.marks.has(marks.em)],
  ['bulletList', '•', wrapInList(nodes.bullet_list), (at) => at.around.has(nodes.bullet_list)],
  ['orderedList', '1.', wrapInList(nodes.ordered_list), (at) => at.around.has(nodes.ordered_list)],
  ['quote', '“', wrapIn(nodes.blockquote), (at) => at.around.has(nodes.blockquote)],
  ['lift', '⇤', chainCommands(liftListItem(nodes.list_item), lift), () => false],
];

/** Where the cursor stands. */
function place(state) {
  const { $from, from, to, empty } = state.selection;
  const around = new Set();
  for (let depth = 0; depth <= $from.depth; depth += 1) around.add($from.node(depth).type);
  const present = Object.values(marks).filter((mark) =>
    empty ? mark.isInSet(state.storedMarks ?? $from.marks()) : state.doc.rangeHasMark(from, to, mark),
  );
  return { block: $from.parent.type, level: $from.parent.attrs.level, around, marks: new Set(present) };
}

/** Puts a link around what is selected, or its address where nothing is. */
function link(view, href) {
  const { state } = view;
  const mark = marks.link.create({ href });
  const { from, to, empty } = state.selection;
  const transaction = empty
    ? state.tr.replaceSelectionWith(schema.text(href, [mark]), false)
    : state.tr.removeMark(from, to, marks.link).addMark(from, to, mark);
  view.dispatch(transaction.scrollIntoView());
}

/** Puts a picture behind what is selected: nothing is replaced. */
function picture(view, src, alt) {
  const { state } = view;
  view.dispatch(state.tr.insert(state.selection.to, nodes.image.create({ src, alt })).scrollIntoView());
}

/** Rich text of one page. `html` is what it shows; `onHtml` gets what it says after each change. */
export function RichText({ html, onHtml, label, isReadOnly }) {
  const holder = useRef(null);
  const view = useRef(null);
  // What was handed on and has not come back yet: while somebody types fast, older texts come back after newer ones were typed.
  const underway = useRef([]);
  const shown = useRef(html);
  const latest = useRef({});
  latest.current = { onHtml, isReadOnly, label };
  const [at, setAt] = useState(null);
  const [asked, setAsked] = useState(null);

  useEffect(() => {
    const plugins = [history(), keymap(KEYS), keymap(baseKeymap)];
    view.current = new EditorView(holder.current, {
      state: EditorState.create({ doc: toModel(html), plugins }),
      editable: () => !latest.current.isReadOnly,
      attributes: () => ({
        'aria-label': latest.current.label,
        'aria-multiline': 'true',
        role: 'textbox',
        class: 'rich prose',
        ...(latest.current.isReadOnly && { 'aria-readonly': 'true', tabindex: '0' }),
      }),
      transformPastedHTML: withoutInline,
      dispatchTransaction(transaction) {
        this.updateState(this.state.apply(transaction));
        setAt(place(this.state));
        if (!transaction.docChanged) return;
        const said = toHtml(this.state.doc);
        underway.current.push(said);
        latest.current.onHtml(said);
      },
    });
    setAt(place(view.current.state));
    return () => view.current.destroy();
  }, []);

  useEffect(() => {
    const place = underway.current.indexOf(html);
    underway.current.splice(0, place + 1);
    // Only what came from elsewhere is put in: a cursor must not jump at every key.
    if (place >= 0 || html === shown.current) {
      shown.current = html;
      return;
    }
    shown.current = html;
    underway.current = [];
    const { state } = view.current;
    view.current.updateState(EditorState.create({ doc: toModel(html), plugins: state.plugins }));
  }, [html]);

  useEffect(() => {
    // Whether it may be edited is asked anew.
    view.current.setProps({});
  }, [isReadOnly, label]);

  const run = (command) => {
    command(view.current.state, view.current.dispatch, view.current);
    view.current.focus();
  };
  const isOn = (mark) => at?.marks.has(mark) ?? false;

  return (
    <div class="rich-text">
      {!isReadOnly && (
        <div class="toolbar" role="toolbar" aria-label={t('rich.toolbar')}>
          {TOOLS.map(([name, sign, command, isActive]) => (
            <button
              key={name}
              type="button"
              class={`tool tool-${name}`}
              aria-label={t(`rich.${name}`)}
              title={t(`rich.${name}`)}
              aria-pressed={at ? isActive(at) : false}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => run(command)}
            >
              {sign}
            </button>
          ))}
          <button
            type="button"
            class="tool"
            aria-pressed={isOn(marks.link)}
            onClick={() => (isOn(marks.link) ? run(toggleMark(marks.link)) : setAsked('link'))}
          >
            {t('rich.link')}
          </button>
          <button type="button" class="tool" onClick={() => setAsked('image')}>
            {t('rich.image')}
          </button>
          <button
            type="button"
            class="tool"
            title={t('rich.undo')}
            aria-label={t('rich.undo')}
            onClick={() => run(undo)}
          >
            ↶
          </button>
          <button
            type="button"
            class="tool"
            title={t('rich.redo')}
            aria-label={t('rich.redo')}
            onClick={() => run(redo)}
          >
            ↷
          </button>
        </div>
      )}
      <div ref={holder} />
      {asked && (
        <AddressDialog
          kind={asked}
          onClose={() => setAsked(null)}
          onDone={({ address, alt }) => {
            if (asked === 'link') link(view.current, address);
            else picture(view.current, address, alt);
            setAsked(null);
          }}
        />
      )}
    </div>
  );
}
