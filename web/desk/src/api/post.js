import { ApiError } from './errors.js';

/** Sends one operation with that token, or none; its data, or an ApiError. */
export async function post(query, variables, token) {
  let answer;
  try {
    const response = await fetch('/graphql', {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        Accept: 'application/json',
        ...(token && { Authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query, variables }),
    });
    answer = await response.json();
  } catch (error) {
    throw new ApiError({ code: 'NETWORK', message: error.message });
  }
  const error = answer.errors?.[0];
  if (error) throw new ApiError({ message: error.message, ...error.extensions });
  return answer.data;
}
