// Jira's errors: every refusal is a JiraError, and app.ts turns it into the body that Jira sends.

/** `{ errorMessages, errors }`, the body of nearly all of Jira's errors. */
export interface ErrorCollection {
  readonly errorMessages: readonly string[];
  readonly errors: Readonly<Record<string, string>>;
}

export class JiraError extends Error {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 415 | 422;
  readonly body: ErrorCollection;

  constructor(status: JiraError['status'], messages: readonly string[], errors: Readonly<Record<string, string>> = {}) {
    super([...messages, ...Object.entries(errors).map(([field, message]) => `${field}: ${message}`)].join('; '));
    this.status = status;
    this.body = { errorMessages: messages, errors };
  }
}

/** What is wrong with one field's value; edit.ts gathers them under the fields' ids. */
export class FieldError extends Error {}

export const badRequest = (...messages: string[]): JiraError => new JiraError(400, messages);
export const forbidden = (...messages: string[]): JiraError => new JiraError(403, messages);
export const notFound = (...messages: string[]): JiraError => new JiraError(404, messages);
export const invalidFields = (errors: Readonly<Record<string, string>>): JiraError => new JiraError(400, [], errors);

/** One answer for "not there" and "not yours to see", so that nothing leaks. */
export const issueNotFound = (): JiraError => notFound('Issue does not exist or you do not have permission to see it.');
