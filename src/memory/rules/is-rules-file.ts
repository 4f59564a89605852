/** The document of a folder that says what holds for those in it and beneath it. */
const RULES_NAME = '.config';

export const isRulesFile = (path: string): boolean => path === RULES_NAME || path.endsWith(`/${RULES_NAME}`);
