/** A name as SQL quotes it. */
export const name = (word: string) => `\`${word.replaceAll('`', '``')}\``;

/** A text as SQL quotes it. */
export const literal = (text: string) =>
  `'${text.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\0', '\\0')}'`;

/** A user and a host, as GRANT names them. */
export const account = (user: string, host: string) => `${literal(user)}@${literal(host)}`;
