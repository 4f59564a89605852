import type { Json, JsonObject } from '../../src/core/json.ts';
import type { LeakDetector } from '../../src/safety/index.ts';
import { outlineOf } from './outline.ts';

/** Makes of anything what an inspector may keep and show: plain data, short, without secrets. */
export interface Show {
  /** As data, texts of 200 characters at most. */
  value(value: unknown): Json;
  object(value: unknown): JsonObject;
  /** On one line of 300 characters at most. */
  preview(value: unknown): string;
  /** One text, with as many characters. */
  text(text: string, characters: number): string;
}

/** In front of a text that words from outside had a hand in. */
const INFLUENCED = '⟨influenced⟩ ';

const SHOWN_CHARACTERS = 200;
/** Of what words from outside had a hand in: enough to see what it is about. */
const SHOWN_INFLUENCED = 80;
const PREVIEW_CHARACTERS = 300;
/** Scanned of each text; more than is shown, so that no secret is cut in two before it is seen. */
const SCANNED_CHARACTERS = 4_000;

/** Until the user's own secrets are known, no text is shown at all. */
const NOT_YET = '(not shown: the secrets to look for are not known yet)';

/** Cannot stand in what is scanned, whatever is found in it. */
const BETWEEN = '\n\u0000\n';

/**
 * All texts of a value are looked through at once: about 20 µs and 15 µs for each 1,000 characters.
 *
 * @param isReady whether the detector knows the user's own secrets
 */
export function createShow(leaks: Pick<LeakDetector, 'scan' | 'redact'>, isReady: () => boolean): Show {
  const redact = (text: string): string => leaks.redact(text, leaks.scan(text));

  function clean(texts: readonly string[]): readonly string[] {
    if (!isReady()) return texts.map(() => NOT_YET);
    const cut = texts.map((text) => text.slice(0, SCANNED_CHARACTERS).replaceAll('\u0000', ' '));
    const together = redact(cut.join(BETWEEN)).split(BETWEEN);
    // Something that was taken out reached from one text into the next.
    return together.length === cut.length ? together : cut.map(redact);
  }

  function value(shown: unknown): Json {
    const { texts, build } = outlineOf(shown);
    const cleaned = clean(texts.map(({ text }) => text));
    return build(
      texts.map(({ text, influenced }, place) => shortened(cleaned[place] ?? '', text.length, influenced)),
    );
  }

  return {
    value,
    object(shown) {
      const made = value(shown);
      return isObject(made) ? made : { value: made };
    },
    preview: (shown) => cutTo(JSON.stringify(withoutType(value(shown))), PREVIEW_CHARACTERS),
    text: (text, characters) => cutTo(clean([text])[0] ?? '', characters),
  };
}

const isObject = (value: Json): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The type of an event stands beside its preview. */
function withoutType(value: Json): Json {
  if (!isObject(value)) return value;
  const { type: _, ...rest } = value;
  return rest;
}

function shortened(text: string, length: number, influenced: boolean): string {
  if (!influenced) return cutTo(text, SHOWN_CHARACTERS, length);
  return INFLUENCED + cutTo(text, SHOWN_INFLUENCED, length);
}

/** @param length of the whole, where the text is only its beginning */
function cutTo(text: string, characters: number, length = text.length): string {
  if (text.length <= characters) return text;
  return `${text.slice(0, characters)}… (${Math.max(length, text.length) - characters} more)`;
}
