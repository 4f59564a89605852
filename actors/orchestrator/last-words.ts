const LONGEST = 2_000;

/** The end of what a container, or the daemon on its behalf, had to say: mostly why it went wrong. */
export function createLastWords() {
  let said = '';
  const say = (words: string): void => {
    said = (said === '' ? words : `${said} ${words}`).slice(-LONGEST);
  };
  return { say, text: (): string => said.trim().toWellFormed() };
}
