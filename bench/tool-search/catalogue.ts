import type { JsonObject } from '../../src/core/json.ts';
import type { ToolDescription } from '../../src/llm/index.ts';
import { FAMILIES, type Service } from './families.ts';

/** Every operation of every service as a tool. */
export const catalogue = (): readonly ToolDescription[] =>
  FAMILIES.flatMap(({ services, operations }) =>
    services.flatMap((service) => operations.map((operation) => toolOf(service, operation))),
  );

function toolOf(service: Service, operation: string): ToolDescription {
  const [name = '', about = '', args = ''] = operation.split('|').map((part) => part.trim());
  return {
    name: nameOf(service, name),
    description: swapped(about, service).replaceAll('{s}', service.label),
    parameters: parametersOf(args),
  };
}

function nameOf(service: Service, operation: string): string {
  const words = `${service.name}_${swapped(operation, service)}`.split('_');
  if (service.style === 'kebab') return words.join('-');
  if (service.style === 'snake') return words.join('_');
  return words.map((word, at) => (at === 0 ? word : capital(word))).join('');
}

const capital = (word: string): string => word.slice(0, 1).toUpperCase() + word.slice(1);

function swapped(text: string, { words = {} }: Service): string {
  return text.replace(/\p{L}+/gu, (word) => {
    const other = words[word.toLowerCase()];
    if (other === undefined) return word;
    return word === word.toLowerCase() ? other : capital(other);
  });
}

function parametersOf(args: string): JsonObject {
  const named = args.split(' ').filter(Boolean).map(argumentOf);
  return {
    type: 'object',
    properties: Object.fromEntries(named.map(({ name, schema }) => [name, schema])),
    required: named.filter(({ isOptional }) => !isOptional).map(({ name }) => name),
  };
}

function argumentOf(text: string) {
  const name = text.replace(/[#?[\]]/g, '');
  const single = { type: text.includes('#') ? 'integer' : 'string' };
  const schema: JsonObject = text.includes('[]') ? { type: 'array', items: single } : single;
  return { name, schema, isOptional: text.includes('?') };
}
