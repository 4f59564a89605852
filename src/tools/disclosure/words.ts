/**
 * The words of a text in a form in which `createIssue`, `create_issue` and `Creating issues` are the same two: small
 * letters without accents, split where names are joined, endings cut off. Words that say nothing are left out.
 */
export function wordsOf(text: string): readonly string[] {
  return spelled(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !EMPTY.has(word))
    .map(stemOf);
}

function spelled(text: string): string {
  const split = text
    .replace(/['’](?:s|m|re|ve|ll|d|t)\b/gi, '')
    .replace(/(\p{Ll}|\d)(?=\p{Lu})/gu, '$1 ')
    .replace(/(\p{Lu})(?=\p{Lu}\p{Ll})/gu, '$1 ');
  return withoutAccents(split).toLowerCase();
}

/** Most texts have none, and looking is faster than taking them apart. */
const withoutAccents = (text: string): string =>
  /[\u0080-\uffff]/.test(text) ? text.normalize('NFKD').replace(/\p{M}+/gu, '') : text;

const EMPTY: ReadonlySet<string> = new Set(
  (
    'a an the this that these those it its i me my mine we us our you your he she they them his her their to of in on ' +
    'at for from with by as into onto about over under than then and or but if so is are was were be been being am do ' +
    'does did done have has had having will would shall should can could may might must let please want need wants ' +
    'needs like just some any all each every there here what which who whom how why when where not no use ' +
    'using via through also only very more most up out off e g called named'
  ).split(' '),
);

/**
 * Light on purpose: it has to bring the forms of one word together, not to find its root. Both sides of a comparison
 * pass it, so an odd stem does no harm.
 */
export function stemOf(form: string): string {
  const word = IRREGULAR.get(form) ?? form;
  if (word.length < 4 || /\d/.test(word)) return word;
  const single = withoutPlural(word);
  const base = withoutEnding(single);
  return base.length > 3 ? base.replace(/e$/, '').replace(/([^aeiouls])\1$/, '$1') : base;
}

/** Forms of common verbs and nouns, each after its base. */
const IRREGULAR: ReadonlyMap<string, string> = new Map(
  [
    'buy bought',
    'build built',
    'find found',
    'get got gotten',
    'give gave given',
    'go went gone',
    'hear heard',
    'hold held',
    'keep kept',
    'know knew known',
    'leave left',
    'lose lost',
    'make made',
    'meet met',
    'pay paid',
    'person people',
    'read reading',
    'run ran',
    'say said',
    'sell sold',
    'send sent',
    'speak spoke spoken',
    'take took taken',
    'tell told',
    'win won',
    'write wrote written',
  ].flatMap((line) => {
    const [base = '', ...forms] = line.split(' ');
    return forms.map((form) => [form, base] as const);
  }),
);

function withoutPlural(word: string): string {
  if (word.endsWith('ies') && word.length > 4) return `${word.slice(0, -3)}y`;
  if (/(?:sh|ch|x|ss)es$/.test(word)) return word.slice(0, -2);
  return /[^sui]s$/.test(word) ? word.slice(0, -1) : word;
}

/** Each with the letters that must remain. */
const ENDINGS: readonly (readonly [string, number])[] = [
  ['ing', 3],
  ['ed', 3],
  ['ion', 5],
  ['er', 4],
];

function withoutEnding(word: string): string {
  for (const [ending, least] of ENDINGS) {
    if (word.endsWith(ending) && word.length - ending.length >= least) return word.slice(0, -ending.length);
  }
  return word;
}
