/**
 * Where a changing number of machines meets: each round has those that have come until then. What they know of each other is in a store, as
 * Python's agents keep it, so agents here and in Python may be in one launch.
 */
import { setTimeout as sleep } from 'node:timers/promises';

import { PrefixStore, type Store } from '../../store.js';
import { compare, key_of, new_state, state_of_bytes, state_to_bytes, type Node, type State } from './state.js';

/** How machines meet; times are milliseconds. */
export interface Settings {
  readonly run_id: string;
  readonly min_nodes: number;
  readonly max_nodes: number;
  readonly join_timeout: number;
  /** How long is waited for more machines when there are enough. */
  readonly last_call_timeout: number;
  readonly close_timeout: number;
  readonly heartbeat_timeout: number;
  readonly keep_alive_interval: number;
  /** After how many heartbeats that did not come a machine is taken for dead. */
  readonly keep_alive_max_attempt: number;
}

/** The place of this machine in a round. */
export interface Round {
  /** What the machines of this round alone use. */
  readonly store: Store;
  readonly rank: number;
  readonly size: number;
  /** The machine with the number 0. */
  readonly first: string;
}

/** The rendezvous cannot give this machine a place. */
export class RendezvousError extends Error {
  constructor(
    message: string,
    readonly kind: 'closed' | 'timeout' | 'connection' | 'surplus',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

// How often the state is read: Python's agents ask once a second.
const asking = 300;
// How long a machine that has waited too long tries to take itself out again, as in Python.
const rollback = 5000;
// What the store has before there is a state, as Python's agents write it.
const nothing = 'Y2FuaW1hZGFt';

/** What to do next: end, wait for others, or a change to the state. */
type Step = 'end' | 'wait' | ((state: State) => void);

const { now } = Date;

/** The rendezvous, as one machine sees it. */
export class DynamicRendezvous {
  private state = new_state();
  private token = nothing;
  private readonly key: string;
  private readonly place: string;
  private leaving = false;
  /** What was missing when the time was up. */
  private late: string | undefined;
  /** Each change is made after the one before. */
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly node: Node,
    private readonly settings: Settings,
  ) {
    this.key = key_of(node);
    this.place = `torch.rendezvous.${settings.run_id}`;
    this.call(() => store.compare_set(this.place, '', nothing));
  }

  private call<R>(run: () => R): R {
    try {
      return run();
    } catch (error) {
      const { message } = error as Error;
      throw new RendezvousError(`the connection to the store of the rendezvous is lost: ${message}`, 'connection', {
        cause: error,
      });
    }
  }

  /** Takes the state that the store has now. */
  private take(kept: Uint8Array): void {
    this.token = Buffer.from(kept).toString('latin1');
    this.state = this.token === nothing ? new_state() : state_of_bytes(Buffer.from(this.token, 'base64'));
    this.remove_dead();
  }

  private read(): void {
    this.take(this.call(() => this.store.get(this.place)));
  }

  /** Writes the state, unless another machine was quicker; either way, this one has what the store has. */
  private write(): void {
    const written = Buffer.from(state_to_bytes(this.state)).toString('base64');
    this.take(this.call(() => this.store.compare_set(this.place, this.token, written)));
  }

  private remove_dead(): void {
    const { state, settings } = this;
    const expired = now() - settings.keep_alive_interval * settings.keep_alive_max_attempt;
    let removed = false;
    for (const [key, { at }] of state.last_heartbeats) {
      if (at >= expired) continue;
      state.last_heartbeats.delete(key);
      removed = state.participants.delete(key) || removed;
      state.wait_list.delete(key);
      state.redundancy_list.delete(key);
    }
    if (removed) this.after_removal(state);
  }

  private after_removal(state: State): void {
    if (!state.complete) {
      if (state.participants.size < this.settings.min_nodes) state.deadline = null;
    } else if (state.participants.size === 0) {
      state.complete = false;
      state.round++;
    }
  }

  /** Makes steps until one is the end. */
  private async run(next: () => Step): Promise<void> {
    for (;;) {
      const step = next();
      if (step === 'end') return;
      if (step === 'wait') {
        await sleep(asking);
        this.read();
      } else {
        step(this.state);
        this.write();
      }
    }
  }

  private ordered<R>(work: () => Promise<R>): Promise<R> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  // ---- Changes ----------------------------------------------------------------------------------

  private readonly keep_alive = (state: State): void => {
    state.last_heartbeats.set(this.key, { node: this.node, at: now() });
  };

  private readonly join_round = (state: State): void => {
    const { min_nodes, max_nodes, last_call_timeout } = this.settings;
    state.wait_list.delete(this.key);
    state.participants.set(this.key, { node: this.node, rank: 0 });
    this.keep_alive(state);
    if (state.participants.size === min_nodes) state.deadline = now() + last_call_timeout;
    if (state.participants.size === max_nodes) this.complete(state);
  };

  private readonly complete = (state: State): void => {
    state.complete = true;
    state.deadline = null;
    [...state.participants.values()]
      .sort((a, b) => compare(a.node, b.node))
      .forEach((participant, rank) => {
        participant.rank = rank;
      });
  };

  private readonly wait_for_next_round = (state: State): void => {
    state.redundancy_list.delete(this.key);
    state.wait_list.set(this.key, this.node);
    this.keep_alive(state);
  };

  private readonly stand_by = (state: State): void => {
    state.wait_list.delete(this.key);
    state.redundancy_list.set(this.key, this.node);
    this.keep_alive(state);
  };

  private readonly remove = (state: State): void => {
    const took_part = state.participants.delete(this.key);
    state.wait_list.delete(this.key);
    state.redundancy_list.delete(this.key);
    state.last_heartbeats.delete(this.key);
    if (took_part) this.after_removal(state);
  };

  // ---- What is to be done -----------------------------------------------------------------------

  private alive_or_wait(): Step {
    const last = this.state.last_heartbeats.get(this.key);
    return last !== undefined && last.at <= now() - this.settings.keep_alive_interval ? this.keep_alive : 'wait';
  }

  private next_of_exit(deadline: number): Step {
    if (!this.state.participants.has(this.key)) return 'end';
    if (now() > deadline) throw this.timeout('it could not leave the round before');
    return this.remove;
  }

  private timeout(what: string): RendezvousError {
    const { run_id, min_nodes, join_timeout } = this.settings;
    return new RendezvousError(
      `no rendezvous '${run_id}' of at least ${min_nodes} machines within ${join_timeout / 1000} seconds (join_timeout): ${what}`,
      'timeout',
    );
  }

  /** What a machine does that has no place, or none any more; null where it may join. */
  private next_of_surplus(until: { deadline: number }): Step | null {
    const { state, key, settings } = this;
    const stands_by = state.redundancy_list.has(key);
    if (state.closed) {
      const is_full = state.complete && state.participants.size === settings.max_nodes;
      if (stands_by || (is_full && state.wait_list.has(key)))
        throw new RendezvousError('the launch ended without this machine', 'surplus');
      throw new RendezvousError(
        `the rendezvous '${settings.run_id}' is closed: the launch has ended on another machine; another launch needs another --rdzv-id`,
        'closed',
      );
    }
    if (!stands_by) return null;
    if (state.participants.size === settings.max_nodes) return this.alive_or_wait();
    until.deadline = now() + settings.join_timeout;
    return this.remove;
  }

  /** What a machine does that has waited too long. */
  private next_of_late(deadline: number): Step {
    const { state, key } = this;
    const there = state.participants.size;
    const listed = state.participants.has(key) || state.wait_list.has(key);
    if (listed && now() <= deadline + rollback) {
      this.late ??= state.complete ? 'the others did not start again' : `there were ${there}`;
      return this.remove;
    }
    throw this.timeout(this.late ?? 'this machine got no answer');
  }

  private next_of_join(until: { deadline: number }): Step {
    const { state, key, settings } = this;
    if (this.leaving) throw new RendezvousError('this machine leaves', 'closed');
    const surplus = this.next_of_surplus(until);
    if (surplus !== null) return surplus;
    const { complete, participants, wait_list } = state;
    const is_participant = participants.has(key);
    if (complete && is_participant) return 'end';
    if (now() > until.deadline) return this.next_of_late(until.deadline);
    if (complete) {
      // Others may have taken the last places of the round that it has waited for.
      if (participants.size === settings.max_nodes) return this.stand_by;
      return wait_list.has(key) ? this.alive_or_wait() : this.wait_for_next_round;
    }
    if (!is_participant) return this.join_round;
    const enough = participants.size >= settings.min_nodes && participants.size <= settings.max_nodes;
    if (enough && state.deadline !== null && state.deadline < now()) return this.complete;
    return this.alive_or_wait();
  }

  // ---- What an agent calls ----------------------------------------------------------------------

  /** Waits for the next round, and takes part in it. @throws RendezvousError when there is none */
  next_rendezvous(): Promise<Round> {
    return this.ordered(async () => {
      const until = { deadline: now() + this.settings.join_timeout };
      this.read();
      await this.run(() => this.next_of_exit(until.deadline));
      await this.run(() => this.next_of_join(until));
      const { participants, round } = this.state;
      const first = [...participants].find(([, { rank }]) => rank === 0);
      return {
        store: new PrefixStore(`${this.place}.${round}`, this.store),
        rank: participants.get(this.key)!.rank,
        size: participants.size,
        first: first![0],
      };
    });
  }

  /** Says that this machine is alive. @returns how many others wait for the next round, where there is room for them */
  watch(): Promise<number> {
    return this.ordered(async () => {
      const deadline = now() + this.settings.heartbeat_timeout;
      this.read();
      await this.run(() => {
        const step = this.alive_or_wait();
        return step === 'wait' || now() > deadline ? 'end' : step;
      });
      const { participants, wait_list } = this.state;
      return participants.size < this.settings.max_nodes ? wait_list.size : 0;
    });
  }

  /** Ends the launch for all machines: there are no further rounds. */
  close(): Promise<void> {
    return this.ordered(async () => {
      const deadline = now() + this.settings.close_timeout;
      this.read();
      await this.run(() => {
        if (this.state.closed || now() > deadline) return 'end';
        return (state) => {
          state.closed = true;
        };
      });
    });
  }

  /** Whether machines wait for a place. */
  has_surplus(): boolean {
    return this.state.redundancy_list.size + this.state.wait_list.size > 0;
  }

  /** Takes this machine out, so that the others need not wait for its heartbeats. */
  leave(): Promise<void> {
    this.leaving = true;
    return this.ordered(async () => {
      this.read();
      await this.run(() => (this.state.last_heartbeats.has(this.key) ? this.remove : 'end'));
    });
  }
}
