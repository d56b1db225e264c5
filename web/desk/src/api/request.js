import { post } from './post.js';
import { accessToken, renew } from './session.js';

/** Tries with another token before giving up: one may end while the request is on its way. */
const ATTEMPTS = 3;

/** Asks the API as the person who is signed in; data, or an ApiError. */
export async function request(query, variables = {}) {
  for (let attempt = 1; ; attempt += 1) {
    const token = await accessToken();
    try {
      return await post(query, variables, token);
    } catch (error) {
      if (error.code !== 'UNAUTHENTICATED' || attempt === ATTEMPTS) throw error;
      await renew(token);
    }
  }
}
