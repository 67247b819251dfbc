/** What the machines of an elastic launch know of each other, as the store keeps it: a pickle of the object that Python's agents write. */
import { dumps, loads } from '../../../serialization/objects.js';
import { PythonCall, PythonObject } from '../../../serialization/python_objects.js';

/** A machine, or rather its agent. */
export interface Node {
  readonly addr: string;
  readonly pid: number;
  readonly local_id: number;
}

/** What is the same for the same machine, and differs for others. */
export const key_of = ({ addr, pid, local_id }: Node): string => `${addr}_${pid}_${local_id}`;

/** The order in which machines get their numbers. */
export function compare(a: Node, b: Node): number {
  if (a.addr !== b.addr) return a.addr < b.addr ? -1 : 1;
  return a.pid - b.pid || a.local_id - b.local_id;
}

/** A machine that takes part, and its number, which it gets when the round is complete. */
export interface Participant {
  readonly node: Node;
  rank: number;
}

/** A rendezvous; times are milliseconds since 1970. */
export interface State {
  round: number;
  complete: boolean;
  deadline: number | null;
  closed: boolean;
  readonly participants: Map<string, Participant>;
  readonly wait_list: Map<string, Node>;
  readonly redundancy_list: Map<string, Node>;
  readonly last_heartbeats: Map<string, { readonly node: Node; at: number }>;
}

export const new_state = (): State => ({
  round: 0,
  complete: false,
  deadline: null,
  closed: false,
  participants: new Map(),
  wait_list: new Map(),
  redundancy_list: new Map(),
  last_heartbeats: new Map(),
});

const module_name = 'torch.distributed.elastic.rendezvous.dynamic_rendezvous';

function pickled_time(at: number): PythonCall {
  const time = new Date(at);
  const utc = new PythonCall('datetime', 'timezone', [new PythonCall('datetime', 'timedelta', [0])]);
  return new PythonCall('datetime', 'datetime', [
    time.getUTCFullYear(),
    time.getUTCMonth() + 1,
    time.getUTCDate(),
    time.getUTCHours(),
    time.getUTCMinutes(),
    time.getUTCSeconds(),
    time.getUTCMilliseconds() * 1000,
    utc,
  ]);
}

/** The pickle of a state. */
export function state_to_bytes(state: State): Uint8Array {
  const nodes = new Map<string, PythonObject>();
  const pickled = (node: Node): PythonObject => {
    const key = key_of(node);
    const known = nodes.get(key);
    if (known !== undefined) return known;
    const { addr, pid, local_id } = node;
    const made = new PythonObject(
      module_name,
      '_NodeDesc',
      new Map<string, unknown>(Object.entries({ addr, pid, local_id })),
    );
    nodes.set(key, made);
    return made;
  };
  const set = (list: ReadonlyMap<string, Node>): Set<PythonObject> => new Set([...list.values()].map(pickled));
  return dumps(
    new PythonObject(
      module_name,
      '_RendezvousState',
      new Map<string, unknown>([
        ['round', state.round],
        ['complete', state.complete],
        ['deadline', state.deadline === null ? null : pickled_time(state.deadline)],
        ['closed', state.closed],
        ['participants', new Map([...state.participants.values()].map(({ node, rank }) => [pickled(node), rank]))],
        ['wait_list', set(state.wait_list)],
        ['redundancy_list', set(state.redundancy_list)],
        [
          'last_heartbeats',
          new Map([...state.last_heartbeats.values()].map(({ node, at }) => [pickled(node), pickled_time(at)])),
        ],
      ]),
    ),
  );
}

// ---- Reading ------------------------------------------------------------------------------------

/** An object of a class of Python, with the fields that the pickle gives it. */
class Plain {
  readonly [field: string]: unknown;
}

class Time {
  constructor(readonly at: number) {}
}

function time_of(args: readonly unknown[]): Time {
  const [first, ...others] = args;
  if (first instanceof Uint8Array && first.length === 10) {
    const [high, low, month, day, hour, minute, second, ...micro] = first as Uint8Array & number[];
    const year = high! * 256 + low!;
    const micros = micro[0]! * 65536 + micro[1]! * 256 + micro[2]!;
    return new Time(Date.UTC(year, (month! & 0x7f) - 1, day, hour, minute, second) + micros / 1000);
  }
  const [month, day, hour, minute, second, micros] = others as number[];
  return new Time(Date.UTC(first as number, month! - 1, day, hour, minute, second) + micros! / 1000);
}

const classes = new Map<string, (...args: unknown[]) => object>([
  [`${module_name}._RendezvousState`, () => new Plain()],
  [`${module_name}._NodeDesc`, () => new Plain()],
  ['datetime.datetime', (...args) => time_of(args)],
  ['datetime.timezone', () => new Plain()],
  ['datetime.timedelta', () => new Plain()],
]);

function broken(): Error {
  return new Error('the state of the rendezvous in the store is damaged, or of another version');
}

function node_of(value: unknown): Node {
  const { addr, pid, local_id } = (value ?? {}) as Record<string, unknown>;
  if (typeof addr !== 'string' || typeof pid !== 'number' || typeof local_id !== 'number') throw broken();
  return { addr, pid, local_id };
}

function moment_of(value: unknown): number {
  if (!(value instanceof Time)) throw broken();
  return value.at;
}

const entries_of = (value: unknown): [unknown, unknown][] => {
  if (value instanceof Map) return [...(value as Map<unknown, unknown>)];
  // Where it is empty, it may be read as an object.
  if (typeof value === 'object' && value !== null && Object.keys(value).length === 0) return [];
  throw broken();
};

function nodes_of(value: unknown): Map<string, Node> {
  if (!(value instanceof Set)) throw broken();
  return new Map(
    [...(value as Set<unknown>)].map((each) => {
      const node = node_of(each);
      return [key_of(node), node];
    }),
  );
}

/** The state of a pickle; no code of it is run. @throws Error for what is none */
export function state_of_bytes(bytes: Uint8Array): State {
  const read = loads(bytes, classes);
  if (!(read instanceof Plain) || typeof read['round'] !== 'number') throw broken();
  const deadline = read['deadline'] ?? null;
  return {
    round: read['round'],
    complete: read['complete'] === true,
    deadline: deadline === null ? null : moment_of(deadline),
    closed: read['closed'] === true,
    participants: new Map(
      entries_of(read['participants']).map(([each, rank]) => {
        const node = node_of(each);
        return [key_of(node), { node, rank: Number(rank) }];
      }),
    ),
    wait_list: nodes_of(read['wait_list']),
    redundancy_list: nodes_of(read['redundancy_list']),
    last_heartbeats: new Map(
      entries_of(read['last_heartbeats']).map(([each, at]) => {
        const node = node_of(each);
        return [key_of(node), { node, at: moment_of(at) }];
      }),
    ),
  };
}
