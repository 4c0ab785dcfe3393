import { inventoryData, moduleDocs, projectModules } from '../../api/index.ts';
import { oneLine } from '../../diagnostics/clean.ts';
import { style } from '../../reporters/text/style.ts';
import { execTask, openSession } from '../commands/exec.ts';
import type { ExecFlags, Session } from '../commands/exec.ts';
import { moduleText } from '../texts/module-text.ts';
import { EXIT } from '../exit-code.ts';
import type { Io } from '../io.ts';
import { outOf } from '../out.ts';
import { showError } from '../show-error.ts';
import { columnsOf, wantsColor } from '../terminal.ts';
import { completions } from './completion.ts';
import type { Known } from './completion.ts';
import { SWITCHES, WORDS, wishOf } from './input.ts';
import type { Wish } from './input.ts';
import { linesOf } from './lines.ts';

/**
 * `xrun console [PATTERN]`: lines from a terminal or a pipe, each a module or a command for the chosen hosts. An error ends its line only.
 * The exit code of a pipe is that of the first line that failed.
 */
export async function consoleCommand(pattern: string, flags: ExecFlags, io: Io): Promise<number> {
  const session = await openSession(flags, io);
  const console = new Console(pattern, flags, session, io);
  const known = await console.known();
  const lines = linesOf(io, (line) => completions(line, known));
  let code: number = EXIT.ok;
  for (;;) {
    const line = await lines.next(console.prompt());
    if (line === undefined) break;
    const ended = await console.line(line, known);
    if (ended === undefined) break;
    if (code === EXIT.ok) code = ended;
  }
  return io.stdin.isTTY ? EXIT.ok : code;
}

class Console {
  #pattern: string;
  readonly #flags: ExecFlags;
  readonly #session: Session;
  readonly #io: Io;

  constructor(pattern: string, flags: ExecFlags, session: Session, io: Io) {
    this.#pattern = pattern;
    this.#flags = { ...flags };
    this.#session = session;
    this.#io = io;
  }

  prompt(): string {
    const on = SWITCHES.filter((name) => this.#flags[name]).map((name) => ` [${name}]`);
    return `${oneLine(this.#pattern)}${on.join('')}> `;
  }

  /** What can be completed. Throws what is wrong with the inventory, and a pattern that matches nothing. */
  async known(): Promise<Known> {
    await this.#hosts(this.#pattern);
    const { hosts, groups } = await inventoryData(this.#session.options);
    const modules = await moduleDocs(undefined, await projectModules(this.#io.cwd));
    return { modules, targets: [...Object.keys(groups), ...Object.keys(hosts)] };
  }

  /** Does what a line asks for. Returns its exit code; undefined where the console is to be left. */
  async line(line: string, known: Known): Promise<number | undefined> {
    try {
      const names = known.modules.flatMap(({ name, aliases }) => [name, ...aliases]);
      const wish = wishOf(line, names);
      return wish.do === 'leave' ? undefined : await this.#grant(wish);
    } catch (error) {
      return showError(error, this.#io);
    }
  }

  async #grant(wish: Wish): Promise<number> {
    switch (wish.do) {
      case 'pattern':
        await this.#hosts(wish.pattern);
        this.#pattern = wish.pattern;
        break;
      case 'hosts':
        this.#print(await this.#hosts(this.#pattern));
        break;
      case 'help':
        this.#print(await this.#help(wish.name));
        break;
      case 'switch':
        this.#turn(wish.name, wish.on ?? !this.#flags[wish.name]);
        break;
      case 'command':
        return this.#run({ command: wish.command });
      case 'module':
        return this.#run({ module: wish.module });
      default:
    }
    return EXIT.ok;
  }

  #run(
    what: { command: string[]; module?: undefined } | { module: { name: string; args?: string }; command?: undefined },
  ) {
    return execTask({ pattern: this.#pattern, ...what }, this.#flags, this.#session, this.#io);
  }

  #turn(name: (typeof SWITCHES)[number], on: boolean): void {
    this.#flags[name] = on;
    if (name === 'become') this.#session.connection = { ...this.#session.connection, become: on };
    this.#print([`${name} is ${on ? 'on' : 'off'}`]);
  }

  async #hosts(pattern: string): Promise<string[]> {
    return Object.keys((await inventoryData({ ...this.#session.options, limit: pattern })).hosts);
  }

  async #help(name: string | undefined): Promise<string[]> {
    const pen = style(wantsColor(this.#io, this.#io.stdout, this.#flags.color));
    if (name === undefined)
      return Object.entries(WORDS).map(([usage, what]) => `  ${pen.cyan(usage.padEnd(16))}  ${what}`);
    const docs = await moduleDocs(name, await projectModules(this.#io.cwd));
    return docs.flatMap((each) => moduleText(each, pen, columnsOf(this.#io.stdout)));
  }

  #print(lines: readonly string[]): void {
    outOf(this.#io.stdout).write(lines.map((line) => `${line}\n`).join(''));
  }
}
