import ssh2 from 'ssh2';
import type {
  BaseAgent,
  GetStreamCallback,
  IdentityCallback,
  ParsedKey,
  SignCallback,
  SigningRequestOptions,
} from 'ssh2';

const cache = new Map<string, Promise<ListedAgent | Error>>();

/**
 * The ssh-agent at `socket` with the keys it holds, asked once a run. Undefined when it does not answer, with a note
 * in `skipped`: a dead agent does not prevent trying the rest.
 */
export async function listedAgent(socket: string, skipped: string[]): Promise<ListedAgent | undefined> {
  let agent = cache.get(socket);
  if (!agent) {
    agent = list(ssh2.createAgent(socket));
    cache.set(socket, agent);
  }
  const found = await agent;
  if (!(found instanceof Error)) return found;
  skipped.push(`agent ${socket} (${found.message})`);
  return undefined;
}

function list(agent: BaseAgent): Promise<ListedAgent | Error> {
  return new Promise((resolve) => {
    agent.getIdentities((error, keys) => resolve(error ?? new ListedAgent(agent, (keys ?? []) as ParsedKey[])));
  });
}

/** An agent whose keys are known already. */
export class ListedAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: BaseAgent;
  readonly #keys: ParsedKey[];

  constructor(agent: BaseAgent, keys: ParsedKey[]) {
    super();
    this.#agent = agent;
    this.#keys = keys;
  }

  get size(): number {
    return this.#keys.length;
  }

  /** The same agent, with no other keys than these. */
  only(keys: readonly ParsedKey[]): ListedAgent {
    const wanted = keys.map((key) => key.getPublicSSH());
    return new ListedAgent(
      this.#agent,
      this.#keys.filter((key) => wanted.some((blob) => blob.equals(key.getPublicSSH()))),
    );
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    callback(undefined, this.#keys);
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, {}, options);
    else this.#agent.sign(key, data, options, callback);
  }

  /** For agent forwarding. */
  override getStream(callback: GetStreamCallback): void {
    if (this.#agent.getStream) this.#agent.getStream(callback);
    else callback(new Error('this agent cannot be forwarded'));
  }
}
