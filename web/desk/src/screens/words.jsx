import { useEffect, useState } from 'preact/hooks';
import { PUT_WORD, REMOVE_WORD, WORDS } from '../api/documents.js';
import { request } from '../api/request.js';
import { errorText, sayErrors, sayFailure } from '../failures.js';
import { t } from '../language.js';
import { say } from '../messages.js';
import { Choice, Line } from '../parts/field.jsx';
import { useLoad } from '../use-load.js';

const ACTIONS = ['HOLD', 'REPLACE', 'REFUSE'];
const EMPTY = { word: '', action: 'HOLD', replacement: '', note: '' };

function PutWord({ onDone }) {
  const [values, setValues] = useState(EMPTY);
  const [errors, setErrors] = useState([]);
  const set = (name) => (value) => setValues((before) => ({ ...before, [name]: value }));
  const at = (name) => errors.filter(({ field }) => field === name).map(errorText);

  const send = async (event) => {
    event.preventDefault();
    const { word, action, replacement, note } = values;
    const input = {
      word,
      action,
      note: note.trim() || null,
      replacement: action === 'REPLACE' ? replacement.trim() || null : null,
    };
    try {
      const { putSensitiveWord } = await request(PUT_WORD, { input });
      setErrors(putSensitiveWord.userErrors);
      if (putSensitiveWord.userErrors.length > 0) return;
      setValues(EMPTY);
      say(t('done.word'));
      onDone();
    } catch (error) {
      sayFailure(error);
    }
  };

  return (
    <form class="panel row" onSubmit={send}>
      <Line label={t('words.word')} required value={values.word} onValue={set('word')} errors={at('word')} />
      <Choice
        label={t('words.action')}
        value={values.action}
        onValue={set('action')}
        options={ACTIONS.map((action) => [action, t(`words.${action}`)])}
      />
      {values.action === 'REPLACE' && (
        <Line label={t('words.replacement')} value={values.replacement} onValue={set('replacement')} errors={at('replacement')} />
      )}
      <Line label={t('words.note')} value={values.note} onValue={set('note')} errors={at('note')} />
      <button type="submit" class="primary">
        {t('words.put')}
      </button>
    </form>
  );
}

/** The list of sensitive words. */
export function WordsScreen() {
  const { value, reload } = useLoad(async () => (await request(WORDS)).sensitiveWords, []);
  const remove = async (word) => {
    try {
      const { removeSensitiveWord } = await request(REMOVE_WORD, { input: { word } });
      if (removeSensitiveWord.userErrors.length > 0) sayErrors(removeSensitiveWord.userErrors);
      else say(t('done.wordRemoved', { word }));
      reload();
    } catch (error) {
      sayFailure(error);
    }
  };
  useEffect(() => {
    document.title = `${t('nav.words')} · ${t('desk')}`;
  });
  return (
    <div class="words">
      <header class="screen-head">
        <h1>{t('nav.words')}</h1>
      </header>
      <PutWord onDone={reload} />
      <table class="manuscripts">
        <thead>
          <tr>
            <th scope="col">{t('words.word')}</th>
            <th scope="col">{t('words.action')}</th>
            <th scope="col">{t('words.replacement')}</th>
            <th scope="col">{t('words.note')}</th>
            <th scope="col">
              <span class="hidden">{t('remove')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {value?.map(({ word, action, replacement, note }) => (
            <tr key={word}>
              <td class="row-title">{word}</td>
              <td>{t(`words.${action}`)}</td>
              <td>{replacement}</td>
              <td>{note}</td>
              <td>
                <button type="button" class="quiet" aria-label={t('sort.remove', { name: word })} onClick={() => remove(word)}>
                  {t('remove')}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {value?.length === 0 && <p class="empty">{t('words.none')}</p>}
    </div>
  );
}
