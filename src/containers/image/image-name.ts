export const REPOSITORY = 'ironbark-sandbox';

/** The image that is used where no other is configured. The number changes with what the program expects of it. */
export const SANDBOX_IMAGE = `${REPOSITORY}:v1`;
