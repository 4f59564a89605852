import type { Json } from '../../src/core/json.ts';

/** The shape of a value, its texts apart: they are looked through before anything is kept. */
export interface Outline {
  readonly texts: readonly OutlinedText[];
  /** The value as plain data, with these in the places of its texts. */
  build(texts: readonly string[]): Json;
}

interface OutlinedText {
  readonly text: string;
  /** Words of others are in it, as the origins beside it say. */
  readonly influenced: boolean;
}

const MOST_PARTS = 400;
const MOST_ITEMS = 30;
const DEEPEST = 6;

/** What is called so is not shown, whatever it is. */
const SECRET_FIELD = /(?:password|passphrase|secret|token|authorization|api_?key|cookie|credentials?)$/i;
const SECRET_FIELD_SHOWN = '[REDACTED:field]';

/** Where words stand, however few; what is called otherwise may be an id or a kind, which are nobody's words. */
const WORDS_FIELD = /^(?:text|partialText|content|summary|message|passages|arguments|output|error)$/;

/** Whether words from outside had a hand in what is looked at: in its words, or in something beside it. */
type Influence = 'none' | 'beside' | 'words';

type Part = (texts: readonly string[]) => Json;

/** Bounded: so many parts, so many items of a list, so deep. What is no data is named in brackets. */
export function outlineOf(value: unknown): Outline {
  const texts: OutlinedText[] = [];
  let parts = 0;

  function part(of: unknown, depth: number, under: Influence): Part {
    if (++parts > MOST_PARTS) return fixed('…');
    if (typeof of === 'string') return textPart(of, under);
    if (of === null || typeof of === 'boolean' || typeof of === 'number') return fixed(plainOf(of));
    if (of === undefined) return fixed(null);
    if (!(of instanceof Object)) return fixed(String(of));
    if (of instanceof Error) return textPart(of.message, under);
    if (of instanceof Date) return fixed(of.toISOString());
    if (depth >= DEEPEST) return fixed('…');
    if (of instanceof Set || Array.isArray(of)) return list([...of], depth, under);
    if (of instanceof Map) return fields([...of], depth, under);
    return isData(of) ? fields(Object.entries(of), depth, influenceOn(of, under)) : fixed(nameOf(of));
  }

  function textPart(text: string, under: Influence): Part {
    const influenced = under === 'words' || (under === 'beside' && /\s/.test(text));
    const place = texts.push({ text, influenced }) - 1;
    return (shown) => shown[place] ?? '';
  }

  function list(items: readonly unknown[], depth: number, under: Influence): Part {
    const inner = items.slice(0, MOST_ITEMS).map((item) => part(item, depth + 1, under));
    const more = items.length - inner.length;
    return (shown) => [...inner.map((one) => one(shown)), ...(more > 0 ? [`… (${more} more)`] : [])];
  }

  function fields(entries: readonly (readonly [unknown, unknown])[], depth: number, under: Influence): Part {
    const inner = entries
      .filter(([, of]) => of !== undefined && typeof of !== 'function')
      .slice(0, MOST_ITEMS)
      .map(([name, of]): readonly [string, Part] => [
        String(name).slice(0, 60),
        SECRET_FIELD.test(String(name)) && typeof of === 'string'
          ? fixed(SECRET_FIELD_SHOWN)
          : part(of, depth + 1, underField(under, String(name))),
      ]);
    return (shown) => Object.fromEntries(inner.map(([name, one]) => [name, one(shown)]));
  }

  const whole = part(value, 0, 'none');
  return { texts, build: whole };
}

const fixed =
  (json: Json): Part =>
  () =>
    json;

const plainOf = (of: null | boolean | number): Json =>
  typeof of === 'number' && !Number.isFinite(of) ? String(of) : of;

/** Made by hand, not by a class: an actor, a service or a secret is not looked into. */
function isData(of: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(of);
  const values = Object.values(of);
  const isService = values.length > 0 && values.every((one) => typeof one === 'function');
  return (prototype === Object.prototype || prototype === null) && !isService;
}

const influenceOn = (of: object, under: Influence): Influence =>
  under === 'none' && holdsOrigins(of) ? 'beside' : under;

/** Origins are told by the assistant itself. */
function underField(under: Influence, name: string): Influence {
  if (under === 'none' || name === 'origins') return 'none';
  return WORDS_FIELD.test(name) ? 'words' : under;
}

const holdsOrigins = (of: object): boolean =>
  'origins' in of && Array.isArray(of.origins) && of.origins.length > 0;

function nameOf(of: object): string {
  if (typeof of === 'function') return '[function]';
  if ('sessionId' in of && 'id' in of) return `[actor ${String(of.id).slice(0, 60)}]`;
  const { name } = of.constructor ?? {};
  return name && name !== 'Object' ? `[${name}]` : '[service]';
}
