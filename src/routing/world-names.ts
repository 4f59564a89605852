const CALENDAR = `
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december christmas easter montag dienstag mittwoch donnerstag freitag samstag sonntag januar februar
marz mai juni juli oktober dezember weihnachten ostern
`;

/**
 * Names that everybody knows: a question about one of them is no question about the user's own people and projects.
 * In the forms of the languages that the rules know, folded.
 */
const WORLD_NAMES = `
europe asia africa america oceania antarctica earth moon mars venus jupiter saturn atlantic pacific mediterranean
alps himalaya everest amazon nile danube rhine europa asien afrika amerika asie afrique amerique evropa
france germany spain italy portugal netherlands belgium switzerland austria poland russia ukraine china japan india
brazil mexico canada australia england britain scotland ireland wales denmark sweden norway finland iceland greece
turkey egypt israel iran iraq korea vietnam thailand indonesia argentina chile peru colombia cuba kenya nigeria
estonia latvia lithuania hungary romania bulgaria croatia serbia usa uk eu
frankreich deutschland spanien italien niederlande belgien schweiz osterreich polen russland brasilien mexiko kanada
australien schottland irland danemark schweden norwegen finnland island griechenland turkei agypten indien estland
allemagne espagne italie pays-bas belgique suisse autriche pologne russie chine japon inde bresil mexique canada
angleterre ecosse irlande danemark suede norvege finlande islande grece turquie egypte estonie perou
francia alemania espana italia holanda belgica suiza austria polonia rusia japon brasil inglaterra escocia irlanda
dinamarca suecia noruega finlandia islandia grecia turquia egipto estonia germania spagna paesi svizzera russia cina
giappone brasile messico inghilterra svezia norvegia turchia egitto franca alemanha espanha paises suica russia japao
inglaterra frankrijk duitsland spanje nederland zwitserland oostenrijk rusland brazilie engeland zweden noorwegen
paris london berlin madrid rome lisbon amsterdam brussels vienna warsaw moscow kyiv beijing shanghai tokyo delhi mumbai
sydney washington boston chicago hollywood athens cairo istanbul dublin edinburgh stockholm oslo copenhagen helsinki
prague budapest geneva zurich munich hamburg barcelona milan venice lyon marseille londres roma lisboa londra parigi
lissabon rom wien warschau moskau peking kopenhagen munchen mailand venedig genf londen parijs wenen
англия англии франция франции германия германии россия россии италия италии испания испании китаи китая япония японии
сша европа европы москва москвы париж парижа берлин берлина лондон лондона рим рима перу бразилия бразилии
english german french spanish italian portuguese dutch russian chinese japanese latin greek arabic european american
british swiss roman deutsch englisch franzosisch
einstein newton shakespeare hamlet mozart beethoven bach goethe napoleon darwin picasso plato aristotle hitler stalin
lincoln galileo curie tesla turing faust bible dostoevsky tolstoy kant marx freud gandhi
google apple microsoft amazon facebook meta netflix twitter youtube instagram whatsapp telegram slack wikipedia github
gitlab openai anthropic claude gemini chatgpt ibm intel nvidia android iphone windows linux ubuntu debian macos ios
python javascript typescript java rust ruby golang kotlin swift php react angular vue node docker kubernetes postgres
postgresql mysql sqlite redis excel word powerpoint chrome firefox safari bitcoin ethereum unicode ascii
ironbark internet web covid olympics nato unesco nasa god
`;

/** What people ask about countries and cities, in any of the languages. */
const WORLD_NOUNS =
  /^(?:population|inhabitants?|capital|capitale|capitals|currency|einwohner\w*|hauptstadt|wahrung|monnaie|habitants|poblacion|habitantes|moneda|popolazione|abitanti|valuta|populacao|moeda|hoofdstad|bevolking|inwoners|столиц\p{L}+|населени\p{L}+|валюта)$/u;

export const isWorldNoun = (folded: string): boolean => WORLD_NOUNS.test(folded);

let names: ReadonlySet<string> | undefined;

export function isWorldName(folded: string): boolean {
  names ??= namesIn(WORLD_NAMES);
  return names.has(folded);
}

let calendar: ReadonlySet<string> | undefined;

/** A day of the week, a month, a feast. */
export function isOfTheCalendar(folded: string): boolean {
  calendar ??= namesIn(CALENDAR);
  return calendar.has(folded);
}

const namesIn = (list: string): ReadonlySet<string> => new Set(list.trim().split(/\s+/));
