import type * as z from 'zod';
import type { Kind } from '../../api/attribute.ts';
import type { Inspected, World } from '../inspected.ts';

/** What is asked of Docker to create a container: the two parts of it. */
export interface Request {
  Config?: Record<string, unknown>;
  HostConfig?: Record<string, unknown>;
}

/** The arguments of one family: what their shape gives, once it is parsed. */
export type Parsed<Shape extends z.ZodRawShape> = z.output<z.ZodObject<Shape>>;

/** One argument of a container: where Docker's API keeps it, and what "the same" means there. `Args` are those of its family. */
export interface Attribute<Args> {
  arg: keyof Args & string;
  in: 'Config' | 'HostConfig';
  key: string;
  kind: Kind;
  /** What the arguments do not name is left, where `comparisons` does not say otherwise. */
  more?: true;
  /** The argument as the API takes it; the same where not given. */
  api?(value: never, args: Args): unknown;
  /** Where the value goes, if not to `key` alone. */
  request?(value: never, args: Args): Request;
  /** What the container has, as the API reports it, if that is not at `key` alone. */
  found?(container: Inspected, args: Args, world: World): unknown;
  /** A value of the API in the one form of all that mean the same. */
  canon?(value: never, world: World, args: Args): unknown;
  /** The part of the image's configuration that Docker takes where the value is empty. */
  image?: string;
}

/** Shorthands for the usual kinds of values. */
export const text = (value: unknown) => String(value ?? '');
export const number = (value: unknown) => Number(value ?? 0);
export const flagged = (value: unknown) => value === true;
export const list = (value: unknown) => (value ?? []) as string[];
export const record = (value: unknown) => (value ?? {}) as Record<string, string>;
/** `container:NAME` with the id in place of the name, as Docker keeps it. */
export const joinedContainer = (value: unknown, { ids }: World) =>
  text(value).replace(/^container:(.*)$/, (_all, name: string) => `container:${ids[name] ?? name}`);
