export type Severity = 'medium' | 'high' | 'critical';

/** Phrasings by which a text tries to give the assistant orders. */
export interface PhraseClass {
  readonly severity: Severity;
  readonly what: string;
  readonly phrases: readonly string[];
}

/**
 * Matched as whole words, after folding, in any spacing. Only wordings that a note or a web page seldom needs for
 * itself are here: a class at `high` keeps text out of the documents that steer the assistant.
 */
export const PHRASE_CLASSES: readonly PhraseClass[] = [
  {
    severity: 'critical',
    what: 'override of instructions',
    phrases: [
      'ignore all previous',
      'ignore all prior',
      'ignore all earlier',
      'ignore all your instructions',
      'ignore all the above',
      'disregard all previous',
      'disregard all prior',
      'forget all previous',
      'forget all your instructions',
    ],
  },
  {
    severity: 'high',
    what: 'override of instructions',
    phrases: [
      'ignore previous',
      'ignore prior instructions',
      'ignore the above instructions',
      'ignore the previous',
      'ignore your instructions',
      'ignore your previous',
      'ignore your system prompt',
      'ignore any previous',
      'disregard previous',
      'disregard the above',
      'disregard the previous',
      'disregard your instructions',
      'override your instructions',
      'forget everything',
      'forget your instructions',
      'forget previous instructions',
      'new instructions',
      'updated instructions',
      'reveal your system prompt',
      'print your system prompt',
      'ignoriere alle vorherigen',
      'ignoriere die vorherigen',
      'ignore toutes les instructions',
      'ignorez les instructions precedentes',
      'ignorez toutes les instructions',
      'ignora las instrucciones anteriores',
      'ignora todas las instrucciones',
      'ignora tutte le istruzioni',
      'ignore todas as instrucoes',
      'игнорируй все предыдущие',
      'игнорируй предыдущие',
      'забудь все инструкции',
      '忽略之前的',
      '忽略以上',
      '忽略所有',
      '以前の指示を無視',
      '이전 지시를 무시',
    ],
  },
  { severity: 'high', what: 'change of identity', phrases: ['you are now', 'from now on you are'] },
  {
    severity: 'medium',
    what: 'change of identity',
    phrases: ['act as', 'pretend to be', 'pretend you are', 'roleplay as'],
  },
  { severity: 'medium', what: 'override of instructions', phrases: ['disregard'] },
];
