/**
 * Compares an interface of a component with the interface it claims to be. Both come as the TypeScript declarations
 * that the transpiler prints, in which a name and its JavaScript type are all that the host will ever see: the memory
 * layout is the component's own affair, since the glue follows the component.
 */
export type Declarations = ReadonlyMap<string, string>;

/** A declaration of a function ends its line; one of a record ends with a brace at the start of a line. */
const DECLARATION = /^export (?:function|type|interface) (\w+)[\s\S]*?(?:;$|^\})/gm;

export function readDeclarations(typescript: string): Declarations {
  const bare = typescript.replace(/\/\*[\s\S]*?\*\//g, '');
  return new Map(
    [...bare.matchAll(DECLARATION)].map(([text, name = '']) => [name, text.replace(/\s+/g, ' ')]),
  );
}

const isFunction = (declaration: string): boolean => declaration.startsWith('export function');

/** Names that are not what the contract says. A guest may leave out what it does not use. */
export const differing = (guest: Declarations, contract: Declarations): readonly string[] =>
  [...guest].flatMap(([name, text]) => (contract.get(name) === text ? [] : [name]));

/** Functions of the contract that a guest does not offer. */
export const missing = (guest: Declarations, contract: Declarations): readonly string[] =>
  [...contract].flatMap(([name, text]) => (isFunction(text) && !guest.has(name) ? [name] : []));
