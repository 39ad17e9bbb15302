// Checks what a page hands to its resolver, as far as a path is built from it. What it means is the backend's to check.

export class PayloadError extends Error {}

export type Payload = Readonly<Record<string, unknown>>;

/** An id as the backend gives them, safe in a path. */
export function id(payload: Payload, key: string): string {
  const value = payload[key];
  if (typeof value === 'string' && /^[\w.~-]{1,200}$/.test(value) && !/^\.+$/.test(value)) return value;
  throw new PayloadError(`${key} must be an id`);
}

/** An object, for a request's body. */
export function object(payload: Payload, key: string): Payload {
  const value = payload[key];
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Payload;
  throw new PayloadError(`${key} must be an object`);
}

/** A query string of those values that are there; longer ones than people type are refused. */
export function query(payload: Payload, ...keys: readonly string[]): string {
  const parameters = new URLSearchParams();
  for (const key of keys) {
    const value = payload[key];
    if (value === undefined || value === '') continue;
    if (typeof value !== 'string' || value.length > 1000) throw new PayloadError(`${key} must be a short text`);
    parameters.set(key, value);
  }
  return parameters.size === 0 ? '' : `?${parameters}`;
}
