import { isJsonObject, type Json, type JsonObject } from '../../core/json.ts';
import type { ToolDescription } from '../../llm/index.ts';
import { wordsOf } from './words.ts';

/** What is said of a tool, by where it is said: a word of its name tells more of it than one about an argument. */
const FIELDS = { name: 3, description: 1.2, argument: 0.3, about: 0.25 };

/** Longer texts than this tell nothing more of what a tool is for. */
const MAX_CHARACTERS = 1_000;

/** How much each word says of the tool. */
export function toolWords({ name, description, parameters }: ToolDescription): ReadonlyMap<string, number> {
  const words = new Map<string, number>();
  const add = (text: string, weight: number): void => {
    for (const word of wordsOf(text.slice(0, MAX_CHARACTERS)))
      words.set(word, (words.get(word) ?? 0) + weight);
  };
  add(name, FIELDS.name);
  add(description, FIELDS.description);
  for (const [argument, about] of Object.entries(propertiesOf(parameters))) {
    add(argument, FIELDS.argument);
    add(descriptionIn(about), FIELDS.about);
  }
  return words;
}

/** The arguments of a tool, by name, as its schema has them. */
export function propertiesOf({ properties }: JsonObject): JsonObject {
  return isJsonObject(properties) ? properties : {};
}

const descriptionIn = (schema: Json): string =>
  isJsonObject(schema) && typeof schema.description === 'string' ? schema.description : '';
