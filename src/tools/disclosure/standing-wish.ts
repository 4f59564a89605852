/** The tool that makes something happen by itself. */
export const ROUTINE_MAKER = 'routine_create';

const whole = (words: string): RegExp =>
  new RegExp(`(?<![\\p{L}\\p{N}])(?:${words})(?![\\p{L}\\p{N}])`, 'iu');

/** Said of what is wanted more than once, or later, or whenever something happens; one line a language. */
const SIGNS: readonly RegExp[] = [
  whole(
    '(?:every|each) (?:(?:other|single|second|\\d+|few) )?(?:minutes?|hours?|days?|mornings?|noon|afternoons?|evenings?|nights?|weeks?|weekdays?|weekends?|work ?days?|months?|years?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?)|daily|hourly|nightly|weekly|monthly|yearly|(?:on|at) (?:weekdays|weekends|mondays|tuesdays|wednesdays|thursdays|fridays|saturdays|sundays)|remind|reminders?|cron|recurring|regularly|periodically|from now on|whenever|(?:every|each) time|keep an eye|wake me|schedule (?:a|an|the|this|that|it|my)',
  ),
  whole(
    'jede[nrs]? (?:(?:zweiten?|\\d+) )?(?:minute|stunde|tag|morgen|mittag|abend|nacht|woche|werktag|monat|jahr|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag)|alle \\d+ (?:minuten|stunden|tage|wochen)|täglich\\w*|stündlich\\w*|wöchentlich\\w*|monatlich\\w*|morgens|abends|werktags|(?:mon|diens|donners|frei|sams|sonn)tags|mittwochs|erinner\\w*|regelmäßig\\w*|ab jetzt|jedes ?mal|immer wenn|weck\\w* mich',
  ),
  whole(
    'chaque (?:minute|heure|jour|matin|midi|soir|nuit|semaine|mois|année|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|fois)|tou(?:s|tes) les (?:\\d+ )?\\p{L}+|quotidien\\w*|rappelle\\w*|rappel|régulièrement|dorénavant',
  ),
  whole(
    'cada (?:\\d+ )?(?:minutos?|horas?|días?|mañana|tarde|noche|semana|mes|año|lunes|martes|miércoles|jueves|viernes|sábado|domingo|vez)|tod[oa]s l[oa]s (?:días|mañanas|tardes|noches|semanas|meses)|diari[ao]\\w*|recu[eé]rda\\w*|recordatorio|regularmente',
  ),
  whole(
    'ogni (?:\\d+ )?(?:minut[oi]|or[ae]|giorn[oi]|mattina|sera|notte|settiman[ae]|mes[ei]|anno|lunedì|martedì|mercoledì|giovedì|venerdì|sabato|domenica|volta)|quotidian\\w*|ricorda\\w*|promemoria|regolarmente',
  ),
  whole(
    'todo[sa]? (?:o dia|os dias|a manhã|as manhãs|as semanas|os meses)|cada (?:dia|manhã|semana|mês)|lembr\\w*|elke (?:dag|ochtend|avond|week|maand|uur|keer)|dagelijks\\w*|wekelijks\\w*|herinner\\w*',
  ),
  /每(?:天|日|周|週|月|年|小时|小時|分钟|分鐘|次|早|晚)|提醒|毎(?:日|朝|晩|週|月|年|時間|回)|リマインド|思い出させて|매(?:일|주|달|월|년|시간|번)|알려\s?줘.*마다/u,
  whole('кажд(?:ый|ую|ое|ые) \\p{L}+|ежедневно|еженедельно|напомни\\p{L}*|всякий раз'),
];

/** Of a text: a wish stands at its beginning or end, not in the middle of a pasted page. */
const MAX_CHARACTERS = 500;

/**
 * Whether a message may ask for something to be done by itself, now and again or later: then a model is told that it
 * can be, for no word of such a message need name a tool. Errs towards yes, which costs some tokens.
 */
export function mayStand(message: string): boolean {
  const ends = [message.slice(0, MAX_CHARACTERS), message.slice(-MAX_CHARACTERS)];
  return ends.some((text) => SIGNS.some((sign) => sign.test(text)));
}
