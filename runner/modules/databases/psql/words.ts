/** A name as SQL quotes it. */
export const name = (word: string) => `"${word.replaceAll('"', '""')}"`;

/** A text as SQL quotes it; standard_conforming_strings are on. */
export const literal = (text: string) => `'${text.replaceAll("'", "''")}'`;

/** A list of texts, as an array. */
export const array = (texts: readonly string[]) => `ARRAY[${texts.map(literal).join(', ')}]::text[]`;
