/**
 * The thread of an agent that meets the other machines of an elastic launch, and tells the agent when machines come. Calls of a store block, and
 * the agent must look after its processes meanwhile.
 */
import { lookup } from 'node:dns/promises';
import { connect, isIP, type AddressInfo } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

import { TCPStore, type Store } from '../store.js';
import { DynamicRendezvous, RendezvousError, type Round, type Settings } from './rendezvous/dynamic_rendezvous.js';
import type { Node } from './rendezvous/state.js';

/** What the agent says of the launch. */
interface Launch extends Settings {
  readonly host: string;
  readonly port: number;
  /** Whether the store is on this machine; null where that is to be found out. */
  readonly is_host: boolean | null;
  readonly read_timeout: number;
  readonly local_addr: string | null;
  readonly role: string;
  readonly local_size: number;
  /** Whether processes use the store of the agent with the number 0, or make one of their own. */
  readonly use_agent_store: boolean;
}

/** Where the processes of this machine are in the whole. */
interface Place {
  readonly group_rank: number;
  readonly group_size: number;
  readonly first_rank: number;
  readonly size: number;
  readonly first_role_rank: number;
  readonly role_size: number;
  readonly address: string;
  readonly port: number;
}

const launch = workerData as Launch;
// How often the thread looks for what others write.
const asking = 50;
// How long agents wait for each other at the end, as in Python.
const exit_barrier = 300_000;
// How long the agent with the store waits for the others to say that they no longer need it; Python's do not say so.
const farewell = 2000;

const text_of = (value: Uint8Array): string => Buffer.from(value).toString('utf8');

/** Waits for a key, without blocking the thread. */
async function value_of(store: Store, key: string, deadline: number, whose: string): Promise<string> {
  while (!store.check([key])) {
    if (Date.now() > deadline) {
      throw new RendezvousError(`${whose} did not answer within join_timeout (no ${key} in the store)`, 'timeout');
    }
    await sleep(asking);
  }
  return text_of(store.get(key));
}

/** Waits until something is so, or the time is up. */
async function until(timeout: number, is_so: () => boolean): Promise<void> {
  const deadline = Date.now() + timeout;
  while (!is_so() && Date.now() < deadline) await sleep(asking);
}

const is_loopback = (address: string): boolean => address === '::1' || /^(::ffff:)?127\./.test(address);

/** Whether a name or an address is one of this machine. */
async function is_here(host: string): Promise<boolean> {
  if (host === 'localhost' || host === hostname() || (isIP(host) !== 0 && is_loopback(host))) return true;
  const addresses = await lookup(host, { all: true }).catch(() => []);
  const own = Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);
  return addresses.some(({ address }) => is_loopback(address) || own.includes(address));
}

/** Connects, and says from which address; null when no one listens. */
function address_towards(host: string, port: number, timeout: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout });
    const end = (found: string | null): void => {
      socket.destroy();
      resolve(found);
    };
    socket.on('connect', () => {
      end((socket.address() as AddressInfo).address.replace(/^::ffff:/, ''));
    });
    socket.on('timeout', () => {
      end(null);
    });
    socket.on('error', () => {
      end(null);
    });
  });
}

/** The store of the rendezvous, and the address of this machine as others reach it. */
async function open_store(): Promise<{ store: TCPStore; address: string; is_host: boolean }> {
  const { host, port, read_timeout } = launch;
  const where = `the store of the rendezvous at ${host}:${port}`;
  const deadline = Date.now() + read_timeout;
  let store: TCPStore | undefined;
  if (launch.is_host ?? (await is_here(host))) {
    try {
      store = new TCPStore(host, port, { is_master: true, multi_tenant: true, timeout: read_timeout / 1000 });
    } catch (error) {
      // Another agent on this machine may have it.
      if (launch.is_host === true) {
        throw new RendezvousError(`${where} cannot be opened: ${(error as Error).message}`, 'connection', {
          cause: error,
        });
      }
    }
  }
  const is_host = store !== undefined;
  for (;;) {
    const address = await address_towards(host, port, Math.max(deadline - Date.now(), 1));
    if (address !== null) {
      store ??= new TCPStore(host, port, { timeout: read_timeout / 1000 });
      return { store, address: launch.local_addr ?? address, is_host };
    }
    if (Date.now() > deadline) {
      throw new RendezvousError(
        `${where} did not answer within ${read_timeout / 1000} seconds (read_timeout)`,
        'connection',
      );
    }
    await sleep(asking);
  }
}

/** Counts the processes of all machines, in the order of their numbers, as Python's agents do. */
async function ranks_of({ store, rank, size }: Round, deadline: number): Promise<number[]> {
  const { role, local_size } = launch;
  if (process.env['TORCH_ELASTIC_WORKER_IDENTICAL'] === '1') {
    return [rank * local_size, size * local_size, rank * local_size, size * local_size];
  }
  store.set(`torchelastic/role_info/${rank}`, JSON.stringify({ role, rank, local_world_size: local_size }));
  if (rank === 0) {
    const infos: { role: string; local_world_size: number }[] = [];
    for (let i = 0; i < size; i++) {
      const text = await value_of(store, `torchelastic/role_info/${i}`, deadline, `the agent with the number ${i}`);
      infos.push(JSON.parse(text) as (typeof infos)[number]);
    }
    const in_role = (end: number, name?: string): number =>
      infos
        .slice(0, end)
        .filter((info) => name === undefined || info.role === name)
        .reduce((sum, info) => sum + info.local_world_size, 0);
    infos.forEach((info, i) => {
      const ranks = [in_role(i), in_role(size), in_role(i, info.role), in_role(size, info.role)];
      store.set(`torchelastic/assigned_ranks/${i}`, JSON.stringify(ranks));
    });
  }
  const assigned = await value_of(
    store,
    `torchelastic/assigned_ranks/${rank}`,
    deadline,
    'the agent with the number 0',
  );
  return JSON.parse(assigned) as number[];
}

