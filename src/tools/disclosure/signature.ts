import { isJsonList, isJsonObject, type Json } from '../../core/json.ts';
import type { ToolDescription } from '../../llm/index.ts';
import { propertiesOf } from './tool-words.ts';

/** Choices of an argument that are shown. */
const MAX_CHOICES = 8;

/** What a tool is called and takes, as one line: `name(required: string, optional?: a | b)`. */
export function signatureOf({ name, parameters }: ToolDescription): string {
  const required = isJsonList(parameters.required) ? parameters.required : [];
  const named = Object.entries(propertiesOf(parameters)).map(
    ([argument, schema]) => `${argument}${required.includes(argument) ? '' : '?'}: ${typeIn(schema)}`,
  );
  return `${name}(${named.join(', ')})`;
}

function typeIn(schema: Json): string {
  if (!isJsonObject(schema)) return 'any';
  if (isJsonList(schema.enum)) return choices(schema.enum);
  if (schema.type === 'array') return `list of ${typeIn(schema.items ?? {})}`;
  return isJsonList(schema.type) ? schema.type.join(' | ') : String(schema.type ?? 'any');
}

function choices(all: readonly Json[]): string {
  const shown = all.slice(0, MAX_CHOICES).map(String);
  return [...shown, ...(all.length > MAX_CHOICES ? ['…'] : [])].join(' | ');
}

/** The first sentence of what a tool says of itself, on one line. */
export function glimpseOf({ description }: ToolDescription, characters: number): string {
  const line = description.replace(/\s+/g, ' ').trim();
  const [first = line] = line.split(/(?<=[.!?]) (?=\p{Lu})/u);
  return first.length > characters ? `${first.slice(0, characters - 1).toWellFormed()}…` : first;
}

/** The tools as a model reads them, each beginning its line with its signature. */
export const renderTools = (tools: readonly ToolDescription[]): string =>
  tools.map((tool) => `${signatureOf(tool)}: ${glimpseOf(tool, GLIMPSE_CHARACTERS)}`).join('\n');

const GLIMPSE_CHARACTERS = 200;

/** The names in what `renderTools` gave. */
export const toolsNamedIn = (text: string): readonly string[] =>
  [...text.matchAll(/^([^\s(]+)\(/gm)].map(([, name = '']) => name);
