import { signIn } from '../../desk/src/api/session.js';
import { el, put, uniqueId, write } from './elements.js';
import { failureText } from './failures.js';
import { t } from './language.js';

function field(name, attributes) {
  const id = uniqueId(name);
  const input = el('input', { id, name, required: true, ...attributes });
  return { input, element: el('div', { class: 'field' }, el('label', { for: id }, t(`signIn.${name}`)), input) };
}

/** The API's messages about what was typed are English; the most frequent one is said in the chosen language. */
const errorText = ({ message }) => (/^login or password is wrong/.test(message) ? t('signIn.wrong') : message);

/** Login and password, for whoever has not signed in at the desk. `known` is who was signed in before. */
export function createDoor({ known, tools }) {
  const login = field('login', { autocomplete: 'username', autocapitalize: 'none', spellcheck: 'false' });
  const password = field('password', { type: 'password', autocomplete: 'current-password' });
  const newPassword = field('newPassword', { type: 'password', autocomplete: 'new-password', minlength: 12 });
  const oneTime = el('p', { class: 'notice', role: 'status' }, t('signIn.oneTime'));
  const error = el('p', { class: 'error', role: 'alert' });
  const button = el('button', { type: 'submit', class: 'primary' }, t('signIn.send'));
  let asksForNew = false;
  if (known) login.input.value = known.login;

  async function send(event) {
    event.preventDefault();
    put(button, { disabled: true });
    write(error, '');
    try {
      const input = { login: login.input.value.trim(), password: password.input.value };
      const found = await signIn({ ...input, ...(asksForNew && { newPassword: newPassword.input.value }) });
      if (!asksForNew && found.some((it) => it.field === 'newPassword')) {
        asksForNew = true;
        password.element.after(oneTime, newPassword.element);
        newPassword.input.focus();
      } else write(error, found.map(errorText).join(' '));
    } catch (failure) {
      write(error, failureText(failure));
    } finally {
      put(button, { disabled: false });
    }
  }

  const element = el(
    'main',
    { class: 'door', id: 'main', tabindex: -1 },
    el('header', { class: 'door-head' }, el('h1', null, t('stats')), el('div', { class: 'tools' }, tools)),
    el(
      'form',
      { class: 'card sign-in', onsubmit: send },
      el('p', { class: 'hint' }, t(known ? 'signIn.again' : 'signIn.lead')),
      login.element,
      password.element,
      error,
      button,
    ),
  );
  return { element, focus: () => (known ? password : login).input.focus() };
}
