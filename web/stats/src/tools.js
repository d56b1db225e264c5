import { chooseTheme, nextTheme, theme } from '../../desk/src/theme.js';
import { el, put, write } from './elements.js';
import { chooseLanguage, language, t } from './language.js';

/** The choices of appearance and language, as at the desk. */
export function createTools() {
  const appearance = el('button', {
    type: 'button',
    class: 'quiet',
    'data-tool': 'theme',
    onclick: () => {
      chooseTheme(nextTheme(theme.get()));
      label();
    },
  });
  function label() {
    const chosen = t(`theme.${theme.get()}`);
    write(appearance, chosen);
    put(appearance, { 'aria-label': t('theme.label', { theme: chosen }) });
  }
  label();
  const other = language.get() === 'zh' ? 'en' : 'zh';
  const tongue = el(
    'button',
    {
      type: 'button',
      class: 'quiet',
      'data-tool': 'language',
      lang: other === 'zh' ? 'zh-Hans' : 'en',
      onclick: () => chooseLanguage(other),
    },
    other === 'zh' ? '中文' : 'English',
  );
  return [appearance, tongue];
}
