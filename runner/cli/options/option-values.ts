import { InvalidArgumentError } from 'commander';

/** An option that may be given several times. */
export function append(value: string, before: string[]): string[] {
  return [...before, value];
}

/** The same, each with several values between commas. */
export function commas(value: string, before: string[]): string[] {
  return [
    ...before,
    ...value
      .split(',')
      .map((part) => part.trim())
      .filter(Boolean),
  ];
}

/** A flag that counts how often it was given: `-vv`. */
export function count(_value: unknown, before: number): number {
  return before + 1;
}

/** A whole number above 0. */
export function whole(value: string): number {
  const number = Number(value);
  if (!Number.isInteger(number) || number <= 0) throw new InvalidArgumentError('It must be a whole number above 0.');
  return number;
}

/** A number above 0. */
export function positive(value: string): number {
  const number = Number(value);
  if (!Number.isFinite(number) || number <= 0) throw new InvalidArgumentError('It must be a number above 0.');
  return number;
}
