/** What the API answers instead of data: `code` is one of the codes of docs/api.md, or `NETWORK`. */
export class ApiError extends Error {
  constructor({ code, message, requestId, retryAfterSecs }) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.requestId = requestId;
    this.retryAfterSecs = retryAfterSecs;
  }
}