/** What meets the other machines, as long as this thread runs. */
class Agent {
  private round: Round | undefined;
  /** Where processes find each other, as far as this machine has hosted it. */
  private own_store: TCPStore | undefined;
  /** What an agent with the number 0 has said: those in Python say it once. */
  private known: { readonly first: string; readonly address: string; readonly port: number } | undefined;
  private watching: NodeJS.Timeout | undefined;

  private constructor(
    private readonly rendezvous: DynamicRendezvous,
    private readonly node: Node,
    private readonly is_host: boolean,
  ) {}

  static async start(): Promise<Agent> {
    const { store, address, is_host } = await open_store();
    const node = { addr: address, pid: process.pid, local_id: 0 };
    return new Agent(new DynamicRendezvous(store, node, launch), node, is_host);
  }

  /** Takes part in the next round. @param free_port for the processes, where they make a store of their own */
  async join(free_port: number): Promise<Place> {
    clearTimeout(this.watching);
    this.round = undefined;
    const round = await this.rendezvous.next_rendezvous();
    this.round = round;
    this.watch();
    const deadline = Date.now() + launch.join_timeout;
    const { address, port } = await this.meeting_point(round, deadline, free_port);
    const [first_rank, size, first_role_rank, role_size] = (await ranks_of(round, deadline)) as [
      number,
      number,
      number,
      number,
    ];
    return {
      group_rank: round.rank,
      group_size: round.size,
      first_rank,
      size,
      first_role_rank,
      role_size,
      address,
      port,
    };
  }

  /** Where processes find each other in a round. */
  private async meeting_point(
    round: Round,
    deadline: number,
    free_port: number,
  ): Promise<{ address: string; port: number }> {
    const { store, rank, first } = round;
    if (rank === 0) {
      const port = launch.use_agent_store ? this.host_store() : free_port;
      store.set('MASTER_ADDR', this.node.addr);
      store.set('MASTER_PORT', String(port));
      this.known = { first, address: this.node.addr, port };
    } else if (!launch.use_agent_store || this.known?.first !== first) {
      const whose = 'the agent with the number 0';
      const address = await value_of(store, 'MASTER_ADDR', deadline, whose);
      const port = Number(await value_of(store, 'MASTER_PORT', deadline, whose));
      this.known = { first, address, port };
    }
    return this.known!;
  }

  /** The port of a store for the processes of all machines, without what those of former rounds have written. */
  private host_store(): number {
    if (this.own_store === undefined) {
      this.own_store = new TCPStore(this.node.addr, 0, { is_master: true, multi_tenant: true });
    } else {
      for (const key of this.own_store.list_keys()) if (!key.startsWith('init/')) this.own_store.delete_key(key);
    }
    return this.own_store.port;
  }

  /** Sends heartbeats, and says when other machines wait. */
  private watch(): void {
    const { round } = this;
    const again = async (): Promise<void> => {
      try {
        const waiting = await this.rendezvous.watch();
        if (this.round !== round) return;
        if (waiting > 0) say({ event: 'changed', waiting });
        this.watching = setTimeout(() => void again(), 300);
      } catch (error) {
        if (this.round === round) say({ event: 'lost', kind: 'connection', message: (error as Error).message });
      }
    };
    void again();
  }

  /** Waits until the processes of all machines have ended, since some may need a store of this agent. Then there are no further rounds. */
  async finished(): Promise<void> {
    const { round } = this;
    if (round === undefined) return;
    const { store, size } = round;
    const key = 'torchelastic/agent/terminal_state';
    try {
      if (store.add(`${key}/num_members`, 1) === size) store.set(`${key}/last_member`, '<val_ignored>');
      await until(exit_barrier, () => store.check([`${key}/last_member`]));
      await this.close();
      store.add(`${key}/ended`, 1);
      if (!this.is_host) return;
      await until(farewell, () => store.add(`${key}/ended`, 0) === size);
      // Those without a place ask once a second.
      if (this.rendezvous.has_surplus()) await sleep(farewell);
    } catch {
      // The agent that has the store has ended, so it knew that all have.
    }
  }

  async close(): Promise<void> {
    this.stop();
    await this.rendezvous.close();
  }

  async leave(): Promise<void> {
    this.stop();
    await this.rendezvous.leave();
  }

  private stop(): void {
    this.round = undefined;
    clearTimeout(this.watching);
  }
}

/** What the agent asks this thread to do; each gets an answer. */
interface Request {
  readonly ask: 'join' | 'finished' | 'close' | 'leave';
  readonly free_port: number;
}

type Answer =
  | { readonly event: 'done'; readonly place?: Place }
  | { readonly event: 'failed' | 'lost'; readonly kind: RendezvousError['kind']; readonly message: string }
  | { readonly event: 'changed'; readonly waiting: number };

function say(answer: Answer): void {
  parentPort!.postMessage(answer);
}

const agent = Agent.start();
// Its Error is the answer to the first request.
agent.catch(() => undefined);
parentPort!.on('message', ({ ask, free_port }: Request) => {
  void (async () => {
    const started = await agent;
    if (ask === 'join') say({ event: 'done', place: await started.join(free_port) });
    else {
      await started[ask]();
      say({ event: 'done' });
    }
  })().catch((error: Error) => {
    const kind = error instanceof RendezvousError ? error.kind : 'connection';
    say({ event: 'failed', kind, message: error.message });
  });
});
