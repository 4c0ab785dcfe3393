/** What Docker does where a service says nothing of it, by the names of the API (swarmkit, api/defaults/service.go). */
export type Defaults = Record<string, string | number>;

export const ROLLOUT: Defaults = {
  Parallelism: 1,
  Delay: 0,
  FailureAction: 'pause',
  Monitor: 5e9,
  MaxFailureRatio: 0,
  Order: 'stop-first',
};
export const RESTART: Defaults = { Condition: 'any', Delay: 5e9, MaxAttempts: 0, Window: 0 };

/** `{max_attempts: 3}` as Docker's `{MaxAttempts: 3}`, over what is there. */
export function renamed(defaults: Defaults) {
  return (value: object, found: unknown): unknown => {
    const given = Object.entries(value).filter(([, one]) => one !== undefined);
    return {
      ...(found ?? defaults),
      ...Object.fromEntries(
        given.map(([name, one]) => [
          name.replace(/(?:^|_)(\w)/g, (_all, letter: string) => letter.toUpperCase()),
          one as unknown,
        ]),
      ),
    };
  };
}

/** Every setting by the arguments' names. Docker leaves zeros and texts that are empty out. */
export function renamedText(defaults: Defaults) {
  return (value: Defaults | null | undefined): Record<string, string> => {
    const zero = (name: string) =>
      name === 'Parallelism' || name === 'MaxFailureRatio' || name === 'MaxAttempts' || name === 'Window'
        ? 0
        : (defaults[name] as string | number);
    const whole = value
      ? Object.keys(defaults).map(
          (name) => [name, value[name] || (name === 'Delay' && value[name] === 0 ? 0 : zero(name))] as const,
        )
      : Object.entries(defaults);
    return Object.fromEntries(
      whole.map(([name, one]) => [name.replace(/(?<=[a-z])([A-Z])/g, '_$1').toLowerCase(), String(one)]),
    );
  };
}
