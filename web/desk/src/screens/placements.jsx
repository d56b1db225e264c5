import { useContext, useEffect, useState } from 'preact/hooks';
import { SET_SLOT, SLOTS } from '../api/documents.js';
import { request } from '../api/request.js';
import { Desk } from '../desk-context.js';
import { errorText, sayErrors, sayFailure } from '../failures.js';
import { t } from '../language.js';
import { say } from '../messages.js';
import { ArticlePicker } from '../parts/article-picker.jsx';
import { StateBadge } from '../parts/badge.jsx';
import { Choice, Line } from '../parts/field.jsx';
import { Sortable } from '../parts/sortable.jsx';
import { fromInput, toInput } from '../time.js';
import { useLoad } from '../use-load.js';

const keyOf = ({ slot, channel }) => `${channel?.id ?? ''} ${slot}`;
const nameOf = ({ slot, channel }) => `${channel?.name ?? t('placements.site')} · ${slot}`;

/** The items as the API takes them; those whose article is gone have no id to send. */
const toItems = (items) =>
  items
    .filter(({ article }) => article)
    .map(({ article, label, startsAt, endsAt }) => ({
      article: article.id,
      label: label?.trim() || null,
      startsAt: startsAt ?? null,
      endsAt: endsAt ?? null,
    }));

/** One article may stand in a slot twice, at different times: each item gets a key of its own. */
let lastKey = 0;
function withKeys(items) {
  return items.map((item) => {
    lastKey += 1;
    return { ...item, key: lastKey };
  });
}

const same = (a, b) => JSON.stringify(toItems(a)) === JSON.stringify(toItems(b));

function Item({ item, index, errors, onItem }) {
  const { site } = useContext(Desk);
  const set = (name) => (value) => onItem({ ...item, [name]: value });
  const time = (name) => (
    <Line
      label={t(`placements.${name}`)}
      type="datetime-local"
      value={toInput(item[name])}
      errors={errors(`items[${index}].${name}`)}
      onValue={(value) => set(name)(fromInput(value, site.timeZone))}
    />
  );
  if (!item.article) return <p class="error">{t('placements.gone')}</p>;
  return (
    <>
      <p class="item-title">
        {item.article.title} <StateBadge state={item.article.state} />
      </p>
      <div class="row">
        <Line
          label={t('placements.label')}
          value={item.label}
          onValue={set('label')}
          errors={errors(`items[${index}].label`)}
        />
        {time('startsAt')}
        {time('endsAt')}
      </div>
    </>
  );
}

function Slot({ kept, onSaved }) {
  const [items, setItems] = useState(() => withKeys(kept.items));
  const [errors, setErrors] = useState([]);
  const { site } = useContext(Desk);
  const isDirty = !same(items, kept.items) || items.some(({ article }) => !article);
  const errorsAt = (path) => errors.filter(({ field }) => field === path || field === `input.${path}`).map(errorText);

  const save = async () => {
    const input = { slot: kept.slot, channel: kept.channel?.id ?? null, items: toItems(items) };
    try {
      const { setPlacement } = await request(SET_SLOT, { input });
      setErrors(setPlacement.userErrors);
      if (setPlacement.userErrors.length > 0) {
        sayErrors(setPlacement.userErrors);
        return;
      }
      const left = items.filter(({ article }) => article);
      setItems(left);
      onSaved({ ...kept, items: left });
      say(t('done.placement'));
    } catch (error) {
      sayFailure(error);
    }
  };

  const add = ({ id, title, state }) => {
    const item = { article: { id, title, state }, label: null, startsAt: null, endsAt: null };
    setItems((before) => [...before, ...withKeys([item])]);
  };

  return (
    <section class="panel slot" aria-label={nameOf(kept)}>
      <header class="screen-head">
        <h2>{nameOf(kept)}</h2>
        <div class="actions">
          {isDirty && (
            <button type="button" onClick={() => setItems(withKeys(kept.items))}>
              {t('undo')}
            </button>
          )}
          <button type="button" class="primary" data-step="placement" disabled={!isDirty} onClick={save}>
            {t('step.UPDATE')}
          </button>
        </div>
      </header>
      <p class="hint">
        {t('sort.hint')} {t('zone', { zone: site.timeZone })}
      </p>
      <Sortable
        label={nameOf(kept)}
        items={items}
        onItems={setItems}
        keyOf={(item) => item.key}
        nameOf={(item) => item.label || item.article?.title || t('placements.gone')}
        draw={(item, index) => (
          <Item
            item={item}
            index={index}
            errors={errorsAt}
            onItem={(next) => setItems((before) => before.map((old, i) => (i === index ? next : old)))}
          />
        )}
      />
      {items.length === 0 && <p class="empty">{t('placements.empty')}</p>}
      <ArticlePicker label={t('placements.add')} onPick={add} />
    </section>
  );
}

function NewSlot({ onSlot }) {
  const { channels } = useContext(Desk);
  const [slot, setSlot] = useState('');
  const [channel, setChannel] = useState(null);
  return (
    <form
      class="row joined"
      onSubmit={(event) => {
        event.preventDefault();
        const chosen = channels.find(({ id }) => id === channel);
        onSlot({ slot: slot.trim(), channel: chosen ? { id: chosen.id, name: chosen.name } : null, items: [] });
        setSlot('');
      }}
    >
      <Line
        label={t('placements.newSlot')}
        hint={t('placements.newSlotHint')}
        required
        value={slot}
        onValue={setSlot}
        spellcheck={false}
      />
      <Choice
        label={t('field.channel')}
        value={channel}
        onValue={setChannel}
        empty={t('placements.site')}
        options={channels.map(({ id, label }) => [id, label])}
      />
      <button type="submit">{t('add')}</button>
    </form>
  );
}

/** What editors put into the slots of the portal and its channels. */
export function PlacementsScreen() {
  const [slots, setSlots] = useState([]);
  const [chosen, setChosen] = useState(null);
  const { isLoading } = useLoad(async () => setSlots((await request(SLOTS)).placementSlots), []);
  const shown = slots.find((slot) => keyOf(slot) === chosen) ?? slots[0];

  const keep = (kept) => {
    setSlots((before) =>
      before.some((slot) => keyOf(slot) === keyOf(kept))
        ? before.map((slot) => (keyOf(slot) === keyOf(kept) ? kept : slot))
        : [...before, kept],
    );
    setChosen(keyOf(kept));
  };

  useEffect(() => {
    document.title = `${t('nav.placements')} · ${t('desk')}`;
  });

  return (
    <div class="placements">
      <header class="screen-head">
        <h1>{t('nav.placements')}</h1>
      </header>
      <div class="panel">
        <Choice
          label={t('placements.slot')}
          value={shown && keyOf(shown)}
          options={slots.map((slot) => [keyOf(slot), `${nameOf(slot)} (${slot.items.length})`])}
          onValue={setChosen}
        />
        <details>
          <summary>{t('placements.addSlot')}</summary>
          <NewSlot onSlot={keep} />
        </details>
      </div>
      {shown && <Slot key={keyOf(shown)} kept={shown} onSaved={keep} />}
      {!isLoading && slots.length === 0 && <p class="empty">{t('placements.none')}</p>}
    </div>
  );
}
