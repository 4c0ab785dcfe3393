import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AnyModule, DecideContext, Decision, ProbeResult, Step, StepResult } from '../model/module.ts';
import type { PutFile } from '../model/transport/host-shell.ts';
import type { Script } from '../model/script.ts';

/** A shell and the tools beside it, as some hosts have them. */
export interface Flavour {
  name: string;
  shell: string[];
  /** Makes the tools in a directory that becomes the PATH. */
  tools?: string[];
  /** The host has these tools and no others. */
  alone?: true;
}

/** A directory of this machine, worked on by real scripts in a real shell. */
export class LocalHost {
  readonly directory = mkdtempSync(join(tmpdir(), 'xrun-host-'));
  readonly #shell: string[];
  readonly #env: NodeJS.ProcessEnv;

  constructor(flavour: Flavour = { name: 'sh', shell: ['/bin/sh'] }) {
    const bin = join(this.directory, 'bin');
    this.#shell = flavour.shell;
    this.#env = {
      ...process.env,
      LC_ALL: 'C',
      ...(flavour.tools && { PATH: flavour.alone ? bin : `${bin}:/usr/sbin:/usr/bin` }),
    };
    if (flavour.tools) {
      mkdirSync(bin);
      const [tool = '', ...words] = flavour.tools;
      spawnSync(tool, [...words, bin]);
    }
  }

  /** Where programs are looked for from now on. */
  set path(path: string) {
    this.#env.PATH = path;
  }

  run(script: Script, options: { cwd?: string; words?: string[] } = {}): ProbeResult {
    const [shell = '', ...words] = this.#shell;
    const { status, stdout, stderr, error } = spawnSync(
      shell,
      [...words, '-c', script.text, 'sh', ...(options.words ?? [])],
      {
        input: script.stdin ?? '',
        cwd: options.cwd ?? this.directory,
        env: this.#env,
      },
    );
    if (error) throw error;
    return { rc: status ?? 255, stdout: stdout.toString(), stderr: stderr.toString() };
  }

  /** Shell text that prepares the directory by this machine's own means, which the flavour may lack. Throws where it fails. */
  prepare(text: string, cwd = this.directory): void {
    const { status, stderr } = spawnSync('/bin/bash', ['-c', text], { cwd });
    if (status !== 0) throw new Error(`the preparation failed: ${stderr.toString()}`);
  }

  /** What the module finds and decides. */
  look(
    module: AnyModule,
    args: never,
    local: DecideContext['local'],
    check: boolean,
  ): { state: never; decision: Decision } {
    const script = module.probe?.(args, local);
    const result = script && this.run(script);
    // As the engine does.
    if (result && result.rc !== 0 && !module.probeMayFail)
      throw new Error(`the probe failed with ${result.rc}: ${result.stderr}`);
    const state = (result && module.parse ? module.parse(result, args) : result) as never;
    return {
      state,
      decision: module.decide(args, state, {
        check,
        host: 'here',
        local,
        planned: () => undefined,
        claimed: () => undefined,
      }) as Decision,
    };
  }

  /** Runs steps; throws at the first that fails, unless it is the user's own command. */
  async apply(steps: readonly Step[]): Promise<StepResult[]> {
    const results: StepResult[] = [];
    for (const step of steps) {
      const result =
        step.do === 'run' ? this.run(step.script, step.cwd ? { cwd: step.cwd } : {}) : await this.#other(step);
      if (result.rc !== 0 && !(step.do === 'run' && step.theirs))
        throw new Error(`${JSON.stringify(step)}: ${result.stderr}`);
      results.push(result);
    }
    return results;
  }

  close(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }

  async #other(step: Exclude<Step, { do: 'run' }>): Promise<StepResult> {
    if (step.do === 'put') return this.#put(step.file);
    if (step.do === 'get') copyFileSync(step.path, step.to);
    return { rc: 0, stdout: '', stderr: '' };
  }

  #put({ path, content, mode, owner, group, validate }: PutFile): StepResult {
    const fresh = `${path}.new`;
    writeFileSync(fresh, Buffer.isBuffer(content) ? content : readFileSync(content.path));
    const answer = validate && this.run(validate, { words: [fresh] });
    if (answer && answer.rc !== 0) {
      rmSync(fresh);
      return answer;
    }
    chmodSync(
      fresh,
      mode === undefined
        ? (statSync(path, { throwIfNoEntry: false })?.mode ?? 0o644) & 0o7777
        : Number.parseInt(mode, 8),
    );
    if (/^\d+$/.test(owner ?? '') && /^\d+$/.test(group ?? '')) chownSync(fresh, Number(owner), Number(group));
    renameSync(fresh, path);
    return { rc: 0, stdout: '', stderr: '' };
  }
}
