/**
 * The glue is generated from an untrusted component. Its names have passed the component validator and cannot break
 * out of a string; this refuses what should never be there all the same. `import.meta` is harmless: nothing is found
 * by it, because slots hand in every core module.
 */
const FORBIDDEN: readonly { readonly what: string; readonly pattern: RegExp }[] = [
  { what: 'an import', pattern: /^\s*import[\s{*'"]|^\s*export\s[^;=(]*\sfrom\s*['"]/m },
  { what: 'a dynamic import', pattern: /(?<![\w$.#-])import\s*\(/ },
  { what: 'eval', pattern: /(?<![\w$.#-])eval\s*\(/ },
  { what: 'a function made from text', pattern: /(?<![\w$#-])Function\s*\(|\.constructor\s*\(/ },
  { what: 'require', pattern: /(?<![\w$.#-])require\s*\(/ },
];

/** What must not be in the glue and is, or undefined. */
export const objectionToGlue = (glue: string): string | undefined =>
  FORBIDDEN.find(({ pattern }) => pattern.test(glue))?.what;
