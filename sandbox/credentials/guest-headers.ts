import { err, ok, type Result } from '../../src/core/result.ts';
import { type Header, isSenderHeader } from '../../src/network/index.ts';
import { isHeaderName, isHeaderValue } from './header-rules.ts';

export interface HeaderRefusal {
  readonly rule: 'headers-malformed' | 'headers-too-large' | 'header-invalid';
  readonly message: string;
}

const MAX_HEADERS = 64;
const MAX_VALUE_LENGTH = 8 * 1024;
const MAX_TOTAL_LENGTH = 16 * 1024;
/** JSON escapes at most sixfold. */
const MAX_JSON_LENGTH = 6 * MAX_TOTAL_LENGTH + 64 * MAX_HEADERS;

/**
 * The headers that a guest wants to send: JSON, an object of texts or lists of texts; nothing at all counts as an
 * empty one. Those that only the host sets are left out, as they are harmless. Refuses more than 64 of them or 16 KiB,
 * and what is not a header. Cookies are let through: the host keeps none of its own, so a guest can only send what it
 * knows.
 */
export function guestHeaders(json: string): Result<readonly Header[], HeaderRefusal> {
  if (json.trim() === '') return ok([]);
  if (json.length > MAX_JSON_LENGTH) return TOO_LARGE;
  const entries = entriesOf(json);
  if (entries === undefined) {
    return refuse('headers-malformed', 'Headers are a JSON object of texts or lists of texts.');
  }
  const total = entries.reduce((sum, [name, value]) => sum + name.length + value.length, 0);
  if (entries.length > MAX_HEADERS || total > MAX_TOTAL_LENGTH) return TOO_LARGE;
  const objection = entries.map(objectionTo).find((found) => found !== undefined);
  return objection ? err(objection) : ok(entries.map(([name, value]): Header => [name, value.trim()]));
}

function entriesOf(json: string): readonly Header[] | undefined {
  const value = parsed(json);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const entries: Header[] = [];
  for (const [name, content] of Object.entries(value)) {
    for (const single of Array.isArray(content) ? content : [content]) {
      if (!['string', 'number', 'boolean'].includes(typeof single)) return undefined;
      if (!isSenderHeader(name)) entries.push([name, String(single)]);
    }
  }
  return entries;
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function objectionTo([name, value]: Header): HeaderRefusal | undefined {
  if (!isHeaderName(name)) {
    return {
      rule: 'header-invalid',
      message: `${JSON.stringify(name.slice(0, 40))} is not the name of a header.`,
    };
  }
  if (value.length > MAX_VALUE_LENGTH || !isHeaderValue(value)) {
    return {
      rule: 'header-invalid',
      message: `The value of ${name} has a control character, one outside Latin-1, or more than ${MAX_VALUE_LENGTH}.`,
    };
  }
  return undefined;
}

const refuse = (rule: HeaderRefusal['rule'], message: string): Result<never, HeaderRefusal> =>
  err({ rule, message });

const TOO_LARGE = refuse(
  'headers-too-large',
  `A request has ${MAX_HEADERS} headers and ${MAX_TOTAL_LENGTH} characters in them at most.`,
);
