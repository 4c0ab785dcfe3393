import { setTimeout as sleep } from 'node:timers/promises';
import { freeze } from '../../lab/cgroup.ts';
import { cut, heal, powerOn, pullPlug } from '../../lab/host.ts';
import { bringUp } from '../../lab/lab.ts';
import type { Disturbance, Place } from './disturbance.ts';

/** A way to lose a host. */
export interface Strike extends Disturbance<Place> {
  /** Seconds that each task may take: where nothing but that can end it. */
  limit?: number;
  /** What runs on the host, jobs of its own included, stands still until it is mended, while the host may answer. */
  halts?: true;
  /** What runs on the host ends without being able to clean up behind itself. */
  brutal?: true;
  /** The host begins anew: a console that was open is of no use any more. */
  reboots?: true;
}

/** What serves a log-in, from sshd's side: all but the one that listens. */
const SESSIONS = "'^sshd: [^/]'";
/** All that runs below a log-in, sshd's side included. */
const BELOW =
  '$(cat /sys/fs/cgroup/systemd/system.slice/ssh.service/cgroup.procs 2>/dev/null || cat /sys/fs/cgroup/system.slice/ssh.service/cgroup.procs)';
const LISTENER = '$(pgrep -f "^sshd: /")';

const on =
  (command: string) =>
  ({ console }: Place) =>
    console.run(command);
const plug = { strike: ({ lab, host }: Place) => cut(lab, host), mend: ({ lab, host }: Place) => heal(lab, host) };
const deaf = {
  strike: on('iptables -I INPUT -p tcp --dport 22 -j DROP'),
  mend: on('iptables -D INPUT -p tcp --dport 22 -j DROP'),
};
const dumb = {
  strike: on('iptables -I OUTPUT -p tcp --sport 22 -j DROP'),
  mend: on('iptables -D OUTPUT -p tcp --sport 22 -j DROP'),
};
const stopped = {
  strike: on(`for pid in ${BELOW}; do case " ${LISTENER} " in *" $pid "*) ;; *) kill -STOP $pid;; esac; done`),
  mend: on(`kill -CONT ${BELOW}`),
  halts: true as const,
};
const allStopped = { strike: on(`kill -STOP ${BELOW}`), mend: on(`kill -CONT ${BELOW}`), halts: true as const };
const frozen = {
  strike: ({ lab, host }: Place) => freeze(lab.name, host.name, true),
  mend: ({ lab, host }: Place) => freeze(lab.name, host.name, false),
};

/** Whoever goes down without power does not say so: the cables first, so that no kernel closes a connection. */
async function dark({ lab, host }: Place): Promise<void> {
  await cut(lab, host);
  await pullPlug(lab, host);
  await heal(lab, host);
}

/** Where all hosts boot at once it may take longer than the lab waits. */
export async function boot({ lab, host }: Pick<Place, 'lab' | 'host'>): Promise<void> {
  const tried = () => bringUp(lab, host, () => undefined);
  await tried().catch(tried);
}

/** The same, over by itself. */
function briefly({ strike, mend }: Required<Pick<Strike, 'strike' | 'mend'>>, seconds = 3): Pick<Strike, 'strike'> {
  return {
    async strike(struck) {
      await strike(struck);
      await sleep(seconds * 1000);
      await mend(struck);
    },
  };
}

export const STRIKES: readonly Strike[] = [
  { how: "sshd's session is killed", strike: on(`pkill -KILL -f ${SESSIONS}`) },
  { how: 'sshd and its sessions are killed', strike: on(`pkill -KILL -f '^sshd: '`) },
  {
    how: 'sshd stops and stays away, sessions are killed',
    strike: on(`systemctl stop ssh.service; pkill -KILL -f '^sshd: '`),
    mend: on('systemctl start ssh.service'),
  },
  {
    how: 'sshd stops and stays away, sessions go on',
    strike: on('systemctl stop ssh.service'),
    mend: on('systemctl start ssh.service'),
  },
  {
    how: 'all that runs in a session is killed',
    strike: on(`for pid in ${BELOW}; do case " ${LISTENER} " in *" $pid "*) ;; *) kill -KILL $pid;; esac; done`),
    brutal: true,
  },
  { how: 'the link is cut', ...plug },
  { how: 'the link is cut for 3 s', ...briefly(plug) },
  { how: 'packets to it are dropped', ...deaf },
  { how: 'packets to it are dropped for 3 s', ...briefly(deaf) },
  { how: 'packets from it are dropped', ...dumb },
  { how: 'packets from it are dropped for 3 s', ...briefly(dumb) },
  { how: 'its session is stopped', ...stopped },
  { how: 'its session is stopped for 3 s', ...briefly(stopped) },
  { how: 'sshd and its sessions are stopped', ...allStopped },
  {
    how: 'shells are stopped, sshd is not',
    strike: on(`for pid in ${BELOW}; do case $(cat /proc/$pid/comm) in sshd) ;; *) kill -STOP $pid;; esac; done`),
    mend: on(`kill -CONT ${BELOW}`),
    limit: 10,
  },
  { how: 'the host is frozen', ...frozen },
  { how: 'the host is frozen for 3 s', ...briefly(frozen) },
  { how: 'its power is pulled', strike: dark, mend: boot, brutal: true, reboots: true },
  {
    how: 'its power is pulled and is back at once',
    strike: async (struck) => {
      await dark(struck);
      await powerOn(struck.lab, struck.host);
    },
    mend: boot,
    brutal: true,
    reboots: true,
  },
];
