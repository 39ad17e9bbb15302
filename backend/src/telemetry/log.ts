// The process's log: one JSON line per event in the form that Google Cloud Logging reads. Only fields of a closed list pass,
// so that nothing users wrote gets in by way of a new field; tokens are masked wherever they stand.

import pino from 'pino';
import type { Log } from '../reconcile/ports.ts';
import { redactTokens } from './redact.ts';
import { currentTrace } from './trace.ts';

/** Ids, codes and counts. `detail` is a service's own words, masked by whoever made the error. */
export const logFields = [
  'installation',
  'profile',
  'pair',
  'connection',
  'side',
  'item',
  'field',
  'task',
  'code',
  'detail',
  'attempts',
  'count',
  'calls',
  'ms',
  'bytes',
  'method',
  'route',
  'status',
  'request',
  'event',
  'until',
  'account',
  'version',
  'port',
  'url',
] as const;

/** What Cloud Logging indexes as labels, beside the line's own fields: what views and searches choose by. */
const labelled = ['installation', 'profile'] as const satisfies readonly (typeof logFields)[number][];

/** https://cloud.google.com/logging/docs/structured-logging#structured_logging_special_fields */
export const specialFields = {
  trace: 'logging.googleapis.com/trace',
  span: 'logging.googleapis.com/spanId',
  labels: 'logging.googleapis.com/labels',
} as const;

export interface LogOptions {
  readonly level: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** The Google Cloud project whose traces the lines belong to; without one no trace is named. */
  readonly project?: string | null;
  /** Takes each line with its newline; standard output by default. */
  readonly write?: (line: string) => void;
}

/** https://cloud.google.com/logging/docs/reference/v2/rest/v2/LogEntry#logseverity */
const severities: Readonly<Record<string, string>> = {
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
};

type Fields = Parameters<Log['info']>[0];

/** What may be written; the names (not the values) of what may not are told, so that it is missed. */
function closed(fields: Fields): Record<string, unknown> {
  const known: Record<string, unknown> = {};
  const dropped: string[] = [];
  for (const [name, value] of Object.entries(fields)) {
    if (value === undefined) continue;
    if (!logFields.some((field) => field === name)) dropped.push(name);
    else known[name] = typeof value === 'string' ? redactTokens(value) : value;
  }
  return dropped.length > 0 ? { ...known, dropped } : known;
}

function labelsOf(known: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const labels = Object.fromEntries(
    labelled.flatMap((name) => (typeof known[name] === 'string' ? [[name, known[name]]] : [])),
  );
  return Object.keys(labels).length > 0 ? { [specialFields.labels]: labels } : {};
}

function traceIn(project: string | null): Record<string, unknown> {
  const trace = project === null ? null : currentTrace();
  if (trace === null) return {};
  return {
    [specialFields.trace]: `projects/${project}/traces/${trace.trace}`,
    ...(trace.span === null ? {} : { [specialFields.span]: trace.span }),
  };
}

export function createLog(options: LogOptions): Log {
  const settings: pino.LoggerOptions = {
    level: options.level,
    base: null,
    messageKey: 'message',
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label) => ({ severity: severities[label] ?? 'DEFAULT' }) },
  };
  const { write, project = null } = options;
  const out = write ? pino(settings, { write }) : pino(settings);
  const line = (fields: Fields): Record<string, unknown> => {
    const known = closed(fields);
    return { ...known, ...labelsOf(known), ...traceIn(project) };
  };
  return {
    info: (fields, message) => out.info(line(fields), redactTokens(message)),
    warn: (fields, message) => out.warn(line(fields), redactTokens(message)),
    error: (fields, message) => out.error(line(fields), redactTokens(message)),
  };
}
